"""`forensics record`: keeps what OpenClaw forgets."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.printing import tell
from forensics.errors import ParameterError


def record(
    home: Annotated[
        Path | None, typer.Argument(help="The home whose gateways are watched (default: your own).")
    ] = None,
    *,
    out: Annotated[Path | None, typer.Option(help="The record (default: in your data folder).")] = None,
    once: Annotated[bool, typer.Option("--once", help="Look once and end: for a timer.")] = False,
    every: Annotated[float, typer.Option(help="Seconds between two looks.")] = 5.0,
    keep_days: Annotated[float, typer.Option(help="Forget what is older than so many days.")] = 30.0,
) -> None:
    """Watch the stores and logs of the gateway and keep what changes, before OpenClaw forgets it.

    Fingerprints, windows, counters, pins, and the log lines that matter; never a token. A log line is kept as it
    stands and may quote a person. The record is evidence like any other: triage and check read it by themselves.
    """
    from forensics.openclaw.home_layout import STATE_DIR
    from forensics.record_format import record_file
    from forensics.recording.record_file import RecordFile, alone
    from forensics.recording.recorder import Recorder

    if not (every >= 0.1 and keep_days > 0):
        raise ParameterError("--every takes 0.1 seconds or more, --keep-days more than 0")
    own = (home or Path.home()).absolute()
    if not own.is_dir():
        raise ParameterError(f"{own}: is no folder")
    if STATE_DIR.fullmatch(own.name):
        own = own.parent
    file = (out or record_file()).absolute()
    with alone(file):
        kept = RecordFile(file)
        try:
            recorder = Recorder(own, _temporary(), kept, keep_days, tell)
            recorder.look()
            if once and recorder.trouble:
                raise typer.Exit(2)
            while not once:
                time.sleep(every)
                recorder.look()
        finally:
            kept.close()
    sys.stdout.write(f"{file}\n")


def _temporary() -> Path:
    return Path(tempfile.gettempdir()) if sys.platform == "win32" else Path("/tmp")  # noqa: S108 - where OpenClaw logs
