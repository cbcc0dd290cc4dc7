"""The same case before and after its stores went into SQLite, with and without what the migration left lying there."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from forensics import Case, open_case

SAMPLE = Path(__file__).parents[1] / "sample_data" / "scope403-2026.2.9" / "evidence"
SCHEMA = {  # as the releases make them, without their indexes
    "auth_profile_store": "store_key TEXT NOT NULL PRIMARY KEY, store_json TEXT NOT NULL, updated_at INTEGER NOT NULL",
    "auth_profile_state": "state_key TEXT NOT NULL PRIMARY KEY, state_json TEXT NOT NULL, updated_at INTEGER NOT NULL",
    "config_machine_state": "state_key TEXT NOT NULL PRIMARY KEY, value_json TEXT NOT NULL, "
    "updated_at_ms INTEGER NOT NULL",
    "cron_run_logs": "store_key TEXT NOT NULL, job_id TEXT NOT NULL, seq INTEGER NOT NULL, ts INTEGER NOT NULL, "
    "status TEXT, error TEXT, summary TEXT, diagnostics_summary TEXT, delivery_status TEXT, delivery_error TEXT, "
    "delivered INTEGER, session_id TEXT, session_key TEXT, run_id TEXT, run_at_ms INTEGER, duration_ms INTEGER, "
    "next_run_at_ms INTEGER, model TEXT, provider TEXT, total_tokens INTEGER, entry_json TEXT NOT NULL, "
    "created_at INTEGER NOT NULL, PRIMARY KEY (store_key, job_id, seq)",
    "session_nodes": "session_key TEXT NOT NULL PRIMARY KEY, current_session_id TEXT, entry_json TEXT NOT NULL, "
    "updated_at INTEGER, status TEXT",
    "transcript_events": "session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, created_at INTEGER, "
    "event_zstd BLOB, event_utf8_bytes INTEGER, navigation_json TEXT, PRIMARY KEY (session_id, seq)",
}
Rows = Mapping[str, Iterable[Mapping[str, object]]]
LATER = 1_795_180_000_000  # when the migration ran: after all that happened


def write(path: Path, rows: Rows, *, wal: bool = False) -> None:
    """A database; with `wal` its rows are only in the -wal, as while a gateway writes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name("made.sqlite") if wal else path
    with closing(sqlite3.connect(made)) as connection:
        connection.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
        for table in rows:
            connection.execute(f"CREATE TABLE {table} ({SCHEMA[table]})")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        for table, records in rows.items():
            for record in records:
                names, marks = ", ".join(record), ", ".join("?" * len(record))
                connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(record.values()))
        connection.commit()
        for suffix in ("", "-wal", "-shm") if wal else ():
            shutil.copyfile(f"{made}{suffix}", f"{path}{suffix}")
    for left in path.parent.glob("made.sqlite*"):
        left.unlink()


def payload(entry: str) -> dict[str, object]:
    """A transcript row as 2026.9.6 writes it: zstd of level 1 with a checksum, where that is worth it.

    It packs from 1 KiB on; the sample's entries are shorter, for their prompts were left out.
    """
    raw = entry.encode()
    packed = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(raw)
    worth = len(raw) >= 256 and len(packed) <= len(raw) - max(64, -(-len(raw) // 10)) and "\\u" not in entry
    cells: dict[str, object] = {"event_zstd": packed} if worth else {"event_json": entry}
    return {**cells, "event_utf8_bytes": len(raw)}


def without(folder: Path, *names: str) -> dict[str, str]:
    """Moves files of a case out of it, and gives their texts."""
    texts = {}
    for name in names:
        for path in sorted(folder.rglob(name)):
            texts[str(path.relative_to(folder))] = path.read_text()
            path.unlink()
    return texts


def auth(text: str) -> tuple[str, str]:
    """auth-profiles.json -> the credentials, and all the rest."""
    whole = json.loads(text)
    state = {key: value for key, value in whole.items() if key != "profiles"}
    return json.dumps({"version": 1, "profiles": whole["profiles"]}), json.dumps(state)


def migrated(folder: Path, release: str, *, archives: bool, wal: bool = False) -> Path:
    """The sample as it lies there after an upgrade to `release`; its logs stay what they were."""
    shutil.copytree(SAMPLE, folder)
    state = folder / ".openclaw"
    old = without(state, "auth-profiles.json")
    ((place, text),) = old.items()
    store, stats = auth(text)
    agent = state / "agents/main/agent/openclaw-agent.sqlite"
    if release == "2026.7.1":
        rows: dict[str, list[Mapping[str, object]]] = {
            "auth_profile_store": [{"store_key": "primary", "store_json": store, "updated_at": LATER}],
            "auth_profile_state": [{"state_key": "primary", "state_json": stats, "updated_at": LATER}],
        }
        left = {f"{place}.sqlite-import.{LATER}.bak": text}
    else:
        shared = {
            "authProfiles.store": store,
            "authProfiles.state": stats,
            "auth.sharedStore": '{"location":"state-db"}',
        }
        machine = [{"state_key": k, "value_json": v, "updated_at_ms": LATER} for k, v in shared.items()]
        write(state / "state/openclaw.sqlite", {"config_machine_state": machine}, wal=wal)
        rows, moved = sessions(state)
        left = {f"{place}.migrated-2026-11-21T08-00-00.000Z-c78e6440-07ef-4146-afa1-3c1775e5fd16": text, **moved}
    write(agent, rows, wal=wal)
    for name, content in left.items() if archives else ():
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        (state / name).write_text(content)
    return folder


def sessions(state: Path) -> tuple[dict[str, list[Mapping[str, object]]], dict[str, str]]:
    """(rows of the agent's database, the files the importer moved aside)."""
    files = without(state / "agents/main", "sessions.json", "*.jsonl")
    index = json.loads(next(text for name, text in files.items() if name.endswith("sessions.json")))
    nodes: list[Mapping[str, object]] = [
        {"session_key": key, "current_session_id": entry["sessionId"], "entry_json": json.dumps(entry),
         "updated_at": entry["updatedAt"], "status": "done"}
        for key, entry in index.items()
    ]  # fmt: skip
    events: list[Mapping[str, object]] = [
        {"session_id": Path(name).stem, "seq": seq, "created_at": LATER, **payload(line)}
        for name, text in files.items()
        if name.endswith(".jsonl")
        for seq, line in enumerate(text.splitlines())
    ]
    archive = "agents/main/session-sqlite-import-archive"
    moved = {f"{archive}/agent_main_main.{Path(name).name}.imported-{LATER}": text for name, text in files.items()}
    return {"session_nodes": nodes, "transcript_events": events}, moved


def told(case: Case) -> list[object]:
    """All that an answer says, but the places where it stands."""
    return [
        (
            i.provider, i.agents, i.profiles, i.models, i.true_reason, i.verdict, i.recorded_reasons, i.owner, i.start,
            i.end, i.failures, i.echoes, i.first_failure.time, i.first_failure.time_basis, i.first_failure.http_status,
            i.first_failure.profile, i.first_failure.text, i.first_failure.confidence,
            [(w.kind, w.profile, w.start, w.end, w.prolonged, w.start_basis) for w in i.windows],
            i.impact.sessions, i.impact.runs_failed, i.impact.cron_runs, i.impact.subagents, i.sentence,
        )
        for i in case.incidents
    ]  # fmt: skip


BEFORE = open_case(SAMPLE)


@pytest.mark.parametrize("archives", [False, True], ids=["alone", "with archives"])
@pytest.mark.parametrize("release", ["2026.7.1", "2026.9.6"])
def test_the_same_case_gives_the_same_incident(tmp_path: Path, release: str, archives: bool) -> None:
    after = open_case(migrated(tmp_path / "case", release, archives=archives))
    assert [f.path for f in after.timeline.files if f.kind == "unknown"] == []
    assert after.timeline.rejects == BEFORE.timeline.rejects
    assert told(after) == told(BEFORE)
    assert len(told(after)) == 1


@pytest.mark.parametrize("release", ["2026.7.1", "2026.9.6"])
def test_what_a_migration_left_lying_there_is_counted_once(tmp_path: Path, release: str) -> None:
    alone, both = (
        open_case(migrated(tmp_path / str(archives), release, archives=archives)).triage() for archives in (False, True)
    )
    for section in ("desync", "stale_overrides", "stale_blocks", "retry_loops", "lost_results"):
        assert both[section] == alone[section]


@pytest.mark.parametrize("release", ["2026.7.1", "2026.9.6"])
def test_rows_that_are_only_in_the_wal_tell_the_same_and_nothing_is_touched(tmp_path: Path, release: str) -> None:
    folder = migrated(tmp_path / "case", release, archives=False, wal=True)
    database = next(folder.rglob("openclaw-agent.sqlite"))
    assert b"anthropic" not in database.read_bytes()
    before = hashes(folder)
    assert told(open_case(folder)) == told(BEFORE)
    assert hashes(folder) == before


def test_without_their_wal_the_same_databases_tell_less_and_it_is_said(tmp_path: Path) -> None:
    folder = migrated(tmp_path / "case", "2026.9.6", archives=False, wal=True)
    for path in [*folder.rglob("*-wal"), *folder.rglob("*-shm")]:
        path.unlink()
    assert told(open_case(folder)) != told(BEFORE)


@pytest.mark.parametrize("damage", ["overwritten", "cut"])
def test_a_broken_database_costs_its_own_rows_only_and_is_told(tmp_path: Path, damage: str) -> None:
    folder = migrated(tmp_path / "case", "2026.9.6", archives=False)
    database = folder / ".openclaw/agents/main/agent/openclaw-agent.sqlite"
    raw = database.read_bytes()
    database.write_bytes(b"\x93" * len(raw) if damage == "overwritten" else raw[:2048])
    before = hashes(folder)
    case = open_case(folder)
    assert [r.why.split(":")[0] for r in case.timeline.rejects if ".sqlite" in r.source] == [
        "cannot be opened as a database"
    ]
    assert [(i.provider, i.start <= BEFORE.incidents[0].end) for i in case.incidents if BEFORE.incidents[0].end]
    assert hashes(folder) == before


def test_a_database_that_a_gateway_holds_locked_is_read_from_a_copy(tmp_path: Path) -> None:
    folder = migrated(tmp_path / "case", "2026.9.6", archives=False)
    database = folder / ".openclaw/agents/main/agent/openclaw-agent.sqlite"
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        before = hashes(folder)
        assert told(open_case(folder)) == told(BEFORE)
        assert hashes(folder) == before


def hashes(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_some_rows_were_really_packed(tmp_path: Path) -> None:
    folder = migrated(tmp_path / "case", "2026.9.6", archives=False)
    with closing(sqlite3.connect(next(folder.rglob("openclaw-agent.sqlite")))) as connection:
        query = "SELECT count(event_zstd) > 0, count(event_json) > 0 FROM transcript_events"
        assert connection.execute(query).fetchone() == (1, 1)


RUNS = [
    {
        "ts": LATER, "jobId": "j1", "action": "finished", "status": "error", "errorReason": "rate_limit",
        "error": '429 {"type":"error","error":{"type":"rate_limit_error","message":"slow down"},"request_id":"req_1"}',
        "summary": "private", "runId": "r1", "runAtMs": LATER - 900, "durationMs": 900, "nextRunAtMs": LATER + 60_000,
        "model": "claude-opus-4-7", "provider": "anthropic", "usage": {"total_tokens": 12}, "delivered": False,
        "deliveryStatus": "not-delivered", "sessionId": "s9", "sessionKey": "agent:ops:cron:j1:run:r1",
    },
    {"ts": LATER + 60_000, "jobId": "j1", "action": "finished", "status": "skipped", "runAtMs": LATER + 60_000},
]  # fmt: skip
COLUMNS = {  # what 2026.7.1 binds to the columns of a row, beside the entry itself
    "status": "status", "error": "error", "summary": "summary", "deliveryStatus": "delivery_status",
    "sessionId": "session_id", "sessionKey": "session_key", "runId": "run_id", "runAtMs": "run_at_ms",
    "durationMs": "duration_ms", "nextRunAtMs": "next_run_at_ms", "model": "model", "provider": "provider",
}  # fmt: skip


def test_finished_cron_runs_are_the_same_before_and_after(tmp_path: Path) -> None:
    rows = [
        {
            "store_key": "default",
            "job_id": "j1",
            "seq": n,
            "ts": run["ts"],
            "entry_json": json.dumps(run),
            "created_at": 1,
        }
        | {column: run.get(key) for key, column in COLUMNS.items()}
        for n, run in enumerate(RUNS, 1)
    ]
    write(tmp_path / "new/state/openclaw.sqlite", {"cron_run_logs": rows})
    (tmp_path / "old/cron/runs").mkdir(parents=True)
    (tmp_path / "old/cron/runs/j1.jsonl").write_text("\n".join(map(json.dumps, RUNS)) + "\n")
    places = {"source": "", "line": 0, "sources": ()}
    old, new = (
        [replace(event, **places) for event in open_case(tmp_path / name).timeline.events]  # type: ignore[arg-type]
        for name in ("old", "new")
    )
    assert new == old
    assert [(e.run, e.http_status, e.stage) for e in old] == [("r1", 429, "not-delivered"), (None, None, None)]
