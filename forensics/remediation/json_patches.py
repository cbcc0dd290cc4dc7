"""The smallest edit of a state file where no command does it: an RFC 6902 patch for its owner to apply.

The kit never writes into evidence. Each value that a patch removes is tested first, so that a patch made from old
evidence fails instead of touching what has changed since. There is none for SQLite: no edit of it is safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from forensics.parsers.stores.reading.auth_record import ProfileStats
from forensics.parsers.stores.reading.session_entry import SessionEntry

_PIN = ("authProfileOverride", "authProfileOverrideSource", "authProfileOverrideCompactionCount")
_MODEL_PIN = ("providerOverride", "modelOverride", "modelOverrideSource")


@dataclass(frozen=True, slots=True)
class Patch:
    """Operations for one file of the evidence, named as there."""

    file: str
    operations: tuple[Mapping[str, object], ...]

    def __str__(self) -> str:
        """The operations as JSON on one line."""
        return msgspec.json.encode(self.operations).decode()


def clear_window(stats: ProfileStats, field: str) -> Patch | None:
    """Ends one window of one profile. None where it is not in a JSON file."""
    return _removing([(stats.sources[field], stats.values[field])]) if field in stats.sources else None


def clear_pins(pins: Iterable[tuple[SessionEntry, str]]) -> Patch | None:
    """Takes the pinned profile (or model) out of each session. None where they do not lie in one JSON file."""
    return _removing([pair for entry, field in pins for pair in _pin_values(entry, field)])


def _pin_values(entry: SessionEntry, field: str) -> list[tuple[str, object]]:
    keys = _PIN if field in _PIN else _MODEL_PIN
    return [(entry.sources[key], value) for key, value in entry.values.items() if key in keys]


def drop_copy(source: str) -> Patch | None:
    """Takes an agent's own copy of a profile away, so that it reads the main agent's; never shows the secret."""
    file, pointer = _place(source)
    return Patch(file, ({"op": "remove", "path": pointer},)) if file else None


def _removing(values: Sequence[tuple[str, object]]) -> Patch | None:
    places = [(*_place(source), value) for source, value in values]
    files = {file for file, _, _ in places}
    if len(files) != 1 or "" in files:
        return None
    tests = [{"op": "test", "path": pointer, "value": value} for _, pointer, value in places]
    removals = [{"op": "remove", "path": pointer} for _, pointer, _ in places]
    return Patch(files.pop(), (*tests, *removals))


def _place(source: str) -> tuple[str, str]:
    """`path.json#/pointer` -> file and pointer; nothing for a database, an archive or a backup."""
    file, _, pointer = source.partition("#")
    return (file, pointer) if file.endswith(".json") and "!" not in file and pointer else ("", "")
