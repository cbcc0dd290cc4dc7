"""The physical lines of a file and the rows of a database, as they stand there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forensics.errors import EvidenceError
from forensics.evidence import Plain
from forensics.evidence.private_copy import SQLITE, private_copy
from forensics.parsers.stores.reading.sqlite.database import Database, opened, select
from forensics.parsers.stores.reading.sqlite.row import ZSTD, unpacked
from forensics.parsers.stores.store import Source

LONGEST = 4 << 20  # bytes of one line; what is longer is cut
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. ")


def is_database(file: Path) -> bool:
    with file.open("rb") as opened_file:
        return opened_file.read(len(SQLITE)) == SQLITE


def physical_lines(file: Path) -> Iterator[tuple[int, str]]:
    """Number from 1 and text of every line, as the readers of logs count them."""
    number = 0
    with file.open("rb") as stream:
        while raw := stream.readline(LONGEST):
            number += 1
            yield number, raw.decode("utf-8", "replace").rstrip("\r\n")
            while len(raw) == LONGEST and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST)


@contextmanager
def database(plain: Plain) -> Iterator[Database]:
    """A private copy, opened. Raises EvidenceError where it cannot be read."""
    source = Source(plain.path, plain.real, plain.mtime, None)
    try:
        with private_copy(plain.real) as copy, opened(copy.file, source) as connected:
            yield connected
    except (OSError, sqlite3.Error) as error:
        raise EvidenceError(f"{plain.path}: cannot be read as a database: {error}") from None


def table_rows(connected: Database, table: str) -> Iterator[tuple[int, str]]:
    """Row id and cells of every row as one JSON object; a table of a name that no query may hold has none."""
    if not (table in connected.tables and set(table) <= _NAME):
        return
    with_names = connected.connection.execute(f'SELECT * FROM "{table}" LIMIT 0')
    columns = [name for name, *_ in with_names.description if set(name) <= _NAME]
    for number, values in select(connected, table, columns):
        yield number, json.dumps({name: _cell(value) for name, value in values.items()}, ensure_ascii=False)


def _cell(value: object) -> object:
    if not isinstance(value, bytes):
        return value
    try:
        return (unpacked(value) if value.startswith(ZSTD) else value).decode()
    except ValueError:
        return f"<{len(value)} bytes>"
