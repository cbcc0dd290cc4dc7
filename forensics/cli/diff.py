"""`forensics diff`: two cases beside each other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.options import NoCache, Timezone
from forensics.cli.printing import print_json


def diff(
    case_a: Annotated[Path, typer.Argument(metavar="CASE_A", help="Evidence from before, or of one host.")],
    case_b: Annotated[Path, typer.Argument(metavar="CASE_B", help="Evidence from after, or of the other host.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The same for other programs.")] = False,
    timezone: Timezone = None,
    no_cache: NoCache = False,
) -> None:
    """Say what went, came, stayed and changed. Exit 0: nothing new in B, 1: something came or is worse, 2: unusable."""
    from forensics.case import open_case
    from forensics.parsers.clocks import zone_named
    from forensics.report.diff import compare, contract
    from forensics.report.diff.words import answer, page

    zone_named(timezone)
    cases = (open_case(path, timezone=timezone, cache=not no_cache) for path in (case_a, case_b))
    comparison = compare(*cases)
    if as_json:
        print_json(contract(comparison, answer(comparison)))
    else:
        sys.stdout.write(page(comparison) + "\n")
    raise typer.Exit(1 if comparison.worse else 0)
