"""`forensics`: one command a file. The answer goes to stdout, progress and errors to stderr.

Each command loads what it needs when it runs: `forensics --help` and a mistyped option are answered at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from forensics.cli.cache import cache
from forensics.cli.check import check
from forensics.cli.collect import collect
from forensics.cli.commands import commands
from forensics.cli.diff import diff
from forensics.cli.examples import examples_of
from forensics.cli.explain import explain
from forensics.cli.fix import fix
from forensics.cli.fleet import fleet
from forensics.cli.lab import lab
from forensics.cli.note import note
from forensics.cli.notebooks import notebooks
from forensics.cli.record import record
from forensics.cli.report import report
from forensics.cli.show import show
from forensics.cli.tables import tables
from forensics.cli.timeline import timeline
from forensics.cli.triage import triage
from forensics.cli.verify import verify
from forensics.errors import ForensicsError, ParameterError
from forensics.text import visible

COMMANDS = (
    triage,
    fix,
    report,
    tables,
    show,
    timeline,
    lab,
    notebooks,
    note,
    explain,
    commands,
    diff,
    check,
    record,
    collect,
    verify,
    fleet,
    cache,
)  # in the order of the help

_DEBUG = "FORENSICS_DEBUG"  # set to anything: an error that nobody foresaw shows where it happened

app = typer.Typer(
    name="forensics",
    help="Find the first real failure behind an OpenClaw cooldown.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
for _command in COMMANDS:
    app.command(epilog=examples_of(_command.__name__))(_command)


def _print_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"openclaw-forensics {version('openclaw-forensics')}\n")
        raise typer.Exit


@app.callback()
def _options(
    *,
    shown: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Find the first real failure behind an OpenClaw cooldown."""


_INTERRUPTED = 130  # what typer makes of Ctrl-C


def main() -> None:
    """Run the command; every error is one line on stderr and exit code 2, for 1 says that something was found."""
    try:
        _refuse_empty(sys.argv[1:])
        code = app(standalone_mode=False)
        if code == _INTERRUPTED:
            code = _refused("interrupted")
    except ForensicsError as error:
        code = _refused(str(error))
    except (typer.Abort, KeyboardInterrupt):
        code = _refused("interrupted")
    except TyperException as error:
        sentence = getattr(error, "format_message", error.__str__)()
        code = _refused(f"{sentence} See forensics --help.")
    except BrokenPipeError:
        code = _unheard()
    except Exception as error:  # noqa: BLE001 - the last gate: a traceback would end with exit code 1
        code = _refused(_unforeseen(error))
    sys.exit(code or 0)


def _refuse_empty(arguments: Sequence[str]) -> None:
    """As a path it would be the folder one stands in."""
    if "" in arguments:
        raise ParameterError("an argument is empty; is a variable not set?")


def _unheard() -> int:
    """Whoever read the answer has gone (`| head`): nothing more is written, not even when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 2


def _unforeseen(error: Exception) -> str:
    """Where it happened, and not what the error says: that may quote the evidence."""
    if os.environ.get(_DEBUG):
        traceback.print_exception(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"{type(error).__name__} at {where}: nobody foresaw that; {_DEBUG}=1 shows more, please report it"


def _refused(sentence: str) -> int:
    sys.stderr.write(f"forensics: {visible(sentence)}\n")
    return 2
