"""Refusals: renewals of a login that the login server refused (facts 2.6).

A renewal that failed because the network or the disk did is no refusal: the login behind it may be fine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from forensics.detectors.desync.stored_logins import CLI_BACKENDS
from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.causes import classify_failure
from forensics.incidents.failures import FailedRequest
from forensics.openclaw.providers import login_server

_REUSED = "refresh_token_reused"
_TYPES = {
    "oauth_refresh", "invalid_grant", _REUSED, "refresh_token_invalidated", "refresh_token_expired",
    "refresh_token_revoked", "invalid_refresh_token", "sign_in_again",
}  # fmt: skip
_REFUSED = ("auth", "auth_permanent")
_EXPIRED = "token has expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One refused renewal, or a 401 for the access token that was due for one."""

    time: datetime
    service: str
    provider: str
    agent: str | None
    profile: str | None
    renewal: bool  # the login server refused
    expired: bool  # the provider refused, and said that the access token had expired
    backend: bool  # refused was a CLI backend, with the tool's own login
    reused: bool  # the login server said that the refresh token had been used by somebody
    sources: tuple[str, ...]


def read_refusals(attempts: Iterable[AttributedFailure]) -> tuple[Refusal, ...]:
    """Failed calls -> those that tell of a dead login, in order of time."""
    return tuple(r for attempt in attempts if (r := _refusal(attempt)))


def _refusal(attempt: AttributedFailure) -> Refusal | None:
    failure = attempt.failure
    renewal, backend = _is_renewal(failure), failure.provider in CLI_BACKENDS
    if not failure.provider or not (renewal or backend or failure.http_status == 401):
        return None
    if classify_failure(failure).reason.true_reason not in _REFUSED:
        return None
    return Refusal(
        time=failure.time,
        service=login_server(failure.provider),
        provider=failure.provider,
        agent=failure.agent,
        profile=attempt.profile,
        renewal=renewal,
        expired=_EXPIRED in failure.text.lower(),
        backend=backend,
        reused=failure.error_type == _REUSED or _REUSED in failure.text,
        sources=failure.sources,
    )


def _is_renewal(failure: FailedRequest) -> bool:
    return failure.error_type in _TYPES or "oauth token refresh failed" in failure.text.lower()
