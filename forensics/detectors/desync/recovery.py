"""Recovery: what tells that a login worked again, or how the newer pair came in (facts 2.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.event_index import EventIndex
from forensics.incidents.failures import where
from forensics.openclaw.providers import login_server
from forensics.tables import Event

Moment = tuple[datetime, str]
"""When, and where it stands."""

_TAKEN_OVER = ("synced ", "used external ", "using external ", "adopted ", "inherited fresh ")
_RESTARTS = (
    "signal_received", "gateway_signal", "gateway_draining", "gateway_shutdown", "gateway_restarted",
    "gateway_starting", "gateway_listening", "gateway_ready",
)  # fmt: skip
_RELOADS = ("config_applied",)
_ONE_RESTART = timedelta(minutes=2)  # between the lines of one stop and start
_USES = ("answer", "failure", "window")


@dataclass(frozen=True)
class Recovery:
    """The events of a case, asked about one login."""

    events: Sequence[Event]
    profiles: Profiles

    def answers(self, service: str, agents: Sequence[str], profile: str | None) -> tuple[Moment, ...]:
        """Answers that prove the login good: of its provider and agent, where no other profile can have given them.

        In order of time.
        """
        alone = self._alone(service)
        mine = (e for e in self.answered if _of(agents, e) and self._proves(e, service, profile, alone=alone))
        return tuple(sorted((e.time, where(e)) for e in mine if e.time))

    def _proves(self, event: Event, service: str, profile: str | None, *, alone: bool) -> bool:
        named = event.profile or self.profiles.resolve(event.profile_hash, event.provider)
        if named:
            return named == profile
        if event.provider is None:  # 7.1+: the run is known, not who answered
            return alone and all(login_server(p) == service for p in self.profiles.by_provider)
        return alone and login_server(event.provider) == service

    def _alone(self, service: str) -> bool:
        ids = {i for p, profiles in self.profiles.by_provider.items() if login_server(p) == service for i in profiles}
        return len(ids) <= 1

    @cached_property
    def answered(self) -> EventIndex:
        return EventIndex(e for e in self.events if e.role == "answer")

    @cached_property
    def _taken_over(self) -> EventIndex:
        return EventIndex(e for e in self.events if e.role == "credential" and e.text.startswith(_TAKEN_OVER))

    @cached_property
    def _restarts(self) -> tuple[EventIndex, ...]:
        """The best signs of a restart first."""
        return tuple(EventIndex(e for e in self.events if e.kind in kinds) for kinds in (_RESTARTS, _RELOADS))

    @cached_property
    def _uses(self) -> EventIndex:
        return EventIndex(e for e in self.events if e.role in _USES)

    def taken_over(self, service: str, agents: Sequence[str], after: datetime, until: datetime) -> Moment | None:
        """When OpenClaw says that it took a newer pair over from a tool or another agent."""
        for event in self._taken_over.within(after, until):
            provider = event.provider or (event.profile or "").partition(":")[0]
            if event.time and _of(agents, event) and login_server(provider) in (service, ""):
                return event.time, where(event)
        return None

    def restart(self, after: datetime, until: datetime) -> Moment | None:
        """When the last restart between two moments began; a reload where there was no restart."""
        for signs in self._restarts:
            told = [(e.time, where(e)) for e in signs.within(after, until) if e.time]
            starts = [b for a, b in pairwise(told) if b[0] - a[0] > _ONE_RESTART]
            if told:
                return starts[-1] if starts else told[0]
        return None

    def next_use(self, agents: Sequence[str], after: datetime, until: datetime) -> Moment | None:
        """The first success or failure between two moments: with it the gateway writes its auth store."""
        uses = (e for e in self._uses.within(after, until) if _of(agents, e))
        return next(((e.time, where(e)) for e in uses if e.time), None)


def _of(agents: Sequence[str], event: Event) -> bool:
    return not agents or event.agent is None or event.agent in agents
