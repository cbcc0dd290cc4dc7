"""`forensics check`: does the gateway need a person, now or soon?"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli.options import LiveEvidence, Timezone
from forensics.cli.printing import print_json, tell
from forensics.errors import ParameterError

if TYPE_CHECKING:
    from forensics.watch.check import CheckResult
    from forensics.watch.settings import Settings

_LAST = "last"  # --now of evidence that is not of today


def check(
    evidence: LiveEvidence = None,
    *,
    now: Annotated[
        str | None,
        typer.Option(help="The moment to ask about; 'last' is the last of the evidence (default: the clock)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same for other programs, versioned.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing; the exit code tells.")] = False,
    since_last: Annotated[
        bool, typer.Option("--since-last", help="Only what is new since the last check of this evidence.")
    ] = False,
    form: Annotated[
        str, typer.Option("--format", help="plain, nagios (with its own exit codes) or prometheus.")
    ] = "plain",
    config: Annotated[
        Path | None, typer.Option(help="A TOML file: [CONDITION] SETTING = NUMBER, enabled = false.")
    ] = None,
    change: Annotated[list[str] | None, typer.Option("--set", help="CONDITION.SETTING=NUMBER")] = None,
    off: Annotated[list[str] | None, typer.Option("--off", help="A condition not to ask.")] = None,
    notify: Annotated[
        str | None, typer.Option(help="URL (of apprise) or command told of each trouble once, and of its end.")
    ] = None,
    install: Annotated[bool, typer.Option("--install", help="Print a timer that does this every 15 minutes.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --install: write its files.")] = False,
    timezone: Timezone = None,
) -> None:
    """One line a trouble, the worst first; silent when well.

    Exit 0: well, 1: a person is needed now, 2: could not look, 3: a person will be needed soon.
    `forensics explain CONDITION` tells when each one speaks.
    """
    from forensics.watch import last_check
    from forensics.watch.check import only_new
    from forensics.watch.formats import FORMATS, NAGIOS_CODES
    from forensics.watch.notify import notify as send
    from forensics.watch.settings import read_settings

    if form not in FORMATS:
        raise ParameterError(f"--format {form!r} is not known; there are {', '.join(FORMATS)}")
    settings = read_settings(config, change or (), off or ())
    if install:
        _install(evidence, config, notify, write=yes)
        return
    watched = evidence or [Path.home()]
    remember = since_last or notify is not None
    file = last_check.state_file(watched)
    last = last_check.read_last(file) if remember else None
    result = _asked(evidence, now, timezone, settings, last.time if last else None)
    keys = tuple(trouble.key for trouble in result.troubles)
    fresh = only_new(result, last.keys) if last else result
    if notify:
        send(notify, fresh)
    if remember:
        last_check.keep(file, last_check.LastCheck(result.now, keys))
    told = fresh if since_last else result
    if as_json:
        print_json({} if quiet else _document(told))
    elif not quiet:
        sys.stdout.write(FORMATS[form](told))
    raise typer.Exit(NAGIOS_CODES[told.code] if form == "nagios" else told.code)


def _document(result: CheckResult) -> object:
    from forensics.watch.check import in_json

    return in_json(result)


def _asked(
    evidence: list[Path] | None, now: str | None, timezone: str | None, settings: Settings, last: datetime | None
) -> CheckResult:
    from forensics.case import open_case
    from forensics.sharing.host import live_paths, stopped_cleanly
    from forensics.watch.check import check

    clock = None if now == _LAST else now or datetime.now(UTC)
    with stopped_cleanly(), nullcontext(evidence) if evidence else live_paths(Path.home()) as paths:
        case = open_case(paths, now=clock, timezone=timezone)
    if case.now is None:
        raise ParameterError("nothing in the evidence has a time; give the moment with --now")
    return check(case, case.now, settings, last)


def _install(evidence: list[Path] | None, config: Path | None, notify: str | None, *, write: bool) -> None:
    from forensics.watch import install

    paths = [str(path.absolute()) for path in evidence or ()]
    more = (["--config", str(config.absolute())] if config else []) + (["--notify", notify] if notify else [])
    arguments = [*paths, *more]
    if not write:
        sys.stdout.write(install.printed(arguments, Path.home()))
        tell("Nothing was written; --yes writes the files above.")
        return
    for path in install.write(arguments, Path.home()):
        sys.stdout.write(f"{path}\n")
    tell("Start it: systemctl --user enable --now openclaw-forensics-check.timer (launchctl load … on macOS)")
