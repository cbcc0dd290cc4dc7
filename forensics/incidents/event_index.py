"""Events in order of time, so that those around many moments can be asked for quickly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from forensics.tables import Event


class EventIndex:
    """The events that have a time, in order of (time, source, line)."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = sorted((e for e in events if e.time), key=lambda e: (e.time, e.source, e.line))
        self._times = [e.time for e in self._events if e.time]

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events)

    def between(self, start: datetime, end: datetime | None) -> Sequence[Event]:
        """Those of a stretch, its ends included; without an end all from its start on."""
        until = len(self._times) if end is None else bisect_right(self._times, end)
        return self._events[bisect_left(self._times, start) : until]

    def within(self, after: datetime, until: datetime) -> Sequence[Event]:
        """Those later than one moment, but no later than another."""
        return self._events[bisect_right(self._times, after) : bisect_right(self._times, until)]

    def before(self, time: datetime) -> Sequence[Event]:
        """The last ones before a moment: several where they share their time."""
        end = bisect_left(self._times, time)
        return self.between(self._times[end - 1], self._times[end - 1]) if end else ()

    def until(self, time: datetime) -> Event | None:
        """The last one that is no later than a moment."""
        end = bisect_right(self._times, time)
        return self._events[end - 1] if end else None

    def after(self, time: datetime) -> Event | None:
        """The first one later than a moment."""
        start = bisect_right(self._times, time)
        return self._events[start] if start < len(self._events) else None
