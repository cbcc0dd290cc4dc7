"""Records without a time take part in the reasoning: in the order of file and line, before all that is dated.

They get stand-in times in a year that no evidence has, a moment apart in one file and days apart between files. A
stand-in never leaves the reasoning: `dated` makes it None again.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from forensics.tables import Event
from forensics.timeless import is_undated

_BEGIN = datetime(1000, 1, 1, tzinfo=UTC)
_BETWEEN_FILES = timedelta(days=1)
_BETWEEN_LINES = timedelta(milliseconds=10)  # lines of one paste tell of one thing more often than not
_REASONED_ABOUT = frozenset({"failure", "echo", "decision", "window", "answer"})


def with_stand_in_times(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events, in order of time; those without one as above, unless a dated record tells the same."""
    events = tuple(events)
    undated = [e for e in events if e.time is None and e.role in _REASONED_ABOUT]
    if not undated:
        return events
    told = {_content(e) for e in events if e.time}
    days = {source: n for n, source in enumerate(sorted({e.source for e in undated}))}
    placed = [
        replace(e, time=_BEGIN + days[e.source] * _BETWEEN_FILES + e.line * _BETWEEN_LINES)
        for e in undated
        if _content(e) not in told
    ]
    rest = (e for e in events if e.time is not None or e.role not in _REASONED_ABOUT)
    return (*sorted(placed, key=lambda e: (e.source, e.line)), *rest)


def dated(time: datetime | None) -> datetime | None:
    """The time, if it is one that some record states."""
    return None if time is None or is_undated(time) else time


def _content(event: Event) -> Hashable:
    return event.kind, event.run, event.provider, event.text
