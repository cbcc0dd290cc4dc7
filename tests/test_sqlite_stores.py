"""The SQLite stores on databases made here, with the tables of real releases, and on databases that are broken."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from captures import CAPTURES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics import open_case
from forensics.evidence import private_copy
from forensics.evidence.text_forms import text_form
from forensics.parsers.stores import STORES, Contents, Source, claim
from forensics.parsers.stores.reading.sqlite import database
from forensics.tables import Credential, Event, Reject, StateValue, frame

BY_NAME = {store.name: store for store in STORES}
MTIME = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
T0 = 1795165000000  # 2026-11-20T08:56:40Z
AGENT, STATE = "agents/main/agent/openclaw-agent.sqlite", "state/openclaw.sqlite"
TOKENS = re.compile(r"CANARY|sk-ant-[a-z]+\d\d-\w|lab-gateway-token")

STORE = {
    "version": 1,
    "profiles": {
        "anthropic:default": {
            "type": "oauth", "provider": "anthropic", "access": "sk-ant-oat01-CANARY-0001-AAAA",
            "refresh": "sk-ant-ort01-CANARY-0002-AAAA", "expires": T0 + 60_000, "email": "kim@example.invalid",
        },
        "openai:key": {"type": "api_key", "provider": "openai", "key": "sk-proj-CANARY-0003-AAAA"},
    },
}  # fmt: skip
STATS = {
    "version": 1,
    "lastGood": {"anthropic": "anthropic:default"},
    "usageStats": {"anthropic:default": {"lastFailureAt": T0 + 1000, "cooldownUntil": T0 + 31_000, "errorCount": 1}},
}
TABLES = {
    "auth_profile_store": "store_key TEXT NOT NULL PRIMARY KEY, store_json TEXT NOT NULL, updated_at INTEGER NOT NULL",
    "auth_profile_state": "state_key TEXT NOT NULL PRIMARY KEY, state_json TEXT NOT NULL, updated_at INTEGER NOT NULL",
    "config_machine_state": "state_key TEXT NOT NULL PRIMARY KEY, value_json TEXT NOT NULL, updated_at_ms INTEGER",
    "schema_meta": "meta_key TEXT PRIMARY KEY, role TEXT, schema_version INTEGER, app_version TEXT, updated_at INTEGER",
    "session_nodes": "session_key TEXT NOT NULL PRIMARY KEY, current_session_id TEXT, entry_json TEXT NOT NULL, "
    "updated_at INTEGER, status TEXT",
    "session_windows": "session_id TEXT PRIMARY KEY, session_key TEXT, previous_session_id TEXT, reason TEXT, "
    "created_at INTEGER, updated_at INTEGER, model_provider TEXT, model TEXT",
    "session_pending_inputs": "seq INTEGER PRIMARY KEY, session_id TEXT, run_id TEXT, message_json TEXT, state TEXT, "
    "accepted_at INTEGER, consumed_event_id TEXT",
    "transcript_events": "session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, created_at INTEGER, "
    "event_zstd BLOB, event_utf8_bytes INTEGER, navigation_json TEXT, PRIMARY KEY (session_id, seq)",
    "session_transcript_archives": "session_id TEXT, generation TEXT, encoding TEXT, archive_blob BLOB",
    "session_transcript_cold_archives": "session_id TEXT PRIMARY KEY, storage TEXT, archive_blob BLOB",
    "trajectory_runtime_events": "session_id TEXT, seq INTEGER, run_id TEXT, event_json TEXT, created_at INTEGER",
    "cron_jobs": "store_key TEXT, job_id TEXT, name TEXT, enabled INTEGER, agent_id TEXT, payload_kind TEXT, "
    "job_json TEXT, state_json TEXT, runtime_updated_at_ms INTEGER, updated_at INTEGER",
    "cron_run_logs": "store_key TEXT, job_id TEXT, seq INTEGER, ts INTEGER, status TEXT, error TEXT, "
    "delivery_status TEXT, session_key TEXT, run_id TEXT, run_at_ms INTEGER, duration_ms INTEGER, model TEXT, "
    "provider TEXT, entry_json TEXT",
    "cron_run_receipts": "receipt_id TEXT PRIMARY KEY, job_id TEXT, agent_id TEXT, request_run_id TEXT, status TEXT, "
    "started_at_ms INTEGER, finished_at_ms INTEGER, error_text TEXT",
    "subagent_runs": "run_id TEXT PRIMARY KEY, child_session_key TEXT, requester_session_key TEXT, task TEXT, "
    "created_at INTEGER, started_at INTEGER, ended_at INTEGER, outcome_json TEXT, cleanup_handled INTEGER, "
    "announce_retry_count INTEGER, last_announce_delivery_error TEXT, frozen_result_text TEXT, payload_json TEXT",
    "task_runs": "task_id TEXT PRIMARY KEY, runtime TEXT, child_session_key TEXT, agent_id TEXT, run_id TEXT, "
    "task TEXT, status TEXT, created_at INTEGER, started_at INTEGER, ended_at INTEGER, error TEXT",
    "audit_events": "sequence INTEGER PRIMARY KEY, occurred_at INTEGER, action TEXT, status TEXT, error_code TEXT, "
    "agent_id TEXT, session_key TEXT, run_id TEXT",
    "delivery_queue_entries": "queue_name TEXT, status TEXT, session_key TEXT, channel TEXT, retry_count INTEGER, "
    "last_attempt_at INTEGER, last_error TEXT, enqueued_at INTEGER, failed_at INTEGER",
    "gateway_boot_lifecycle": "boot_id TEXT PRIMARY KEY, pid INTEGER, started_at_ms INTEGER, completed_at_ms INTEGER, "
    "outcome TEXT, startup_reason TEXT, reason TEXT",
    "quarantined_databases": "path TEXT PRIMARY KEY, kind TEXT, reason TEXT, quarantined_at INTEGER, "
    "writer_app_version TEXT",
    "diagnostic_stability_bundles": "bundle_key TEXT PRIMARY KEY, bundle_json TEXT",
    "device_auth_tokens": "token TEXT",
    "device_pairing_paired": "public_key TEXT, tokens_json TEXT",
}
TABLES["other"] = "x"
Rows = Mapping[str, Iterable[Mapping[str, object]]]


def fill(connection: sqlite3.Connection, rows: Rows) -> None:
    for table, records in rows.items():
        connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({TABLES[table]})")
        for record in records:
            cells = {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in record.items()}
            names, marks = ", ".join(cells), ", ".join("?" * len(cells))
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(cells.values()))
    connection.commit()


def make(path: Path, rows: Rows) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        fill(connection, rows)
    return path


def read(real: Path, shown: str = AGENT, agent: str | None = "main") -> Contents:
    store = claim(shown, b"")
    assert store is not None
    return store.read(Source(shown, real, MTIME, agent))


def contents(tmp_path: Path, rows: Rows, shown: str = STATE) -> Contents:
    return read(make(tmp_path / "x.sqlite", rows), shown, agent=None)


def text(store: str, tmp_path: Path, shown: str, content: str) -> Contents:
    real = tmp_path / "file"
    real.write_text(content, encoding="utf-8")
    return BY_NAME[store].read(Source(shown, real, MTIME, "main"))


def told(events: Iterable[Event], *columns: str) -> list[tuple[object, ...]]:
    return [tuple(getattr(event, column) for column in columns) for event in events]


def observed(state: Iterable[StateValue]) -> dict[str, object]:
    return {f"{row.store} {row.entity} {row.key}": json.loads(row.value) for row in state}


def rows_of(read: Contents) -> str:
    return repr((read.state, read.credentials, read.events, read.rejects))


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def message(role: str, ms: int, **more: object) -> dict[str, object]:
    stamp = at(ms).isoformat().replace("+00:00", "Z")
    return {"type": "message", "timestamp": stamp, "message": {"role": role, "timestamp": ms, **more}}


ASKED = message("user", T0, content="private words, and sk-ant-api03-CANARY-0004-AAAA")
REFUSED = message(
    "assistant", T0 + 1000, content=[], provider="anthropic", model="claude-opus-4-7", stopReason="error",
    errorMessage='401: {"error":{"message":"OAuth token has expired","type":"authentication_error"},"type":"error"}',
    __openclaw={"runId": "run-1"},
)  # fmt: skip
ANSWERED = message("assistant", T0 + 2000, provider="anthropic", model="claude-opus-4-7", stopReason="stop")
MACHINE = [
    {"state_key": "auth.sharedStore", "value_json": {"location": "state-db"}, "updated_at_ms": T0},
    {"state_key": "authProfiles.store", "value_json": STORE, "updated_at_ms": T0 + 1},
    {"state_key": "authProfiles.state", "value_json": STATS, "updated_at_ms": T0 + 2},
    {"state_key": "web.push", "value_json": {"private": "CANARY-other-state"}, "updated_at_ms": T0},
]
AUTH = {
    AGENT: {
        "auth_profile_store": [{"store_key": "primary", "store_json": STORE, "updated_at": T0 + 1}],
        "auth_profile_state": [{"state_key": "primary", "state_json": STATS, "updated_at": T0 + 2}],
    },
    STATE: {"config_machine_state": MACHINE},
}


@pytest.mark.parametrize("shown", AUTH)
def test_credentials_and_their_state_are_the_same_before_and_after_the_migration(tmp_path: Path, shown: str) -> None:
    before = [
        text("auth_profiles", tmp_path, "auth-profiles.json", json.dumps(STORE)),
        text("auth_state", tmp_path, "auth-state.json", json.dumps(STATS)),
    ]
    after = contents(tmp_path, AUTH[shown], shown)
    kept = [row for row in after.state if row.store != "machine_state"]
    assert {(r.store, r.entity, r.key, r.value) for r in kept} == {
        (r.store, r.entity, r.key, r.value) for part in before for r in part.state
    }
    assert told(after.credentials, "store", "profile", "provider", "type", "access", "refresh", "expires_at") == told(
        before[0].credentials, "store", "profile", "provider", "type", "access", "refresh", "expires_at"
    )
    assert {row.observed_at for row in kept} == {at(T0 + 1), at(T0 + 2)}
    assert after.rejects == ()


def test_the_shared_store_stands_for_the_main_agents(tmp_path: Path) -> None:
    after = contents(tmp_path, AUTH[STATE])
    assert {row.agent for row in (*after.credentials, *after.state)} == {"main", None}
    assert observed(after.state)["machine_state auth.sharedStore location"] == "state-db"
    until = next(row for row in after.state if row.key == "cooldownUntil")
    assert until.source == f"{STATE}!config_machine_state/3#/usageStats/anthropic:default/cooldownUntil"


@pytest.mark.parametrize("shown", AUTH)
def test_tokens_reach_the_redactor_and_no_row(tmp_path: Path, shown: str) -> None:
    after = contents(tmp_path, AUTH[shown], shown)
    assert {s for s in after.secrets if "CANARY" in s} == {
        "sk-ant-oat01-CANARY-0001-AAAA", "sk-ant-ort01-CANARY-0002-AAAA", "sk-proj-CANARY-0003-AAAA",
    }  # fmt: skip
    assert not TOKENS.search(rows_of(after))


def test_tables_that_hold_nothing_but_secrets_give_them_to_the_redactor_alone(tmp_path: Path) -> None:
    after = contents(
        tmp_path,
        {
            "device_auth_tokens": [{"token": "CANARY-0005-device"}, {"token": None}],
            "device_pairing_paired": [{"public_key": "k", "tokens_json": {"operator": {"token": "CANARY-0006-pair"}}}],
            "config_machine_state": [{"state_key": "web.push", "value_json": {"privateKey": "CANARY-0007-push"}}],
        },
    )
    assert after == Contents(secrets=frozenset({"CANARY-0005-device", "CANARY-0006-pair", "CANARY-0007-push"}))


def test_a_table_of_a_release_to_come_is_told_where_nothing_of_it_is_known(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE cron_run_receipts (receipt BLOB)")
    assert [(r.source, r.why) for r in read(path, STATE).rejects] == [
        (f"{STATE}!cron_run_receipts", "has none of the columns it had in the releases known")
    ]


# --- live, broken and hostile databases


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def live(folder: Path, *, with_wal: bool = True) -> Path:
    """A database as it lies there while a gateway writes: the newest rows are only in the -wal."""
    source = folder / "writer" / "openclaw-agent.sqlite"
    target = folder / "evidence" / source.name
    target.parent.mkdir(parents=True)
    source.parent.mkdir()
    with closing(sqlite3.connect(source)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        fill(writer, {"auth_profile_state": [{"state_key": "primary", "state_json": {}, "updated_at": 1}]})
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("UPDATE auth_profile_state SET state_json = ?, updated_at = ?", (json.dumps(STATS), T0))
        writer.commit()
        for suffix in ("", "-wal", "-shm") if with_wal else ("",):
            shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")
    return target


def test_rows_that_are_only_in_the_wal_are_seen(tmp_path: Path) -> None:
    assert observed(read(live(tmp_path / "1")).state)["auth_state anthropic:default errorCount"] == 1
    assert read(live(tmp_path / "2", with_wal=False)).state == ()


def test_reading_changes_nothing_of_the_evidence(tmp_path: Path) -> None:
    folder = live(tmp_path).parent
    before = hashes(folder)
    folder.chmod(0o500)
    try:
        for path in sorted(folder.iterdir()):
            assert read(path, f"agent/{path.name}").rejects == ()
    finally:
        folder.chmod(0o700)
    assert hashes(folder) == before


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda raw: b"\x93" * len(raw), "cannot be opened as a database: file is not a database (encrypted, or"),
        (lambda raw: raw[:16] + b"\xff" * 400 + raw[416:], "cannot be opened as a database: "),
        (lambda raw: raw[:2048], "cannot be opened as a database: database disk image is malformed"),
        (lambda raw: b"\0" * len(raw), "cannot be opened as a database: file is not a database"),
    ],
)
def test_a_database_that_cannot_be_opened_is_a_reject(tmp_path: Path, damage, why: str) -> None:
    path = make(tmp_path / "x.sqlite", AUTH[AGENT])
    path.write_bytes(damage(path.read_bytes()))
    after = read(path)
    assert [(r.source, r.lines, r.why[: len(why)]) for r in after.rejects] == [(AGENT, 0, why)]
    assert (after.state, after.lines) == ((), 0)


def test_around_a_damage_the_rows_before_and_behind_it_are_read(tmp_path: Path) -> None:
    boots = [{"boot_id": f"{n}", "started_at_ms": T0 + n, "reason": "x" * 900} for n in range(200)]
    path = make(tmp_path / "x.sqlite", {"gateway_boot_lifecycle": boots})
    raw = bytearray(path.read_bytes())
    middle = raw.index(b"x" * 900, len(raw) // 2) // 4096 * 4096
    raw[middle : middle + 4096] = b"\xee" * 4096
    path.write_bytes(raw)
    after = read(path, STATE)
    lines = [event.line for event in after.events]
    assert 150 < len(set(lines)) == len(lines) < 200
    assert {1, 200} <= set(lines)
    (reject,) = after.rejects
    assert reject.source == f"{STATE}!gateway_boot_lifecycle"
    assert re.fullmatch(r"database disk image is malformed; read up to row \d+, and from the newest.*", reject.why)


def test_of_too_many_rows_the_newest_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MOST_ROWS", 2)
    boots = [{"boot_id": f"{n}", "started_at_ms": T0 + n} for n in range(5)]
    after = contents(tmp_path, {"gateway_boot_lifecycle": boots})
    assert [event.line for event in after.events] == [4, 5]
    assert [r.why for r in after.rejects] == ["too many rows: only those after row 3 are read"]


def test_endless_work_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PAUSE", 10)
    monkeypatch.setattr(database, "_PAUSES", 50)
    boots = [{"boot_id": f"{n}", "started_at_ms": T0 + n} for n in range(500)]
    after = contents(tmp_path, {"gateway_boot_lifecycle": boots})
    assert len(after.events) < 500
    assert "interrupted" in after.rejects[0].why


def test_a_database_too_large_to_copy_is_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_copy, "MOST_BYTES", 4096)
    after = contents(tmp_path, AUTH[AGENT], AGENT)
    assert [r.why for r in after.rejects] == ["cannot be read: larger than 0 GiB with its -wal"]


def test_a_main_file_copied_without_its_wal_says_so(tmp_path: Path) -> None:
    path = tmp_path / "openclaw.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert [r.why for r in read(path, STATE).rejects] == [
        "no table in it: everything was still in a -wal that is not here"
    ]


def test_a_transaction_under_way_is_told_and_its_journal_not_applied(tmp_path: Path) -> None:
    path = make(tmp_path / "openclaw-agent.sqlite", AUTH[AGENT])
    victim = tmp_path / "victim"
    victim.write_text("kept")
    journal = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\0" * 600 + str(victim).encode()
    Path(f"{path}-journal").write_bytes(journal)
    after = read(path)
    assert [r.why.split(" (")[0] for r in after.rejects] == ["a transaction was under way"]
    assert len(after.credentials) == 2
    assert victim.read_text() == "kept"


def test_a_link_beside_a_database_is_not_followed(tmp_path: Path) -> None:
    path = live(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    Path(f"{path}-wal").rename(elsewhere)
    Path(f"{path}-wal").symlink_to(elsewhere)
    assert read(path).state == ()


def test_views_virtual_tables_and_unknown_functions_of_a_stranger_do_nothing(tmp_path: Path) -> None:
    path = make(tmp_path / "x.sqlite", {"gateway_boot_lifecycle": [{"boot_id": "1", "started_at_ms": T0}]})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE VIEW auth_profile_state AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT '{}' AS state_json, i AS updated_at FROM n"
        )
        connection.execute("CREATE VIRTUAL TABLE transcript_events USING fts5(session_id, seq, event_json)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'reason TEXT)', "
            "'reason TEXT GENERATED ALWAYS AS (no_such_function(boot_id)))') WHERE name = 'gateway_boot_lifecycle'"
        )
        connection.commit()
    after = read(path, STATE)
    assert told(after.events, "kind", "run") == [("gateway_boot", "1")]
    assert (after.state, after.rejects) == ((), ())


def test_a_table_without_row_ids_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        columns = TABLES["gateway_boot_lifecycle"]
        connection.execute(f"CREATE TABLE gateway_boot_lifecycle ({columns}) WITHOUT ROWID")
        fill(connection, {"gateway_boot_lifecycle": [{"boot_id": b, "started_at_ms": T0} for b in "ba"]})
    assert told(read(path, STATE).events, "run", "line") == [("a", 1), ("b", 2)]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("{", "entry_json is not JSON: "),
        ("[1]", "entry_json is JSON, but no object"),
        ("[" * 100_000, "entry_json is not JSON: "),
        (b"\x28\xb5\x2f\xfd\x00\x00", "zstd: "),
    ],
)
def test_a_cell_that_cannot_be_read_costs_its_row_only(tmp_path: Path, cell: object, why: str) -> None:
    nodes = [
        {"session_key": "agent:main:a", "entry_json": cell, "updated_at": T0},
        {"session_key": "agent:main:b", "entry_json": {"sessionId": "1"}, "updated_at": T0},
    ]
    after = contents(tmp_path, {"session_nodes": nodes}, AGENT)
    assert [(r.source, r.lines) for r in after.rejects] == [(f"{AGENT}!session_nodes/1", 0)]
    assert after.rejects[0].why.startswith(why)
    assert {row.entity for row in after.state} == {"agent:main:b"}


# --- which file is which


@pytest.mark.parametrize(
    ("shown", "tables", "store"),
    [
        (AGENT, (), "agent_database"),
        (STATE, (), "state_database"),
        (".openclaw/tasks/runs.sqlite", (), "tasks_database"),
        (".openclaw/flows/registry.sqlite", (), "tasks_database"),
        (".openclaw/tmp/openclaw-0/gateway.state.lock.sqlite", (), "known_database"),
        (".openclaw/state/openclaw-quarantine.sqlite", ("quarantined_databases",), "known_database"),
        (".openclaw/memory/main.sqlite", (), "known_database"),
        ("copied.db", ("auth_profile_store", "schema_meta"), "agent_database"),
        ("copied.db", ("task_runs", "auth_profile_state", "cron_jobs"), "state_database"),
        ("copied.db", ("task_runs",), "tasks_database"),
        ("openclaw.sqlite.bak", (), "state_database"),
    ],
)
def test_a_database_is_known_by_its_tables_and_else_by_its_name(
    tmp_path: Path, shown: str, tables: tuple[str, ...], store: str
) -> None:
    head = make(tmp_path / "x.sqlite", {"other": [], **dict.fromkeys(tables, ())} if tables else {}).read_bytes()
    head = head or b"SQLite format 3\0"
    assert [s.name for s in STORES if s.claims(shown, head)] == [store]
    assert claim(shown, head) is BY_NAME[store]


def test_json_in_the_cells_of_a_database_claims_nothing(tmp_path: Path) -> None:
    entries = [json.loads('{"traceSchema": "x", "runId": "1", "type": "y", "customType": "z"}')] * 12
    head = make(tmp_path / "x.sqlite", transcript(entries)).read_bytes()
    assert b"\n{" in head  # a cell that follows the number 10 begins like a line
    assert [store.name for store in STORES if store.claims("", head)] == ["agent_database"]


def test_databases_of_others_are_claimed_by_nobody(tmp_path: Path) -> None:
    head = make(tmp_path / "x.sqlite", {"other": []}).read_bytes()
    assert claim("firefox/places.sqlite", head) is None


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
def test_what_lies_beside_a_database_is_known_and_read_with_it(tmp_path: Path, suffix: str) -> None:
    path = live(tmp_path)
    beside = Path(f"{path}{suffix}")
    beside.touch()
    assert claim(f"{AGENT}{suffix}", beside.read_bytes()[:65536] or b"\0") is BY_NAME["sqlite_sidecar"]
    assert read(beside, f"{AGENT}{suffix}").rejects == ()


def test_a_wal_without_its_database_is_a_reject(tmp_path: Path) -> None:
    path = live(tmp_path)
    path.unlink()
    (reject,) = read(Path(f"{path}-wal"), f"{AGENT}-wal").rejects
    assert reject.why.startswith("the database it belongs to is not beside it")


# --- what the tables give


def transcript(entries: Iterable[Mapping[str, object]], session: str = "s1", *, packed: bool = False) -> Rows:
    pack = zstandard.ZstdCompressor().compress
    texts = [(seq, json.dumps(entry)) for seq, entry in enumerate(entries)]
    cells = [{"event_zstd": pack(t.encode())} if packed else {"event_json": t} for _, t in texts]
    return {
        "transcript_events": [
            {"session_id": session, "seq": seq, "created_at": T0 + 9, **cell}
            for (seq, _), cell in zip(texts, cells, strict=True)
        ]
    }


@pytest.mark.parametrize("packed", [False, True])
def test_a_transcript_gives_the_same_events_as_its_file_did(tmp_path: Path, packed: bool) -> None:
    entries = [{"type": "session", "version": 4, "id": "s1", "cwd": "/"}, ASKED, REFUSED, ANSWERED]
    before = text("transcripts", tmp_path, "s1.jsonl", "\n".join(map(json.dumps, entries)))
    after = contents(tmp_path, transcript(entries, packed=packed), AGENT)
    columns = ("kind", "role", "time", "started", "session", "provider", "model", "http_status", "text", "detail")
    assert told(after.events, *columns) == told(before.events, *columns)
    assert told(after.events, "source", "line", "run") == [
        (f"{AGENT}!transcript_events/s1", 1, None),
        (f"{AGENT}!transcript_events/s1", 2, "run-1"),
        (f"{AGENT}!transcript_events/s1", 3, None),
    ]
    assert not TOKENS.search(rows_of(after))
    assert "private" not in rows_of(after)


def test_the_real_schema_is_read_by_a_sqlite_that_does_not_know_its_functions(tmp_path: Path) -> None:
    path = make(tmp_path / "x.sqlite", transcript([ASKED]))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'navigation_json TEXT', 'navigation_json TEXT "
            "CHECK (octet_length(navigation_json) <= 16384)') WHERE name = 'transcript_events'"
        )
        connection.commit()
    after = read(path)
    assert (len(after.events), after.rejects) == (1, ())


def test_archived_and_cold_transcripts_are_read_where_they_lie(tmp_path: Path) -> None:
    pack = zstandard.ZstdCompressor().compress
    lines = "\n".join(map(json.dumps, [ASKED, REFUSED])).encode()
    cold = [{"kind": "header"}, {"kind": "event", "row": {"seq": 7, "event_json": json.dumps(REFUSED)}}]
    after = contents(
        tmp_path,
        {
            "session_transcript_archives": [
                {"session_id": "s1", "encoding": "identity", "archive_blob": lines},
                {"session_id": "s1", "encoding": "zstd", "archive_blob": pack(lines) + b""},
                {"session_id": "s2", "encoding": "identity", "archive_blob": lines[:-9]},
            ],
            "session_transcript_cold_archives": [
                {"session_id": "s3", "storage": "file", "archive_blob": None},
                {"session_id": "s4", "archive_blob": pack("\n".join(map(json.dumps, cold)).encode())},
            ],
        },
        AGENT,
    )
    archives = f"{AGENT}!session_transcript_archives"
    assert told(after.events, "kind", "source", "line") == [
        ("transcript_turn", f"{archives}/s1/1", 1),
        ("transcript_error", f"{archives}/s1/1", 2),
        ("transcript_turn", f"{archives}/s1/2", 1),
        ("transcript_error", f"{archives}/s1/2", 2),
        ("transcript_turn", f"{archives}/s2/3", 1),
        ("transcript_error", f"{AGENT}!session_transcript_cold_archives/s4/2", 7),
    ]
    assert [(r.source, r.why) for r in after.rejects] == [(f"{archives}/3", "1 of its lines are not JSON")]


def test_a_run_without_a_reply_and_a_prompt_nobody_took_are_told(tmp_path: Path) -> None:
    failed = {
        "type": "custom_message", "customType": "run-failed-before-reply", "content": "private",
        "details": {"runId": "run-2", "error": "Explicit auth order for anthropic has no usable profiles."},
    }  # fmt: skip
    asked = {"role": "user", "content": "Read HEARTBEAT.md if it exists, private words"}
    pending = [
        {"session_id": "s1", "run_id": "run-2", "message_json": asked, "state": "interrupted", "accepted_at": T0},
        {"session_id": "s1", "message_json": asked, "accepted_at": T0, "consumed_event_id": "7"},
    ]
    after = contents(tmp_path, {**transcript([failed]), "session_pending_inputs": pending}, AGENT)
    assert told(after.events, "kind", "role", "time", "time_basis", "run", "trigger", "provider", "decision") == [
        ("transcript_run_failed", "echo", at(T0 + 9), "exact", "run-2", None, "anthropic", None),
        ("pending_input", "schedule", at(T0), "exact", "run-2", "heartbeat", None, "interrupted"),
    ]
    assert "private" not in rows_of(after)


def test_sessions_keep_what_they_are_pinned_to_and_their_windows(tmp_path: Path) -> None:
    entry = {"sessionId": "s2", "authProfileOverride": "anthropic:backup", "skillsSnapshot": {"prompt": "private"}}
    after = contents(
        tmp_path,
        {
            "session_nodes": [
                {"session_key": "agent:ops:main", "entry_json": entry, "updated_at": T0, "status": "done"}
            ],
            "session_windows": [
                {"session_id": "s2", "session_key": "agent:ops:main", "previous_session_id": "s1", "reason": "reset",
                 "created_at": T0, "updated_at": T0}
            ],
        },
        AGENT,
    )  # fmt: skip
    assert observed(after.state) == {
        "sessions agent:ops:main sessionId": "s2",
        "sessions agent:ops:main updatedAt": T0,
        "sessions agent:ops:main authProfileOverride": "anthropic:backup",
        "sessions agent:ops:main status": "done",
        "session_windows s2 sessionKey": "agent:ops:main",
        "session_windows s2 previousSessionId": "s1",
        "session_windows s2 reason": "reset",
        "session_windows s2 createdAt": T0,
        "session_windows s2 updatedAt": T0,
    }
    assert {(row.agent, row.observed_at) for row in after.state} == {("ops", at(T0))}


def test_cron_runs_of_the_log_and_of_receipts_are_the_runs_of_the_old_file(tmp_path: Path) -> None:
    line = {
        "ts": T0, "jobId": "j1", "action": "finished", "status": "error", "error": "401 Incorrect API key",
        "sessionKey": "agent:ops:cron:j1:run:1", "runAtMs": T0 - 5000, "durationMs": 5000, "model": "gpt-5.5",
        "provider": "openai", "errorReason": "auth", "summary": "private",
    }  # fmt: skip
    log = {
        "job_id": "j1", "ts": T0, "status": "error", "error": "401 Incorrect API key", "run_id": "r1",
        "delivery_status": "not-delivered", "entry_json": line,
    }  # fmt: skip
    receipt = {"job_id": "h1", "agent_id": "main", "status": "skipped", "started_at_ms": T0, "error_text": "no-route"}
    after = contents(
        tmp_path,
        {
            "cron_jobs": [{"job_id": "h1", "payload_kind": "heartbeat", "job_json": {}, "state_json": {}}],
            "cron_run_logs": [log],
            "cron_run_receipts": [
                {"receipt_id": "1", "finished_at_ms": T0 + 300, **receipt},
                {"receipt_id": "2", "finished_at_ms": None, **receipt},
            ],
        },
    )
    (before,) = text("cron_runs", tmp_path, "cron/runs/j1.jsonl", json.dumps(line)).events
    columns = ("kind", "time", "started", "duration_ms", "agent", "session", "provider", "model", "decision", "text")
    assert told(after.events[:1], *columns, "http_status", "detail") == told(
        [before], *columns, "http_status", "detail"
    )
    assert told(after.events, "source", "line", "run", "trigger", "stage") == [
        (f"{STATE}!cron_run_logs", 1, "r1", "cron", "not-delivered"),
        (f"{STATE}!cron_run_receipts", 1, None, "heartbeat", None),
    ]
    assert told(after.events[1:], *columns) == [
        ("cron_run", at(T0 + 300), at(T0), 300, "main", None, None, None, "skipped", "no-route")
    ]


def test_a_cron_job_keeps_its_state_and_no_prompt(tmp_path: Path) -> None:
    job = {"id": "j1", "name": "report", "schedule": {"kind": "every"}, "payload": {"message": "private"}, "state": {}}
    row = {"job_id": "j1", "agent_id": "ops", "enabled": 1, "job_json": {**job, "enabled": True}}
    state = {"lastStatus": "error", "consecutiveErrors": 3}
    after = contents(tmp_path, {"cron_jobs": [{**row, "state_json": state, "runtime_updated_at_ms": T0}]})
    assert observed(after.state) == {
        "cron_jobs j1 name": "report",
        "cron_jobs j1 enabled": True,
        "cron_jobs j1 agentId": "ops",
        "cron_jobs j1 schedule.kind": "every",
        "cron_jobs j1 state.lastStatus": "error",
        "cron_jobs j1 state.consecutiveErrors": 3,
    }
    assert {(row.agent, row.observed_at) for row in after.state} == {("ops", at(T0))}


WIDE = {
    "run_id": "r1", "child_session_key": "agent:main:subagent:c1", "requester_session_key": "agent:main:main",
    "task": "private", "created_at": T0, "started_at": T0 + 1, "ended_at": T0 + 5, "cleanup_handled": 1,
    "outcome_json": {"status": "ok", "elapsedMs": 4}, "announce_retry_count": 3,
    "last_announce_delivery_error": "gateway timeout", "frozen_result_text": "private", "payload_json": {},
}  # fmt: skip
PACKED = {
    "run_id": "r1", "child_session_key": "agent:main:subagent:c1", "requester_session_key": "agent:main:main",
    "created_at": T0,
    "payload_json": {
        "runId": "r1", "task": "private", "cleanupHandled": True,
        "execution": {"startedAt": T0 + 1, "endedAt": T0 + 5, "outcome": {"status": "ok", "elapsedMs": 4}},
        "announceRetryCount": 3, "lastAnnounceDeliveryError": "gateway timeout", "frozenResultText": "private",
    },
}  # fmt: skip


@pytest.mark.parametrize("record", [WIDE, PACKED], ids=["6.1-7.1", "8.1+"])
def test_a_subagent_run_is_the_same_in_columns_and_in_a_payload(tmp_path: Path, record: dict[str, object]) -> None:
    after = contents(tmp_path, {"subagent_runs": [record]})
    assert observed(after.state) == {
        "subagent_runs r1 childSessionKey": "agent:main:subagent:c1",
        "subagent_runs r1 requesterSessionKey": "agent:main:main",
        "subagent_runs r1 createdAt": T0,
        "subagent_runs r1 startedAt": T0 + 1,
        "subagent_runs r1 endedAt": T0 + 5,
        "subagent_runs r1 outcome.status": "ok",
        "subagent_runs r1 outcome.elapsedMs": 4,
        "subagent_runs r1 announceRetryCount": 3,
        "subagent_runs r1 lastAnnounceDeliveryError": "gateway timeout",
        "subagent_runs r1 cleanupHandled": True,
        "subagent_runs r1 frozenResultText": 7,
    }
    columns = ("kind", "time", "run", "child_session", "requester", "decision", "text", "attempt", "detail")
    assert told(after.events, *columns) == [
        ("subagent_run", at(T0 + 5), "r1", "agent:main:subagent:c1", "agent:main:main", "ok", "gateway timeout", 3,
         "cleanupHandled")
    ]  # fmt: skip
    assert "private" not in rows_of(after)


COOLING = "All models failed (1): openai/gpt-5.5: Provider openai is in cooldown (rate_limit)"


@pytest.mark.parametrize(
    ("runtime", "status", "error", "expected"),
    [
        ("cli", "failed", "429 rate limit", ("failure", None, 429, "429 rate limit")),
        ("cli", "failed", f"FallbackSummaryError: {COOLING}", ("echo", "openai", None, COOLING)),
        ("cli", "failed", "LLM request failed: network connection error.", ("health", None, None, None)),
        ("cli", "timed_out", "Request timed out before a response.", ("failure", None, None, None)),
        ("subagent", "failed", "heartbeat skipped: no-route", ("health", None, None, None)),
        ("subagent", "succeeded", "429 rate limit", ("delivery", None, None, None)),
        ("cli", "succeeded", None, ("health", None, None, "")),
        ("cron", "failed", "429 rate limit", ("schedule", None, None, None)),
    ],
)
def test_a_failed_task_is_the_last_word_on_its_run(
    tmp_path: Path, runtime: str, status: str, error: str | None, expected: tuple[object, ...]
) -> None:
    task = {
        "runtime": runtime, "agent_id": "main", "run_id": "r1", "task": "private", "status": status, "error": error,
        "started_at": T0, "ended_at": T0 + 5,
    }  # fmt: skip
    after = contents(tmp_path, {"task_runs": [task]}, "tasks/runs.sqlite")
    role, provider, http_status, said = expected
    assert told(after.events, "role", "provider", "http_status", "text") == [
        (role, provider, http_status, error if said is None else said)
    ]
    assert told(after.events, "kind", "time", "started", "run", "decision", "agent", "detail") == [
        ("task_run", at(T0 + 5), at(T0), "r1", status, "main", runtime)
    ]
    assert "private" not in rows_of(after)


def test_audit_and_deliveries_tell_how_things_ended(tmp_path: Path) -> None:
    after = contents(
        tmp_path,
        {
            "audit_events": [
                {"occurred_at": T0, "action": "agent.run.started", "status": "started", "run_id": "r1"},
                {"occurred_at": T0 + 6, "action": "agent.run.finished", "status": "failed", "run_id": "r1",
                 "error_code": "run_failed", "agent_id": "main", "session_key": "agent:main:main"},
            ],
            "delivery_queue_entries": [
                {"session_key": "agent:main:main", "channel": "slack", "status": "failed", "retry_count": 5,
                 "last_error": "channel gone", "failed_at": T0 + 7},
                {"session_key": "agent:main:main", "status": "queued", "enqueued_at": T0},
            ],
        },
    )  # fmt: skip
    assert told(after.events, "kind", "role", "time", "run", "decision", "text", "attempt", "detail") == [
        ("audit_run_finished", "health", at(T0 + 6), "r1", "failed", "", None, "run_failed"),
        ("delivery_failed", "delivery", at(T0 + 7), None, "failed", "channel gone", 5, "slack"),
    ]


def test_boots_releases_and_quarantines_are_the_life_of_the_gateway(tmp_path: Path) -> None:
    after = contents(
        tmp_path,
        {
            "gateway_boot_lifecycle": [
                {"boot_id": "b1", "started_at_ms": T0, "completed_at_ms": T0 + 60_000, "outcome": "clean_stop",
                 "reason": "stop (SIGTERM)"},
                {"boot_id": "b2", "started_at_ms": T0 + 70_000, "startup_reason": "gateway.crash_loop_breaker"},
            ],
            "schema_meta": [
                {"meta_key": "primary", "role": "global", "schema_version": 18, "app_version": "2026.9.6"},
                {"meta_key": "startup-migrations", "role": "global", "app_version": "2026.9.6\n3\n2026-09-23"},
            ],
            "quarantined_databases": [
                {"path": "/home/kim/x", "kind": "agent", "reason": "malformed", "quarantined_at": T0,
                 "writer_app_version": "2026.9.5"}
            ],
        },
    )  # fmt: skip
    assert told(after.events, "kind", "time", "run", "duration_ms", "text", "detail", "release") == [
        ("gateway_boot", at(T0), "b1", 60_000, "", "clean_stop", None),
        ("gateway_boot_end", at(T0 + 60_000), "b1", None, "stop (SIGTERM)", "clean_stop", None),
        ("gateway_boot", at(T0 + 70_000), "b2", None, "gateway.crash_loop_breaker", "no end", None),
        ("database_quarantined", at(T0), None, None, "malformed", "agent", "2026.9.5"),
    ]
    assert {event.role for event in after.events} == {"lifecycle"}
    assert observed(after.state) == {
        "sqlite_meta global primary app_version": "2026.9.6",
        "sqlite_meta global primary schema_version": 18,
        "sqlite_meta global startup-migrations app_version": "2026.9.6",
    }


# --- trajectories and stability bundles, as files and as rows

FLAGS = {"aborted": False, "timedOut": False, "idleTimedOut": False}


def step(kind: str, **data: object) -> dict[str, object]:
    return {
        "traceSchema": "openclaw-trajectory", "schemaVersion": 1, "type": kind, "ts": at(T0).isoformat(),
        "sessionId": "s1", "sessionKey": "agent:ops:main", "runId": "r1", "provider": "anthropic",
        "modelId": "claude-opus-4-7", "data": data,
    }  # fmt: skip


STEPS = [
    (step("session.started", trigger="user"), ("trajectory_started", "schedule", None, "", None, "user")),
    (step("context.compiled", prompt="private"), None),
    (step("model.completed", **FLAGS, stopReason="stop"), ("trajectory_completed", "health", "stop", "", None, None)),
    (
        step("model.completed", **FLAGS, promptError="529 Overloaded", promptErrorSource="prompt"),
        ("trajectory_error", "failure", None, "529 Overloaded", 529, "error"),
    ),
    (
        step("model.completed", **FLAGS, messagesSnapshot=[{"role": "user"}, REFUSED["message"]]),
        ("trajectory_error", "failure", None, REFUSED["message"]["errorMessage"], 401, "error"),
    ),
    (
        step("model.completed", **{**FLAGS, "aborted": True, "idleTimedOut": True}),
        ("trajectory_error", "failure", None, "", None, "timed out"),
    ),
    (
        step("model.completed", **{**FLAGS, "aborted": True, "externalAbort": True}, promptError="aborted"),
        ("trajectory_aborted", "health", None, "aborted", None, None),
    ),
    (
        step("model.completed", **FLAGS, promptError="Context overflow", promptErrorSource="precheck"),
        ("trajectory_refused", "health", None, "Context overflow", None, "precheck"),
    ),
    (
        step("model.fallback_step", fallbackStepFromModel="anthropic/claude-opus-4-7",
             fallbackStepFromFailureDetail="Provider anthropic is in cooldown"),
        ("trajectory_fallback_step", "decision", None, "Provider anthropic is in cooldown", None, None),
    ),
    (step("session.ended", status="error"), ("trajectory_ended", "health", "error", "", None, None)),
    ({"type": "model.completed", "data": 7}, ("trajectory_completed", "health", None, "", None, None)),
]  # fmt: skip


@pytest.mark.parametrize("where", ["file", "table"])
def test_a_trajectory_gives_outcomes_and_nothing_private(tmp_path: Path, where: str) -> None:
    if where == "file":
        after = text("trajectories", tmp_path, "s1.trajectory.jsonl", "\n".join(json.dumps(s) for s, _ in STEPS))
    else:
        steps = [{"session_id": "s1", "seq": n, "event_json": s} for n, (s, _) in enumerate(STEPS, 1)]
        after = contents(tmp_path, {"trajectory_runtime_events": steps}, AGENT)
    columns = ("kind", "role", "decision", "text", "http_status", "detail")
    assert told(after.events, *columns) == [expected for _, expected in STEPS if expected]
    assert told(after.events[:1], "time", "agent", "session", "run", "provider", "model", "trigger") == [
        (at(T0), "ops", "agent:ops:main", "r1", "anthropic", "claude-opus-4-7", "message")
    ]
    assert [event.line for event in after.events] == [n for n, (_, expected) in enumerate(STEPS, 1) if expected]
    assert "private" not in rows_of(after)


BUNDLE = {
    "version": 1, "generatedAt": at(T0).isoformat(), "reason": "uncaught_exception", "process": {"uptimeMs": 60_000},
    "error": {"name": "Error", "code": "ERR_X"},
    "snapshot": {
        "events": [
            {"seq": 4, "ts": T0 - 9, "type": "model.call.started", "provider": "anthropic"},
            {"seq": 5, "ts": T0 - 8, "type": "model.call.error", "provider": "anthropic", "model": "claude-opus-4-7",
             "durationMs": 900, "failureKind": "timeout", "reason": "AbortError"},
            {"seq": 6, "ts": T0 - 7, "type": "model.call.error", "failureKind": "aborted"},
            {"seq": 7, "ts": T0 - 6, "type": "model.failover", "provider": "anthropic", "reason": "rate_limit"},
        ]
    },
}  # fmt: skip


@pytest.mark.parametrize("where", ["file", "table"])
def test_a_stability_bundle_tells_why_it_was_written_and_which_calls_failed(tmp_path: Path, where: str) -> None:
    if where == "file":
        shown = "logs/stability/openclaw-stability-2026-11-20-1-uncaught.json"
        after = text("stability", tmp_path, shown, json.dumps(BUNDLE, indent=1))
        lines = json.dumps(BUNDLE, indent=1).splitlines()
        assert ['"seq": ' in lines[event.line - 1] for event in after.events] == [False, True, True, True]
        assert after.lines == after.other
    else:
        after = contents(tmp_path, {"diagnostic_stability_bundles": [{"bundle_json": BUNDLE}]})
        assert told(after.events, "source", "line")[1] == (f"{STATE}!diagnostic_stability_bundles/1", 5)
    columns = ("kind", "role", "time", "duration_ms", "model", "recorded_reason", "text", "detail")
    assert told(after.events, *columns) == [
        ("stability_bundle", "lifecycle", at(T0), None, None, None, "Error ERR_X", "uncaught_exception"),
        ("stability_call_error", "failure", at(T0 - 8), 900, "claude-opus-4-7", None, "", "timed out"),
        ("stability_call_error", "health", at(T0 - 7), None, None, None, "", "aborted"),
        ("stability_failover", "decision", at(T0 - 6), None, None, "rate_limit", "", "rate_limit"),
    ]
    assert after.events[0].started == at(T0 - 60_000)


# --- all of it together

EVERYTHING: Rows = {
    **AUTH[AGENT], **AUTH[STATE], **transcript([ASKED, REFUSED, ANSWERED]),
    "session_nodes": [{"session_key": "agent:main:main", "entry_json": {"sessionId": "s1"}, "updated_at": T0}],
    "subagent_runs": [WIDE],
    "diagnostic_stability_bundles": [{"bundle_json": BUNDLE}],
    "trajectory_runtime_events": [{"session_id": "s1", "seq": 1, "event_json": STEPS[4][0]}],
}  # fmt: skip


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make(tmp_path_factory.mktemp("all") / "x.sqlite", EVERYTHING).read_bytes()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_damage_raises_or_shows_a_token(everything: bytes, data: st.DataObject) -> None:
    raw = bytearray(everything[: data.draw(st.integers(0, len(everything)))])
    for start in data.draw(st.lists(st.integers(0, max(len(raw) - 1, 0)), max_size=6)):
        raw[start : start + 8] = data.draw(st.binary(min_size=1, max_size=8))
    after = read_bytes(bytes(raw))
    assert (after.lines, after.event_lines, sum(r.lines for r in after.rejects)) == (0, 0, 0)
    frame(Event, after.events)
    frame(StateValue, after.state)
    frame(Credential, after.credentials)
    frame(Reject, after.rejects)
    assert "CANARY" not in rows_of(after)


def test_a_schema_with_broken_letters_is_told_in_a_sentence(everything: bytes) -> None:
    """SQLite quotes the name of what is wrong in its message, broken letters and all."""
    broken = everything.replace(b"tableauth_profile_store", b"tableauth_profile_sto\xa4\xff")
    broken = broken.replace(b"CREATE TABLE auth_profile_store", b"CREATE TABL! auth_profile_store")
    assert broken != everything
    after = read_bytes(broken)
    (whole,) = after.rejects
    assert whole.why.startswith("cannot be opened as a database: malformed database schema")


def read_bytes(raw: bytes) -> Contents:
    with tempfile.TemporaryDirectory() as folder:
        real = Path(folder, "openclaw-agent.sqlite")
        real.write_bytes(raw)
        return BY_NAME["agent_database"].read(Source(AGENT, real, MTIME, "main"))


PLAIN = {"version": 1, "profiles": {"anthropic:default": {"type": "token", "provider": "anthropic", "token": "x" * 40}}}


def story(state: Path, *, migrated: bool) -> Path:
    """One refused call and its cooldown, as JSON files or in a database."""
    entries = [{"type": "session", "version": 3, "id": "s1", "cwd": "/"}, ASKED, REFUSED, message("user", T0 + 9000)]
    files = {
        "openclaw.json": json.dumps({"meta": {"lastTouchedVersion": "2026.9.6"}}),
        "agents/main/agent/auth-profiles.json": json.dumps(PLAIN),
        "agents/main/agent/auth-state.json": json.dumps(STATS),
        "agents/main/sessions/s1.jsonl": "\n".join(map(json.dumps, entries)),
    }
    if migrated:
        store = [{"store_key": "primary", "store_json": PLAIN, "updated_at": T0}]
        make(state / AGENT, {**AUTH[AGENT], "auth_profile_store": store, **transcript(entries)})
    for name in list(files)[: 1 if migrated else None]:
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        (state / name).write_text(files[name])
    return state


def test_the_same_case_before_and_after_the_migration_gives_the_same_incident(tmp_path: Path) -> None:
    cases = [open_case(story(tmp_path / str(migrated) / ".openclaw", migrated=migrated)) for migrated in (False, True)]
    before, after = (
        [
            (i.provider, i.profiles, i.models, i.true_reason, i.verdict, i.start, i.first_failure.time,
             i.first_failure.http_status, i.first_failure.profile, i.first_failure.text, i.first_failure.time_basis,
             [(w.kind, w.profile, w.start, w.end) for w in i.windows])
            for i in case.incidents
        ]
        for case in cases
    )  # fmt: skip
    assert after == before
    assert [incident[3] for incident in after] == ["auth"]


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not there")
def test_databases_of_captures_are_known_and_read_without_a_reject_or_a_token() -> None:
    for path in sorted(CAPTURES.glob("*/*/evidence/**/*.sqlite")):
        shown, before = str(path.relative_to(CAPTURES)), path.read_bytes()
        after = read(path, shown)
        assert (shown, after.rejects) == (shown, ())
        assert not TOKENS.search(rows_of(after)), shown
        assert path.read_bytes() == before


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not there")
@pytest.mark.parametrize(
    "truth", sorted(CAPTURES.glob("2026.[79].*/*/truth.json")), ids=lambda p: "-".join(p.parts[-3:-1])
)
def test_the_first_failures_of_captures_with_databases_are_found(truth: Path) -> None:
    case = open_case(truth.parent / "evidence")
    assert not [file.path for file in case.timeline.files if file.kind == "unknown" and ".sqlite" in file.path]
    for incident in json.loads(truth.read_text())["incidents"]:
        wanted = incident["first_failure"]
        near = [
            i
            for i in case.incidents
            if abs((i.first_failure.time - datetime.fromisoformat(wanted["time"])).total_seconds())
            <= 2 * wanted["tolerance_s"]
            and (i.true_reason, i.first_failure.http_status) == (wanted["true_reason"], wanted["http_status"])
        ]
        assert near or wanted["optional"], wanted


@pytest.mark.parametrize("page_size", [512, 1024, 4096, 65536])
def test_a_database_is_no_text_with_holes(tmp_path: Path, page_size: int) -> None:
    file = tmp_path / "runs.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute(f"PRAGMA page_size = {page_size}")
        database.execute("CREATE TABLE flow_runs (flow_id TEXT PRIMARY KEY, goal TEXT, owner_key TEXT)")
    with file.open("rb") as opened:
        assert text_form(opened, opened.read(4096)) is None
