"""Which profiles can be used at a moment, and what keeps the others from it (facts 3.2, 5.4, 6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from forensics.incidents.auth_profiles import Profiles
from forensics.openclaw.providers import login_server
from forensics.parsers.stores.reading.auth_record import ProfileStats
from forensics.tables import Credential
from forensics.text import in_figures

WINDOWS = (  # field of the end, of the reason, of the model it is meant for
    ("cooldownUntil", "cooldownReason", "cooldownModel"),
    ("disabledUntil", "disabledReason", None),
    ("blockedUntil", "blockedReason", "blockedModel"),
)
_USAGE = frozenset({"lastUsed", "errorCount", "lastFailureAt", *(until for until, _, _ in WINDOWS)})
_FROM_OUTSIDE = ("-cli",)  # the logins of other programs, which the auth stores need not hold
_AT_ONCE = timedelta(seconds=2)  # a counter is written so soon after the call that failed


def latest_stats(profiles: Profiles) -> tuple[ProfileStats, ...]:
    """The newest statistics of each profile in each agent's store; archives and backups are older."""
    told = [s for s in profiles.stats if _USAGE & set(s.values)]
    return tuple({(s.agent, s.profile): s for s in sorted(told, key=_age)}.values())


def _age(stats: ProfileStats) -> tuple[datetime, int]:
    """Of two copies of one age the one with the longer name is the backup."""
    return stats.observed_at or datetime.min.replace(tzinfo=UTC), -len(next(iter(stats.sources.values())))


def charged_elsewhere(
    profiles: Profiles, agents: Sequence[str], provider: str, failures: Sequence[datetime]
) -> tuple[ProfileStats, ...]:
    """The counters of other agents that moved with a failure, where none of the failing agents' own did."""
    stores = [s for s in latest_stats(profiles) if profiles.provider_of(s.profile) == provider]
    moved = [s for s in stores if s.last_failure and any(abs(s.last_failure - t) <= _AT_ONCE for t in failures)]
    own = not agents or any(s.agent in (None, *agents) for s in moved)
    return () if own else tuple(moved)


def blocked_until(stats: ProfileStats, model: str | None = None) -> datetime | None:
    """The end of its last window, for a model where one is given; None where it has none."""
    ends = [
        end
        for until, _, meant in WINDOWS
        if (end := stats.instant(until)) and not (model and meant and stats.values.get(meant, model) != model)
    ]
    return max(ends, default=None)


@dataclass(frozen=True, slots=True)
class Availability:
    """What the stores say of each profile, as seen at `now`."""

    now: datetime
    credentials: Sequence[Credential]
    stats: Sequence[ProfileStats]

    def trouble(self, profile: str, agent: str | None, provider: str, model: str | None = None) -> str | None:
        """Why an agent cannot use a profile, as the end of a sentence; None where nothing speaks against it."""
        end = self._blocked(profile, agent, model)
        window = f"is out of use until {in_figures(end)}" if end else None
        return self.lasting_trouble(profile, agent, provider) or window

    def lasting_trouble(self, profile: str, agent: str | None, provider: str) -> str | None:
        """As `trouble`, but only what does not end by itself."""
        near = [c for c in self.credentials if c.store.startswith("auth") and c.agent in (agent, "main", None)]
        mine = [c for c in near if c.profile == profile]
        if near and not mine and not profile.endswith(_FROM_OUTSIDE):
            return "has no credential"
        if mine and not any(_same(c.provider, provider) for c in mine):
            return f"belongs to {mine[0].provider}"
        if mine and all(self._expired(c) for c in mine):
            return f"expired at {in_figures(mine[0].expires_at)}"
        return None

    def _expired(self, credential: Credential) -> bool:
        """Past its time with nothing to refresh it."""
        end = credential.expires_at
        return end is not None and end <= self.now and not credential.refresh and credential.type != "api_key"

    def _blocked(self, profile: str, agent: str | None, model: str | None) -> datetime | None:
        mine = [s for s in self.stats if s.profile == profile]
        own = [s for s in mine if s.agent == agent] or [s for s in mine if s.agent in ("main", None)]
        ends = (blocked_until(s, model) for s in own)
        return max((end for end in ends if end and end > self.now), default=None)


def _same(one: str, other: str) -> bool:
    return login_server(one) == login_server(other)
