"""`forensics note`: something to remember about a case."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from forensics.cli.options import Evidence


def note(
    evidence: Evidence,
    about: Annotated[
        str, typer.Argument(metavar="ABOUT", help="An incident, such as I1, or a place, such as PATH:LINE.")
    ],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to remember, in quotes.")],
    *,
    tag: Annotated[str, typer.Option(help="action for what was or is to be done, or any other word.")] = "note",
    at: Annotated[str | None, typer.Option(help="The moment it is about (default: that of ABOUT).")] = None,
) -> None:
    """Keep a note about a case, beside the case: it shows in the timeline and the report of the same files.

    forensics note ~/.openclaw I1 "rotated the key" --tag action --at 10:40
    """
    from forensics.case import open_case

    kept = open_case(evidence).note(about, text, tag, at=at)
    sys.stdout.write(f"{kept.about} [{kept.tag}] {kept.text}\n")
