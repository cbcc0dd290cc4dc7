"""Windows of the auth stores that are in force now, and what makes one stale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from forensics.detectors.credential_availability import WINDOWS, latest_stats
from forensics.parsers.stores.reading.auth_record import ProfileStats
from forensics.tables import Confidence, Severity
from forensics.text import in_figures

if TYPE_CHECKING:
    from forensics.detectors.questions.detector import CaseFacts

WORTH = timedelta(minutes=10)  # less than this is not worth an intervention
LONG = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Block:
    """One window in force now. `since` is the profile's last failing call, as far as known."""

    stats: ProfileStats
    provider: str
    field: str
    reason: str
    until: datetime
    since: datetime

    @property
    def place(self) -> str:
        return self.stats.sources[self.field]

    def severity(self, now: datetime) -> Severity:
        """By what is left of it."""
        return "high" if self.until - now >= LONG else "medium"


class Why(NamedTuple):
    """What makes a block stale."""

    sentence: str
    evidence: tuple[str, ...]
    severity: Severity
    confidence: Confidence
    known_issues: tuple[str, ...] = ()


def blocks_in_force(facts: CaseFacts) -> Iterator[Block]:
    for stats in latest_stats(facts.profiles):
        yield from _blocks(stats, facts)


def _blocks(stats: ProfileStats, facts: CaseFacts) -> Iterable[Block]:
    provider = facts.profiles.provider_of(stats.profile)
    for field, filed, _ in WINDOWS:
        until = stats.instant(field)
        since = _last_failure(stats, facts) or _opened(stats, until, facts)
        if until and until > facts.now and since:
            reason = stats.values.get(filed) or next(iter(stats.failure_counts or ()), "")
            yield Block(stats, provider, field, str(reason), until, since)


def _last_failure(stats: ProfileStats, facts: CaseFacts) -> datetime | None:
    """The last call with this profile that failed: from the store, or from a transcript or event."""
    named = [a.failure.time for a in facts.attempts if a.profile == stats.profile and is_of(a.failure.agent, stats)]
    return max([t for t in (stats.last_failure, *named) if t], default=None)


def _opened(stats: ProfileStats, until: datetime | None, facts: CaseFacts) -> datetime | None:
    same = [w.start for w in facts.windows if w.profile == stats.profile and w.end == until and w.start != until]
    return max(same, default=None)


def is_of(agent: str | None, stats: ProfileStats) -> bool:
    """Whether what an agent did may concern these statistics."""
    return agent is None or stats.agent is None or agent == stats.agent


def at(time: datetime | None) -> str:
    return in_figures(time)
