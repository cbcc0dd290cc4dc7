"""A database -> a fresh one that holds the readable rows of the tables that are read, under the same row ids.

Made anew, so that nothing is left of what was deleted. Tables and columns have the names, the order and the types they
had; what the schema asks of their values does not come along, for masked values need not keep it.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from forensics.evidence.private_copy import private_copy
from forensics.parsers.stores.reading.sqlite.database import Database, opened, select
from forensics.parsers.stores.reading.sqlite.row import ZSTD, unpacked
from forensics.parsers.stores.reading.sqlite.secret_tables import TABLES as SECRET_TABLES
from forensics.parsers.stores.reading.sqlite.tables import TABLES
from forensics.sharing.bundle.allowlist import holds_json
from forensics.sharing.bundle.copy_result import Taken
from forensics.sharing.bundle.json_values import masked_json
from forensics.sharing.bundle.masker import Masker
from forensics.sharing.bundle.originals import Original

_READ = frozenset(table.name for table in TABLES) - {table.name for table in SECRET_TABLES}
_COLUMN = re.compile(r"[A-Za-z]\w{0,100}")
_ROW_IDS = ("rowid", "oid")
_TYPES = ("TEXT", "INTEGER", "REAL", "BLOB", "NUMERIC")
_LOGINS = ("store_json", "value_json")
_CHUNK = 1 << 20


def masked_database(original: Original, masker: Masker, taken: Taken) -> Iterator[bytes]:
    """The bytes of the new database. Raises OSError and sqlite3.Error where the old one cannot be read, ValueError
    where there is nothing in it that is read."""
    folder = tempfile.TemporaryDirectory(prefix="forensics-", ignore_cleanup_errors=True)
    target = Path(folder.name, "collected.sqlite")
    with private_copy(original.item.real) as copy:
        taken.of_copy(copy.file, live=original.live)
        taken.notes += copy.troubles
        with opened(copy.file, original.source) as database:
            _rebuild(database, target, masker)
            taken.notes += [f"{reject.source.rpartition('!')[2]}: {reject.why}" for reject in database.rejects]
    return _bytes(folder, target)


def _bytes(folder: tempfile.TemporaryDirectory[str], target: Path) -> Iterator[bytes]:
    with folder, target.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _rebuild(database: Database, target: Path, masker: Masker) -> None:
    tables = sorted(database.tables & _READ)
    if not tables:
        raise ValueError("no table in it that is read")
    with closing(sqlite3.connect(target, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = OFF").close()
        for pragma in ("application_id", "user_version"):
            ((number,),) = database.connection.execute(f"PRAGMA {pragma}")
            made.execute(f"PRAGMA {pragma} = {int(number)}").close()
        made.execute("BEGIN").close()
        for table in tables:
            _copy_table(database, made, table, masker)
        made.execute("COMMIT").close()


# The names in the statements below are those of our own `Table`s, or words of letters, digits and underscores.


def _copy_table(database: Database, made: sqlite3.Connection, table: str, masker: Masker) -> None:
    columns = dict(_columns(database.connection, table))
    declared = ", ".join(f'"{name}" {kind}'.rstrip() for name, kind in columns.items())
    made.execute(f'CREATE TABLE "{table}" ({declared})').close()
    names = ", ".join(f'"{name}"' for name in ("rowid", *columns))
    marks = ", ".join("?" * (len(columns) + 1))
    rows = (
        (number, *(_cell(name, values.get(name), masker) for name in columns))
        for number, values in select(database, table, tuple(columns))
    )
    made.executemany(f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({marks})', rows)


def _columns(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str, str]]:
    for _, name, declared, *_ in connection.execute(f'PRAGMA table_info("{table}")'):
        if isinstance(name, str) and _COLUMN.fullmatch(name) and name.lower() not in _ROW_IDS:
            yield name, declared if declared in _TYPES else ""


def _cell(column: str, value: object, masker: Masker) -> object:
    masker = masker.of_logins() if column in _LOGINS else masker
    if isinstance(value, str):
        return _json(value, masker) if holds_json((column,)) else masker.value((column,), value)
    if isinstance(value, bytes):  # compressed or not: as plain bytes it can be looked through
        return _json(_text(value), masker).encode("utf-8", "replace") if holds_json((column,)) else None
    return value


def _json(text: str, masker: Masker) -> str:
    """One value, or a whole transcript with one on each line."""
    whole = masked_json(text, masker)
    if whole is not None or "\n" not in text:
        return masker.body(text) if whole is None else whole
    return "\n".join(masked_json(line, masker) or masker.line(line) for line in text.split("\n"))


def _text(value: bytes) -> str:
    try:
        return (unpacked(value) if value.startswith(ZSTD) else value).decode("utf-8", "replace")
    except ValueError:
        return "?"
