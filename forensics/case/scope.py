"""What part of the evidence is asked about: from when until when, whose, and as of which moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from forensics.errors import ParameterError
from forensics.incidents.incident import Incident
from forensics.parsers.clocks import zone_named
from forensics.parsers.timeline import Timeline
from forensics.tables import Activity, Credential, Event, File
from forensics.when import When, read_when

MomentBasis = Literal["given", "last event", "newest state", "file date", "end of the span", "none"]
Instant = datetime | str | None
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment "is it still so" is asked about, and where it comes from."""

    time: datetime | None
    basis: MomentBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, before anything was read."""

    since: When | None = None
    until: When | None = None
    provider: str | None = None
    agent: str | None = None
    now: When | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What part of the evidence is asked about."""

    since: datetime | None = None
    until: datetime | None = None
    provider: str | None = None
    agent: str | None = None
    now: datetime | None = None
    timezone: str | None = None

    @property
    def in_words(self) -> str | None:
        """`Only provider anthropic, from … until …`; None where all of the evidence is asked about."""
        names = [f"{name} {value}" for name, value in (("provider", self.provider), ("agent", self.agent)) if value]
        times = [
            f"{word} {time:%Y-%m-%d %H:%M:%S} UTC"
            for word, time in (("from", self.since), ("until", self.until))
            if time
        ]
        parts = [*names, *([" ".join(times)] if times else [])]
        return f"Only {', '.join(parts)}" if parts else None


def read_request(
    *,
    since: Instant = None,
    until: Instant = None,
    provider: str | None = None,
    agent: str | None = None,
    now: Instant = None,
    timezone: str | None = None,
) -> Request:
    """The options as given. Raises ParameterError for a text that is no time and a zone that does not exist."""
    zone = zone_named(timezone) or UTC

    def when(name: str, given: Instant) -> When | None:
        return None if given is None else read_when(f"--{name}", given, zone)

    return Request(
        since=when("since", since),
        until=when("until", until),
        provider=provider,
        agent=agent,
        now=when("now", now),
        timezone=timezone,
    )


def placed(request: Request, timeline: Timeline) -> tuple[Scope, Moment]:
    """The request with its moments, relative ones counted from `--now` or the last moment of the evidence."""
    last = last_moment(timeline)
    if last.time is None and any((request.since, request.until, request.now)):
        raise ParameterError("nothing in the evidence has a time: leave --since, --until and --now out")
    asked = Moment(request.now(last.time), "given") if request.now and last.time else last
    since, until = (when(asked.time) if when and asked.time else None for when in (request.since, request.until))
    if since and until and since > until:
        raise ParameterError(f"--since {since:%Y-%m-%d %H:%M} lies after --until {until:%Y-%m-%d %H:%M} (UTC)")
    if until and asked.basis != "given" and asked.time and until < asked.time:
        asked = Moment(until, "end of the span")
    scope = Scope(
        since=since,
        until=until,
        provider=request.provider,
        agent=request.agent,
        now=asked.time if asked.basis == "given" else None,
        timezone=request.timezone,
    )
    return scope, asked


def last_moment(timeline: Timeline) -> Moment:
    """The last moment that the evidence tells of, and what tells it."""
    time = timeline.last_moment
    if time is None:
        return Moment(None, "none")
    if time == timeline.last_time:
        return Moment(time, "last event")
    return Moment(time, "file date" if time in {file.mtime for file in timeline.files} else "newest state")


def in_json(scope: Scope, asked: Moment) -> dict[str, object]:
    """For the contract: what was asked about, and the moment taken for "now"."""
    names = {"provider": scope.provider, "agent": scope.agent}
    return {**names, "since": scope.since, "until": scope.until, "now": asked.time, "now_basis": asked.basis}


def limited(timeline: Timeline, scope: Scope) -> Timeline:
    """The timeline from `since` to `until`; what has no time may lie in there, and stays."""
    if scope.since is None and scope.until is None:
        return timeline
    return replace(
        timeline,
        events=tuple(e for e in timeline.events if _inside(e, scope)),
        activity=tuple(row for row in timeline.activity if _inside(row, scope)),
        files=tuple(_cut(file, scope) for file in timeline.files),
    )


def _inside(row: Event | Activity, scope: Scope) -> bool:
    time = row.time if isinstance(row, Event) else row.minute
    return time is None or (scope.since or time) <= time <= (scope.until or time)


def _cut(file: File, scope: Scope) -> File:
    """The file with the part of its span that is asked about; none where it lies outside."""
    if file.first_time is None or file.last_time is None:
        return file
    first = max(file.first_time, scope.since or file.first_time)
    last = min(file.last_time, scope.until or file.last_time)
    return replace(file, first_time=first if first <= last else None, last_time=last if first <= last else None)


def asked_for(incidents: Sequence[Incident], scope: Scope) -> tuple[Incident, ...]:
    """The incidents of the provider, the agent and the time that are asked about; one without agents is everybody's."""
    return tuple(
        i
        for i in incidents
        if scope.provider in (None, i.provider)
        and (scope.agent is None or scope.agent in i.agents or not i.agents)
        and (scope.until is None or i.start is None or i.start <= scope.until)
    )


def concerns(answer: object, scope: Scope) -> bool:
    """An answer that names no provider, or no agent, concerns every one."""
    provider, agents = getattr(answer, "provider", None), getattr(answer, "agents", ())
    agents = agents or (getattr(answer, "agent", None),)
    others = None not in agents and scope.agent not in (None, *agents)
    return not others and (provider is None or scope.provider in (None, provider))


def refuse_strangers(scope: Scope, timeline: Timeline, providers: frozenset[str | None]) -> None:
    """Raises ParameterError for a provider or agent that neither the evidence nor the reasoning about it names."""
    rows: tuple[Event | Credential, ...] = (*timeline.events, *timeline.credentials)
    _refuse_stranger("provider", scope.provider, {row.provider for row in rows} | providers)
    _refuse_stranger("agent", scope.agent, {row.agent for row in rows} | {row.agent for row in timeline.state})


def _refuse_stranger(kind: str, asked: str | None, known: Iterable[str | None]) -> None:
    names = sorted(name for name in known if name)
    if asked is None or asked in names:
        return
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    have = f"it names {', '.join(names[:_SHOWN])}{more}" if names else f"it names no {kind} at all"
    raise ParameterError(f"--{kind} {asked!r} is not in the evidence: {have}")
