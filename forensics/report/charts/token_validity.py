"""Which credential each store held, from when until when it was valid, and which one is there now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from forensics.detectors.desync import StoredLogin, read_copies
from forensics.detectors.desync.model import FIRST, LAST
from forensics.detectors.desync.stored_logins import last_moment
from forensics.openclaw.providers import login_server
from forensics.tables import Credential

if TYPE_CHECKING:
    from forensics.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenValidity:
    """One credential in one store. `tool` is None in OpenClaw's own stores, `end` where none is stored."""

    tool: str | None
    agent: str | None
    profile: str
    service: str  # whose login server renews it
    name: str  # the fingerprint, or what else is known of it
    renewable: bool
    current: bool
    start: datetime | None  # None: it is not known since when it is valid
    end: datetime | None
    seen: datetime | None  # the last moment the store is known to have held it
    sources: tuple[str, ...]

    @property
    def store(self) -> str:
        """Whose store it is."""
        return self.tool or " · ".join(part for part in (self.agent, self.profile) if part)


def held_credentials(case: Case) -> tuple[TokenValidity, ...]:
    """Each pair of tokens once per store, tools first; then the credentials that nobody renews."""
    read = case.timeline
    copies = read_copies(read.credentials, read.records, read.files, case.now or LAST)
    pairs = sorted((_pair(group) for group in _pairs(copies)), key=_order)
    renewed = {source for pair in pairs for source in pair.sources}
    static = {
        (row.agent, row.profile, row.access): _static(row)
        for row in case.timeline.credentials
        if row.source not in renewed
    }
    return (*pairs, *sorted(static.values(), key=_order))


def known_until(case: Case) -> datetime:
    """The last moment that anything of the evidence tells of, also where that is only the time of a file."""
    return last_moment(case.timeline.records, case.timeline.files, case.now or LAST) or FIRST


def _order(held: TokenValidity) -> tuple[bool, str, str, datetime]:
    return held.tool is None, held.service, held.store, held.end or LAST


def _pairs(copies: Iterable[StoredLogin]) -> Iterator[list[StoredLogin]]:
    """The copies of one pair in one store, in order of when they were seen."""
    groups: list[list[StoredLogin]] = []
    for copy in copies:
        mine = next((group for group in groups if _same(group[0], copy)), None)
        if mine is None:
            groups.append([copy])
        else:
            mine.append(copy)
    yield from groups


def _same(one: StoredLogin, other: StoredLogin) -> bool:
    where = (one.tool, one.agent, one.profile, one.service) == (other.tool, other.agent, other.profile, other.service)
    return where and one.same_pair(other)


def _pair(group: list[StoredLogin]) -> TokenValidity:
    best = next((copy for copy in group if copy.refresh), group[0])
    known = best.began[0] if best.began else min((t for c in group if (t := c.written or c.seen)), default=None)
    start = min(known, best.expires_at) if known and best.expires_at else known
    return TokenValidity(
        tool=best.tool,
        agent=best.agent,
        profile=best.profile,
        service=best.service,
        name=best.refresh or ("fenced" if best.fenced else "as a status command showed it"),
        renewable=True,
        current=any(copy.current for copy in group),
        start=start,
        end=best.expires_at,
        seen=max((copy.seen for copy in group if copy.seen), default=None),
        sources=tuple(dict.fromkeys(copy.source for copy in group)),
    )


def _static(row: Credential) -> TokenValidity:
    return TokenValidity(
        tool=None,
        agent=row.agent,
        profile=row.profile,
        service=login_server(row.provider),
        name=f"{row.type}, nobody renews it",
        renewable=False,
        current=True,
        start=None,
        end=row.expires_at,
        seen=None,
        sources=(row.source,),
    )
