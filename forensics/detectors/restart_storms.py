"""Restart storms: a gateway started again and again, each time as if somebody had planned it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from forensics.incidents.failures import place
from forensics.tables import Event

_STARTS = ("gateway_starting", "agent_model", "gateway_listening", "gateway_ready")
_STOPS = ("signal_received", "gateway_signal")
_COUNTER = "service_restart_scheduled"
_ASKED = ("cron_asked_for_restart", "gateway_restart_log", "config_needs_restart", "config_patched")
_LAST_WORDS = ("process_error", "gateway_startup_failed")
_TWICE = timedelta(seconds=3)  # the same line again, told by another source
_APART = timedelta(minutes=15)  # between two starts of one storm, at most
_OFTEN = timedelta(minutes=5)  # without a rhythm they come at least this often
_FEWEST, _FEWEST_IRREGULAR = 6, 10
_STEADY = 0.25  # a gap of the rhythm differs by this much of it at most …
_MOSTLY = 0.7  # … in this share of all gaps
_SHOWN = 3  # places from each end


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartStorm:
    """`count` starts; `every` None: without a rhythm. `signals` counts how the runs ended, as far as they say."""

    start: datetime
    end: datetime
    count: int
    every: timedelta | None
    signals: Counter[str]
    asked_by: str | None  # kind of the line that asked for them
    last_words: str | None  # what a run said before it ended
    counter: int | None  # of the service manager
    places: tuple[str, ...]


def restart_storms(events: Iterable[Event]) -> tuple[RestartStorm, ...]:
    """In order of time."""
    timed = [event for event in events if event.time]
    return tuple(_storm(group, timed) for group in _groups(_starts(timed)) if _is_storm(group))


def _starts(events: Sequence[Event]) -> Sequence[Event]:
    """One line for each start: of the kinds of lines that a start writes the commonest one."""
    by_kind: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in sorted((e for e in events if e.kind in (*_STARTS, _COUNTER)), key=_time):
        known = by_kind[event.kind, event.text if event.kind == "gateway_starting" else ""]
        if not known or _time(event) - _time(known[-1]) > _TWICE:
            known.append(event)
    return max(by_kind.values(), key=len, default=[])


def _groups(starts: Sequence[Event]) -> Iterator[Sequence[Event]]:
    group: list[Event] = []
    for start in starts:
        if group and _time(start) - _time(group[-1]) > _APART:
            yield group
            group = []
        group.append(start)
    yield group


def _gaps(group: Sequence[Event]) -> Sequence[timedelta]:
    return [_time(b) - _time(a) for a, b in pairwise(group)]


def _rhythm(gaps: Sequence[timedelta]) -> timedelta | None:
    middle = timedelta(seconds=median(gap.total_seconds() for gap in gaps))
    steady = sum(abs(gap - middle) <= middle * _STEADY for gap in gaps)
    return middle if steady >= _MOSTLY * len(gaps) else None


def _is_storm(group: Sequence[Event]) -> bool:
    if len(group) < _FEWEST:
        return False
    gaps = _gaps(group)
    often = len(group) >= _FEWEST_IRREGULAR and sorted(gaps)[len(gaps) // 2] <= _OFTEN
    return often or _rhythm(gaps) is not None


def _storm(group: Sequence[Event], events: Sequence[Event]) -> RestartStorm:
    start, end = _time(group[0]), _time(group[-1])
    inside = [e for e in events if start - _APART <= _time(e) <= end + _APART]
    asked = Counter(e.kind for e in inside if e.kind in _ASKED)
    asker, times = next(iter(asked.most_common(1)), (None, 0))
    words = [e.text for e in inside if e.kind in _LAST_WORDS and e.text]
    places = [place(e) for e in group]
    return RestartStorm(
        start=start,
        end=end,
        count=len(group),
        every=_rhythm(_gaps(group)),
        signals=_signals(inside),
        asked_by=asker if times >= len(group) // 2 else None,
        last_words=words[-1] if words else None,
        counter=max((e.attempt for e in inside if e.kind == _COUNTER and e.attempt), default=None),
        places=tuple(places if len(places) <= 2 * _SHOWN else places[:_SHOWN] + places[-_SHOWN:]),
    )


def _signals(events: Iterable[Event]) -> Counter[str]:
    """Each stop once, although several lines tell of it."""
    counts: Counter[str] = Counter()
    last: datetime | None = None
    for event in sorted((e for e in events if e.kind in _STOPS and e.detail), key=_time):
        if last is None or _time(event) - last > _TWICE:
            counts[str(event.detail)] += 1
        last = _time(event)
    return counts


def _time(event: Event) -> datetime:
    assert event.time  # noqa: S101 - only timed events come here; tells mypy
    return event.time
