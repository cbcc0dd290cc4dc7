"""Overwritten: a store holds an older pair than it did before. The gateway's frozen copy does it (facts 3.9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from forensics.detectors.desync.endings import ended
from forensics.detectors.desync.logins import Login
from forensics.detectors.desync.model import OVERWRITTEN, Desync, DesyncInputs, Edge, cited
from forensics.detectors.desync.stored_logins import StoredLogin
from forensics.openclaw import releases


def overwritten(login: Login, world: DesyncInputs) -> Iterator[Desync]:
    """Where an older pair follows a newer one in the snapshots, archives and status outputs of one store."""
    for newer, older in pairwise([c for c in login.copies if c.seen and not c.fenced]):
        if older.older(newer) and newer.seen and older.seen and newer.seen < older.seen:
            yield _window(login, newer, older, world)


def _window(login: Login, newer: StoredLogin, older: StoredLogin, world: DesyncInputs) -> Desync:
    after, until = newer.seen or world.now, older.seen or world.now
    refused = tuple(r for r in login.refusals if r.renewal and r.time > after)
    last = max([until, *(r.time for r in refused)])
    first = min([until, *(r.time for r in refused)])
    closed = ended(login, newer, last, world, proof_from=last if refused else None)
    return Desync(
        provider=login.provider,
        kind=OVERWRITTEN,
        agents=login.agents,
        profiles=(older.profile,),
        opened=_opened(login, after, first, older, world),
        closed=closed,
        newest=newer,
        outdated=() if closed else (older,),
        refusals=refused,
        confidence="high" if refused and releases.frozen_snapshot(world.running.at(after)) else "medium",
        evidence=cited([newer.source, older.source], refused, closed),
    )


def _opened(login: Login, after: datetime, until: datetime, older: StoredLogin, world: DesyncInputs) -> Edge:
    """A frozen gateway writes its old copy with the next success or failure."""
    frozen = releases.frozen_snapshot(world.running.at(after))
    use = world.recovery.next_use(login.agents, after, until) if frozen else None
    if use:
        return Edge(time=use[0], basis="use", not_before=after, not_after=until, source=use[1])
    return Edge(time=until, basis="snapshot", not_before=after, not_after=until, source=older.source)
