"""Several agents: those that one renewal left behind become one row, and bursts of refusals become races."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from forensics.detectors.desync.model import CLOCK, LAST, RACE, STALE, Desync, DesyncInputs
from forensics.incidents.failures import where
from forensics.openclaw.providers import login_server

_BURST = timedelta(seconds=10)
_Refused = tuple[datetime, tuple[str, ...], int]  # when, whom, in which window
_CONFIDENCE = ("high", "medium", "low")


def joined(windows: Sequence[Desync], world: DesyncInputs) -> tuple[Desync, ...]:
    """Windows of single agents -> the rows, in order of start."""
    rows: list[Desync] = []
    for window in sorted(_raced(windows), key=lambda w: (w.start, w.agents)):
        near = range(bisect_left(rows, window.start - CLOCK, key=lambda row: row.start), len(rows))
        home = next((n for n in near if _one_story(rows[n], window)), None)
        if home is None:
            rows.append(window)
        else:
            rows[home] = _both(rows[home], window)
    return tuple(replace(row, winner=row.winner or _winner(row, world)) for row in rows)


def _raced(windows: Sequence[Desync]) -> Iterator[Desync]:
    """Refusals of several agents in one burst, with no newer pair to explain them: they raced for the renewal."""
    bursts = _bursts(windows)
    for n, window in enumerate(windows):
        raced = window.kind == STALE and n in bursts
        yield replace(window, kind=RACE, confidence="medium") if raced else window


def _bursts(windows: Sequence[Desync]) -> set[int]:
    """Which of the windows have a refusal soon before or after one of another agent of the same provider."""
    moments = defaultdict[str, list[_Refused]](list)
    for n, window in enumerate(windows):
        if window.newest is None:
            moments[window.provider] += [(refusal.time, window.agents, n) for refusal in window.refusals]
    ordered = [sorted(mine, reverse=back) for mine in moments.values() for back in (False, True)]
    return {n for mine in ordered for n in _after_another(mine)}


def _after_another(moments: Iterable[_Refused]) -> Iterator[int]:
    """The windows of those that come soon after one of other agents."""
    last: _Refused | None = None
    other: _Refused | None = None  # the last one of other agents than those of `last`
    for moment in moments:
        known = other if last and last[1] == moment[1] else last
        if known and abs(moment[0] - known[0]) <= _BURST:
            yield moment[2]
        if last and last[1] != moment[1]:
            other = last
        last = moment


def _one_story(one: Desync, other: Desync) -> bool:
    same = (one.provider, one.kind) == (other.provider, other.kind)
    return same and one.agents != other.agents and abs(one.start - other.start) <= CLOCK


def _both(one: Desync, other: Desync) -> Desync:
    later = max((one, other), key=lambda w: w.end or LAST)
    return replace(
        one,
        agents=tuple(dict.fromkeys((*one.agents, *other.agents))),
        profiles=tuple(dict.fromkeys((*one.profiles, *other.profiles))),
        closed=later.closed,
        outdated=(*one.outdated, *other.outdated),
        refusals=tuple(sorted({*one.refusals, *other.refusals}, key=lambda r: (r.time, r.sources))),
        confidence=min(one.confidence, other.confidence, key=_CONFIDENCE.index),
        evidence=tuple(dict.fromkeys((*one.evidence, *other.evidence))),
    )


def _winner(row: Desync, world: DesyncInputs) -> str | None:
    """Of a race that no store explains: the agent that was answered next, and was not refused itself."""
    first = row.first_failure
    if row.kind != RACE or first is None:
        return None
    for event in world.recovery.answered.within(first, row.end or LAST):
        if event.agent and event.agent not in row.agents and _same_service(event.provider, row):
            return f"{event.agent} ({where(event)})"
    return None


def _same_service(provider: str | None, row: Desync) -> bool:
    return login_server(provider) == login_server(row.provider)
