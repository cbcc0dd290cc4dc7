"""`forensics report`: a notebook run over evidence, or over a fleet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.options import Agent, Evidence, NoCache, Now, Provider, Since, Timezone, Until
from forensics.cli.printing import print_paths, progress, tell
from forensics.errors import ParameterError

_UNTELLING = (".openclaw", "evidence")  # names that every case has


def report(
    evidence: Evidence,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for the report; made if need be (default: report-NAME).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a notebook that was edited.")] = False,
    notebook: Annotated[str, typer.Option(help="Which notebook to run.")] = "postmortem",
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="NAME=VALUE of the notebook; JSON values or plain text."),
    ] = None,
    share: Annotated[
        bool, typer.Option("--share", help="Only what may leave: redacted, checked, in the folder share/.")
    ] = False,
    notes: Annotated[bool, typer.Option("--notes", help="With --share: the notes leave too, redacted.")] = False,
    incident: Annotated[
        str | None, typer.Option("--incident", help="With --share: which incident report.md is about, such as I2.")
    ] = None,
    since: Since = None,
    until: Until = None,
    provider: Provider = None,
    agent: Agent = None,
    now: Now = None,
    timezone: Timezone = None,
    no_cache: NoCache = False,
) -> None:
    """Run a notebook over evidence or a fleet: the executed notebook, and one HTML file that needs nothing."""
    from forensics.fleet.dataset import is_fleet
    from forensics.parsers.timeline_cache import cache_off
    from forensics.report.earlier_notebook import refuse_to_lose, refuse_unwritable
    from forensics.report.fleet_report import run_fleet_report
    from forensics.report.run import run_report
    from forensics.report.share import run_share

    folder = out or Path(f"report-{_name_of(evidence[0])}")
    refuse_unwritable(folder)
    refuse_to_lose(folder / ("share" if share else "") / f"{notebook}.ipynb", force=force)
    if is_fleet(evidence[0]):
        print_paths(run_fleet_report(evidence[0], folder, _parameters(parameter or []), progress, share=share))
        return
    options = {"since": since, "until": until, "provider": provider, "agent": agent, "now": now, "timezone": timezone}
    given = {name: value for name, value in options.items() if value is not None}
    if notes and not share:
        raise ParameterError("--notes belongs to --share; a report that stays here holds the notes anyway")
    if incident and not share:
        raise ParameterError("--incident says what report.md is about, and only --share writes one")
    asked = {"notes": True} if notes else {}
    parameters = {**given, **asked, **_parameters(parameter or [])}
    if not share:
        with cache_off(chosen=no_cache):
            print_paths(run_report(evidence, folder, notebook, parameters, progress).paths)
        return
    with cache_off(chosen=no_cache):
        files = run_share(evidence, folder, notebook, parameters, progress, incident=incident)
    print_paths(files.paths)
    if files.to_fill_in:
        tell(f"report.md leaves to you, marked 'To fill in': {', '.join(files.to_fill_in)}")


def _name_of(evidence: Path) -> str:
    """What a case is called by the folder it came in: `case.zip` is case, `acme/.openclaw` is acme."""
    path = evidence.absolute()
    named = path.parent if path.name in _UNTELLING else path
    return named.name.lstrip(".").partition(".")[0] or "case"


def _parameters(pairs: list[str]) -> dict[str, object]:
    """`NAME=VALUE` pairs; a value that is not JSON is taken as text."""
    import msgspec

    found: dict[str, object] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not name or not equals:
            raise ParameterError(f"--parameter {pair!r} is not NAME=VALUE; write it like -p provider=anthropic")
        try:
            found[name] = msgspec.json.decode(text)
        except msgspec.DecodeError:
            found[name] = text
    return found
