"""`forensics triage`: the answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli.options import Agent, LiveEvidence, NoCache, Now, Provider, Rules, Since, Timezone, Until
from forensics.cli.printing import print_json
from forensics.cli.reading_progress import ReadingProgress

if TYPE_CHECKING:
    from forensics.case import Case


def triage(
    evidence: LiveEvidence = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The machine-readable contract instead of the page.")] = False,
    since: Since = None,
    until: Until = None,
    provider: Provider = None,
    agent: Agent = None,
    now: Now = None,
    timezone: Timezone = None,
    rules: Rules = None,
    no_cache: NoCache = False,
    local: Annotated[bool, typer.Option("--local", help="Tell what happened in the time of this machine.")] = False,
) -> None:
    """Say what failed first, since when, why, and what to do. Exit 0: none, 1: one or not to be told, 2: unusable."""
    from forensics.case import open_case
    from forensics.openclaw.reasons import add_own_rules
    from forensics.sharing.interruption import stopped_cleanly

    if rules:
        add_own_rules(rules)
    progress = ReadingProgress(sys.stderr)
    with stopped_cleanly(), progress, _places(evidence) as paths:
        case = open_case(
            paths,
            since=since,
            until=until,
            provider=provider,
            agent=agent,
            now=now,
            timezone=timezone,
            progress=progress,
            cache=not no_cache,
        )
    if as_json:
        print_json(case.triage())
    else:
        _print_page(case, [str(path) for path in evidence or (Path.home() / ".openclaw",)], local=local)
    raise typer.Exit(case.verdict.exit_code)


def _print_page(case: Case, evidence: Sequence[str], *, local: bool) -> None:
    from rich.console import Console

    from forensics.report.terminal import page

    console = Console(soft_wrap=True, highlight=False)
    zone = datetime.now().astimezone().tzinfo if local else None
    console.print(page(case, console.width, evidence=evidence, zone=zone or UTC))


def _places(evidence: Sequence[Path] | None) -> AbstractContextManager[Sequence[Path]]:
    """What was given, else what this machine has: looking for that is slow to load."""
    if evidence:
        return nullcontext(evidence)
    from forensics.sharing.host import live_paths

    return live_paths(Path.home())
