"""Refusals: logins whose renewal was refused, and the events that tell when such a login worked again (facts 2.6, 7.3).

A renewal that failed because the network or the disk did is no refusal: the login behind it may be fine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from forensics.causes import judge
from forensics.copies import CLI_BACKENDS, service_of
from forensics.failures import Failure, place
from forensics.profiles import Attempt, Profiles
from forensics.tables import Event

REUSED = "refresh_token_reused"
_TYPES = {
    "oauth_refresh", "invalid_grant", REUSED, "refresh_token_invalidated", "refresh_token_expired",
    "refresh_token_revoked", "invalid_refresh_token", "sign_in_again",
}  # fmt: skip
_REFUSED = ("auth", "auth_permanent")
_TAKEN_OVER = ("synced ", "used external ", "using external ", "adopted ", "inherited fresh ")
_RESTARTS = (
    "signal_received", "gateway_signal", "gateway_draining", "gateway_shutdown", "gateway_restarted",
    "gateway_starting", "gateway_listening", "gateway_ready",
)  # fmt: skip
_RELOADS = ("config_applied",)
_ONE_RESTART = timedelta(minutes=2)  # between the lines of one stop and start


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One refused renewal, or (`renewal` False) a 401 for the access token that needed one."""

    time: datetime
    service: str
    provider: str
    agent: str | None
    profile: str | None
    renewal: bool
    backend: bool  # refused was a CLI backend with the tool's own login
    reused: bool  # the server said that somebody else had used the refresh token
    sources: tuple[str, ...]


def read_refusals(attempts: Iterable[Attempt]) -> tuple[Refusal, ...]:
    """Failed calls -> those that tell of a dead login, in order of time."""
    return tuple(r for attempt in attempts if (r := _refusal(attempt)))


def _refusal(attempt: Attempt) -> Refusal | None:
    failure = attempt.failure
    renewal, backend = _is_renewal(failure), failure.provider in CLI_BACKENDS
    if not failure.provider or not (renewal or backend or failure.http_status == 401):
        return None
    if judge(failure).reason.true_reason not in _REFUSED:
        return None
    return Refusal(
        time=failure.time,
        service=service_of(failure.provider),
        provider=failure.provider,
        agent=failure.agent,
        profile=attempt.profile,
        renewal=renewal,
        backend=backend,
        reused=failure.error_type == REUSED or REUSED in failure.text,
        sources=failure.sources,
    )


def _is_renewal(failure: Failure) -> bool:
    return failure.error_type in _TYPES or "oauth token refresh failed" in failure.text.lower()


@dataclass(frozen=True, slots=True)
class Recovery:
    """Everything that tells when a login worked again."""

    events: Sequence[Event]
    profiles: Profiles

    def answers(self, service: str, agents: Sequence[str], profile: str | None) -> list[Event]:
        """Answers that prove the login good: of its provider and agent, where no other profile can have given them."""
        return [e for e in self.events if e.role == "answer" and e.time and self._proves(e, service, agents, profile)]

    def _proves(self, event: Event, service: str, agents: Sequence[str], profile: str | None) -> bool:
        if event.agent and agents and event.agent not in agents:
            return False
        if event.profile or event.profile_hash:
            told = event.profile or self.profiles.resolve(event.profile_hash, event.provider)
            return told == profile
        of_service = [p for p in self.profiles.by_provider if service_of(p) == service]
        if event.provider is None:
            return len(self.profiles.by_provider) <= 1 and bool(of_service or not self.profiles.by_provider)
        ids = {i for p in of_service for i in self.profiles.by_provider[p]}
        return service_of(event.provider) == service and len(ids) <= 1

    def taken_over(
        self, service: str, agents: Sequence[str], after: datetime, until: datetime
    ) -> tuple[datetime, str] | None:
        """When OpenClaw took a newer pair over from a tool or another agent, and where it says so."""
        for event in self.events:
            if event.role != "credential" or not event.time or not after < event.time <= until:
                continue
            of_service = service_of(event.provider or (event.profile or "").partition(":")[0]) in (service, "")
            mine = event.agent is None or not agents or event.agent in agents
            if of_service and mine and event.text.startswith(_TAKEN_OVER):
                return event.time, place(event)
        return None

    def restart(self, after: datetime, until: datetime) -> tuple[datetime, str] | None:
        """When the last restart between two moments began; a reload where there was no restart."""
        for kinds in (_RESTARTS, _RELOADS):
            told = [(e.time, e) for e in self.events if e.kind in kinds and e.time and after < e.time <= until]
            if told:
                first = max((n for n, (a, b) in enumerate(pairwise(told), 1) if b[0] - a[0] > _ONE_RESTART), default=0)
                return told[first][0], place(told[first][1])
        return None
