"""The rhythm of the heartbeat, by which a run that names no trigger can be told from somebody's message."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from forensics.tables import Event

_NEAR = timedelta(minutes=1)  # a beat this close to a run is the run itself
_INTERVALS_MS = range(60_000, 30 * 86_400_000)  # of heartbeats; anything else is none
_LATE = 20  # the next heartbeat is late or early by this fraction of its interval at most
_LATER = timedelta(seconds=30)  # one of those after it: chance would meet a wider gate too often
_LEAST = 3  # runs in one rhythm that show it where nothing tells when it began
_OWN_LEAST = 6  # runs whose rhythm alone shows that nobody types them
_STEADY = timedelta(seconds=15)  # a gap of it is longer or shorter by this at most, and by a twentieth
_NONE = timedelta()
_LENGTH = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>ms|s|m|h|d)?")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, None: 60}


def interval_of(setting: str | None) -> timedelta:
    """`agents.defaults.heartbeat.every` as a length of time; zero where it is off, not set or unusual."""
    found = _LENGTH.fullmatch((setting or "").strip())
    seconds = float(found["number"]) * _UNITS[found["unit"]] if found else 0
    return timedelta(seconds=seconds) if 60 <= seconds < 30 * 86_400 else _NONE


def is_off(setting: str | None) -> bool:
    """Whether `agents.defaults.heartbeat.every` switches the heartbeat off."""
    found = _LENGTH.fullmatch((setting or "").strip())
    return found is not None and not float(found["number"])


def is_a_rhythm(times: Sequence[datetime]) -> bool:
    """Whether these moments, in order, lie one interval apart: nobody types to the second for hours."""
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(times)]
    if len(times) < _OWN_LEAST or (every := median(gaps)) < _NEAR.total_seconds():
        return False
    tolerance = min(_STEADY.total_seconds(), every / _LATE)
    return all(abs(gap - every * max(1, round(gap / every))) <= tolerance for gap in gaps)


class Heartbeats:
    """When a heartbeat surely ran or was set up, and its interval from then on: as told, else as configured."""

    def __init__(self, events: Iterable[Event], configured: timedelta = _NONE) -> None:
        self._configured = configured
        self._beats: list[tuple[datetime, timedelta]] = []
        for event in events:
            if event.time and event.kind == "heartbeat_configured":
                told = event.duration_ms if event.detail == "started" else 0
                usual = told is not None and told in _INTERVALS_MS  # a range asks None of each number
                every = timedelta(milliseconds=told) if told and usual else _NONE if told == 0 else configured
                insort(self._beats, (event.time, every))
            elif event.kind == "transcript_turn" and event.trigger == "heartbeat" and event.time:
                self.add(event.time)

    def copy(self) -> Heartbeats:
        """The same rhythm, to add to."""
        same = Heartbeats((), self._configured)
        same._beats = list(self._beats)
        return same

    def add(self, time: datetime) -> None:
        """A further beat, in the rhythm of the one before it."""
        insort(self._beats, (time, self._before(time)[1]))

    def learn(self, times: Sequence[datetime]) -> None:
        """Several runs in the configured rhythm are heartbeats, whatever tells when that of another agent began."""
        if len(times) < _LEAST or not (every := self._before(times[0])[1]):
            return
        if all(_is_in_rhythm(time - times[0], every) for time in times[1:]):
            insort(self._beats, (times[0] - every, every))

    def is_due(self, time: datetime) -> bool:
        """Whether a heartbeat was due at that moment."""
        last, every = self._before(time - _NEAR)
        return bool(every) and _is_in_rhythm(time - last, every)

    def _before(self, time: datetime) -> tuple[datetime, timedelta]:
        place = bisect_left(self._beats, (time, _NONE))
        return self._beats[place - 1] if place else (time, self._configured)


def _is_in_rhythm(since: timedelta, every: timedelta) -> bool:
    """Whether so much later than one beat another one is due, be it the next or a later one."""
    if abs(since - every) <= every / _LATE:
        return True
    past = since % every
    return since > every and min(past, every - past) <= min(_LATER, every / _LATE)
