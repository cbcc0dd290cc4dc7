"""Which release was running when: an upgrade may lie in the middle of an incident."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from forensics.openclaw.releases.release import Release


@dataclass(frozen=True, slots=True)
class Running:
    """What a moment is judged by is the release of that moment; what to do is asked of the one running `now`."""

    now: Release
    since: tuple[tuple[datetime, Release], ...] = ()  # from when on each wrote, in order of time, as far as told

    def at(self, time: datetime | None) -> Release:
        """The release that was running then; before the first that is told, that one. None: at a time not known."""
        if not self.since or time is None:
            return self.now
        place = bisect_right([start for start, _ in self.since], time)
        return self.since[max(0, place - 1)][1]
