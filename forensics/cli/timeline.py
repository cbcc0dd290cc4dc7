"""`forensics timeline`: every event of all files in one order."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli.options import Agent, Evidence, NoCache, Now, Provider, Since, Timezone, Until
from forensics.errors import ParameterError

if TYPE_CHECKING:
    import polars as pl


def timeline(
    evidence: Evidence,
    *,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only events of this kind or role, such as failure; several are any of them."),
    ] = None,
    grep: Annotated[str | None, typer.Option(help="Only events whose text matches this regular expression.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="All columns as CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    since: Since = None,
    until: Until = None,
    provider: Provider = None,
    agent: Agent = None,
    now: Now = None,
    timezone: Timezone = None,
    no_cache: NoCache = False,
) -> None:
    """Print what happened, of all files in one order of time, each event once and with its place.

    forensics timeline ~/.openclaw --kind failure --grep 429
    """
    from forensics.case import open_case
    from forensics.report.event_list import chosen_events
    from forensics.report.exports import to_csv

    if as_csv and as_json:
        raise ParameterError("--csv and --json exclude each other; give one of them")
    case = open_case(
        evidence,
        since=since,
        until=until,
        provider=provider,
        agent=agent,
        now=now,
        timezone=timezone,
        cache=not no_cache,
    )
    events = chosen_events(case, kinds=kind or (), pattern=grep)
    if as_json:
        sys.stdout.write(events.write_ndjson())
    elif as_csv:
        sys.stdout.write(to_csv(events).decode())
    else:
        _print(events)


def _print(events: pl.DataFrame) -> None:
    from rich.console import Console

    from forensics.report.event_list import event_lines

    console = Console(soft_wrap=True, highlight=False)
    if not sys.stdout.isatty():
        console.print(event_lines(events))
        return
    os.environ.setdefault("LESS", "-FRX")  # colours, and no pager for what fits on the screen
    with console.pager(styles=True):
        console.print(event_lines(events))
