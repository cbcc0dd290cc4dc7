"""Windows that only the output of a command names: `models status`, `doctor` and `status` list what is unusable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from forensics.incidents.auth_profiles import Profiles
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.tables import Window

_CLOSE = timedelta(seconds=3)


def with_reported_windows(
    windows: Sequence[Window], statuses: Iterable[ModelsStatus], profiles: Profiles
) -> tuple[Window, ...]:
    """The windows, and those of the outputs that are not among them; one that is gets the output as a source."""
    known = list(windows)
    for status in sorted(statuses, key=_trust):
        window = _reported(status, profiles)
        if window is None:
            continue
        same = next((n for n, other in enumerate(known) if _is_same(other, window, status.rounded_by)), None)
        if same is None:
            known.append(window)
        else:
            known[same] = replace(known[same], sources=(*known[same].sources, *window.sources))
    return tuple(sorted(known, key=lambda w: (w.start, w.profile or "", w.kind)))


def _trust(status: ModelsStatus) -> tuple[timedelta, str]:
    """An exact end before a rounded one."""
    return status.rounded_by, status.file


def _reported(status: ModelsStatus, profiles: Profiles) -> Window | None:
    """From when the command showed it at the latest; None for a profile in use, and for an end that nobody tells."""
    until, place = status.unusable_end, status.source("unusableProfiles.kind")
    if status.unusable_kind is None or until is None or place is None:
        return None
    return Window(
        kind=status.unusable_kind,
        provider=status.unusable_provider or profiles.provider_of(status.entity),
        agent=status.agent,
        profile=status.entity,
        start=min(status.observed_at or until, until),
        end=until,
        reason_recorded=status.unusable_reason,
        opened_by=place,
        start_basis="reported",
        sources=(place,),
    )


def _is_same(known: Window, reported: Window, rounded_by: timedelta) -> bool:
    """The kind says little: some releases print a block as a cooldown."""
    if known.profile != reported.profile or (known.agent and reported.agent and known.agent != reported.agent):
        return False
    end = known.end or datetime.max.replace(tzinfo=reported.start.tzinfo)
    ends_together = reported.end is not None and abs(end - reported.end) <= max(_CLOSE, rounded_by)
    return ends_together or known.start <= reported.start < end
