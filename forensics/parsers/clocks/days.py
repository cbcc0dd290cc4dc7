"""Which day it is in a source whose records state the time of day alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from forensics.timeless import EPOCH

DAY = timedelta(days=1)

JITTER = timedelta(minutes=5)
"""Lines of several writers are out of order by less."""


class DayCounter:
    """Counts the days of one source. Feed its clocks in file order; a day in silence cannot be seen."""

    def __init__(self) -> None:
        self._day = 0
        self._last: timedelta | None = None

    def feed(self, clock: time) -> int:
        """The day of this clock; the first is 0. More than 12 hours back is midnight, less is disorder."""
        now = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
        ahead = timedelta() if self._last is None else now - self._last
        if ahead > DAY - JITTER:
            return self._day - 1  # from before midnight, and late
        self._day += ahead < -DAY / 2
        self._last = now
        return self._day

    def place(self, clock: time) -> datetime:
        """The clock on its day, counted from EPOCH; aware if the clock states an offset."""
        return datetime.combine(EPOCH + self.feed(clock) * DAY, clock)
