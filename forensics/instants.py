"""The one gate that instants of the evidence come through: what lies outside of it is no time of OpenClaw's.

So a clock that was never set or a number of a stranger is an unknown time and not the year 9999, and nothing
that is reckoned from what has come through leaves the calendar.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FIRST = datetime(2010, 1, 1, tzinfo=UTC)  # before it lie the days that stand in for unknown ones (`timeless`)
LAST = datetime(2286, 11, 20, 17, 46, 40, tzinfo=UTC)  # 10**13 ms
_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_MS, _LAST_MS = (FIRST - _1970) // timedelta(milliseconds=1), 10**13
_LONGEST_MS = 100 * 365 * 86_400_000


def credible(moment: datetime) -> datetime | None:
    """The same moment, aware or not; None where it is outside."""
    beside = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if FIRST <= beside < LAST else None


def from_ms(milliseconds: float) -> datetime | None:
    """Milliseconds since 1970 -> UTC. 0, 1 (a refresh fence), seconds, NaN and the like give None."""
    return _1970 + timedelta(milliseconds=milliseconds) if _FIRST_MS <= milliseconds < _LAST_MS else None


def from_iso(text: str) -> datetime | None:
    """ISO 8601, with a zone or without. Raises ValueError where it is no date of any calendar."""
    return credible(datetime.fromisoformat(text))


def lasting(milliseconds: int) -> timedelta:
    """So long; nothing lasts longer than a hundred years."""
    return timedelta(milliseconds=min(max(milliseconds, 0), _LONGEST_MS))
