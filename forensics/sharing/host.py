"""The live system, which only the command line looks at: clock, temporary folders, journald, signals to stop."""

from __future__ import annotations

import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from forensics.errors import EvidenceError
from forensics.record_format import record_file
from forensics.sharing.bundle import About, Place, find_places, journal_place, units

_JOURNAL = ("--output=short-iso-precise", "--utc", "--quiet", "--no-pager")
_PATIENCE = 120  # seconds for one unit


def about(home: Path) -> About:
    """What a manifest says of the machine and the moment."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}".strip()
    return About(datetime.now(UTC), system, version("openclaw-forensics"), home)


@contextmanager
def places_of(home: Path) -> Iterator[list[Place]]:
    """Where a home's evidence lies; of one's own home also what lies outside of it, and what journald has."""
    if home.resolve() != Path.home().resolve():
        yield find_places(home)
        return
    with tempfile.TemporaryDirectory(prefix="forensics-") as folder:
        yield [*find_places(home, _temporary()), *_journals(units(home), Path(folder))]


@contextmanager
def live_paths(home: Path) -> Iterator[list[Path]]:
    """The same as files and folders. Raises EvidenceError where nothing of OpenClaw is there."""
    with places_of(home) as places:
        paths = [path for place in places for path in place.paths]
        if paths and (record := record_file()).is_file():
            paths.append(record)
        if not paths:
            raise EvidenceError(
                f"Nothing of OpenClaw is on this machine: no state directory in {home}, no log in /tmp/openclaw. "
                "Say which files to look at."
            )
        yield paths


def _temporary() -> Sequence[Path]:
    own = Path(tempfile.gettempdir())
    return (own,) if platform.system() == "Windows" else (Path("/tmp"), own)  # noqa: S108 - where OpenClaw logs


def _journals(names: Sequence[str], folder: Path) -> Iterator[Place]:
    journalctl = shutil.which("journalctl")
    for name in names if journalctl else ():
        file = folder / f"{name}.log"
        with file.open("wb") as out:
            _run([str(journalctl), "--user", f"--user-unit={name}", *_JOURNAL], out.fileno())
        if file.stat().st_size:
            yield journal_place(file)


def _run(command: Sequence[str], out: int) -> None:
    """What a command printed up to its end, or to that of our patience."""
    try:
        subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return
