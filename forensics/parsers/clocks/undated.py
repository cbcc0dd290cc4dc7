"""Places the events of a source that state no time beside those that do; where none does, they stay without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from forensics.tables import Event

_STEP = timedelta(milliseconds=1)


def place_undated(events: Sequence[Event]) -> Sequence[Event]:
    """The events of one file in its order; one without a time has that of the one before it, or else behind it."""
    last = next((event.time for event in events if event.time), None)
    if last is None or all(event.time for event in events):
        return events
    placed: list[Event] = []
    for event in events:
        last = event.time or last + _STEP
        placed.append(event if event.time else replace(event, time=last, time_basis="neighbours"))
    return placed
