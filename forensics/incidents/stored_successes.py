"""When the auth stores say that what had failed served again: an end where no answer is in the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.causes import Cause
from forensics.openclaw import releases
from forensics.openclaw.releases import Running
from forensics.parsers.stores.reading.auth_record import ProfileStats

_PRETENDED = timedelta(seconds=2)  # a failed run may mark its profile as used so soon after (facts 3.8)


def stored_success(cause: Cause, profiles: Profiles, running: Running) -> datetime | None:
    """The `lastUsed` after the last sign of a cause, once each profile that failed with it has one: over by then.

    None where nobody can tell which profile failed, or a store holds a failure after it.
    """
    agents = {a.failure.agent for a in cause.attempts} - {None}
    each = [_served(profiles.stats_of(profile), agents, cause, running) for profile in _failed(cause, profiles)]
    known = [time for time in each if time]
    return max(known) if known and len(known) == len(each) else None


def _failed(cause: Cause, profiles: Profiles) -> set[str]:
    """The profiles of a cause; where none is named, the only one of its provider."""
    named = {a.profile for a in cause.attempts} | {window.profile for window in cause.windows}
    only = profiles.by_provider.get(cause.provider, ())
    return {profile for profile in named if profile} or set(only if len(only) == 1 else ())


def _served(stores: Iterable[ProfileStats], agents: set[str | None], cause: Cause, running: Running) -> datetime | None:
    """The last of the first successes that the stores of these agents, or the main one's, hold in their snapshots."""
    first: dict[str | None, datetime] = {}
    for stats in stores:
        asked = not agents or stats.agent in agents or stats.agent in (None, "main")
        if asked and stats.last_used and not _refuted(stats, cause, running):
            first[stats.agent] = min(stats.last_used, first.get(stats.agent, stats.last_used))
    return max(first.values(), default=None)


def _refuted(stats: ProfileStats, cause: Cause, running: Running) -> bool:
    """It was used before the last sign, or that use is a failure by another name."""
    used, failed = stats.last_used, stats.last_failure
    last = max(cause.last, failed) if failed else cause.last
    tolerance = _PRETENDED if releases.failed_run_marks_good(running.at(last)) else timedelta()
    return used is None or used <= last + tolerance or bool(stats.error_count)
