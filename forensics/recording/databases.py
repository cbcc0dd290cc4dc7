"""The stores that lie in databases (6.5+), as the documents they were before, so that an upgrade breaks no history.

A database is opened read-only, and only where that writes nothing beside it: with its -wal and -shm there (a gateway
runs), or without a -wal (none is needed).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from forensics.recording.facts import facts, sessions

_PATIENCE = 2  # seconds for a lock


def agent_documents(file: Path, shown: str) -> Mapping[str, object]:
    """An agent's database -> auth-profiles.json, auth-state.json and sessions.json. Raises sqlite3.Error, OSError."""
    folder = shown.rpartition("/")[0]
    with closing(_opened(file)) as database:
        tables = _tables(database)
        told = {
            "auth-profiles.json": [*_column(database, tables, "auth_profile_store", "store_json"),
                                   *_column(database, tables, "auth_profile_stores", "store_json")],
            "auth-state.json": list(_column(database, tables, "auth_profile_state", "state_json")),
        }  # fmt: skip
        documents = {f"{folder}/{name}": facts(found[0]) for name, found in told.items() if found}
        if "session_nodes" in tables:
            nodes = database.execute("SELECT session_key, entry_json, updated_at FROM session_nodes")
            entries = {str(key): {**_object(entry), "updatedAt": at} for key, entry, at in nodes}
            documents[f"{folder.rpartition('/')[0]}/sessions/sessions.json"] = sessions(entries)
    return documents


def state_documents(file: Path, shown: str) -> Mapping[str, object]:
    """The state database -> the store that all agents share (8.1+), as the main agent's."""
    folder = f"{shown.partition('/')[0]}/agents/main/agent"
    names = {"authProfiles.store": "auth-profiles.json", "authProfiles.state": "auth-state.json"}
    with closing(_opened(file)) as database:
        if "config_machine_state" not in _tables(database):
            return {}
        rows = database.execute("SELECT state_key, value_json FROM config_machine_state").fetchall()
    return {f"{folder}/{names[key]}": facts(_object(text)) for key, text in rows if key in names}


def _opened(file: Path) -> sqlite3.Connection:
    wal, index = (file.with_name(file.name + suffix) for suffix in ("-wal", "-shm"))
    if wal.exists() and not index.exists():
        raise OSError(f"{file.name}: its -wal belongs to nobody who runs; not opened")
    mode = "mode=ro" if wal.exists() else "immutable=1"
    return sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True, timeout=_PATIENCE)


def _tables(database: sqlite3.Connection) -> frozenset[str]:
    return frozenset(name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))


def _column(database: sqlite3.Connection, tables: frozenset[str], table: str, column: str) -> Iterator[object]:
    """The names are our own, never the database's."""
    if table in tables:
        for (text,) in database.execute(f"SELECT {column} FROM {table}"):
            yield _object(text)


def _object(text: object) -> dict[str, object]:
    try:
        value = json.loads(text) if isinstance(text, str | bytes) else None
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
