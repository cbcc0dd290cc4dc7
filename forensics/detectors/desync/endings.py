"""The end of a window: where the newer pair came in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from forensics.detectors.desync.logins import Login
from forensics.detectors.desync.model import DesyncInputs, Edge
from forensics.detectors.desync.recovery import Moment
from forensics.detectors.desync.stored_logins import StoredLogin
from forensics.openclaw import releases


def ended(
    login: Login, newest: StoredLogin | None, last: datetime, world: DesyncInputs, *, proof_from: datetime | None
) -> Edge | None:
    """The best known moment after the last sign of the old pair; None where nothing shows that it is over.

    `proof_from`: until then the old access token answers too, so only later answers prove the newer pair; None where
    no answer proves it.
    """
    newer = [c for c in login.copies if newest and c.seen and c.seen > last and not c.fenced and not c.older(newest)]
    sure = _first_good(login, newer, last, proof_from)
    until = sure.time if sure else world.now
    if taken := world.recovery.taken_over(login.service, login.agents, last, until):
        return Edge(time=taken[0], basis="sync", source=taken[1])
    return next(_came_in(login, newer, (last, sure.time), world), sure) if sure else None


def _first_good(login: Login, newer: Sequence[StoredLogin], last: datetime, proof_from: datetime | None) -> Edge | None:
    seen: list[tuple[Moment, str]] = [((c.seen, c.source), "snapshot") for c in newer if c.seen]
    proof = login.answered_after(max(last, proof_from)) if proof_from else None
    if not (good := [*seen, *([(proof, "answer")] if proof else [])]):
        return None
    (time, source), basis = min(good)
    return Edge(time=time, basis=basis, not_before=last, not_after=time, source=source)


def _came_in(
    login: Login, newer: Sequence[StoredLogin], between: tuple[datetime, datetime], world: DesyncInputs
) -> Iterator[Edge]:
    """Moments between the last sign and the first good one at which the pair can have come in, best first."""
    last, until = between
    restart = world.recovery.restart(last, until)
    restarts = (
        [Edge(time=restart[0], basis="restart", not_before=last, not_after=until, source=restart[1])] if restart else []
    )
    if releases.ignores_own_cooldowns(world.running.at(last)):  # a running gateway of these sees no change of the file
        yield from restarts
    tools = [c for c in world.copies if c.tool and c.service == login.service]
    for copy in (*newer, *tools):
        if copy.issued and last < copy.issued <= until:
            yield Edge(time=copy.issued, basis="login", source=copy.source)
    for copy in newer:
        if copy.written and last < copy.written <= until:
            yield Edge(time=copy.written, basis="mtime", not_before=last, not_after=copy.written, source=copy.source)
    yield from restarts
