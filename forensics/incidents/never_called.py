"""Fallbacks that were configured and never called: OpenClaw set the session back to the model that had failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from forensics.incidents.causes import Cause
from forensics.tables import Event

_SOON = timedelta(minutes=2)  # behind the failure whose fallbacks they are


def fallbacks_never_called(cause: Cause, switches: Iterable[Event]) -> tuple[str, ...]:
    """`provider/model` of each fallback that was set back to the failed provider behind one of its failures."""
    failed = [attempt.failure.time for attempt in cause.attempts]
    back = (e for e in switches if (e.detail or "").startswith(f"{cause.provider}/") and e.provider and e.model)
    near = (e for e in back if e.time is None or any(timedelta(0) <= e.time - time <= _SOON for time in failed))
    return tuple(dict.fromkeys(f"{e.provider}/{e.model}" for e in near if e.provider != cause.provider))


def model_switches(events: Iterable[Event]) -> list[Event]:
    """The records of a session set back to its model before a call was made."""
    return [event for event in events if event.kind == "model_switch" and event.stage == "detected"]
