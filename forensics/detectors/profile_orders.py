"""In which order OpenClaw tries the profiles of a provider: the one that was set, else its own (facts 3.6)."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from forensics.incidents.auth_profiles import Profiles
from forensics.parsers.stores.reading.auth_record import ProfileStats, ProviderPreference
from forensics.tables import Credential

_TYPES = ("oauth", "token", "api_key")
_NEVER = datetime.min.replace(tzinfo=UTC)


class ProfileOrders:
    """The orders of a case, by provider and agent."""

    def __init__(
        self,
        configured: Mapping[str, tuple[str, ...]],
        preferences: Iterable[ProviderPreference],
        profiles: Profiles,
        credentials: Iterable[Credential],
        stats: Iterable[ProfileStats],
    ) -> None:
        self._configured, self._profiles = configured, profiles
        self._stored = {(p.entity, p.agent): p.order for p in preferences if p.order}
        self._types = {c.profile: c.type.partition(":")[0] for c in credentials}
        self._used = {(s.profile, s.agent): used for s in stats if (used := s.last_used)}

    def explicit(self, provider: str, agent: str | None) -> tuple[str, ...]:
        """What `models auth order set` or the configuration names; the auth store's own comes first. () for none."""
        stored = (self._stored.get((provider, name)) for name in (agent, "main", None))
        return next((order for order in stored if order), ()) or self._configured.get(provider, ())

    def own(self, provider: str, agent: str | None) -> tuple[str, ...]:
        """OpenClaw's own: by type, then the one used longest ago, so that an unused one comes first."""
        return tuple(
            sorted(self._profiles.by_provider.get(provider, ()), key=lambda p: (self._rank(p), self._last(p, agent), p))
        )

    def next_choice(self, provider: str, agent: str | None) -> str | None:
        """The profile that a session without a pin takes, windows left aside."""
        return next(iter(self.explicit(provider, agent) or self.own(provider, agent)), None)

    def _rank(self, profile: str) -> int:
        kind = self._types.get(profile)
        return _TYPES.index(kind) if kind in _TYPES else len(_TYPES)

    def _last(self, profile: str, agent: str | None) -> datetime:
        return next((used for name in (agent, "main", None) if (used := self._used.get((profile, name)))), _NEVER)


def set_order(provider: str, agent: str | None, profiles: Sequence[str]) -> str:
    """The command that sets an order in an agent's store."""
    words = ("--provider", provider, "--agent", agent or "main", *profiles)
    return f"openclaw models auth order set {shlex.join(words)}"
