"""What the pins of sessions are held against: stores, outcomes, orders, transcripts, incidents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from forensics.detectors.credential_availability import Availability, latest_stats
from forensics.detectors.pins.history import PinHistories
from forensics.detectors.profile_orders import ProfileOrders
from forensics.detectors.profile_outcomes import Outcome, ProfileOutcomes
from forensics.parsers.stores.reading.auth_record import ProviderPreference
from forensics.text import in_figures

if TYPE_CHECKING:
    from forensics.detectors.questions.detector import CaseFacts
    from forensics.incidents.incident import Incident

SETTLED = timedelta(minutes=30)  # a failover younger than this may still be right
_OWN_FAULT = ("gateway", "session")  # owners of incidents that say nothing of a profile or model


class PinInputs:
    """Gathered once for all sessions of a case."""

    def __init__(self, facts: CaseFacts) -> None:
        stats, config = latest_stats(facts.profiles), facts.records.config
        preferences = facts.records.of(ProviderPreference)
        named = [(None, config.primary), *((a.agent, a.primary) for a in facts.records.agents)]
        self.facts = facts
        self.stores = Availability(facts.now, facts.credentials, stats)
        self.outcomes = ProfileOutcomes(stats, facts.attempts, facts.events, facts.running)
        self.orders = ProfileOrders(config.orders, preferences, facts.profiles, facts.credentials, stats)
        self.histories = PinHistories(facts.events, facts.attempts)
        self._good = {(p.entity, p.agent): p.last_good for p in preferences if p.last_good}
        self._models: Mapping[str | None, str] = {agent: model for agent, model in named if model and "/" in model}
        self._open = [i for i in facts.incidents if i.end is None and not _own_fault(i)]

    def model_of(self, agent: str | None) -> str | None:
        """The configured `provider/model` of an agent."""
        return self._models.get(agent) or self._models.get(None)

    def fallbacks(self, agent: str | None) -> tuple[str, ...]:
        own = next((a.fallbacks for a in self.facts.records.agents if a.agent == agent and a.fallbacks), None)
        return own or self.facts.records.config.fallbacks or ()

    def last_good(self, provider: str, agent: str | None) -> str | None:
        return self._good.get((provider, agent)) or self._good.get((provider, "main"))

    def usable(self, provider: str, agent: str | None, model: str | None) -> list[str]:
        """The profiles of a provider that nothing speaks against: those that answered first, the last good one before.

        One that failed once and was not asked again is free after a while, and no more than that.
        """
        ids = self.facts.profiles.by_provider.get(provider, ())
        free = [p for p in ids if not self.stores.trouble(p, agent, provider, model) and not self._fails(p, agent)]
        good = self.last_good(provider, agent)
        return sorted(free, key=lambda p: (not self.outcomes.of(p, agent).is_well, p != good))

    def _fails(self, profile: str, agent: str | None) -> bool:
        outcome = self.outcomes.of(profile, agent)
        if outcome.is_well:
            return False
        just_now = outcome.failed is not None and self.facts.now - outcome.failed < SETTLED
        blamed = any(profile in incident.profiles for incident in self._open)
        return just_now or blamed or self.refused(profile, agent) is not None

    def refused(self, profile: str, agent: str | None) -> str | None:
        """That its credential was refused for good and has not served since, as the end of a sentence."""
        stats, outcome = self.outcomes.stats_of(profile, agent), self.outcomes.of(profile, agent)
        if stats is None or not outcome.failed_last:
            return None
        reasons = {*(stats.failure_counts or ()), stats.disabled_reason}
        return f"was refused at {in_figures(outcome.failed)}" if "auth_permanent" in reasons else None

    def provider_outcome(self, provider: str, agent: str | None) -> Outcome:
        """When any profile of a provider last failed and last served."""
        each = [self.outcomes.of(p, agent) for p in self.facts.profiles.by_provider.get(provider, ())]
        called = [a.failure for a in self.facts.attempts if not a.absorbed]
        failed = [o.failed for o in each if o.failed] + [f.time for f in called if f.provider == provider]
        return Outcome(max(failed, default=None), max((o.served for o in each if o.served), default=None))

    def is_failing(self, provider: str, agent: str | None) -> bool:
        """It is part of an incident that is not over, and none of its profiles served since."""
        blamed = any(provider == incident.provider for incident in self._open)
        return blamed and not self.provider_outcome(provider, agent).is_well


def _own_fault(incident: Incident) -> bool:
    return incident.true_reason == "local" or incident.owner in _OWN_FAULT
