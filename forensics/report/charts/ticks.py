"""Many moments in one lane, put together so that a chart never draws more than the eye can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

MOST = 400  # marks of one kind in one picture: a mark every two to three pixels
_SECONDS = (1, 2, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
_STEPS = tuple(timedelta(seconds=s) for s in _SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One moment in a lane, or several that fall into the same stretch of it."""

    lane: str
    time: datetime
    what: str
    said: str
    where: str
    count: int = 1
    until: datetime | None = None  # the last moment, where it stands for several
    since: datetime | None = None  # when the call began that ended at this moment
    hollow: bool = False


def thin_out(ticks: Iterable[Tick], start: datetime, end: datetime) -> tuple[Tick, ...]:
    """At most about `MOST` ticks per kind: all of them where that fits, else one per lane and stretch of time."""
    ordered = sorted(ticks, key=lambda t: (t.lane, t.hollow, t.time, t.where))
    if len(ordered) <= MOST:
        return tuple(ordered)
    lanes = len({(t.lane, t.hollow) for t in ordered})
    step = fitting_step(end - start, max(1, MOST // lanes))
    grouped = groupby(ordered, key=lambda t: (t.lane, t.hollow, (t.time - start) // step))
    return tuple(_together(list(group)) for _, group in grouped)


def fitting_step(span: timedelta, most: int) -> timedelta:
    """The shortest round stretch of time that goes into the span at most so many times."""
    return next((step for step in _STEPS if span / step <= most), span / most)


def _together(ticks: Sequence[Tick]) -> Tick:
    count = sum(t.count for t in ticks)
    return replace(ticks[0], count=count, until=ticks[-1].time) if len(ticks) > 1 else ticks[0]
