"""`forensics show`: the raw lines around a place of the evidence."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from forensics.cli.options import Evidence, NoCache


def show(
    evidence: Evidence,
    place: Annotated[
        str, typer.Argument(metavar="PLACE", help="As answers cite it: PATH:LINE, PATH!TABLE/ROW or PATH#/POINTER.")
    ],
    *,
    around: Annotated[int, typer.Option("--around", "-n", min=0, help="Lines before and after it.")] = 20,
    width: Annotated[int, typer.Option(min=40, help="Characters of a line that are shown.")] = 2_000,
    no_cache: NoCache = False,
) -> None:
    """Print the raw lines around a place that an answer cites, the place itself marked with '>', tokens masked.

    forensics show ~/.openclaw logs/gateway.log:120
    """
    from forensics.case import open_case

    excerpt = open_case(evidence, cache=not no_cache).lines(place, around, width=width)
    sys.stdout.write(f"{excerpt!r}\n")
