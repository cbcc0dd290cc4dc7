"""Local times of a named zone -> UTC, also where the clocks are changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from forensics.errors import ParameterError
from forensics.parsers.clocks.days import JITTER


def zone_named(name: str | None) -> tzinfo | None:
    """The IANA zone of `--timezone`, None for None. Raises ParameterError where there is none of that name."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"--timezone {name}: no such time zone; use a name such as Europe/Berlin or UTC."
        raise ParameterError(message) from None


def to_utc(local: Iterable[datetime], zone: tzinfo) -> Iterator[datetime]:
    """Times of one source in file order -> UTC instants, which never run back because the clocks were changed.

    A time that existed twice is the first of the two, unless that lies before what came earlier in the file; a time
    that never existed is the moment of the change. Aware times keep their own offset.
    """
    latest: datetime | None = None
    for moment in local:
        placed = moment.astimezone(UTC) if moment.tzinfo else _in_zone(moment, zone, latest)
        latest = placed if latest is None else max(latest, placed)
        yield placed


def _in_zone(moment: datetime, zone: tzinfo, latest: datetime | None) -> datetime:
    first, second = (moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if second < first:
        return _change(second, first, zone)
    return second if latest and first < latest - JITTER else first


def _change(early: datetime, late: datetime, zone: tzinfo) -> datetime:
    """The first instant of the new offset, between two instants around it."""
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(microseconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
