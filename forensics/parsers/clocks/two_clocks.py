"""Two clocks in one console: up to about 2026.3.13 a pretty console prints named lines in UTC and root lines local.

The same error text, told by a named line and by a root line beside it, shows how far the two are apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

_GRID = timedelta(minutes=15)  # every zone's offset is a multiple
_TOLERANCE = timedelta(seconds=2)
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)
_NEAR = 60  # lines between the two
_KEY = 80  # characters of a text
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A line that tells of an error, its time counted with the lines of its own clock alone."""

    line: int
    time: datetime
    text: str
    root: bool


def clocks_apart(readings: Iterable[Reading]) -> timedelta | None:
    """What the root lines' clock is ahead of the other; None where both are one clock, or nothing tells.

    Whole days may be in it: each clock counts its days for itself.
    """
    named: dict[str, list[Reading]] = {}
    votes: Counter[timedelta] = Counter()
    waiting: dict[str, list[Reading]] = {}
    for reading in sorted(readings, key=lambda r: r.line):
        key = reading.text[:_KEY]
        mine, others = (waiting, named) if reading.root else (named, waiting)
        partners = [other for other in others.get(key, ()) if reading.line - other.line <= _NEAR]
        if partners:
            other = partners[-1]
            ahead = reading.time - other.time if reading.root else other.time - reading.time
            offset = _offset(ahead)
            votes.update([] if offset is None else [offset])
        mine.setdefault(key, []).append(reading)
    agreed, count = max(votes.items(), key=lambda vote: (vote[1], -abs(vote[0])), default=(timedelta(), 0))
    return agreed if agreed and 2 * count > votes.total() else None


def _offset(ahead: timedelta) -> timedelta | None:
    """The difference of two clocks as an offset between zones, or None where it is none."""
    steps = round(ahead / _GRID) * _GRID
    in_a_day = steps - round(steps / _DAY) * _DAY
    return steps if abs(ahead - steps) <= _TOLERANCE and _WEST <= in_a_day <= _EAST else None
