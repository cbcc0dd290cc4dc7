"""Pinned models: sessions that still run on the model of a failover although the wanted one answers again."""

from __future__ import annotations

from datetime import datetime

from forensics.detectors.pins.history import PinStart
from forensics.detectors.pins.inputs import SETTLED, PinInputs
from forensics.detectors.pins.stale_pin import MODEL, StalePin, at, places
from forensics.detectors.profile_outcomes import Outcome
from forensics.incidents.failures import place
from forensics.parsers.stores.reading.session_entry import SessionEntry
from forensics.tables import Confidence


def stale_model_pin(session: SessionEntry, inputs: PinInputs) -> StalePin | None:
    """A model that a failover pinned while the wanted one is well again."""
    wanted = _origin(session) or inputs.model_of(session.agent)
    if session.model_override is None or wanted is None:
        return None
    pinned, (provider, _, model) = _full_name(session, wanted), wanted.partition("/")
    source, confidence, proof = _source(session, pinned, provider, inputs)
    usable = inputs.usable(provider, session.agent, model)
    if source == "user" or pinned == wanted or not usable or inputs.is_failing(provider, session.agent):
        return None
    start, outcome = inputs.histories.model_pin(session, pinned), inputs.provider_outcome(provider, session.agent)
    if not _answers_again(outcome, start, session, inputs):
        return None
    same = pinned.startswith(f"{provider}/")  # the store knows profiles, not models
    return StalePin(
        session=session, field=MODEL, override=pinned, source=source, alternative=wanted, clause="",
        better=f"its provider answered at {at(outcome.served)}" if outcome.served else "its provider is well",
        confidence="low" if same and confidence == "medium" else confidence, start=start,
        places=(*proof, *places(inputs.outcomes.stats_of(p, session.agent) for p in usable[:1])),
    )  # fmt: skip


def _origin(session: SessionEntry) -> str | None:
    provider, model = session.model_override_origin_provider, session.model_override_origin_model
    return f"{provider}/{model}" if provider and model else None


def _full_name(session: SessionEntry, wanted: str) -> str:
    """Provider and model of a pin are two keys; a router's models have a `/` of their own."""
    model, provider = session.model_override or "", session.provider_override
    if provider is None:
        return model if "/" in model else f"{wanted.partition('/')[0]}/{model}"
    return model if model.startswith(f"{provider}/") else f"{provider}/{model}"


def _source(
    session: SessionEntry, pinned: str, wanted: str, inputs: PinInputs
) -> tuple[str, Confidence, tuple[str, ...]]:
    """Who pinned the model, how sure that is, and where it shows.

    Up to 2026.4.5 a failover writes no source. Its own turn in the transcript proves it; a model that is a configured
    fallback, pinned after the wanted provider failed, only suggests it.
    """
    stored = session.model_override_source
    if stored == "auto" or (stored is None and _origin(session)):
        return "auto", "medium", ()
    if stored is not None:
        return "user", "medium", ()
    if shown := inputs.histories.failover(session, pinned):
        return "legacy", "medium", (place(shown),)
    failed = inputs.provider_outcome(wanted, session.agent).failed
    before = failed is not None and (session.updated_at is None or failed <= session.updated_at)
    return ("legacy" if before and pinned in inputs.fallbacks(session.agent) else "user"), "low", ()


def _answers_again(outcome: Outcome, start: PinStart, session: SessionEntry, inputs: PinInputs) -> bool:
    """The wanted provider served after the failover, and that is not of this very moment."""
    moved = _moved_at(outcome, start, session)
    if moved is None:
        return outcome.served is not None
    return outcome.served_after(moved) and inputs.facts.now - moved >= SETTLED


def _moved_at(outcome: Outcome, start: PinStart, session: SessionEntry) -> datetime | None:
    """When the session was moved: as its transcript shows, else the failure behind it, else its entry's last change."""
    shown = start.entry.time if start.entry else None
    return shown or outcome.failed or session.updated_at
