"""What an answer rests on, what was left out, and whom the gateway itself turned away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.openclaw.releases import NEWEST_KNOWN
from forensics.parsers.logs.templates.template import LOUD
from forensics.parsers.unknown_records import are_many, unknown_in_words
from forensics.report.terminal.layout import Line, section, wrapped
from forensics.report.text.basis import asked_about, looked_at, not_read
from forensics.report.text.case_verdict import refusals_in_words
from forensics.text import clip

if TYPE_CHECKING:
    from forensics.case import Case

_MOST_SHAPES = 5


def grounds(case: Case, columns: int) -> Iterator[Line]:
    """The evidence, the part and the moment asked about, and what could not be read."""
    for sentence in (looked_at(case), asked_about(case), not_read(case)):
        yield from wrapped(sentence or "", columns, indent="  ", style="dim")


def clients(case: Case, columns: int) -> Iterator[Line]:
    """Whom the gateway itself turned away, and what to do about it; where it is not the answer, in words too."""
    if not case.client_refusals:
        return
    words = [] if case.verdict.verdict == "client refused" else [refusals_in_words(case.client_refusals)]
    cures = dict.fromkeys(refusal.cure for refusal in case.client_refusals)
    lines = (line for sentence in (*words, *cures) for line in wrapped(sentence, columns, indent="  "))
    yield from section("Clients turned away", lines)


def drift(case: Case, columns: int) -> Iterator[Line]:
    """What an unknown release is taken for, and how much it logs that is not known: with its words where it is much."""
    yield from wrapped(case.release.assumed or "", columns, indent="  ", style="dim")
    if not case.unknown:
        return
    told = f"Not known to this tool: {unknown_in_words(case.unknown)}."
    yield from wrapped(told, columns, indent="  ", style="dim")
    known = sum(event.count for event in case.timeline.events if event.level in LOUD)
    if case.release.release > NEWEST_KNOWN or are_many(case.unknown, known):
        for kind in case.unknown[:_MOST_SHAPES]:
            yield Line("  " + clip(f"{kind.count} x {kind.shape}", columns - 2))
            yield Line(f"      {kind.level} of {kind.subsystem or 'no subsystem'}, first at {kind.example}", "dim")
