"""False alarms: a login that looks expired and is no trouble (facts 7.2, 7.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from forensics.detectors.desync.model import EARLY, Desync, DesyncInputs
from forensics.detectors.desync.stored_logins import CLI_PROFILES, StoredLogin
from forensics.openclaw import releases
from forensics.openclaw.providers import login_server, provider_of
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.tables import Credential

_STATUS = ("expired", "expiring")
_UNREFRESHED = "4.24-7.1"  # the stored snapshot of a CLI login is not renewed on routine reads (facts 7.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One login that some store or status output shows as expired or expiring."""

    agent: str | None
    profile: str
    tool: str | None
    time: datetime  # when it looked so
    ends: datetime | None
    renewable: bool
    sources: tuple[str, ...]


def false_alarms(
    world: DesyncInputs, credentials: Iterable[Credential], records: StateRecords, desyncs: Sequence[Desync]
) -> Iterator[tuple[Alarm, str, str]]:
    """Each login that only looks expired: the alarm, a word for it, and why it is none."""
    for alarm in _once([*_copies(world), *_static(credentials, world), *_statuses(records.of(ModelsStatus), world)]):
        if any(_about(alarm, window) for window in desyncs):
            continue
        if reason := _reason(alarm, world, records.orders):
            yield alarm, *reason


def _about(alarm: Alarm, window: Desync) -> bool:
    mine = alarm.profile in window.profiles or (not window.profiles and alarm.agent in window.agents)
    return mine and window.covers(alarm.time)


def _copies(world: DesyncInputs) -> Iterator[Alarm]:
    for copy in world.copies:
        if copy.current and copy.seen and copy.expires_at and copy.expires_at <= copy.seen + EARLY:
            yield Alarm(
                agent=copy.agent, profile=copy.profile, tool=copy.tool, time=copy.seen, ends=copy.expires_at,
                renewable=True, sources=(copy.source,),
            )  # fmt: skip


def _static(credentials: Iterable[Credential], world: DesyncInputs) -> Iterator[Alarm]:
    for row in credentials:
        if row.type == "token" and row.refresh is None and row.expires_at and row.expires_at <= world.now:
            yield Alarm(
                agent=row.agent, profile=row.profile, tool=None, time=world.now, ends=row.expires_at,
                renewable=False, sources=(row.source,),
            )  # fmt: skip


def _statuses(statuses: Iterable[ModelsStatus], world: DesyncInputs) -> Iterator[Alarm]:
    for status in statuses:
        if status.login_status in _STATUS:
            place = status.sources["oauth.status"]
            copies = [c for c in world.copies if c.profile == status.entity and status.agent in (None, c.agent)]
            beside = [c for c in copies if c.shown and c.source.rpartition("/")[0] == place.rpartition("/")[0]]
            yield Alarm(
                agent=status.agent,
                profile=status.entity,
                tool=None,
                time=status.observed_at or world.now,
                ends=next((c.expires_at for c in (*beside, *reversed(copies))), None),
                renewable=bool(copies),
                sources=(place,),
            )


def _once(alarms: Iterable[Alarm]) -> list[Alarm]:
    """One per login: the one that looks worst, which is the latest."""
    latest: dict[tuple[str | None, str, str | None], Alarm] = {}
    for alarm in sorted(alarms, key=lambda a: (a.time, a.sources)):
        latest[alarm.agent, alarm.profile, alarm.tool] = alarm
    return list(latest.values())


def _reason(alarm: Alarm, world: DesyncInputs, orders: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
    provider = provider_of(alarm.profile)
    if alarm.tool:
        return _of_tool(alarm, world)
    if provider in orders and alarm.profile not in orders[provider]:
        return "not_in_use", f"{alarm.profile} is not in the order of {provider}, so the gateway does not use it."
    release = world.running.at(alarm.time)
    if alarm.profile.endswith(CLI_PROFILES) and releases.in_span(release, _UNREFRESHED):
        return (
            "snapshot_of_a_tool",
            f"{alarm.profile} is a snapshot that {release} does not renew; calls use the tool.",
        )
    if _used_later(alarm, world):
        how = "calls go another way" if alarm.renewable else "its stored end is only a note"
        return "still_answers", f"{alarm.profile} was answered after that end: {how}."
    if not alarm.renewable or not releases.can_renew(provider, release):
        return None
    if alarm.ends and alarm.ends > alarm.time:
        return "renews_itself", f"{alarm.profile} is renewed shortly before it ends; nothing refused that."
    return "renews_itself", f"{alarm.profile} is renewed at its next use; nothing has refused that so far."


def _of_tool(alarm: Alarm, world: DesyncInputs) -> tuple[str, str] | None:
    """A tool's own login: the gateway depends on it only where an agent holds the same pair or runs the tool."""
    mine = next(c for c in world.copies if c.source == alarm.sources[0])
    if any(c.tool is None and c.current and c.same_pair(mine) for c in world.copies):
        return None
    return "only_the_tool", f"{alarm.tool} renews its own login at its next use; no agent holds this pair."


def _used_later(alarm: Alarm, world: DesyncInputs) -> bool:
    if alarm.ends is None:
        return False
    service, agents = login_server(provider_of(alarm.profile)), (alarm.agent,) if alarm.agent else ()
    used = [time for time, _ in world.recovery.answers(service, agents, alarm.profile)]
    stats = [s for s in world.recovery.profiles.stats_of(alarm.profile) if s.agent == alarm.agent]
    used += [time for s in stats if (time := s.instant("lastUsed"))]
    return any(alarm.ends + EARLY < time <= alarm.time for time in used)


def shared_pairs(copies: Sequence[StoredLogin]) -> Iterator[tuple[StoredLogin, ...]]:
    """Current copies of one pair in several stores: whoever renews first kills the others."""
    current = [c for c in copies if c.current and c.refresh]
    for refresh in dict.fromkeys(c.refresh for c in current):
        holders = tuple(c for c in current if c.refresh == refresh)
        if len({(c.tool, c.agent) for c in holders}) > 1:
            yield holders
