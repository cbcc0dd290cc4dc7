"""Times of day of which nobody states the day: they stand on days on which no OpenClaw wrote a log.

So they can be put in order and compared with each other; who prints one asks here first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

EPOCH = date(2000, 1, 1)
"""The day that stands for the first day of a source without dates."""

_STANDING_IN = (date(1999, 12, 20), date(2010, 1, 1))


UNDATED_UNTIL = datetime(1900, 1, 1, tzinfo=UTC)
"""Before it lie the times that stand in for records without any (`incidents.undated`)."""


def is_undated(moment: datetime) -> bool:
    """True for a time that only stands in for none."""
    return moment.year < UNDATED_UNTIL.year


def is_dateless(moment: datetime) -> bool:
    """True for a time of day whose day is unknown."""
    return _STANDING_IN[0] <= moment.date() < _STANDING_IN[1]
