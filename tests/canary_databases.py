"""A small case of a release that keeps its state in databases: planted in rows, blobs, free pages and the -wal."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import canary_places as places
import zstandard
from canaries import STATE, Garden, each_shape, minute, plant
from test_sqlite_stores import TABLES, story

Rows = Mapping[str, Iterable[Mapping[str, object]]]


def plant_databases(folder: Path, garden: Garden) -> Path:
    """A small case of a release that keeps its state in databases, planted in rows, blobs, free pages and the -wal."""
    evidence = folder / "evidence"
    story(evidence / STATE, migrated=True)
    plant(evidence, garden)
    _agent_database(evidence / STATE / "agents/main/agent/openclaw-agent.sqlite", garden)
    _state_database(evidence / STATE / "state/openclaw.sqlite", garden)
    return evidence


def _agent_database(path: Path, v: Garden) -> None:
    """Sessions and transcripts as rows and as compressed blobs."""
    rows: dict[str, list[dict[str, object]]] = {"session_nodes": [], "transcript_events": []}
    for n, w in enumerate(each_shape(v)):
        for key, entry in places.session(w).items():
            rows["session_nodes"].append({"session_key": key, "entry_json": json.dumps(entry), "updated_at": 1})
        session = w.bare("sqlite: session id")
        for seq, entry in enumerate(places.transcript(w, minute(n).isoformat())):
            plain = json.dumps(entry)
            packed = {"event_zstd": zstandard.compress(plain.encode()), "event_utf8_bytes": len(plain)}
            held = {"event_json": plain} if seq % 2 else packed
            rows["transcript_events"].append({"session_id": session, "seq": seq, "created_at": places.AT, **held})
    _insert(path, rows)


def _state_database(path: Path, v: Garden) -> None:
    """Tasks, runs, deliveries and secret tables; a table that was emptied, and rows that are only in the -wal."""
    rows: dict[str, list[dict[str, object]]] = {}
    for w in each_shape(v):
        for table, row in places.state_rows(w):
            rows.setdefault(table, []).append(row)
    _insert(path, rows)
    _insert(path, {"gone": [{"text": w("sqlite: free page") * 40} for w in each_shape(v)]})
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM gone")
    _leave_wal(path, {"late": [{"text": w("sqlite: wal")} for w in each_shape(v)]})


def _insert(path: Path, rows: Rows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        _fill(connection, rows)


def _fill(connection: sqlite3.Connection, rows: Rows) -> None:
    for table, records in rows.items():
        for record in records:
            columns = TABLES.get(table) or ", ".join(record)
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
            marks = ", ".join("?" * len(record))
            connection.execute(
                f"INSERT INTO {table} ({', '.join(record)}) VALUES ({marks})",
                tuple(record.values()),
            )


def _leave_wal(path: Path, rows: Rows) -> None:
    """As a gateway leaves it that was killed: the newest rows stand only beside the database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with connection:
            _fill(connection, rows)
        kept = {end: Path(f"{path}{end}").read_bytes() for end in ("", "-wal")}
    for end, data in kept.items():
        Path(f"{path}{end}").write_bytes(data)
