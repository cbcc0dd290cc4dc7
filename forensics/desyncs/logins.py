"""Logins: what one agent has of one login, over all its snapshots: copies, refusals, and answers that prove it good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.desyncs.copies import Copy
from forensics.desyncs.desync import World
from forensics.desyncs.refusals import Refusal

_RETOLD = timedelta(seconds=20)  # the same refusal, told again without a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One login of one agent. `agents` is empty where nothing names it."""

    service: str
    provider: str
    agents: tuple[str, ...]
    profile: str | None
    copies: tuple[Copy, ...]  # its own, in order of when they were seen
    refusals: tuple[Refusal, ...]
    answers: tuple[tuple[datetime, str], ...]  # when and where it was proven good

    @property
    def latest(self) -> Copy | None:
        return self.copies[-1] if self.copies else None

    def owns(self, copy: Copy) -> bool:
        return copy.tool is None and copy.agent in (self.agents or (None,)) and copy.profile == self.profile


def logins(world: World) -> Iterator[Login]:
    """By service, agent and profile; refusals that no store explains make logins of their own."""
    own: dict[tuple[str, str | None, str], list[Copy]] = {}
    for copy in world.copies:
        if copy.tool is None:
            own.setdefault((copy.service, copy.agent, copy.profile), []).append(copy)
    housed: set[Refusal] = set()
    for (service, agent, profile), copies in own.items():
        alone = len({a for s, a, _ in own if s == service}) == 1
        mine = [r for r in world.refusals if _concerns(r, service, agent, profile, alone=alone)]
        housed.update(mine)
        yield _login(copies[-1].provider, (service, agent, profile), copies, mine, world)
    yield from _homeless([r for r in world.refusals if r not in housed], world)


def _concerns(refusal: Refusal, service: str, agent: str | None, profile: str, *, alone: bool) -> bool:
    mine = refusal.agent == agent or (alone and None in (refusal.agent, agent))
    return refusal.service == service and mine and refusal.profile in (None, profile) and not refusal.backend


def _homeless(refusals: Sequence[Refusal], world: World) -> Iterator[Login]:
    told = [r for r in refusals if r.agent or not any(_retold(r, other) for other in world.refusals)]
    for key in dict.fromkeys((r.service, r.agent, r.provider) for r in told):
        mine = [r for r in told if (r.service, r.agent, r.provider) == key]
        profile = next((r.profile for r in mine if r.profile), None)
        yield _login(key[2], (*key[:2], profile), (), mine, world)


def _retold(refusal: Refusal, other: Refusal) -> bool:
    return bool(other.agent) and other.service == refusal.service and abs(other.time - refusal.time) <= _RETOLD


def _login(
    provider: str,
    key: tuple[str, str | None, str | None],
    copies: Iterable[Copy],
    refusals: Iterable[Refusal],
    world: World,
) -> Login:
    service, agent, profile = key
    agents = (agent,) if agent else ()
    return Login(
        service=service,
        provider=provider,
        agents=agents,
        profile=profile,
        copies=tuple(copies),
        refusals=tuple(refusals),
        answers=world.recovery.answers(service, agents, profile),
    )
