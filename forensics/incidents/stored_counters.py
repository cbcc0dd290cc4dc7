"""What the counters of the auth stores tell of failures that no other record shows (facts 3.2).

A counter starts again with a success, and in most releases with the end of a window: it tells "at least so many".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.causes import Cause
from forensics.parsers.stores.reading.auth_record import ProfileStats


@dataclass(frozen=True, slots=True)
class CountedFailures:
    """The failures of one profile since its last success."""

    profile: str
    at_least: int
    reasons: tuple[str, ...]  # as OpenClaw filed them
    last: datetime
    after: datetime | None  # its last success before: the first failure came later
    source: str


@dataclass(frozen=True, slots=True)
class StoredCounters:
    """The profiles of a cause that nobody saw fail, and those of its provider that could be used all the same."""

    failures: tuple[CountedFailures, ...] = ()
    free: tuple[str, ...] = ()

    @property
    def began_earlier(self) -> bool:
        """Whether the last failures that the stores date are not the first ones."""
        return any(counted.at_least > 1 for counted in self.failures)


NO_COUNTERS = StoredCounters()


def read_counters(cause: Cause, profiles: Profiles) -> StoredCounters:
    """Nothing for a cause whose failures are in the evidence: they say more."""
    if cause.attempts:
        return NO_COUNTERS
    stats = [s for profile in profiles.by_provider.get(cause.provider, ()) for s in profiles.stats_of(profile)]
    kept_out = {window.profile for window in cause.windows}
    failing = tuple(counted for s in stats if s.profile in kept_out for counted in _counted(s))
    asked = max((s.observed_at for s in stats if s.observed_at), default=cause.last)
    free = dict.fromkeys(s.profile for s in stats if s.profile not in kept_out and not _open(s, asked))
    return StoredCounters(failing, tuple(free) if failing else ())


def _counted(stats: ProfileStats) -> Iterator[CountedFailures]:
    last, source = stats.last_failure, stats.source("errorCount", "failureCounts", "lastFailureAt")
    reasons = stats.failure_counts or {}
    at_least = max(stats.error_count or 0, sum(reasons.values()), 1)
    if last and source:
        used = stats.last_used
        after = used if used and used < last else None
        yield CountedFailures(stats.profile, at_least, tuple(reasons), last, after, source)


def _open(stats: ProfileStats, at: datetime) -> bool:
    ends = (stats.cooldown_until, stats.disabled_until, stats.blocked_until)
    return any(end and end > at for end in ends)
