"""When an answer says that it will be better: dates, epochs, `in 6 days`, `Retry-After: 2`, `resets 3pm (UTC)`.

A time counts only behind words that announce one, so dates in model names, ids and paths do not. Without a zone
in the text UTC is taken. Nothing reads the clock: `now` is the time of the failure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

_FURTHEST = timedelta(days=400)  # whatever lies further off is not a reset

_SAYS_WHEN = r"""(?:try\ again|retry(?:ing)?(?:\ (?:your\ )?request)?|resets?(?:_at|\ after)?|regain\ access
    |available(?:\ again)?|come\ back|wait|until|renews?|refresh(?:es|ed)?|unblocked)"""
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_AMOUNT = r"""(?:(?P<n>\d+(?:\.\d+)?)\s*|\ban?\s+)
    (?P<unit>ms|milliseconds?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])"""

_EPOCH = re.compile(
    r"""(?: (?:resets?_?at|reset_?time|resets?At|blocked_?until|x-ratelimit-reset)["']?\s*[:=]\s*["']?
        | usage\ limit\ reached\| )
        (?P<epoch>\d{10}(?:\d{3})?)(?!\d)""",
    re.X | re.I,
)
_ISO = re.compile(
    _SAYS_WHEN
    + r"""[^.\n]{0,40}?(?P<iso>20\d\d-\d\d-\d\d)
    (?:(?:[T\ ]|\ at\ )(?P<clock>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:\ ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?)?""",
    re.X | re.I,
)
_NAMED = re.compile(
    _SAYS_WHEN
    + r"""[^.\n]{0,30}?\b(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\ (?P<day>\d{1,2})
    (?:st|nd|rd|th)?(?:,?\ (?P<year>20\d\d))?
    (?:,?(?:\ at)?\ (?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\ ?(?P<half>[ap]m)?)?
    (?:\ \(?(?P<zone>UTC|GMT|[A-Z][A-Za-z]+/[A-Za-z_/]+)\)?)?""",
    re.X | re.I,
)
_CLOCK = re.compile(
    _SAYS_WHEN
    + r"""(?:\ at)?\ (?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\ ?(?P<half>[ap]m)?
    (?:\ ?\(?(?P<zone>UTC|GMT|[A-Z][A-Za-z]+/[A-Za-z_/]+)\)?)?(?![\w:%])""",
    re.X | re.I,
)
# Blanks are counted: two unbounded runs side by side cost the square of a run that somebody wrote.
_DELAY = re.compile(
    _SAYS_WHEN
    + r"[^.\n\d]{0,30}?(?:\b(?:in|after|for)\b|:)?\s{0,4}(?:about\ |approximately\ |~)?\s{0,4}(?P<span>" + _AMOUNT
    # further amounts of the same span: `2h 15m`, `6m0s`, `1 hour and 5 minutes`
    + r"(?:(?:\ and\ |\s|,){0,6}\d+(?:\.\d+)?\s{0,4}"
    + r"(?:ms|s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?)(?![a-z]))*)",
    re.X | re.I,
)  # fmt: skip
_SECONDS = re.compile(
    r"""(?:retry[-_ ]?after(?P<ms>[-_]?ms)?|retry_?delay|resets?_?in(?:_seconds)?|reset_after_seconds)
    ["']?\s{0,4}[:=]?\s{0,4}["']?(?P<n>\d+(?:\.\d+)?)(?![\d.]*\s{0,4}(?:m(?!s)|h|d))""",
    re.X | re.I,
)
_ONE = re.compile(_AMOUNT, re.X | re.I)
_WORDS = (
    "again", "retry", "reset", "regain", "available", "come back", "wait", "until", "renew", "refresh", "unblocked",
    "limit reached",
)  # fmt: skip
"""Lower case: each of the patterns above asks for one of them, and most texts hold none."""


def reset_instant(text: str, now: datetime) -> datetime | None:
    """The instant at which the text says that it will be better, UTC; None where it does not say.

    `now` (aware) is when the failure happened. Instants more than a day before it or 400 days after it are lies.
    """
    if not _may_say_when(text):
        return None
    readers: tuple[Callable[[str, datetime], datetime | None], ...] = (_epoch, _iso, _named, _delayed, _clock)
    for reader in readers:
        instant = reader(text, now.astimezone(UTC))
        if instant and -timedelta(days=1) <= instant - now <= _FURTHEST:
            return instant
    return None


def next_midnight(zone: str, now: datetime) -> datetime | None:
    """The first midnight of a time zone after `now`, UTC; None where this machine does not know the zone."""
    try:
        here = now.astimezone(ZoneInfo(zone))
    except (KeyError, OSError, ValueError):
        return None
    return datetime.combine(here.date() + timedelta(days=1), time(), here.tzinfo).astimezone(UTC)


def absolute_reset(text: str) -> datetime | None:
    """As `reset_instant`, but only where the text alone tells (an epoch, or a date with its year)."""
    instant = _epoch(text, None) or _iso(text, None) or _named(text, None)
    return instant if instant and 2020 <= instant.year < 2100 else None


def retry_after(text: str) -> float | None:
    """How many seconds the text asks to wait: `Retry-After: 2 seconds`, `try again in 1h30m`, `retryDelay: "34s"`."""
    seconds = _stated_seconds(text) if _may_say_when(text) else None
    return seconds if seconds is not None and seconds <= _FURTHEST.total_seconds() else None


def _may_say_when(text: str) -> bool:
    folded = text.casefold()
    return any(word in folded for word in _WORDS)


def _stated_seconds(text: str) -> float | None:
    if match := _SECONDS.search(text):
        return float(match["n"]) * (0.001 if match["ms"] else 1.0)
    if not (match := _DELAY.search(text)):
        return None
    parts = _ONE.finditer(match["span"])
    return sum(float(part["n"] or 1) * _UNIT_SECONDS[_unit(part["unit"])] for part in parts)


def _unit(word: str) -> str:
    word = word.lower()
    return "ms" if word.startswith(("ms", "milli")) else word[0]


def _epoch(text: str, now: datetime | None) -> datetime | None:
    match = _EPOCH.search(text)
    if not match:
        return None
    seconds = int(match["epoch"]) / (1000 if len(match["epoch"]) == 13 else 1)
    return _moment(lambda: datetime.fromtimestamp(seconds, UTC))


def _iso(text: str, now: datetime | None) -> datetime | None:
    match = _ISO.search(text)
    if not match:
        return None
    zone = (match["zone"] or "Z").upper().replace("UTC", "Z").replace("GMT", "Z")
    clock = match["clock"] or "00:00"
    return _moment(lambda: datetime.fromisoformat(f"{match['iso']}T{clock}{zone}").astimezone(UTC))


def _named(text: str, now: datetime | None) -> datetime | None:
    match = _NAMED.search(text)
    if not match or not (match["year"] or now):
        return None
    year = int(match["year"] or now.year) if now else int(match["year"])
    month = _MONTHS.index(match["month"].lower()) + 1
    instant = _at(year, month, int(match["day"]), match)
    passed = instant and now and not match["year"] and instant < now - timedelta(days=1)
    return _at(year + 1, month, int(match["day"]), match) if passed else instant


def _clock(text: str, now: datetime | None) -> datetime | None:
    """A time of day: the next one after `now` in its zone."""
    match = _CLOCK.search(text)
    if not match or not now or not (match["half"] or match["minute"]):
        return None
    here = now.astimezone(_zone(match["zone"]))
    today = _at(here.year, here.month, here.day, match)
    if today and today <= now:
        following: date = here.date() + timedelta(days=1)
        return _at(following.year, following.month, following.day, match)
    return today


def _delayed(text: str, now: datetime | None) -> datetime | None:
    delay = retry_after(text)
    return now + timedelta(seconds=delay) if delay is not None and now else None


def _at(year: int, month: int, day: int, match: re.Match[str]) -> datetime | None:
    hour, half = int(match["hour"] or 0), (match["half"] or "").lower()
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    zone = _zone(match["zone"])
    return _moment(
        lambda: datetime.combine(date(year, month, day), time(hour, int(match["minute"] or 0)), zone).astimezone(UTC)
    )


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name and "/" in name else UTC
    except (KeyError, OSError, ValueError):
        return UTC


def _moment(make: Callable[[], datetime]) -> datetime | None:
    """Text is hostile: a 31 February or an hour 99 is no instant."""
    try:
        return make()
    except (ValueError, OverflowError, OSError):
        return None
