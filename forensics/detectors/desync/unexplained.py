"""Refusals that no pair in the evidence explains: all that is known are the refusals, and what came before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from forensics.detectors.desync.endings import ended
from forensics.detectors.desync.logins import Login
from forensics.detectors.desync.model import EARLY, EXPIRED, RACE, STALE, Desync, DesyncInputs, Edge, cited
from forensics.detectors.desync.refusals import Refusal
from forensics.detectors.desync.stored_logins import StoredLogin, lifetime_of


def unexplained(login: Login, refusals: Sequence[Refusal], world: DesyncInputs) -> Iterator[Desync]:
    """One window per row of refusals. A 401 alone, or a tool that cannot log in, is not enough for one."""
    for group in _groups(login, [r for r in refusals if r.renewal or r.backend]):
        external = _used_external(login, group, world)
        if external or not group[0].backend:
            yield _window(login, group, external, world)


def _groups(login: Login, refusals: Sequence[Refusal]) -> Iterator[tuple[Refusal, ...]]:
    """Refusals in a row, with no good answer between."""
    group: list[Refusal] = []
    for refusal in refusals:
        good = login.answered_after(group[-1].time) if group else None
        if good and good[0] < refusal.time:
            yield tuple(group)
            group = []
        group.append(refusal)
    if group:
        yield tuple(group)


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


def _window(login: Login, group: tuple[Refusal, ...], external: StoredLogin | None, world: DesyncInputs) -> Desync:
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
        refusals=group,
        confidence="medium" if external or any(r.reused for r in group) else "low",
        evidence=cited([c.source for c in (external, old) if c], group, closed),
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
        return Edge(time=time, basis="token_end", not_before=old.issued, not_after=first.time, source=source)
    return Edge(
        time=first.time, basis="refusal", not_before=_good_since(login, first), not_after=first.time, source=source
    )


def _good_since(login: Login, first: Refusal) -> datetime | None:
    """A pair that answered was issued at most one lifetime before."""
    good = max((time for time, _ in login.answers if time < first.time), default=None)
    lifetime = lifetime_of(login.service)
    return good - lifetime if good and lifetime else None
