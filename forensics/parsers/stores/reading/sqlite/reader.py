"""A `Store.read` and a `Store.claims` for databases: all kinds hold the same tables, or some of them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence

from forensics.evidence.private_copy import SQLITE, private_copy
from forensics.parsers.stores.reading.sealing import sealed
from forensics.parsers.stores.reading.sqlite.database import Database, opened, select
from forensics.parsers.stores.reading.sqlite.row import Found, Row, Table
from forensics.parsers.stores.store import Contents, Source
from forensics.tables import Credential, Event, Reject, StateValue

_NO_DATABASE = "file is not a database"
_EMPTY = "no table in it: everything was still in a -wal that is not here"


def database_reader(tables: Sequence[Table], may_be_empty: bool = True) -> Callable[[Source], Contents]:
    """A `Store.read`. The evidence is copied and stays as it is; whatever cannot be read becomes a reject."""

    def read(source: Source) -> Contents:
        try:
            with private_copy(source.real) as copy, opened(copy.file, source) as database:
                found = [row for table in tables for row in _found(database, table)]
                troubles = [*copy.troubles, *([] if may_be_empty or database.tables else [_EMPTY])]
                rejects = [*database.rejects, *(_whole(source, why) for why in troubles)]
                contents = _contents(found, rejects, database)
        except OSError as error:
            return Contents(rejects=(_whole(source, f"cannot be read: {error.strerror}"),))
        except sqlite3.Error as error:
            return Contents(rejects=(_whole(source, _why(error)),))
        return sealed(contents)

    return read


def _found(database: Database, table: Table) -> Iterator[Found]:
    for number, values in select(database, table.name, table.columns):
        row = Row(database, table.name, number, values)
        try:
            yield from table.read(row)
        except ValueError as error:
            yield Reject(source=row.place, lines=0, why=str(error))


def _contents(found: Sequence[Found], rejects: Sequence[Reject], database: Database) -> Contents:
    return Contents(
        state=tuple(row for row in found if isinstance(row, StateValue)),
        credentials=tuple(row for row in found if isinstance(row, Credential)),
        events=tuple(row for row in found if isinstance(row, Event)),
        rejects=tuple(dict.fromkeys([*rejects, *(row for row in found if isinstance(row, Reject))])),
        secrets=frozenset(database.secrets),
    )


def _whole(source: Source, why: str) -> Reject:
    return Reject(source=source.path, lines=0, why=why)


def _why(error: sqlite3.Error) -> str:
    hint = " (encrypted, or overwritten)" if str(error) == _NO_DATABASE else ""
    return f"cannot be opened as a database: {error}{hint}"


# --- which kind of database a file is

_MADE = re.compile(rb"CREATE TABLE (?:IF NOT EXISTS )?[\"'`\[]?(\w+)")
_MARKS = (  # tables that only one kind has; the first kind with one of them is it
    (
        "state_database",
        {
            b"acp_sessions", b"agent_databases", b"audit_events", b"auth_profile_stores", b"config_health_entries",
            b"config_machine_state", b"cron_jobs", b"cron_run_logs", b"cron_run_receipts", b"delivery_queue_entries",
            b"diagnostic_events", b"gateway_boot_lifecycle", b"installed_plugin_index", b"state_leases",
            b"subagent_runs",
        },
    ),
    ("agent_database", {b"auth_profile_store", b"session_nodes", b"session_windows", b"transcript_events"}),
    ("tasks_database", {b"flow_runs", b"task_delivery_state", b"task_runs"}),
)  # fmt: skip


def database_claims(store: str, name: str) -> Callable[[str, bytes], bool]:
    """A `Store.claims`: by a table in the first 64 KiB, else by name (regular expression, at the path's end)."""
    pattern = re.compile(rf"(?:^|[/\\!])(?:{name})$", re.I)

    def claims(path: str, head: bytes) -> bool:
        kind = _kind(head) if head.startswith(SQLITE) else None
        return kind == store if kind else bool(pattern.search(path))

    return claims


def _kind(head: bytes) -> str | None:
    made = set(_MADE.findall(head))
    return next((kind for kind, marks in _MARKS if made & marks), None)
