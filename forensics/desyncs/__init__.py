"""Desyncs: from when until when a store held a login that somebody else had already renewed (facts 7.3).

A window begins with the renewal by the other side, not with the first failure: the old access token works until it
expires. It ends where the newer pair came in. Each edge keeps how it is known, or the interval it lies in.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.desyncs.alarms import Alarm, false_alarms, shared_pairs
from forensics.desyncs.copies import Copy, read_copies
from forensics.desyncs.desync import EXPIRED, OVERWRITTEN, RACE, STALE, Desync, Edge, World
from forensics.desyncs.joining import joined
from forensics.desyncs.logins import Login, logins
from forensics.desyncs.overwriting import overwritten
from forensics.desyncs.recovery import Recovery
from forensics.desyncs.refusals import Refusal, read_refusals
from forensics.desyncs.renewals import renewed_elsewhere
from forensics.desyncs.unexplained import unexplained

__all__ = [
    "EXPIRED",
    "OVERWRITTEN",
    "RACE",
    "STALE",
    "Alarm",
    "Copy",
    "Desync",
    "Edge",
    "Recovery",
    "Refusal",
    "World",
    "false_alarms",
    "find_desyncs",
    "read_copies",
    "read_refusals",
    "shared_pairs",
]


def find_desyncs(world: World) -> tuple[Desync, ...]:
    """Every window, in order of start; one row for all agents that one renewal left behind."""
    return joined([window for login in logins(world) for window in _windows(login, world)], world)


def _windows(login: Login, world: World) -> Iterator[Desync]:
    """What the stores explain first; refusals that nothing explains make windows of their own."""
    found = list(overwritten(login, world))
    for window in renewed_elsewhere(login, world):
        if not any(window.meets(other) for other in found):
            found.append(window)
    left = [r for r in login.refusals if not any(window.covers(r.time) for window in found)]
    yield from found
    yield from unexplained(login, left, world)
