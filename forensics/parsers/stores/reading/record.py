"""A record of a state file with types: a field is one name, its keys and its type; a value of another type is None.

The rows of a record (`tables.StateValue`) are decoded here and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Generic, TypeVar, overload

import msgspec

from forensics.parsers.stores.reading.values import moment_iso, moment_ms, whole, word
from forensics.tables import StateValue

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one state file holds of one entity, under dotted keys, each value with its place."""

    stores: ClassVar[tuple[str, ...]] = ()  # whose rows are such a record

    store: str
    file: str  # path, for a cell of a database path!table/rowid
    entity: str  # session key, profile id, job id, …
    agent: str | None
    observed_at: datetime | None
    values: Mapping[str, object]
    sources: Mapping[str, str]

    def source(self, *keys: str) -> str | None:
        """Where the first of these keys stands that the record has; without keys the place of any value."""
        return next((self.sources[key] for key in keys or self.sources if key in self.sources), None)

    def instant(self, key: str) -> datetime | None:
        """A millisecond value as an instant; None where absent or impossible."""
        return moment_ms(self.values.get(key))


R = TypeVar("R", bound=Record)


class Field(Generic[V]):
    """One typed value of a record: the first of its keys that holds a value of its type, else None."""

    def __init__(self, read: Callable[[object], V | None], *keys: str) -> None:
        self.keys, self._read = keys, read

    @overload
    def __get__(self, record: None, owner: type) -> Field[V]: ...
    @overload
    def __get__(self, record: Record, owner: type) -> V | None: ...
    def __get__(self, record: Record | None, owner: type) -> Field[V] | V | None:
        if record is None:
            return self
        read = (self._read(record.values[key]) for key in self.keys if key in record.values)
        return next((value for value in read if value is not None), None)


def text(*keys: str) -> Field[str]:
    """A text that is not blank."""
    return Field(word, *keys)


def number(*keys: str) -> Field[int]:
    """A whole number."""
    return Field(whole, *keys)


def instant(*keys: str) -> Field[datetime]:
    """Milliseconds since 1970."""
    return Field(moment_ms, *keys)


def iso_instant(*keys: str) -> Field[datetime]:
    """ISO 8601 with a zone."""
    return Field(moment_iso, *keys)


def truth(*keys: str) -> Field[bool]:
    """true or false; nothing else counts as either."""
    return Field(lambda value: value if isinstance(value, bool) else None, *keys)


def texts(*keys: str) -> Field[tuple[str, ...]]:
    """The texts of an array."""
    return Field(_texts, *keys)


def counts(*keys: str) -> Field[Mapping[str, int]]:
    """An object of whole numbers."""
    return Field(_counts, *keys)


def _texts(value: object) -> tuple[str, ...] | None:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else None


def _counts(value: object) -> Mapping[str, int] | None:
    if not isinstance(value, Mapping):
        return None
    return {str(key): count for key, number in value.items() if (count := whole(number)) is not None}


def merged(records: Iterable[R]) -> tuple[R, ...]:
    """One record for each entity: of what several files hold of it the last counts, value by value."""
    found: dict[str, R] = {}
    for record in records:
        before = found.get(record.entity, record)
        values, sources = {**before.values, **record.values}, {**before.sources, **record.sources}
        found[record.entity] = replace(record, values=values, sources=sources)
    return tuple(found.values())


def fields_of(kind: type[Record]) -> dict[str, Field[object]]:
    """Name -> field of a kind of record."""
    return {name: field for name, field in vars(kind).items() if isinstance(field, Field)}


def read_records(rows: Iterable[StateValue]) -> tuple[Record, ...]:
    """The records behind the rows, in the order of their first row. A database's cell is a file of its own."""
    groups = defaultdict[tuple[str, str, str, str | None], list[StateValue]](list)
    for row in rows:
        groups[row.store, row.source.partition("#")[0], row.entity, row.agent].append(row)
    return tuple(
        Record(
            store=store,
            file=file,
            entity=entity,
            agent=agent,
            observed_at=group[0].observed_at,
            values={row.key: _decoded(row.value) for row in group},
            sources={row.key: row.source for row in group},
        )
        for (store, file, entity, agent), group in groups.items()
    )


def _decoded(value: str) -> object:
    """Rows hold valid JSON; anything else is None."""
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        return None
