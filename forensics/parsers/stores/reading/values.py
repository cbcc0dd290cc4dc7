"""Plain readers for one JSON value each. None of them raises, whatever the value is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from forensics.instants import from_iso, from_ms

Path = tuple[str | int, ...]
"""Keys and indexes from the root of a document, as in a JSON pointer."""

ABSENT = object()

_INT64 = 2**63


def inside(value: object, *path: str | int) -> object:
    """The value at a path, or ABSENT."""
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step, ABSENT)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return ABSENT
    return value


def members(value: object) -> Iterator[tuple[str | int, object]]:
    """Key (or index) and value of each member of an object or array; nothing for anything else."""
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def records(value: object) -> Iterator[tuple[str | int, Mapping[str, object]]]:
    """As `members`, objects only."""
    return ((key, member) for key, member in members(value) if isinstance(member, Mapping))


def word(value: object) -> str | None:
    """A string with something in it, else None."""
    return value if isinstance(value, str) and value.strip() else None


def whole(value: object) -> int | None:
    """A whole number that fits 64 bits, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) < _INT64 and int(value) == value else None


def moment_ms(value: object) -> datetime | None:
    """Milliseconds since 1970 -> instant; None where it is none (`instants`)."""
    return from_ms(value) if isinstance(value, int | float) else None


def moment_iso(value: object) -> datetime | None:
    """ISO 8601 with a zone -> UTC instant; without a zone, or not a date: None."""
    try:
        time = from_iso(value) if isinstance(value, str) else None
        return time.astimezone(UTC) if time and time.tzinfo else None
    except ValueError:
        return None


def latest(values: Sequence[object]) -> datetime | None:
    """The latest of several millisecond values, those that are moments."""
    return max((time for value in values if (time := moment_ms(value))), default=None)


def as_json(value: object) -> str:
    """Compact JSON text."""
    return msgspec.json.encode(value).decode()


def pointer(path: Path) -> str:
    """RFC 6901."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def agent_of(session_key: object) -> str | None:
    """`agent:<id>:…` -> id."""
    parts = session_key.split(":") if isinstance(session_key, str) else []
    return parts[1] or None if len(parts) > 2 and parts[0] == "agent" else None
