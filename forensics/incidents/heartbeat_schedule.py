"""The rhythm of the heartbeat, by which a run that names no trigger can be told from somebody's message."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import datetime, timedelta

from forensics.tables import Event

_NEAR = timedelta(minutes=1)  # a beat this close to a run is the run itself
_INTERVALS_MS = range(60_000, 30 * 86_400_000)  # of heartbeats; anything else is none
_LATE = 20  # a heartbeat is late or early by this fraction of its interval at most
_NONE = timedelta()


class Heartbeats:
    """When a heartbeat surely ran or was set up, and its interval from then on, where one is told."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._beats: list[tuple[datetime, timedelta]] = []
        for event in events:
            if event.time and event.kind == "heartbeat_configured":
                told = event.duration_ms if event.detail == "started" else None
                usual = told is not None and told in _INTERVALS_MS  # a range asks None of each number
                insort(self._beats, (event.time, timedelta(milliseconds=told) if told and usual else _NONE))
            elif event.kind == "transcript_turn" and event.trigger == "heartbeat" and event.time and self._beats:
                self.add(event.time)

    def copy(self) -> Heartbeats:
        """The same rhythm, to add to."""
        same = Heartbeats(())
        same._beats = list(self._beats)
        return same

    def add(self, time: datetime) -> None:
        """A further beat, in the rhythm of the one before it."""
        insort(self._beats, (time, self._before(time)[1]))

    def is_due(self, time: datetime) -> bool:
        """Whether a heartbeat was due at that moment."""
        last, every = self._before(time - _NEAR)
        return bool(every) and abs(time - last - every) <= every / _LATE

    def _before(self, time: datetime) -> tuple[datetime, timedelta]:
        place = bisect_left(self._beats, (time, _NONE))
        return self._beats[place - 1] if place else (time, _NONE)
