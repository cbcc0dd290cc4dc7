"""Which auth profiles there are, in which order they are tried, and what the stores tell of each."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from forensics.openclaw.providers import provider_of
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores.reading.auth import STATS
from forensics.parsers.stores.reading.auth_record import ProfileStats
from forensics.secrets.fingerprints import identifier_hash
from forensics.tables import Credential

_USUAL_NAMES = ("default", "manual", "claude-cli", "codex-cli", "qwen-cli", "minimax-cli", "backup", "main")
_TYPE_ORDER = {"oauth": 0, "token": 1, "api_key": 2}


@dataclass(frozen=True)
class Profiles:
    """The profiles of a case: `by_provider` in rotation order, `stats` of every store that has some."""

    by_provider: Mapping[str, tuple[str, ...]]
    stats: tuple[ProfileStats, ...]
    hashes: Mapping[str, str] = field(repr=False)

    def resolve(self, profile_hash: str | None, provider: str | None = None) -> str | None:
        """The profile id behind an event's hash, by the ids of the evidence, else by OpenClaw's usual names."""
        if not profile_hash:
            return None
        return self.hashes.get(profile_hash) or _usual(provider or "").get(profile_hash)

    def stats_of(self, profile: str) -> Sequence[ProfileStats]:
        return self._by_profile.get(profile, ())

    def marked(self, provider: str | None, start: datetime, end: datetime) -> set[str]:
        """The profiles of a provider whose last failure some store places between two moments."""
        marks = self._marks.get(provider or "", [])
        return {
            profile
            for _, profile in marks[bisect_left(marks, (start,)) : bisect_left(marks, (end + timedelta.resolution,))]
        }

    @cached_property
    def _marks(self) -> Mapping[str, Sequence[tuple[datetime, str]]]:
        """By provider, in order of time."""
        return {
            provider: sorted((at, profile) for profile in ids for s in self.stats_of(profile) if (at := s.last_failure))
            for provider, ids in self.by_provider.items()
        }

    @cached_property
    def _by_profile(self) -> Mapping[str, Sequence[ProfileStats]]:
        found = defaultdict[str, list[ProfileStats]](list)
        for stats in self.stats:
            found[stats.profile].append(stats)
        return found

    def provider_of(self, profile: str) -> str:
        """The provider of a profile id (`<provider>:<name>` where no store says otherwise)."""
        known = next((p for p, ids in self.by_provider.items() if profile in ids), None)
        return known or provider_of(profile)


@lru_cache(maxsize=256)
def _usual(provider: str) -> Mapping[str, str]:
    """Hash of a profile id -> the id, for the names that OpenClaw itself gives."""
    ids = [f"{provider}:{name}" for name in _USUAL_NAMES if provider]
    return {identifier_hash(profile): profile for profile in ids}


def read_profiles(credentials: Iterable[Credential], records: StateRecords) -> Profiles:
    """Credentials and records of all stores -> the profiles, their order and their statistics."""
    by_provider: dict[str, dict[str, str]] = defaultdict(dict)
    for credential in credentials:
        if credential.store.startswith("auth"):
            by_provider[credential.provider].setdefault(credential.profile, credential.type)
    orders = records.orders
    for provider, ids in orders.items():
        for profile in ids:
            by_provider[provider].setdefault(profile, "")
    stats = _stats(records)
    for stat in stats:
        by_provider[provider_of(stat.profile)].setdefault(stat.profile, "")
    ordered = {p: _sorted(ids, orders.get(p, ())) for p, ids in sorted(by_provider.items())}
    return Profiles(ordered, stats, {identifier_hash(i): i for ids in ordered.values() for i in ids})


def _sorted(ids: Mapping[str, str], order: Sequence[str]) -> tuple[str, ...]:
    place = {profile: n for n, profile in enumerate(order)}
    listed = list(ids)
    return tuple(sorted(ids, key=lambda i: (place.get(i, len(place)), _TYPE_ORDER.get(ids[i], 3), listed.index(i))))


def _stats(records: StateRecords) -> tuple[ProfileStats, ...]:
    found = (stats for stats in records.of(ProfileStats) if any(key in stats.values for key in STATS))
    return tuple(sorted(found, key=lambda stats: (stats.file, stats.profile)))
