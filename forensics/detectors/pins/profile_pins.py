"""Pinned auth profiles: which of them a failover left behind, and which cannot be used at all.

An auto pin of an ordinary rotation is none: OpenClaw pins nearly every session of a machine with several profiles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from forensics.detectors.pins.inputs import SETTLED, PinInputs
from forensics.detectors.pins.stale_pin import PROFILE, StalePin, at, places
from forensics.detectors.profile_orders import set_order
from forensics.detectors.profile_outcomes import Outcome
from forensics.parsers.stores.reading.session_entry import SessionEntry
from forensics.tables import Confidence

_SAME_TURN = timedelta(minutes=1)  # the rotation of one turn: the pin follows at the next one


def stale_profile_pin(session: SessionEntry, inputs: PinInputs) -> StalePin | None:
    """A pinned profile that cannot be used or failed last, or that is second to one that is well."""
    if session.profile_override is None:
        return None
    pin = _read(session, session.profile_override, inputs)
    clause = pin.clause(inputs)
    if clause is None:
        return None
    best = pin.best
    return StalePin(
        session=session, field=PROFILE, override=pin.profile, source=pin.source, alternative=best, clause=clause,
        better=pin.better, lasting=pin.lasting is not None, confidence=pin.confidence(inputs),
        start=inputs.histories.profile_pin(session, pin.profile),
        places=places(inputs.outcomes.stats_of(p, session.agent) for p in (pin.profile, best) if p),
        order=None if pin.source == "user" else pin.order(inputs),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pin:
    """A pinned profile beside the best other one."""

    session: SessionEntry
    profile: str
    provider: str
    source: str
    outcome: Outcome
    lasting: str | None  # why it cannot be used, where that does not end by itself
    trouble: str | None  # the same, windows among it
    best: str | None
    other: Outcome  # of the best one

    def clause(self, inputs: PinInputs) -> str | None:
        """What is wrong with it; None for nothing that anybody must change."""
        if self.source == "user":
            return f"which {self.trouble}" if self.lasting or (self.trouble and self.best) else None
        if self.best is None:
            return None
        if self.trouble:
            return f"which {self.trouble}" if self.lasting or self._outlasted_its_turn(inputs) else None
        if self.outcome.failed_last and self._answered_since:
            return f"which failed last (at {at(self.outcome.failed)})"
        return "" if self._second(inputs) else None

    @property
    def better(self) -> str:
        if self.other.is_well:
            return f"answered at {at(self.other.served)}"
        return "is free again" if self.other.failed else "has no fault on record"

    @property
    def _answered_since(self) -> bool:
        """The best other one answered after this one failed."""
        return self.outcome.failed is not None and self.other.served_after(self.outcome.failed)

    def _outlasted_its_turn(self, inputs: PinInputs) -> bool:
        """False where the window may be of the turn that is going on: the next one moves the pin by itself."""
        if self.outcome.failed is None or inputs.facts.now - self.outcome.failed >= SETTLED:
            return True
        later = self.outcome.failed + _SAME_TURN
        used_since = self.session.updated_at is not None and self.session.updated_at > later
        return used_since or self.other.served_after(later)

    def _second(self, inputs: PinInputs) -> bool:
        """An explicit order names another one first, which failed once, and is not last good by rotation alone."""
        order = inputs.orders.explicit(self.provider, self.session.agent)
        if self.best not in order or self.profile not in order or not self.other.failed:
            return False
        first = order.index(self.best) < order.index(self.profile)
        return first and inputs.last_good(self.provider, self.session.agent) != self.profile

    def confidence(self, inputs: PinInputs) -> Confidence:
        """Without an auth store nobody can say that the other is well; without trouble, that the pin is unwanted."""
        if not inputs.stores.credentials and not inputs.stores.stats:
            return "low"
        return "high" if self.trouble or self._answered_since else "medium"

    def order(self, inputs: PinInputs) -> str | None:
        """The command that sets an order, where the release itself would not choose the one that is well."""
        agent = self.session.agent
        if self.best is None or inputs.orders.next_choice(self.provider, agent) == self.best:
            return None
        known = inputs.facts.profiles.by_provider.get(self.provider, ())
        rest = [p for p in known if p not in (self.best, self.profile)]
        return set_order(self.provider, agent, [self.best, *rest, *(p for p in known if p == self.profile)])


def _read(session: SessionEntry, profile: str, inputs: PinInputs) -> _Pin:
    agent, provider = session.agent, _provider(session, profile, inputs)
    model, outcome = session.model_override or session.model, inputs.outcomes.of(profile, agent)
    lasting = inputs.stores.lasting_trouble(profile, agent, provider) or inputs.refused(profile, agent)
    best = next((p for p in inputs.usable(provider, agent, model) if p != profile), None)
    return _Pin(
        session=session, profile=profile, provider=provider, source=_source(session), outcome=outcome,
        lasting=lasting, trouble=lasting or inputs.stores.trouble(profile, agent, provider, model),
        best=best, other=inputs.outcomes.of(best, agent) if best else Outcome(),
    )  # fmt: skip


def _provider(session: SessionEntry, profile: str, inputs: PinInputs) -> str:
    """The provider that the session's calls go to."""
    prefix = (session.model_override or "").partition("/")[0]
    own = session.provider_override or (prefix if prefix in inputs.facts.profiles.by_provider else None)
    configured = (inputs.model_of(session.agent) or "").partition("/")[0]
    return own or configured or inputs.facts.profiles.provider_of(profile)


def _source(session: SessionEntry) -> str:
    """Who pinned the profile. Without a source OpenClaw takes a stored compaction count for its own doing."""
    stored = session.profile_override_source
    if stored is None:
        return "legacy" if "authProfileOverrideCompactionCount" in session.values else "user"
    return "auto" if stored == "auto" else "user"
