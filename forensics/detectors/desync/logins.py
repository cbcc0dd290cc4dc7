"""Logins: what one agent has of one login, over all its snapshots: copies, refusals, and answers that prove it good."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from forensics.detectors.desync.model import DesyncInputs
from forensics.detectors.desync.refusals import Refusal
from forensics.detectors.desync.stored_logins import StoredLogin

_RETOLD = timedelta(seconds=20)  # the same refusal, told again without a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One login of one agent. `agents` is empty where nothing names it."""

    service: str
    provider: str
    agents: tuple[str, ...]
    profile: str | None
    copies: tuple[StoredLogin, ...]  # its own, in order of when they were seen
    refusals: tuple[Refusal, ...]
    answers: tuple[tuple[datetime, str], ...]  # when and where it was proven good, in order of time

    @property
    def latest(self) -> StoredLogin | None:
        return self.copies[-1] if self.copies else None

    def answered_after(self, time: datetime) -> tuple[datetime, str] | None:
        place = bisect_right(self.answers, time, key=itemgetter(0))
        return self.answers[place] if place < len(self.answers) else None

    def owns(self, copy: StoredLogin) -> bool:
        return copy.tool is None and copy.agent in (self.agents or (None,)) and copy.profile == self.profile


def logins(world: DesyncInputs) -> Iterator[Login]:
    """By service, agent and profile; refusals that no store explains make logins of their own."""
    own: dict[tuple[str, str | None, str], list[StoredLogin]] = {}
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


def rows_of_refusals(login: Login, refusals: Sequence[Refusal]) -> Iterator[tuple[Refusal, ...]]:
    """Refusals in a row, with no good answer between."""
    row: list[Refusal] = []
    for refusal in refusals:
        good = login.answered_after(row[-1].time) if row else None
        if good and good[0] < refusal.time:
            yield tuple(row)
            row = []
        row.append(refusal)
    if row:
        yield tuple(row)


def _concerns(refusal: Refusal, service: str, agent: str | None, profile: str, *, alone: bool) -> bool:
    mine = refusal.agent == agent or (alone and None in (refusal.agent, agent))
    return refusal.service == service and mine and refusal.profile in (None, profile) and not refusal.backend


def _homeless(refusals: Sequence[Refusal], world: DesyncInputs) -> Iterator[Login]:
    named: dict[str, list[datetime]] = defaultdict(list)
    for refusal in world.refusals:
        if refusal.agent:
            named[refusal.service].append(refusal.time)
    told = [r for r in refusals if r.agent or not _retold(r, sorted(named[r.service]))]
    for key in dict.fromkeys((r.service, r.agent, r.provider) for r in told):
        mine = [r for r in told if (r.service, r.agent, r.provider) == key]
        profile = next((r.profile for r in mine if r.profile), None)
        yield _login(key[2], (*key[:2], profile), (), mine, world)


def _retold(refusal: Refusal, named: Sequence[datetime]) -> bool:
    """`named`: when refusals came that name their agent, in order of time."""
    first = bisect_left(named, refusal.time - _RETOLD)
    return first < len(named) and named[first] <= refusal.time + _RETOLD


def _login(
    provider: str,
    key: tuple[str, str | None, str | None],
    copies: Iterable[StoredLogin],
    refusals: Iterable[Refusal],
    world: DesyncInputs,
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
