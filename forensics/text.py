"""Times, durations and evidence text as people read them: short, in UTC, with nothing invisible in it."""

from __future__ import annotations

import json
import re
from datetime import datetime

import msgspec

from forensics.timeless import is_dateless, is_undated

_INVISIBLE = re.compile(  # control, bidirectional, zero-width and tag characters, lone surrogates
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_UNCOMMON = re.compile(r"[^\n -~]")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def visible(text: str) -> str:
    """The text on one line, every control or invisible character shown as a sign (`⏎`, `␛`, `<U+202E>`)."""
    return _INVISIBLE.sub(lambda found: _sign(ord(found[0])), text)


def visible_lines(text: str) -> str:
    """The text with its line breaks kept, and everything else invisible in it shown as a sign."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _sign(code: int) -> str:
    if code == 0x0A:
        return "⏎"
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def clip(text: str, limit: int) -> str:
    """At most `limit` characters of visible text; `…` stands for what was cut off."""
    text = visible(text.strip())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def shorten_middle(name: str, limit: int) -> str:
    """A long identifier with its middle left out, so that both ends can still be told apart."""
    name = visible(name)
    if len(name) <= limit:
        return name
    tail = (limit - 1) // 2
    return f"{name[: limit - 1 - tail]}…{name[-tail:]}"


def duration(seconds: float) -> str:
    """Seconds in the two largest units that matter: `45 s`, `25 min`, `1 h 39 min`, `6 d 2 h`."""
    whole = max(0, round(seconds))
    if whole < 2 * _MINUTE:
        return f"{whole} s" if whole % _MINUTE or not whole else f"{whole // _MINUTE} min"
    minutes = round(whole / _MINUTE)
    if minutes < 60:
        return f"{minutes} min"
    if whole < 2 * _DAY:
        return _pair(minutes // 60, "h", minutes % 60, "min")
    hours = round(whole / _HOUR)
    return _pair(hours // 24, "d", hours % 24, "h")


def _pair(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"


def between(start: datetime, end: datetime) -> str:
    """How long it is from one instant to the next, as `duration` says it."""
    return duration((end - start).total_seconds())


DAY_UNKNOWN = "day unknown"


def unplaced(time: datetime, form: str = "%H:%M:%S") -> str | None:
    """What can be said of a time that is unknown, or of which the day is; None for one that is known."""
    if is_undated(time):
        return "time unknown"
    return f"{time:{form}} ({DAY_UNKNOWN})" if is_dateless(time) else None


def in_figures(time: datetime | None) -> str:
    """One instant with its date in figures: `2026-11-20 09:18:58 UTC`; `time unknown` where there is none."""
    if time is None:
        return "time unknown"
    return unplaced(time) or f"{time:%Y-%m-%d %H:%M:%S} UTC"


def span_in_figures(start: datetime, end: datetime) -> str:
    """`2026-11-20 09:18:58 to 2026-11-20 10:37:01 UTC`."""
    if unplaced(start) or unplaced(end):
        return f"{in_figures(start)} to {in_figures(end)}"
    return f"{in_figures(start).removesuffix(' UTC')} to {in_figures(end)}"


def clock(time: datetime | None, beside: datetime | None = None) -> str:
    """`09:18:58`, with the day before it where it is not the day of `beside`; `time unknown` where there is none."""
    if time is None:
        return "time unknown"
    if beside is not None and time.date() == beside.date():
        return f"{time:%H:%M:%S}"
    return unplaced(time) or f"{time:%d %b %H:%M:%S}"


def moment(time: datetime) -> str:
    """One instant in full: `Fri 20 Nov 2026 09:18:58 UTC`."""
    return unplaced(time) or f"{time:%a %d %b %Y %H:%M:%S} UTC"


def counted(count: int, noun: str) -> str:
    """`1 window`, `3 windows`, `no windows`."""
    plural = noun if count == 1 else noun + ("es" if noun.endswith(("s", "sh", "ch")) else "s")
    return f"{count or 'no'} {plural}"


def json_text(document: object) -> str:
    """A document as indented JSON that shows nothing invisible."""
    return sealed_json(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())


def sealed_json(text: str) -> str:
    """JSON text in which every control or invisible character is written as its escape; it means the same."""
    return _UNCOMMON.sub(lambda found: found[0] if visible(found[0]) == found[0] else json.dumps(found[0])[1:-1], text)
