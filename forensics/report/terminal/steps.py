"""What to do, numbered: prose that wraps, and each command alone on its line."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from forensics.incidents.incident import Incident
from forensics.remediation.plan import Plan
from forensics.remediation.step import Step
from forensics.report.terminal.layout import Line, height, wrapped
from forensics.report.text.steps import Part, parts_of, shortest

if TYPE_CHECKING:
    from forensics.case import Case

_INDENT = "     "


def command(name: str, evidence: Sequence[str], *more: str) -> str:
    """`forensics NAME EVIDENCE …`, to be copied; EVIDENCE in capitals where it was not given as paths."""
    given = [shlex.quote(path) for path in evidence] or ["EVIDENCE"]
    return " ".join(["forensics", name, *given, *more])


def steps_of(case: Case, incident: Incident) -> Sequence[Step]:
    """The steps that are to be taken; a plan may begin with a bare word on the state."""
    plan = case.plans.get(incident.id) or Plan.of(incident.remedy)
    return [step for step in plan.actions if not step.tells_state]


def numbered(steps: Sequence[Step], columns: int, fix: str, *, brief: bool = False) -> Iterator[Sequence[Line]]:
    """The lines of each step. `fix`: the command that prints a script for the patches; `brief`: up to its command."""
    for number, step in enumerate(steps, 1):
        parts = shortest(step, fix) if brief else parts_of(step, fix)
        yield list(_drawn(parts, f"{number:>3}. ", columns))


def fitting(drawn: Sequence[Sequence[Line]], rows: int, columns: int) -> int:
    """How many whole steps, one at least, fit into so many rows."""
    used = 0
    for count, lines in enumerate(drawn):
        used += height(lines, columns)
        if used > rows and count:
            return count
    return len(drawn)


def _drawn(parts: Iterable[Part], number: str, columns: int) -> Iterator[Line]:
    lead = number
    for part in parts:
        if part.is_command:
            yield Line(f"{_INDENT}{part.words}", "bold")
        else:
            yield from wrapped(part.words, columns, indent=lead, hang=_INDENT)
            lead = _INDENT
