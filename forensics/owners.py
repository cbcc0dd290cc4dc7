"""Whose problem a cause is, where the answer alone does not tell: a credential from outside, a frozen machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from forensics.causes import Cause
from forensics.failures import Failure, place
from forensics.profiles import Profiles, decoded
from forensics.reasons import Verdict
from forensics.tables import Event, Observation

_FROZEN = ("liveness_warning", "host_frozen")
_SLACK = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Ownership:
    """Owner and true reason of a cause with what they rest on, and what to do about it first."""

    owner: str
    true_reason: str
    waiting_helps: bool | None
    because: str | None  # one sentence with its place, where it is not simply what the answer says
    cure: str


def whose(
    cause: Cause, verdict: Verdict, profiles: Profiles, state: Sequence[Observation], events: Sequence[Event]
) -> Ownership:
    """The owner as the answer tells it, unless the evidence knows better."""
    reason = verdict.reason
    first = cause.attempts[0].failure
    if reason.scope == "credential" and (outside := _from_outside(cause, profiles, state)):
        return outside
    if reason.true_reason == "timeout" and (line := _frozen(first, events)):
        return Ownership(
            "gateway", "local", None,
            f"The machine stood still while the call was open ({line}): the provider may well have answered.",
            "Find what froze the gateway process (disk, memory, a long synchronous job); the provider is not to blame.",
        )  # fmt: skip
    return Ownership(reason.owner, reason.true_reason, reason.waiting_helps, None, reason.cure)


def _from_outside(cause: Cause, profiles: Profiles, state: Sequence[Observation]) -> Ownership | None:
    """A refused credential that no stored profile holds comes from the environment or the configuration."""
    ids = profiles.by_provider.get(cause.provider, ())
    if any(a.profile for a in cause.attempts):
        return None
    variable = next((o for o in state if o.key == "env.source" and o.entity == cause.provider), None)
    effective = next((o for o in state if o.key == "effective.kind" and o.entity == cause.provider), None)
    in_force = effective is not None and decoded(effective.value) == "env"
    if not in_force and not (ids and variable):
        return None
    shown = variable or effective
    name = str(decoded(variable.value)).removeprefix("env: ") if variable else "an environment variable"
    because = (
        f"The refused key is none of the stored profiles: {name} overrides them ({shown.source if shown else ''})."
    )
    cure = (
        f"Unset {name} in the gateway's service environment, or put a valid key there, and restart the gateway; "
        "the stored profile is not the one that was refused."
    )
    return Ownership("config", "auth_permanent", False, because, cure)


def _frozen(failure: Failure, events: Sequence[Event]) -> str | None:
    """A sign inside the attempt that the event loop, not the provider, was late."""
    return next(
        (
            place(event)
            for event in events
            if event.kind in _FROZEN
            and event.time is not None
            and failure.began - _SLACK <= event.time <= failure.time + _SLACK
        ),
        None,
    )
