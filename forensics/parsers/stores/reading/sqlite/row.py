"""One row: where it stands, what its cells hold, and how it becomes rows of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import zstandard

from forensics.parsers.stores.reading.document import Document
from forensics.parsers.stores.reading.lines import Line
from forensics.parsers.stores.reading.parse import parse_strict
from forensics.parsers.stores.reading.sqlite.database import MOST_CELL, Database, Values
from forensics.parsers.stores.reading.values import ABSENT, as_json, inside, moment_ms, word
from forensics.secrets.detect import secrets_in
from forensics.tables import Credential, Event, Reject, StateValue

ZSTD = b"\x28\xb5\x2f\xfd"
_SLICE = 1 << 10  # unpacked at a time: so little cannot become too much at once

Found = Event | StateValue | Credential | Reject
Reading = Callable[["Row"], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Table:
    """One table OpenClaw has, or had: the columns that are read of it, and what a row gives."""

    name: str
    columns: tuple[str, ...]
    read: Reading


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one table. Readers of cells raise ValueError where a cell does not hold what it should."""

    database: Database
    table: str
    number: int
    values: Values

    @property
    def path(self) -> str:
        """`path!table`: the source of its events, whose line is the row id."""
        return f"{self.database.source.path}!{self.table}"

    @property
    def place(self) -> str:
        """`path!table/rowid`."""
        return f"{self.path}/{self.number}"

    def word(self, column: str) -> str | None:
        """A text that is shown as it is."""
        return word(self.values.get(column))

    def moment(self, *columns: str) -> datetime | None:
        """Milliseconds since 1970 -> instant; of several columns the first that holds one."""
        return next((time for column in columns if (time := moment_ms(self.values.get(column)))), None)

    def named(self) -> dict[str, object]:
        """The cells under the names their fields have in JSON (`run_at_ms` -> `runAtMs`); NULL and blobs left out."""
        kept = {name: value for name, value in self.values.items() if isinstance(value, str | int | float)}
        self.database.secrets.update(secret for v in kept.values() if isinstance(v, str) for secret in secrets_in(v))
        return {camel(name): value for name, value in kept.items()}

    def text(self, column: str) -> str | None:
        """A cell's text, unpacked if it is zstd; its secrets are kept for the redactor."""
        value = self.values.get(column)
        if isinstance(value, bytes):
            value = (unpacked(value) if value.startswith(ZSTD) else value).decode("utf-8", "replace")
        if not isinstance(value, str):
            return None
        self.database.secrets.update(secrets_in(value))
        return value

    def json(self, column: str) -> object:
        """A cell's JSON value; ABSENT where it is NULL."""
        text = self.text(column)
        try:
            return parse_strict(text) if text else ABSENT
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{column} is not JSON: {_said(error)}") from None

    def record(self, column: str) -> Mapping[str, object]:
        """A cell's JSON object; an empty one where it is NULL."""
        value = self.json(column)
        if isinstance(value, Mapping):
            return value
        if value is ABSENT:
            return {}
        raise ValueError(f"{column} is JSON, but no object")

    def document(self, store: str, column: str, agent: str | None) -> Document:
        """A cell's JSON object as if it were a state file of its own, `path!table/rowid`."""
        source = replace(self.database.source, path=self.place, agent=agent)
        return Document(store, source, self.record(column), "")

    def line(self, value: object, store: str = "") -> Line:
        """A value as if it were a line of `path!table`."""
        return Line(store, replace(self.database.source, path=self.path), self.number, value, None)

    def make(self, *times: str) -> partial[Event]:
        """An event to be completed: its place, and its time from the first of the columns that holds one."""
        time, line = self.moment(*times), self.line(None)
        return partial(
            Event,
            source=line.source.path, line=line.number, sources=(line.place,),
            time=time, time_basis="exact" if time else "none", agent=line.source.agent,
        )  # fmt: skip

    def observe(
        self,
        store: str,
        entity: str,
        record: Mapping[str, object],
        fields: Sequence[str],
        at: datetime | None,
        agent: str | None = None,
    ) -> Iterator[StateValue]:
        """One row per field (dotted: nested) that a record has."""
        for key in fields:
            value = inside(record, *key.split("."))
            if value is not ABSENT:
                yield StateValue(
                    source=self.place, store=store, observed_at=at or self.database.source.mtime,
                    agent=agent or self.database.source.agent, entity=entity, key=key, value=as_json(value),
                )  # fmt: skip


def camel(name: str) -> str:
    """`run_at_ms` -> `runAtMs`."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def unpacked(packed: bytes) -> bytes:
    """The content of one zstd frame. Raises ValueError where it is cut, broken, or more than a cell may hold."""
    frame, whole = zstandard.ZstdDecompressor().decompressobj(), bytearray()
    try:
        for at in range(0, len(packed), _SLICE):
            whole += frame.decompress(packed[at : at + _SLICE])
            if len(whole) > MOST_CELL:
                raise ValueError(f"zstd: unpacks to more than {MOST_CELL >> 20} MiB")
            if frame.eof:
                return bytes(whole)
    except zstandard.ZstdError as error:
        raise ValueError(f"zstd: {error}") from None
    raise ValueError("zstd: cut short")


def _said(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
