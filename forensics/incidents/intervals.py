"""Stretches of time joined where they meet, so that many moments can be asked for quickly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches without overlap, in order of time; both ends belong to each."""

    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[datetime, datetime]]) -> Spans:
        """(from, to) pairs in any order."""
        starts: list[datetime] = []
        ends: list[datetime] = []
        for start, end in sorted(pairs):
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
        return cls(tuple(starts), tuple(ends))

    def __contains__(self, time: datetime) -> bool:
        place = bisect_right(self.starts, time)
        return place > 0 and time <= self.ends[place - 1]
