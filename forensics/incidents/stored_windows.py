"""The windows that the auth stores hold, each led back to the failure that opened it (facts 5.5)."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.window_inputs import WRITTEN, WindowInputs
from forensics.openclaw import releases
from forensics.parsers.stores.reading.auth_record import ProfileStats
from forensics.tables import Window, WindowKind

_SAME = timedelta(milliseconds=5)
_FIELDS: tuple[tuple[str, WindowKind, str], ...] = (
    ("cooldownUntil", "cooldown", "cooldownReason"),
    ("disabledUntil", "disabled", "disabledReason"),
    ("blockedUntil", "blocked", "blockedReason"),
)


class _Failed:
    """When calls failed, by the profile they used as far as that is known."""

    def __init__(self, attempts: Iterable[AttributedFailure]) -> None:
        self._times: dict[str | None, list[datetime]] = defaultdict(list)
        for attempt in attempts:
            self._times[attempt.profile].append(attempt.failure.time)
        for times in self._times.values():
            times.sort()

    def near(self, profile: str, time: datetime) -> bool:
        """Whether one that used the profile, or nobody knows which, failed about then."""
        return any(self._within(self._times.get(used, []), time) for used in (profile, None))

    def _within(self, times: Sequence[datetime], time: datetime) -> bool:
        first = bisect_left(times, time - WRITTEN)
        return first < len(times) and times[first] <= time + WRITTEN


def stored_windows(history: WindowInputs) -> list[Window]:
    failed = _Failed(history.attempts)
    return [
        window
        for stats in history.profiles.stats
        for field in _FIELDS
        if (window := _stored(stats, field, history, failed))
    ]


def _stored(
    stats: ProfileStats, names: tuple[str, WindowKind, str], history: WindowInputs, known: _Failed
) -> Window | None:
    field, kind, reason = names
    until, failed = stats.instant(field), stats.instant("lastFailureAt")
    if until is None:
        return None
    opener = _opener(stats, until, kind, history, known)
    start = opener or (failed if failed and failed < until else None)
    recorded = stats.values.get(reason)
    return Window(
        kind=kind,
        provider=history.profiles.provider_of(stats.profile),
        agent=stats.agent,
        profile=stats.profile,
        start=start or until,
        end=until,
        reason_recorded=recorded if isinstance(recorded, str) else _only_count(stats),
        opened_by=stats.sources[field],
        start_basis="computed" if opener else "state",
        sources=(stats.sources[field],),
    )


def _only_count(stats: ProfileStats) -> str | None:
    counts = stats.values.get("failureCounts")
    return str(next(iter(counts))) if isinstance(counts, dict) and len(counts) == 1 else None


def _opener(
    stats: ProfileStats, until: datetime, kind: WindowKind, history: WindowInputs, known: _Failed
) -> datetime | None:
    """`until - length` for the release's possible lengths, where it meets the last failure or any known one."""
    failed = stats.instant("lastFailureAt")
    for length, of_kind, _, _ in releases.possible_lengths(
        history.running.at(failed or until), history.config, history.profiles.provider_of(stats.profile)
    ):
        start = until - length
        if of_kind != kind or (failed and start > failed + _SAME):
            continue
        if failed and abs(start - failed) <= _SAME:
            return start
        if known.near(stats.profile, start):
            return start
    return None
