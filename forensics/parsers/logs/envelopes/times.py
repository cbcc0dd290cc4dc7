"""Times as log lines write them. A time that no calendar knows is None, never an error."""

from __future__ import annotations

from datetime import datetime, time

from forensics.instants import from_iso

STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
"""Date and time of day, without fraction and zone."""

ZONE = r"(?:Z|[+-]\d\d:?\d\d)"

CONSOLE_STAMP = rf"{STAMP}\.\d{{3}}{ZONE}?"
"""What OpenClaw prints: always milliseconds. Another fraction is another program's prefix."""

CLOCK = r"\d\d:\d\d:\d\d(?:[+-]\d\d:\d\d)?"
"""Pretty consoles, and `openclaw logs` on a terminal."""


def instant(text: object) -> datetime | None:
    """`2026-11-20T09:18:58.941+00:00` and its kin; aware if a zone stands there. Fractions beyond 1 us are cut."""
    if not isinstance(text, str) or text[10:11] != "T":
        return None
    try:
        return from_iso(text)
    except ValueError:
        return instant(_midnight(text, 11)) if text[11:13] == "24" else None


def clock(text: str) -> time | None:
    """`09:18:58` or `10:18:58+01:00`."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        return clock(_midnight(text, 0)) if text[:2] == "24" else None


def _midnight(text: str, hour: int) -> str:
    """Old ICU data prints the first hour of a day as 24, of the day that has already begun."""
    return f"{text[:hour]}00{text[hour + 2 :]}"
