"""Old scars: windows that ended long ago and cost nobody anything since. They are no incident of today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.causes import Cause

_LONG_AGO = timedelta(days=1)


def without_old_scars(causes: Iterable[Cause], profiles: Profiles, now: datetime | None) -> tuple[Cause, ...]:
    """The causes without those of which only ended windows of a store are left, and whose provider was used since."""
    return tuple(cause for cause in causes if now is None or not _is_scar(cause, profiles, now))


def _is_scar(cause: Cause, profiles: Profiles, now: datetime) -> bool:
    if cause.attempts or cause.echoes or any(w.start_basis == "event" or w.end is None for w in cause.windows):
        return False
    over = cause.until
    ids = profiles.by_provider.get(cause.provider, ())
    used = (stats.last_used for profile in ids for stats in profiles.stats_of(profile))
    return now - over > _LONG_AGO and any(time and time > over for time in used)
