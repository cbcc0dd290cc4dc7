"""Whose problem a cause is, where the answer alone does not tell: a credential from outside, a frozen machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.causes import Cause
from forensics.incidents.event_index import EventIndex
from forensics.incidents.failures import FailedRequest, place
from forensics.instants import lasting
from forensics.openclaw.reasons import Classification, Owner, TrueReason
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.tables import Credential, Event
from forensics.text import in_figures

_FROZEN = ("liveness_warning", "host_frozen")
_SLACK = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Ownership:
    """Owner and true reason of a cause with what they rest on, and what to do about it first."""

    owner: Owner
    true_reason: TrueReason
    waiting_helps: bool | None
    because: str | None  # one sentence with its place, where it is not simply what the answer says
    cure: str


def read_freezes(events: Iterable[Event]) -> EventIndex:
    """The signs that the event loop stood still."""
    return EventIndex(event for event in events if event.kind in _FROZEN)


def read_blocks(events: Iterable[Event]) -> EventIndex:
    """The requests that the gateway's own guard stopped."""
    return EventIndex(event for event in events if event.kind == "url_blocked")


def attribute_responsibility(
    cause: Cause,
    verdict: Classification,
    profiles: Profiles,
    statuses: Sequence[ModelsStatus],
    own: tuple[EventIndex, EventIndex],
    credentials: Sequence[Credential] = (),
) -> Ownership:
    """The owner as the answer tells it, unless the evidence knows better. `own` are the freezes and the blocks."""
    reason, (freezes, blocks) = verdict.reason, own
    if reason.id == "local.missing_key" and (ended := _ended(cause, credentials)):
        return ended
    if reason.scope == "credential" and (outside := _from_outside(cause, profiles, statuses)):
        return outside
    if reason.true_reason == "timeout" and (sign := _always(cause, freezes)):
        return Ownership(
            "gateway", "local", None,
            f"The machine stood still while the call was open ({place(sign)}): the provider may well have answered.",
            "Find what froze the gateway process (disk, memory, a long synchronous job); the provider is not to blame.",
        )  # fmt: skip
    if reason.true_reason in ("network", "timeout") and (sign := _always(cause, blocks)):
        return Ownership(
            "config", "local", False,
            f"The gateway's own guard stopped the request ({place(sign)}): no provider was asked.",
            "Correct the provider's base URL or its DNS name, or set request.allowPrivateNetwork for that provider.",
        )  # fmt: skip
    return Ownership(reason.owner, reason.true_reason, reason.waiting_helps, None, reason.cure)


def _ended(cause: Cause, credentials: Sequence[Credential]) -> Ownership | None:
    """A login that the message calls missing stands in a store, but had ended: it is to be renewed, not to be made."""
    first = cause.attempts[0].failure
    stored = (c for c in credentials if c.profile == first.profile and c.expires_at and c.expires_at <= first.time)
    login = next(stored, None)
    if login is None:
        return None
    return Ownership(
        "credential", "auth_permanent", False,
        f"The login is stored ({login.source}), but it had ended at {in_figures(login.expires_at)}.",
        "Log in again: the stored login has ended and was not renewed.",
    )  # fmt: skip


def _from_outside(cause: Cause, profiles: Profiles, statuses: Sequence[ModelsStatus]) -> Ownership | None:
    """A refused credential that no stored profile holds comes from the environment or the configuration."""
    stored = bool(profiles.by_provider.get(cause.provider))
    if any(a.profile for a in cause.attempts):
        return None
    mine = [status for status in statuses if status.entity == cause.provider]
    variable = next((status for status in mine if status.variable), None)
    in_force = next((status for status in mine if status.effective_kind == "env"), None)  # profiles come first (3.6)
    shown = variable.source("env.source") if variable else in_force.source("effective.kind") if in_force else None
    if shown is None or not (in_force or stored):
        return None
    name = (variable.variable or "").removeprefix("env: ") if variable else "an environment variable"
    because = (
        f"No profile of {cause.provider} was stored, so the key came from {name} ({shown})."
        if in_force
        else f"No stored profile is known to have been refused, but {name} is set ({shown})."
    )
    cure = f"Correct {name} in the gateway's service environment, or unset it, and restart the gateway."
    return Ownership("config", "auth_permanent", False, because, cure)


def _always(cause: Cause, own: EventIndex) -> Event | None:
    """The first sign of the gateway's own doing, where every failure of the cause had one inside the call."""
    found = [_sign(attempt.failure, own) for attempt in cause.attempts]
    return found[0] if all(found) else None


def _sign(failure: FailedRequest, own: EventIndex) -> Event | None:
    signs = own.between(failure.began - _SLACK, failure.time + _SLACK)
    return next((sign for sign in signs if sign.time and _inside(failure, sign.time, sign.duration_ms)), None)


def _inside(failure: FailedRequest, end: datetime, gap_ms: int | None) -> bool:
    start = end - lasting(gap_ms or 0) if failure.started else end
    return failure.began - _SLACK <= start and end <= failure.time + _SLACK
