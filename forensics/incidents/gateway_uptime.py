"""When the gateway was up, down or frozen, as its own lines tell (facts 2.7, 2.10)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from forensics.incidents.event_index import EventIndex
from forensics.incidents.failures import place
from forensics.instants import lasting
from forensics.tables import Activity, Event

_STARTS = ("gateway_starting", "agent_model", "gateway_listening", "gateway_ready")
_SERVES = ("gateway_listening", "gateway_ready")
_STOPS = ("signal_received", "gateway_signal", "gateway_shutdown")
_ERROR = "process_error"
_ASKED = ("gateway_restart_log", "config_needs_restart", "config_patched")
_ONE_TURN = timedelta(minutes=2)  # its lines, from the first to the last
_TWICE = timedelta(seconds=3)  # the same line again, told by another source
_SHORTLY = timedelta(minutes=2)
_FROZEN_MS = range(30_000, 30 * 86_400_000)  # shorter freezes harm nothing that has a timer, longer ones are lies
_EPISODE = timedelta(minutes=15)  # between two freezes of one episode


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """From the last sign of a gateway to the first of the next one. Unplanned: it never said that it would stop."""

    start: datetime
    end: datetime
    planned: bool
    why: str  # what is known of the cause, as a clause
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GatewayRun:
    """One run of the gateway. `end` None: still up when the evidence ends; `planned` False: it did not say goodbye."""

    start: datetime
    end: datetime | None
    planned: bool | None
    why: str | None  # why it ended, and who asked for it, as far as told
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """An episode in which the whole process stood still, once or again and again."""

    start: datetime
    end: datetime
    count: int
    total: timedelta
    longest: timedelta
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartOrStop:
    """Lines that tell of one start or one stop."""

    what: str  # start, stop
    lines: list[Event]

    @property
    def first(self) -> datetime:
        return _time(self.lines[0])

    @property
    def last(self) -> datetime:
        return _time(self.lines[-1])

    @property
    def telling(self) -> Event:
        """Of a start the line from which on it serves, of a stop the first one."""
        return next((line for line in self.lines if line.kind in _SERVES), self.lines[0])


def outages(events: Sequence[Event], activity: Iterable[Activity] = ()) -> tuple[Outage, ...]:
    """Every time that one gateway run ended and another one began, in order of time."""
    record = _Record(events, activity)
    return tuple(_outage(a, b, record) for a, b in pairwise(starts_and_stops(events)) if b.what == "start")


def gateway_runs(events: Sequence[Event], activity: Iterable[Activity] = ()) -> tuple[GatewayRun, ...]:
    """Every stretch in which a gateway was running, in order of time, with what is known of its end."""
    turns, activity = starts_and_stops(events), tuple(activity)
    if not turns:
        return ()
    record, ended = _Record(events, activity), outages(events, activity)
    begun = [turn.first for turn in turns if turn.what == "start"]
    if turns[0].what == "stop":
        begun.insert(0, record_times(events, activity)[0])
    last = turns[-1]
    runs = [GatewayRun(start, o.start, o.planned, o.why, o.places) for start, o in zip(begun, ended, strict=False)]
    if last.what == "stop":
        near = record.reasons.between(last.last - _SHORTLY, last.last)
        return (*runs, GatewayRun(begun[-1], last.last, True, _why(last, near), (place(last.lines[-1]),)))
    return (*runs, GatewayRun(begun[-1], None, None, None, (place(last.telling),)))


def up_times(events: Sequence[Event], activity: Iterable[Activity] = ()) -> tuple[tuple[datetime, datetime], ...]:
    """(from, to) of every stretch in which a gateway was running, from its first line to its last sign."""
    signs = record_times(events, activity)
    spans = ((run.start, run.end or signs[-1]) for run in gateway_runs(events, activity))
    return tuple((start, end) for start, end in spans if start < end)


def record_times(events: Iterable[Event], activity: Iterable[Activity] = ()) -> list[datetime]:
    """Every moment at which anything was written down, sorted."""
    return sorted({e.time for e in events if e.time} | {a.minute for a in activity if a.minute})


def freezes(events: Iterable[Event]) -> tuple[Freeze, ...]:
    """Episodes of freezes of half a minute or more, in order of time."""
    spans: list[tuple[datetime, datetime, str]] = []
    for event in events:
        if event.kind in ("host_frozen", "liveness_delayed") and event.time and (event.duration_ms or 0) in _FROZEN_MS:
            told = bool(spans) and event.time - spans[-1][1] < _TWICE  # the two kinds tell of the same freeze
            if not told:
                spans.append((event.time - lasting(event.duration_ms or 0), event.time, place(event)))
    episodes: list[list[tuple[datetime, datetime, str]]] = []
    for span in spans:
        if episodes and span[0] - episodes[-1][-1][1] <= _EPISODE:
            episodes[-1].append(span)
        else:
            episodes.append([span])
    return tuple(_freeze(spans) for spans in episodes)


def _freeze(spans: Sequence[tuple[datetime, datetime, str]]) -> Freeze:
    lengths = [end - start for start, end, _ in spans]
    return Freeze(
        start=spans[0][0],
        end=spans[-1][1],
        count=len(spans),
        total=sum(lengths, timedelta()),
        longest=max(lengths),
        places=tuple(where for _, _, where in spans),
    )


def starts_and_stops(events: Iterable[Event]) -> list[StartOrStop]:
    """In order of time; a start that never served is none. Assumed times count only where there are no others."""
    told = [e for e in events if e.time and e.kind in (*_STARTS, *_STOPS)]
    sure = [e for e in told if e.time_basis in ("exact", "aligned")]
    turns: list[StartOrStop] = []
    seen: dict[tuple[str, str], datetime] = {}
    for event in sure or told:
        what, line, time = "start" if event.kind in _STARTS else "stop", (event.kind, event.text), _time(event)
        again = what == "start" and time - seen.get(line, time) > _TWICE
        if again or not turns or turns[-1].what != what or time - turns[-1].first > _ONE_TURN:
            turns.append(StartOrStop(what, [event]))
            seen = {line: time}
        else:
            turns[-1].lines.append(event)
            seen.setdefault(line, time)
    return [t for t in turns if t.what == "stop" or any(e.kind in _SERVES for e in t.lines)]


class _Record:
    """When anything was written down, and what may tell why a gateway ended."""

    def __init__(self, events: Sequence[Event], activity: Iterable[Activity]) -> None:
        self._times = sorted(e.time for e in events if e.time)
        self._minutes = sorted(a.minute for a in activity if a.minute)
        self.reasons = EventIndex(e for e in events if e.kind in (*_ASKED, _ERROR))

    def last_before(self, start: datetime) -> datetime:
        """The last record before a start. A minute of activity in which it lies may hold the start's own lines."""
        event = self._times[bisect_left(self._times, start) - 1]
        minute = bisect_left(self._minutes, start.replace(second=0, microsecond=0))
        return max(event, self._minutes[minute - 1]) if minute else event


def _outage(one: StartOrStop, start: StartOrStop, record: _Record) -> Outage:
    planned = one.what == "stop"
    last = one.last if planned else record.last_before(start.first)
    near = record.reasons.between(last - _SHORTLY, start.first)
    error = next((e for e in reversed(near) if e.kind == _ERROR), None)
    said = one.lines[-1] if planned else error
    return Outage(
        start=last,
        end=start.first,
        planned=planned,
        why=_why(one, near) if planned else f"it had said {error.text!r}" if error else "no line says why",
        places=(*((place(said),) if said else ()), place(start.lines[0])),
    )


def _why(stop: StartOrStop, near: Iterable[Event]) -> str:
    signal = next((e.detail for e in stop.lines if e.kind != "gateway_shutdown" and e.detail), None)
    asked = next((e for e in near if e.kind in _ASKED), None)
    by = f", asked for by {asked.detail or asked.kind.replace('_', ' ')}" if asked else ""
    return f"{signal or 'it was shut down'}{by}"


def _time(event: Event) -> datetime:
    assert event.time  # noqa: S101 - only timed events become turns; tells mypy
    return event.time
