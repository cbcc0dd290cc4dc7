"""A moment as people write it: `2026-11-20T09:18Z`, `20 Nov 09:18`, `yesterday`, `today 09:00`, `2h` (before now)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import product

from forensics.errors import ParameterError

When = Callable[[datetime], datetime]
"""From an aware "now" to an aware moment in UTC; most moments do not depend on it."""

FORMS = "2026-11-20T09:18:00Z, 2026-11-20 09:18, 20 Nov 09:18, yesterday, today 09:00, or 2h for two hours before"

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LENGTH = r"\d{1,6}\s*(?:s(?:ec(?:onds?)?)?|m(?:in(?:utes?)?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?)"
_AGO = re.compile(rf"-?\s*(?P<lengths>{_LENGTH}(?:[\s,]*{_LENGTH})*)(?:\s+ago)?", re.I)
_ONE = re.compile(r"(\d+)\s*([smhdw])", re.I)
_DAYS_BACK = {"today": 0, "yesterday": 1}
_DAY = re.compile(r"(?P<day>today|yesterday)?(?:[\s,T]*(?:at\s+)?(?P<clock>\d{1,2}:\d{2}(?::\d{2})?))?", re.I)
_MILLISECONDS = re.compile(r"1\d{12}")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+", re.I)
_UTC = re.compile(r"\s*(?:UTC|GMT|Z)\Z", re.I)
_LEAP_YEAR = datetime(2000, 12, 31, tzinfo=UTC)
_DATES, _CLOCKS = ("%Y %d %b", "%Y %b %d", "%d %b %Y", "%b %d %Y"), (" %H:%M:%S", " %H:%M", "")


def read_when(name: str, given: datetime | str, zone: tzinfo = UTC) -> When:
    """A time without a zone is one of `zone`. Raises ParameterError naming the option for what is no time."""
    if isinstance(given, datetime):
        return _fixed(_aware(given, zone))
    text = " ".join(given.split())
    for reading in (_iso, _relative, _on_a_day, _written_out):
        if when := reading(text, zone):
            return _within_the_calendar(name, given, when)
    raise ParameterError(f"{name} {given!r} is not a time; write it like {FORMS}")


def _within_the_calendar(name: str, given: str, when: When) -> When:
    def placed(now: datetime) -> datetime:
        try:
            return when(now)
        except OverflowError:
            raise ParameterError(f"{name} {given!r} lies outside of the calendar") from None

    return placed


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _fixed(moment: datetime) -> When:
    return lambda _: moment


def _iso(text: str, zone: tzinfo) -> When | None:
    if _MILLISECONDS.fullmatch(text):
        return _fixed(datetime.fromtimestamp(int(text) / 1000, UTC))
    try:
        return _fixed(_aware(datetime.fromisoformat(text.upper().removesuffix(" UTC") + "Z" * _in_utc(text)), zone))
    except (ValueError, OverflowError):
        return None


def _in_utc(text: str) -> bool:
    return text.upper().endswith(" UTC")


def _relative(text: str, _zone: tzinfo) -> When | None:
    if text.lower() == "now":
        return lambda now: now
    ago = _AGO.fullmatch(text)
    if ago is None:
        return None
    length = timedelta(seconds=sum(int(n) * _UNITS[unit.lower()] for n, unit in _ONE.findall(ago["lengths"])))
    return lambda now: now - length


def _on_a_day(text: str, zone: tzinfo) -> When | None:
    zone, text = (UTC, _UTC.sub("", text)) if _UTC.search(text) else (zone, text)
    named = _DAY.fullmatch(text)
    if named is None or not text:
        return None
    clock = next(filter(None, (_read(named["clock"] or "0:00", form) for form in ("%H:%M:%S", "%H:%M"))), None)
    if clock is None:
        return None
    back = timedelta(days=_DAYS_BACK[(named["day"] or "today").lower()])
    return lambda now: _aware(datetime.combine(now.astimezone(zone).date() - back, clock.time()), zone)


def _written_out(text: str, zone: tzinfo) -> When | None:
    """`Fri 20 Nov 2026 09:18:58 UTC` and its parts, as this tool's own pages print them; without a year the last."""
    zone, text = (UTC, _UTC.sub("", text)) if _UTC.search(text) else (zone, text)
    words = _WEEKDAY.sub("", text, count=1).replace(",", "")
    if next(_readings(words, _LEAP_YEAR, zone), None) is None:
        return None
    return lambda now: next(_readings(words, now, zone))


def _readings(words: str, now: datetime, zone: tzinfo) -> Iterator[datetime]:
    this_year = now.astimezone(zone).year
    for year, date, clock in product(
        ("", f"{this_year} ", f"{this_year - 1} ", f"{_LEAP_YEAR.year} "), _DATES, _CLOCKS
    ):
        stated = _read(year + words, date + clock)
        moment = _aware(stated, zone) if stated else None
        if moment and (not year or moment <= now + timedelta(days=1)):
            yield moment


def _read(words: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(words, form)  # noqa: DTZ007 - the caller knows the zone
    except ValueError:
        return None
