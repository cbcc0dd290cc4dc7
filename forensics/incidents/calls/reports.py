"""Reports: sightings that tell of a call, each given to the call it most likely means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from forensics.incidents.calls.attempts import RUN, Attempts
from forensics.incidents.calls.by_time import ByTime, Rank, nearest
from forensics.incidents.calls.call import RequestBuilder, agree, ids_of, time_of
from forensics.tables import Event

_REPORT = timedelta(seconds=20)  # backoff and fallback between a failure and the last word on it
_COARSE = timedelta(seconds=1.1)  # pretty consoles cut off the milliseconds
_WRITTEN = timedelta(milliseconds=50)  # two writers of one moment


class _Group(NamedTuple):
    """What calls have in common that a report may contradict."""

    is_of_run: bool  # of one that only its own reports name
    is_updated: bool
    hashes: frozenset[str]
    answer: tuple[object, ...]

    def may_hold(self, event: Event) -> bool:
        """False where no call of the group can be the one that a report of another run means."""
        hashes = not event.profile_hash or not self.hashes or event.profile_hash in self.hashes
        return hashes and not (event.run and self.is_of_run) and agree(event, self.answer)


class Reports:
    """The calls, those of the attempts first; further ones are all that is left of calls that nothing else shows."""

    def __init__(self, attempts: Attempts) -> None:
        self.calls = attempts.calls
        self._by_id = attempts.by_id
        self._runs: dict[str, ByTime] = defaultdict(ByTime)
        self._groups: dict[_Group, ByTime] = defaultdict(ByTime)
        for call in self.calls:
            self._groups[_group(call)].add(call, _rank(call))
        for run, calls in attempts.by_run.items():
            for call in calls:
                self._runs[run].add(call, (call.joined[run],))

    def add(self, event: Event) -> None:
        call = self._home(event)
        if call is None:
            call = RequestBuilder(event, len(self.calls))
            self.calls.append(call)
            self._groups[_group(call)].add(call, _rank(call))
        else:
            self._give(call, event)
        for key in ids_of(event):
            if self._by_id[key][-1:] != [call]:
                self._by_id[key].append(call)
        if event.run and event.run not in call.joined:
            call.joined[event.run] = len(self._runs[event.run])
            self._runs[event.run].add(call, (call.joined[event.run],))

    def _give(self, call: RequestBuilder, event: Event) -> None:
        group = _group(call)
        call.take(event)
        if _group(call) != group:
            self._groups[group].remove(call, _rank(call))
            self._groups[_group(call)].add(call, _rank(call))

    def _home(self, event: Event) -> RequestBuilder | None:
        """A call of the report's own run before all others, then one that shares an id, then the nearest."""
        sharing = list(dict.fromkeys(c for key in ids_of(event) for c in self._by_id.get(key, ())))
        own = [c for c in sharing if event.run and c.run == event.run]
        return (
            _best(own, event)
            or self._in_run(event, lambda call: call.run == event.run)
            or _best(sharing, event)
            or _best([c for c in (self._in_run(event, lambda c: c.run != event.run), self._in_time(event)) if c], event)
        )

    def _in_run(self, event: Event, accepts: Callable[[RequestBuilder], bool]) -> RequestBuilder | None:
        calls = self._runs.get(event.run or "")
        return _nearest(event, RUN, lambda _: [calls], accepts) if calls else None

    def _in_time(self, event: Event) -> RequestBuilder | None:
        fitting = [(group.is_updated, calls) for group, calls in self._groups.items() if group.may_hold(event)]
        return _nearest(
            event,
            _REPORT,
            lambda updated: [calls for known, calls in fitting if updated in (None, known)],
            lambda _: True,
        )


def _group(call: RequestBuilder) -> _Group:
    is_of_run = call.run is not None and not call.run.startswith("announce:")
    return _Group(is_of_run, call.is_updated, call.hashes, call.answer)


def _rank(call: RequestBuilder) -> Rank:
    return int(call.time.timestamp()), call.number


def _nearest(
    event: Event,
    reach: timedelta,
    lanes: Callable[[bool | None], Sequence[ByTime]],
    accepts: Callable[[RequestBuilder], bool],
) -> RequestBuilder | None:
    """The best call among `lanes` that a report can mean, see `_best`. `lanes` are asked for calls with or without a
    window update, or (None) for both; `accepts` says what else is asked of a call.
    """
    time = time_of(event)
    over = _latest(time)
    for since, until in ((time - reach, over), (over + timedelta.resolution, time + _COARSE)):
        for updated in (False, True) if event.role == "window" else (None,):
            for call in nearest(lanes(updated), time, since, until):
                if updated in (None, call.is_updated) and accepts(call) and call.may_be_meant_by(event):
                    return call
    return None


def _best(calls: Iterable[RequestBuilder], event: Event) -> RequestBuilder | None:
    """The best home of a report: is over, lacks a window update where the report is one, lies nearest."""
    time = time_of(event)
    return max(
        calls,
        key=lambda c: (c.time <= _latest(time), event.role != "window" or not c.is_updated, -abs(time - c.time)),
        default=None,
    )


def _latest(time: datetime) -> datetime:
    """Until when a record may really have been written: one without milliseconds at any of its second."""
    return time + (_WRITTEN if time.microsecond else _COARSE)
