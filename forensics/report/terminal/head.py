"""The first twelve lines of an answer: the state, the cause, what it was taken for, how sure, and what to do now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from forensics.incidents.incident import Incident
from forensics.incidents.state import is_over
from forensics.remediation.plan import KEEP
from forensics.report.terminal.layout import Line, height, wrapped
from forensics.report.terminal.steps import fitting, numbered, steps_of
from forensics.report.text.impact import who_suffered
from forensics.report.text.incident import headline
from forensics.report.text.state import cause_sentence, filed_sentence, state_sentence
from forensics.text import clip

if TYPE_CHECKING:
    from forensics.case import Case

ROWS = 12
_STEPS = 2  # of each other incident that is open


def head(case: Case, incident: Incident, now: datetime, columns: int) -> Sequence[Line]:
    """The conclusion, without what to do."""
    return list(_conclusion(case, incident, now, columns))


def first_steps(
    case: Case, incident: Incident, above: Sequence[Line], now: datetime, columns: int, fix: str
) -> Iterator[Line]:
    """What to do now: as many steps as the first screen takes, each up to its command."""
    over = is_over(incident, now)
    drawn = list(numbered(steps_of(case, incident), columns, fix, brief=True))
    if not drawn:
        yield Line("Nothing is left to do." if over else "What to do is not known.", "bold")
        return
    yield Line("For the next time, and where the old cause still stands:" if over else "Do now:", "bold")
    for lines in drawn[: fitting(drawn, ROWS - height(above, columns) - 1, columns)]:
        yield from lines


def _conclusion(case: Case, incident: Incident, now: datetime, columns: int) -> Iterator[Line]:
    yield from wrapped(state_sentence(incident, now), columns, style="bold", rows=3)
    yield from wrapped(cause_sentence(incident), columns, rows=2)
    yield from wrapped(filed_sentence(incident, case.release.at(incident.start)), columns, rows=2)
    yield from wrapped(f"How sure: {incident.first_failure.confidence}. {who_suffered(incident)}", columns, rows=2)


def other_open(case: Case, incident: Incident, now: datetime, columns: int, fix: str) -> Iterator[Line]:
    """Another one that is not over: its conclusion and the first thing to do."""
    yield Line("")
    yield from wrapped(f"{incident.id}  {state_sentence(incident, now)}", columns, style="bold")
    yield from wrapped(cause_sentence(incident), columns, rows=3, indent="    ")
    steps = [step for step in steps_of(case, incident) if step is not KEEP]
    for lines in numbered(steps[:_STEPS], columns, fix):
        yield from lines


def in_a_line(incident: Incident, columns: int) -> Line:
    """What is over, on one line."""
    return Line("  " + clip(f"{incident.id}  {headline(incident)}", columns - 2))
