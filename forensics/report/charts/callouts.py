"""The sentences written into the timeline: each first failure, placed so that none covers another."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forensics.incidents.incident import Incident
from forensics.report.charts.view import View
from forensics.report.text.incident import first_sign, said_in_short
from forensics.text import clip, clock

ROW_HEIGHT = 17
_LETTER = 7.2  # pixels of an average bold letter at the size of a callout, in the widest of the usual fonts
_SHORTEST = 24
_LONGEST = 300
_ROWS = 4


@dataclass(frozen=True, slots=True)
class Callout:
    """One sentence beside a moment, on one or two rows counted from the top."""

    time: datetime
    lines: tuple[str, ...]
    row: int
    align: str  # left: the text begins at the moment, right: it ends there


def place_callouts(view: View, width: int) -> tuple[Callout, ...]:
    """One callout per incident that fits, on the roomier side of its moment; a single one may take two rows."""
    taken: list[list[tuple[float, float]]] = [[] for _ in range(_ROWS)]
    placed = []
    for incident in sorted(view.incidents, key=lambda i: i.first_failure.time or i.began):
        time = incident.first_failure.time or incident.began
        at = width * ((time - view.start) / (view.end - view.start))
        align, room = ("left", width - at) if at <= width * 0.55 else ("right", at)
        lines = _fold(_sentence(incident, view), room, most=2 if len(view.incidents) == 1 else 1)
        reach = _reach(at, align, max(map(len, lines)))
        row = next((n for n, spans in enumerate(taken) if not _overlaps(spans, reach)), None)
        if row is not None:
            taken[row].append(reach)
            placed.append(Callout(time, lines, row, align))
    return tuple(placed)


def _sentence(incident: Incident, view: View) -> str:
    failure = incident.first_failure
    name = f"{incident.id} " if len(view.incidents) > 1 else ""
    return f"{name}{first_sign(failure)} {clock(failure.time, failure.time)}: {said_in_short(failure)}"


def _fold(sentence: str, room: float, most: int) -> tuple[str, ...]:
    letters = max(_SHORTEST, int(room / _LETTER))
    lines = textwrap.wrap(clip(sentence, _LONGEST), letters, max_lines=most, placeholder=" …")
    return tuple(lines)


def _reach(at: float, align: str, letters: int) -> tuple[float, float]:
    length = letters * _LETTER + 12
    return (at, at + length) if align == "left" else (at - length, at)


def _overlaps(spans: Sequence[tuple[float, float]], reach: tuple[float, float]) -> bool:
    return any(start < reach[1] and reach[0] < end for start, end in spans)
