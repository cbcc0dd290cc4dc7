"""Refusals that no pair in the evidence explains, where something else tells that somebody renewed the login.

A refused renewal alone does not: the grant may have been revoked, or the login server may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from forensics.detectors.desync.endings import ended
from forensics.detectors.desync.logins import Login, rows_of_refusals
from forensics.detectors.desync.model import EARLY, EXPIRED, LAST, RACE, STALE, Desync, DesyncInputs, Edge, cited
from forensics.detectors.desync.refusals import Refusal
from forensics.detectors.desync.stored_logins import StoredLogin, lifetime_of
from forensics.incidents.failures import where
from forensics.openclaw.providers import login_server
from forensics.tables import Event


def unexplained(login: Login, refusals: Sequence[Refusal], world: DesyncInputs) -> Iterator[Desync]:
    """One window per row of refusals. A 401 alone, or a tool that cannot log in, is not enough for one."""
    for group in rows_of_refusals(login, [r for r in refusals if r.renewal or r.backend]):
        external = _used_external(login, group, world)
        reused, witness = any(r.reused for r in group), _witness(login, group, world)
        if external or (not group[0].backend and (reused or witness)):
            yield _window(login, group, external, witness, world)


def _used_external(login: Login, group: Sequence[Refusal], world: DesyncInputs) -> StoredLogin | None:
    """The tool's copy that the runtime really used, where it had expired, or was renewed only after the refusals."""
    for copy in world.copies:
        if not copy.tool or copy.service != login.service:
            continue
        expired = copy.expires_at is not None and copy.expires_at <= group[0].time + EARLY
        renewed = copy.issued is not None and copy.issued > group[-1].time
        if group[0].backend and (expired or renewed):
            return copy
        if expired and any(c.current and c.same_pair(copy) for c in login.copies):
            return copy
    return None


def _witness(login: Login, group: Sequence[Refusal], world: DesyncInputs) -> Event | None:
    """Another agent that shares the login and was answered while this one was refused: it holds a newer pair.

    A pair that was issued before the first refusal, and had not ended then, was no outdated one.
    """
    current = login.latest
    if current and current.issued and current.issued <= group[0].time < (current.expires_at or LAST):
        return None
    sharers = {c.agent for c in world.copies if c.tool is None and any(c.same_pair(own) for own in login.copies)}
    answers = world.recovery.answered.within(group[0].time, group[-1].time)
    return next((e for e in answers if e.agent in sharers - {*login.agents} and _of_service(e, login)), None)


def _of_service(event: Event, login: Login) -> bool:
    return event.provider is None or login_server(event.provider) == login.service


def _window(
    login: Login,
    group: tuple[Refusal, ...],
    external: StoredLogin | None,
    witness: Event | None,
    world: DesyncInputs,
) -> Desync:
    first, last = group[0], group[-1]
    old = next((c for c in reversed(login.copies) if c.expires_at and c.expires_at <= first.time + EARLY), None)
    closed = ended(login, None, last.time, world, proof_from=last.time)
    raced = any(r.reused for r in group) and _shared(login, world)
    return Desync(
        provider=login.provider,
        kind=EXPIRED if external else RACE if raced else STALE,
        agents=login.agents,
        profiles=(login.profile,) if login.profile else (),
        opened=_opened(login, first, external or old),
        closed=closed,
        newest=None,
        winner=f"{witness.agent} ({where(witness)})" if witness else None,
        refusals=group,
        confidence="medium",
        evidence=cited(
            [*(c.source for c in (external, old) if c), *([where(witness)] if witness else [])], group, closed
        ),
    )


def _shared(login: Login, world: DesyncInputs) -> bool:
    """Another agent has, or had, the same pair."""
    others = [c for c in world.copies if c.tool is None and not login.owns(c)]
    return any(one.same_pair(other) for one in login.copies for other in others if other.refresh)


def _opened(login: Login, first: Refusal, old: StoredLogin | None) -> Edge:
    """From the old access token's end on the renewal was needed; it may have been dead since the pair was issued."""
    source = old.source if old else first.sources[0]
    if old and old.expires_at and old.expires_at <= first.time + EARLY:
        time = min(first.time, old.expires_at)
        issued = old.issued and min(old.issued, time)  # a copy may tell of another issue than its end does
        return Edge(time=time, basis="token_end", not_before=issued, not_after=first.time, source=source)
    return Edge(
        time=first.time, basis="refusal", not_before=_good_since(login, first), not_after=first.time, source=source
    )


def _good_since(login: Login, first: Refusal) -> datetime | None:
    """A pair that answered was issued at most one lifetime before."""
    good = max((time for time, _ in login.answers if time < first.time), default=None)
    lifetime = lifetime_of(login.service)
    return good - lifetime if good and lifetime else None
