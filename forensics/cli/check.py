"""`forensics check`: does the gateway need a person, now or soon?"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli.options import LiveEvidence, NoCache, Timezone
from forensics.cli.printing import print_json, tell
from forensics.errors import ForensicsError, ParameterError
from forensics.text import visible

if TYPE_CHECKING:
    from forensics.watch.watched import Listed


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
    no_cache: NoCache = False,
) -> None:
    """One line a trouble, the worst first; silent when well.

    Exit 0: well, 1: a person is needed now, 2: could not look, 3: a person will be needed soon. The exit code and the
    formats for monitoring tell the whole state, also with --since-last.
    `forensics explain CONDITION` tells when each one speaks.
    """
    from forensics.parsers.timeline_cache import cache_off
    from forensics.watch.check import CANNOT_LOOK
    from forensics.watch.formats import FORMATS, NAGIOS_CODES
    from forensics.watch.settings import read_settings
    from forensics.watch.watched import Watched

    if form not in FORMATS:
        raise ParameterError(f"--format {form!r} is not known; there are {', '.join(FORMATS)}")
    settings = read_settings(config, change or (), off or ())
    if install:
        options = {"--set": change or [], "--off": off or [], "--config": [str(config.absolute())] if config else []}
        options |= {"--notify": [notify] if notify else [], "--timezone": [timezone] if timezone else []}
        _install(evidence or (), options, write=yes)
        return
    watched = Watched(evidence=evidence or (), settings=settings, now=now, timezone=timezone)
    try:
        with cache_off(chosen=no_cache):
            listed = watched.ask(notify, only_new=since_last)
    except ForensicsError as error:
        if form != "nagios":
            raise
        sys.stdout.write(f"OPENCLAW UNKNOWN: {visible(str(error)).replace('|', '/')}\n")
        raise typer.Exit(NAGIOS_CODES[CANNOT_LOOK]) from None
    if not quiet:
        _print(listed, "json" if as_json else form)
    code = listed.result.code
    raise typer.Exit(NAGIOS_CODES[code] if form == "nagios" else code)


def _print(listed: Listed, form: str) -> None:
    """Monitoring systems are shown the whole state: what is known already is not over."""
    from forensics.watch.check import in_json
    from forensics.watch.formats import MONITORS, plain

    if form == "json":
        print_json(in_json(listed.result, listed.troubles, listed.ended))
    elif form in MONITORS:
        sys.stdout.write(MONITORS[form](listed.result))
    else:
        sys.stdout.write(plain(listed.troubles))
        if listed.result.unseen:
            tell(f"Could not look: {listed.result.unseen}")


def _install(evidence: Sequence[Path], options: Mapping[str, Sequence[str]], *, write: bool) -> None:
    from forensics.watch import install

    words = [word for name, values in options.items() for value in values for word in (name, value)]
    arguments = [*(str(path.absolute()) for path in evidence), *words]
    if not write:
        sys.stdout.write(install.printed(arguments, Path.home()))
        tell("Nothing was written; --yes writes the files above.")
        if "--notify" not in words:
            tell("Without --notify nobody is told: what it finds goes to the log of the timer only.")
        return
    for path in install.write(arguments, Path.home()):
        sys.stdout.write(f"{path}\n")
    tell(f"Start it: {install.start(Path.home())}")
