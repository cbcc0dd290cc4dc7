"""Several agents: those that one renewal left behind become one row, and bursts of refusals become races."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from forensics.desyncs.copies import service_of
from forensics.desyncs.desync import CLOCK, LAST, RACE, STALE, Desync, World
from forensics.failures import where

_BURST = timedelta(seconds=10)
_CONFIDENCE = ("high", "medium", "low")


def joined(windows: Sequence[Desync], world: World) -> tuple[Desync, ...]:
    """Windows of single agents -> the rows, in order of start."""
    rows: list[Desync] = []
    for window in sorted(_raced(windows), key=lambda w: (w.start, w.agents)):
        home = next((n for n, row in enumerate(rows) if _one_story(row, window)), None)
        if home is None:
            rows.append(window)
        else:
            rows[home] = _both(rows[home], window)
    return tuple(replace(row, winner=row.winner or _winner(row, world)) for row in rows)


def _raced(windows: Sequence[Desync]) -> Iterator[Desync]:
    """Refusals of several agents in one burst, with no newer pair to explain them: they raced for the renewal."""
    for window in windows:
        burst = window.kind == STALE and any(_burst(window, other) for other in windows)
        yield replace(window, kind=RACE, confidence="medium") if burst else window


def _burst(one: Desync, other: Desync) -> bool:
    if one.newest or other.newest or one.provider != other.provider or one.agents == other.agents:
        return False
    return any(abs(a.time - b.time) <= _BURST for a in one.refusals for b in other.refusals)


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
        refusals=tuple(sorted({*one.refusals, *other.refusals}, key=lambda r: (r.time, r.sources))),
        confidence=min(one.confidence, other.confidence, key=_CONFIDENCE.index),
        evidence=tuple(dict.fromkeys((*one.evidence, *other.evidence))),
    )


def _winner(row: Desync, world: World) -> str | None:
    """Of a race that no store explains: the agent that was answered next, and was not refused itself."""
    first = row.first_failure
    if row.kind != RACE or first is None:
        return None
    for event in world.recovery.events:
        later = event.role == "answer" and event.time and first < event.time <= (row.end or LAST)
        if later and event.agent and event.agent not in row.agents and _same_service(event.provider, row):
            return f"{event.agent} ({where(event)})"
    return None


def _same_service(provider: str | None, row: Desync) -> bool:
    return service_of(provider) == service_of(row.provider)
