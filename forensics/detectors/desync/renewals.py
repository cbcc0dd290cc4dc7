"""Renewals by somebody else: a tool, another agent, or whoever issued the pair that the agent was given later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from forensics.detectors.desync.endings import ended
from forensics.detectors.desync.logins import Login, rows_of_refusals
from forensics.detectors.desync.model import CLOCK, EARLY, FIRST, LAST, RACE, STALE, Desync, DesyncInputs, Edge, cited
from forensics.detectors.desync.refusals import Refusal
from forensics.detectors.desync.stored_logins import StoredLogin
from forensics.tables import Confidence


@dataclass(frozen=True, slots=True)
class _Renewal:
    """A pair that can have replaced the agent's, and when it came to be."""

    copy: StoredLogin
    since: datetime | None  # None: only the interval is known
    basis: str
    not_before: datetime | None
    not_after: datetime
    by_other: bool  # False: it was found in the agent's own store, and who issued it is not known


@dataclass(frozen=True, slots=True)
class _Signs:
    """What shows the old pair after the renewal."""

    refused: tuple[Refusal, ...]
    held: tuple[StoredLogin, ...]
    due: datetime | None = None  # when the old access token ended, unused since: a renewal would have been refused

    @property
    def moments(self) -> list[datetime]:
        return sorted([r.time for r in self.refused] + [c.seen for c in self.held if c.seen])

    @property
    def proof_from(self) -> datetime | None:
        """From then on only the newer pair can have answered: after a refusal, or after the old access token's end."""
        if self.refused:
            return self.moments[-1]
        ends = [c.expires_at for c in self.held if c.expires_at]
        return max(ends) + EARLY if len(ends) == len(self.held) else None


def renewed_elsewhere(login: Login, world: DesyncInputs) -> Iterator[Desync]:
    """Windows that a pair in the evidence explains, the best witness first; they may meet each other."""
    for renewal in _renewals(login, world):
        signs = _signs(login, renewal)
        if signs.refused or (signs.held and _one_login(login, renewal.copy) and not _inherited(renewal.copy)):
            yield _window(login, renewal, signs, world)


def _renewals(login: Login, world: DesyncInputs) -> Iterator[_Renewal]:
    tools = [c for c in world.copies if c.tool and c.service == login.service]
    siblings = [c for c in world.copies if c.refresh and _is_sibling(c, login)]
    own = [login.latest] if login.latest and not login.latest.fenced else []
    for copy in _pairs((*_by_age(tools), *_by_age(siblings), *own)):
        yield _renewal(copy, login, world)


def _by_age(copies: Iterable[StoredLogin]) -> list[StoredLogin]:
    return sorted(copies, key=lambda c: (c.expires_at or LAST, c.seen or LAST, c.source))


def _pairs(copies: Iterable[StoredLogin]) -> list[StoredLogin]:
    """Each pair of tokens once."""
    pairs: list[StoredLogin] = []
    for copy in copies:
        if not any(copy.same_pair(other) for other in pairs):
            pairs.append(copy)
    return pairs


def _is_sibling(copy: StoredLogin, login: Login) -> bool:
    """Another agent's copy of the same login: same profile id, and no other account."""
    if copy.tool or copy.service != login.service or copy.agent in (None, *login.agents):
        return False
    mine = frozenset[str]().union(*(c.accounts for c in login.copies))
    apart = bool(copy.accounts and mine and not copy.accounts & mine)
    return copy.profile == login.profile and not apart


def _renewal(copy: StoredLogin, login: Login, world: DesyncInputs) -> _Renewal:
    """When a pair came to be: as it tells itself, else between the snapshots around it."""
    series = [
        c for c in world.copies if c.seen and (c.tool, c.agent, c.profile) == (copy.tool, copy.agent, copy.profile)
    ]
    same = [c for c in series if c.same_pair(copy)]
    first = min((c.written or c.seen or LAST for c in same), default=LAST)
    before = max((c.seen for c in series if c.seen and c.seen < first and not c.same_pair(copy)), default=None)
    began = next((c.began for c in (copy, *same) if c.began), None)
    time, basis = began or (None, "snapshot")
    return _Renewal(copy, time, basis, None if time else before, first, by_other=not login.owns(copy))


def _signs(login: Login, renewal: _Renewal) -> _Signs:
    held = tuple(c for c in login.copies if c.seen and _still_held(c, login, renewal)) if renewal.by_other else ()
    due = _due(login, held)
    rows = rows_of_refusals(login, [r for r in login.refusals if not r.backend])
    refused = tuple(r for row in rows if _explains(renewal, row, login, due) for r in row)
    if not any(r.renewal or (r.expired and login.copies) for r in refused):
        refused = ()
    return _Signs(refused, held, due)


def _due(login: Login, held: Sequence[StoredLogin]) -> datetime | None:
    """When the old pair's access token ended: the old copy is stale at the latest then, unless it answered later."""
    ends = max((c.expires_at for c in held if c.expires_at), default=None)
    late = ends is not None and login.answered_after(ends + EARLY) is not None
    return None if late else ends


def _explains(renewal: _Renewal, row: Sequence[Refusal], login: Login, due: datetime | None) -> bool:
    """One story from its first refusal on: a pair that came to be in its course is the cure, and not the cause."""
    first = row[0]
    if due and due <= first.time + CLOCK:
        return first.time <= (renewal.copy.expires_at or LAST)
    came_in = renewal.by_other or _came_in_later(renewal, row, login)
    return came_in and _against(first, renewal)


def _came_in_later(renewal: _Renewal, row: Sequence[Refusal], login: Login) -> bool:
    """Whether the pair found in the agent's own store came there after the refusals, and is not the one refused."""
    copy, last = renewal.copy, row[-1].time
    if renewal.since is None:
        return False
    return bool(copy.written and copy.written > last) or login.answered_after(last) is not None


def _against(refusal: Refusal, renewal: _Renewal) -> bool:
    """Whoever had held this pair would not have been refused then: it was there, and had not expired."""
    since, until = renewal.since or renewal.not_before or FIRST, renewal.copy.expires_at or LAST
    if not renewal.by_other and (renewal.copy.seen or FIRST) < refusal.time:
        return False
    late = refusal.time if renewal.by_other else refusal.time + EARLY
    return since <= refusal.time + CLOCK and late <= until


def _still_held(copy: StoredLogin, login: Login, renewal: _Renewal) -> bool:
    """An older pair in the agent's store after the renewal, unless calls went another way than through it."""
    seen, ends = copy.seen or FIRST, copy.expires_at or LAST
    if seen < (renewal.since or renewal.not_after) or not copy.older(renewal.copy):
        return False
    if any(c.seen == copy.seen and c.same_pair(renewal.copy) for c in login.copies):  # nothing tells which came later
        return False
    return not any(ends != LAST and ends + EARLY < time <= seen for time, _ in login.answers)


def _one_login(login: Login, copy: StoredLogin) -> bool:
    """Whether the two are known to be copies of one login: two logins of one account can live side by side."""
    if login.service == "anthropic":  # a renewable Anthropic login is Claude Code's
        return True
    return any(c.imported or c.accounts & copy.accounts or c.same_pair(copy) for c in login.copies)


def _inherited(copy: StoredLogin) -> bool:
    """The main agent's pair: every other agent takes it over by itself once its own has ended (facts 3.7)."""
    return copy.tool is None and copy.agent == "main"


def _window(login: Login, renewal: _Renewal, signs: _Signs, world: DesyncInputs) -> Desync:
    moments = signs.moments
    opened = _opened(renewal, signs)
    closed = ended(login, renewal.copy, moments[-1], world, proof_from=signs.proof_from)
    by_agent = renewal.by_other and renewal.copy.tool is None
    return Desync(
        provider=login.provider,
        kind=RACE if by_agent else STALE,
        agents=login.agents,
        profiles=(login.profile,) if login.profile else (),
        opened=opened,
        closed=closed,
        newest=renewal.copy,
        outdated=() if closed else tuple(c for c in login.copies if c.current and c.older(renewal.copy)),
        winner=(renewal.copy.tool or renewal.copy.agent) if renewal.by_other else None,
        refusals=signs.refused,
        confidence=_confidence(login, renewal, opened, signs.refused),
        evidence=cited([renewal.copy.source, *(c.source for c in signs.held)], signs.refused, closed),
    )


def _opened(renewal: _Renewal, signs: _Signs) -> Edge:
    source, sign = renewal.copy.source, signs.moments[0]
    latest = min(renewal.since or renewal.not_after, sign)
    if signs.due and signs.due < latest:
        return Edge(time=signs.due, basis="token_end", not_after=signs.due, source=signs.held[-1].source)
    if renewal.since:
        return Edge(time=min(renewal.since, sign), basis=renewal.basis, source=source)
    latest = min(renewal.not_after, sign)
    return Edge(time=latest, basis=renewal.basis, not_before=renewal.not_before, not_after=latest, source=source)


def _confidence(login: Login, renewal: _Renewal, opened: Edge, refused: Sequence[Refusal]) -> Confidence:
    if opened.exact and refused and renewal.by_other:
        return "high"
    shared = any(c.imported or c.same_pair(renewal.copy) for c in login.copies)
    return "medium" if refused or shared else "low"
