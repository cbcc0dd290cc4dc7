"""Desyncs: from when until when a store held a login that somebody else had already renewed (facts 7.3).

A window begins with the renewal by the other side, not with the first failure: the old access token works until it
expires. It ends where the newer pair came in. Each edge keeps how it is known, or the interval it lies in.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.detectors.desync.alarms import Alarm, false_alarms, shared_pairs
from forensics.detectors.desync.joining import joined
from forensics.detectors.desync.logins import Login, logins
from forensics.detectors.desync.model import EXPIRED, OVERWRITTEN, RACE, STALE, Desync, DesyncInputs, Edge
from forensics.detectors.desync.overwriting import overwritten
from forensics.detectors.desync.recovery import Recovery
from forensics.detectors.desync.refusals import Refusal, read_refusals
from forensics.detectors.desync.renewals import renewed_elsewhere
from forensics.detectors.desync.stored_logins import StoredLogin, read_copies
from forensics.detectors.desync.unexplained import unexplained

__all__ = [
    "EXPIRED",
    "OVERWRITTEN",
    "RACE",
    "STALE",
    "Alarm",
    "Desync",
    "DesyncInputs",
    "Edge",
    "Recovery",
    "Refusal",
    "StoredLogin",
    "false_alarms",
    "find_desyncs",
    "read_copies",
    "read_refusals",
    "shared_pairs",
]


def find_desyncs(world: DesyncInputs) -> tuple[Desync, ...]:
    """Every window, in order of start; one row for all agents that one renewal left behind."""
    return joined([window for login in logins(world) for window in _windows(login, world)], world)


def _windows(login: Login, world: DesyncInputs) -> Iterator[Desync]:
    """What the stores explain first; refusals that nothing explains make windows of their own."""
    found = list(overwritten(login, world))
    for window in renewed_elsewhere(login, world):
        if not any(window.meets(other) for other in found):
            found.append(window)
    left = [r for r in login.refusals if not any(window.covers(r.time) for window in found)]
    yield from found
    yield from unexplained(login, left, world)
