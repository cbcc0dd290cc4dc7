"""One opened database: what can be selected from it, and its rows, as far as a damage lets them be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from forensics.parsers.stores.store import Source
from forensics.tables import Reject

MOST_ROWS = 1_000_000  # of one table; the newest are kept
MOST_CELL = 128 << 20  # bytes of one value
_PAUSE = 1_000_000  # instructions of SQLite's machine between two looks at the budget
_PAUSES = 5_000  # about a minute of work
_FIRST = -(1 << 63)
_DAMAGE = (sqlite3.Error, UnicodeDecodeError)  # the module cannot show a message of SQLite's that quotes broken bytes

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Database:
    """An opened copy. `rejects` and `secrets` fill while it is read."""

    source: Source
    connection: sqlite3.Connection
    tables: frozenset[str]  # ordinary ones: neither views nor virtual tables
    rejects: list[Reject] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    looked_up: dict[tuple[str, str, str], Mapping[object, object]] = field(default_factory=dict)

    def reject(self, table: str, why: str) -> None:
        """Something of a table is lost."""
        self.rejects.append(Reject(source=f"{self.source.path}!{table}", lines=0, why=why))


@contextmanager
def opened(file: Path, source: Source) -> Iterator[Database]:
    """Open a private copy for reading. Raises sqlite3.Error where it is no database, or one that cannot be read."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
        _restrict(connection)
        try:
            tables = frozenset(_tables(connection))
        except UnicodeDecodeError:
            raise sqlite3.DatabaseError("malformed database schema") from None
        yield Database(source, connection, tables)


def _restrict(connection: sqlite3.Connection) -> None:
    """What SQLite advises for databases of strangers: nothing in the schema may run code or reach other files."""
    steps = count()
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_CELL)
    connection.set_progress_handler(lambda: next(steps) > _PAUSES, _PAUSE)
    for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}").close()


def _tables(connection: sqlite3.Connection) -> Iterator[str]:
    for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
        if isinstance(name, str) and isinstance(sql, str) and sql.lstrip().upper().startswith("CREATE TABLE"):
            yield name


def select(database: Database, table: str, columns: Sequence[str]) -> Iterator[tuple[int, Values]]:
    """Row id and values of every row, oldest first; columns this release does not have are left out.

    Past a damage the rows are read from the newest back to it. What is lost becomes a reject.
    """
    if table not in database.tables:
        return
    connection, origin = database.connection, _origin(database.connection, table)
    there = [column for column in columns if _selectable(connection, origin, column)]
    if not there:
        database.reject(table, "has none of the columns it had in the releases known")
        return
    last = _before_first(database, table, origin)
    try:
        for number, values in _rows(connection, origin, there, f"t.rowid > {last} ORDER BY t.rowid"):
            last = number
            yield number, values
    except _DAMAGE as error:
        database.reject(table, f"{error}; read up to row {max(last, 0):,}, and from the newest row back to the damage")
        with suppress(*_DAMAGE):
            yield from _rows(connection, origin, there, f"t.rowid > {last} ORDER BY t.rowid DESC")


# The names in the queries below are those of our own `Table`s: nothing of the evidence gets into a query.


def _rows(
    connection: sqlite3.Connection, origin: str, columns: Sequence[str], which: str
) -> Iterator[tuple[int, Values]]:
    names = ", ".join(f't."{column}"' for column in ("rowid", *columns))
    query = f"SELECT {names} FROM {origin} WHERE {which}"
    for number, *values in connection.execute(query):
        yield number, dict(zip(columns, values, strict=True))


def _origin(connection: sqlite3.Connection, table: str) -> str:
    """The table, with row numbers where it was made without row ids."""
    plain = f'"{table}" AS t'
    if _selectable(connection, plain, "rowid"):
        return plain
    return f'(SELECT row_number() OVER () AS rowid, * FROM "{table}") AS t'


def _selectable(connection: sqlite3.Connection, origin: str, column: str) -> bool:
    """False for a column that is not there, or is computed by something this SQLite does not know."""
    try:
        connection.execute(f'SELECT t."{column}" FROM {origin} LIMIT 0').close()
    except _DAMAGE:
        return False
    return True


def _before_first(database: Database, table: str, origin: str) -> int:
    """The row id behind which reading begins: of a table with too many rows the newest are read."""
    with suppress(*_DAMAGE):
        ((newest,),) = database.connection.execute(f"SELECT max(t.rowid) FROM {origin}")
        start = newest - MOST_ROWS if isinstance(newest, int) else _FIRST
        older = f"SELECT 1 FROM {origin} WHERE t.rowid <= {start} LIMIT 1"
        if database.connection.execute(older).fetchone():
            database.reject(table, f"too many rows: only those after row {start:,} are read")
            return start
    return _FIRST


def lookup(database: Database, table: str, key: str, value: str) -> Mapping[object, object]:
    """One column of a table by another one, read once."""
    asked = (table, key, value)
    if asked not in database.looked_up:
        found = {values.get(key): values.get(value) for _, values in select(database, table, (key, value))}
        database.looked_up[asked] = found
    return database.looked_up[asked]
