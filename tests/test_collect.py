"""A bundle answers as its original does, and changes nothing of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from collecting import ABOUT, CAPTURES, SAMPLES, answer, bundle_of, log_line, members, written
from hypothesis import HealthCheck, settings
from hypothesis import given as given_hypothesis
from hypothesis import strategies as st
from test_sqlite_stores import story
from test_stores import given, read_bytes

from forensics import open_case
from forensics.evidence import open_evidence
from forensics.parsers.logs import envelopes, templates
from forensics.parsers.logs.envelopes import SHAPES, WRAPPERS
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates import PREFILTER, TEMPLATES
from forensics.parsers.stores import STORES, claim
from forensics.sharing.bundle import Place, collect
from forensics.sharing.bundle.log_lines import collected_lines
from forensics.sharing.bundle.masker import Masker
from forensics.tables import File

ASKED = ("kind", "shape", "release", "lines", "events", "continuations", "other", "rejects", "first_time", "last_time")
needs_captures = pytest.mark.skipif(
    not CAPTURES, reason="the captures are not at hand: ../shared/captures does not exist"
)


def ids(case: Path) -> str:
    return "-".join(case.parts[-2:])


def assert_answers_alike(evidence: Path, out: Path) -> None:
    left_out = bundle_of(evidence, out).manifest.left_out
    assert answer(out) == answer(evidence)
    ours, theirs = files(out), files(evidence)
    assert ours == {path: row for path, row in theirs.items() if path in ours}
    assert {str(evidence / path) for path in theirs.keys() - ours.keys()} <= {left.path for left in left_out}


def files(evidence: Path) -> Mapping[str, tuple[object, ...]]:
    def told(file: File) -> tuple[object, ...]:
        lines = ASKED if not file.kind.endswith("_database") else ("kind", "release")
        return tuple(getattr(file, name) for name in (*lines, "mtime"))

    found = {file.path: told(file) for file in open_case(evidence).timeline.files}
    return {path: row for path, row in found.items() if not path.startswith("manifest.")}


@pytest.mark.parametrize("case", SAMPLES, ids=ids)
def test_a_sample_answers_alike(case: Path, tmp_path: Path) -> None:
    assert_answers_alike(case / "evidence", tmp_path / "case.zip")


@needs_captures
@pytest.mark.parametrize("case", CAPTURES, ids=ids)
def test_a_capture_answers_alike(case: Path, tmp_path: Path) -> None:
    assert_answers_alike(case / "evidence", tmp_path / "case.zip")


def test_a_bundle_of_a_bundle_answers_alike_and_keeps_the_first_manifest(tmp_path: Path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    bundle_of(SAMPLES[0] / "evidence", first)
    bundle_of(first, second)
    assert answer(second) == answer(first)
    kept = {"earlier/manifest.json", "earlier/manifest.sha256"}
    changed = {name for name, data in members(second).items() if members(first).get(name) != data}
    assert changed == kept | {"manifest.json", "manifest.sha256"}
    assert members(second)["earlier/manifest.json"] == members(first)["manifest.json"]


def test_the_same_evidence_gives_the_same_bytes(tmp_path: Path) -> None:
    made = [tmp_path / "a.zip", tmp_path / "b.zip"]
    for out in made:
        bundle_of(SAMPLES[0] / "evidence", out)
    assert made[0].read_bytes() == made[1].read_bytes()


@pytest.mark.parametrize(
    ("store", "sample"),
    [
        pytest.param(store, sample, id=f"{store.name}-{n}")
        for store in STORES
        for n, sample in enumerate(store.samples, 1)
        if store.name not in ("known_state", "collected") and not sample.path.endswith((".md", ".txt"))
    ],
)
def test_a_store_reads_the_same_from_a_bundle(store, sample, tmp_path: Path) -> None:
    """What this misses is a key that `collect.kept` does not name yet."""
    evidence = written(tmp_path / "evidence", {sample.path: sample.content})
    bundle = bundle_of(evidence, tmp_path / "case.zip")
    (file,) = bundle.manifest.files
    data = members(tmp_path / "case.zip")[file.path]
    assert claim(file.path, data) is store
    before, after = (given(read_bytes(store, sample.path, c)) for c in (sample.content.encode(), data))
    assert without_hashes(after) == without_hashes(before)


def without_hashes(told: dict[str, Any]) -> dict[str, Any]:
    """Without the hash of a prompt and the reason why a line is no JSON: both are other ones."""
    events = [e | ({"detail": None} if e["kind"] == "transcript_turn" else {}) for e in told.get("events", [])]
    return told | {"events": events, "rejects": [row.partition(":")[0] for row in told.get("rejects", [])]}


@pytest.mark.parametrize(
    "line", [pytest.param(s.line, id=f"{t.kind}-{n}") for t in TEMPLATES if t.is_event for n, s in enumerate(t.samples)]
)
def test_an_event_reads_the_same_from_a_bundle(line: str) -> None:
    lines = line.split("\n")
    assert matched(collected(lines)) == matched(lines)


@pytest.mark.parametrize(
    "line",
    [pytest.param(s.line, id=f"{shape.name}-{n}") for shape in SHAPES for n, s in enumerate(shape.samples)]
    + [pytest.param(line, id=f"{w.name}-{n}") for w in WRAPPERS for n, (line, _) in enumerate(w.samples)],
)
def test_a_line_keeps_its_envelope(line: str) -> None:
    """A new shape fails here until `collect.log_records` can write it."""
    assert envelope(envelopes.read_line(collected([line])[0])) == envelope(envelopes.read_line(line))


def collected(lines: list[str]) -> list[str]:
    made = collected_lines([line.encode() for line in lines], None, Masker(()))
    return [line.decode() for line in made]


def matched(lines: list[str]) -> object:
    record = envelopes.read_line(lines[0])
    found = templates.match(replace(record, text="\n".join([record.text, *lines[1:]]))) if record else None
    return found and (found[0].kind, found[1])


def envelope(record: Record | None) -> Record | None:
    return record and replace(record, text="", meta={}, raw=None)


AT = "2026-03-02T10:00:00.000Z"


@pytest.mark.parametrize(
    ("first", "behind"),
    [
        (f"{AT} Embedded agent failed before reply: 401 Unauthorized", "what the provider went on to say"),
        (f"{AT} [gateway] listening on ws://127.0.0.1:18789 (PID 22)", "<32 characters>"),
    ],
)
def test_what_continues_an_event_stays_only_where_the_event_needs_it(first: str, behind: str) -> None:
    lines = [first, "what the provider went on to say"]
    assert collected(lines) == [first, behind]
    assert matched(collected(lines)) == matched(lines)


LINES = st.one_of(
    st.binary(max_size=120),
    st.sampled_from([s.line.encode() for t in TEMPLATES for s in t.samples]),
    st.sampled_from([s.line.encode() for shape in SHAPES for s in shape.samples]),
    st.sampled_from([b"", b"  ", b"    at next (file.js:1:2)", b'{"0":' + b'{"a":' * 900 + b"1" + b"}" * 901]),
)


@given_hypothesis(st.lists(LINES, max_size=12))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_line_gives_one_line_whatever_it_is(lines: list[bytes]) -> None:
    lines = [line.replace(b"\n", b"") for line in lines]
    made = list(collected_lines(lines, None, Masker(())))
    assert [b"\n" in line for line in made] == [False] * len(lines)
    assert [not line.strip() for line in made] == [not line.decode(errors="replace").strip() for line in lines]


def test_a_length_is_no_event() -> None:
    assert not re.search(PREFILTER, "<123 characters, text 4, heartbeat>")


def test_equal_tokens_stay_equal_and_the_end_of_a_jwt_survives(tmp_path: Path) -> None:
    evidence = SAMPLES[0].parent / "desync-2026.3.11" / "evidence"
    bundle_of(evidence, tmp_path / "case.zip")
    before, after = (open_case(path).credentials for path in (evidence, tmp_path / "case.zip"))
    assert after.equals(before)
    token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3NzA4MjU2MDB9.INVENTED-0019"
    codex = {"tokens": {"access_token": token, "refresh_token": "rt_INVENTED-0020-AAAAAAAA"}}
    folder = written(tmp_path / "codex", {".codex/auth.json": json.dumps(codex)})
    bundle_of(folder, tmp_path / "codex.zip")
    held = json.loads(members(tmp_path / "codex.zip")[".codex/auth.json"])["tokens"]
    assert held["access_token"].endswith(";exp=1770825600")
    before, after = (open_case(path).credentials for path in (folder, tmp_path / "codex.zip"))
    assert after.equals(before)


def test_nothing_of_the_original_is_changed(tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    story(evidence / ".openclaw", migrated=True)
    written(evidence, {".openclaw/logs/openclaw.log": log_line("2026-03-02T10:00:00.000Z", "ready") + "\n"})
    before = listing(evidence)
    bundle_of(evidence, tmp_path / "case.zip")
    assert listing(evidence) == before


def listing(folder: Path) -> dict[str, tuple[object, ...]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        stat = path.stat()
        data = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = (data, stat.st_mtime_ns, stat.st_mode)
    return found


def test_the_manifest_states_the_originals(tmp_path: Path) -> None:
    evidence = SAMPLES[0] / "evidence"
    for file in bundle_of(evidence, tmp_path / "case.zip").manifest.files:
        original = evidence / file.path
        data = original.read_bytes()
        assert (file.sha256, file.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
        assert file.mtime is not None
        assert abs(file.mtime.timestamp() - original.stat().st_mtime) < 2e-6
        assert file.original == str(original)


def test_the_times_of_files_that_were_left_out_are_not_forgotten(tmp_path: Path) -> None:
    """Whether mtimes can be believed is asked of all files: were they written at once, they were copied."""
    evidence = written(tmp_path / "evidence", BROKEN)
    for n, path in enumerate(sorted(path for path in evidence.rglob("*") if path.is_file())):
        os.utime(path, (1_772_445_600 + 60 * n,) * 2)
    bundle_of(evidence, tmp_path / "case.zip")
    with open_evidence([evidence]) as before, open_evidence([tmp_path / "case.zip"]) as after:
        spans = [[opened.items and f(i.mtime for i in opened.items) for f in (min, max)] for opened in (before, after)]
    assert spans[0] == spans[1]


def test_rows_that_are_only_in_the_wal_are_in_the_bundle(tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    story(evidence / ".openclaw", migrated=True)
    path = next((evidence / ".openclaw").rglob("openclaw-agent.sqlite"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        with connection:
            connection.execute("UPDATE auth_profile_state SET updated_at = 1795165099999")
        assert Path(f"{path}-wal").stat().st_size
        bundle = bundle_of(evidence, tmp_path / "case.zip")
        assert answer(tmp_path / "case.zip") == answer(evidence)
    names = [file.path for file in bundle.manifest.files]
    assert not [name for name in names if name.endswith(("-wal", "-shm"))]
    made = tmp_path / "made.sqlite"
    made.write_bytes(members(tmp_path / "case.zip")[str(path.relative_to(evidence))])
    with closing(sqlite3.connect(made)) as connection:
        assert connection.execute("SELECT updated_at FROM auth_profile_state").fetchall() == [(1795165099999,)]
        assert connection.execute("PRAGMA freelist_count").fetchall() == [(0,)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_database_keeps_what_tells_of_its_release(tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    story(evidence / ".openclaw", migrated=True)
    path = next((evidence / ".openclaw").rglob("openclaw-agent.sqlite"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 23")
        connection.execute("PRAGMA application_id = 77")
    bundle_of(evidence, tmp_path / "case.zip")
    made = tmp_path / "made.sqlite"
    made.write_bytes(members(tmp_path / "case.zip")[str(path.relative_to(evidence))])
    with closing(sqlite3.connect(made)) as one, closing(sqlite3.connect(path)) as other:
        for pragma in ("user_version", "application_id", "table_info(auth_profile_store)"):
            told = [c.execute(f"PRAGMA {pragma}").fetchall() for c in (one, other)]
            assert [row[:3] for row in told[0]] == [row[:3] for row in told[1]]


BROKEN = {
    ".openclaw/agents/main/agent/auth-profiles.json": '{"version": 1,\n "profiles": {"a:b": {"key": "sk-ant-INVENTED-1',
    ".openclaw/agents/main/sessions/s1.jsonl": '{"type":"session","id":"s1","version":3,"cwd":"/"}\n{"type":"mess\n',
    ".openclaw/notes.txt": "what somebody wrote down",
    ".openclaw/openclaw.json": "",
}


def test_what_is_broken_unknown_or_empty_is_told_and_counted(tmp_path: Path) -> None:
    evidence = written(tmp_path / "evidence", BROKEN)
    manifest = bundle_of(evidence, tmp_path / "case.zip").manifest
    held = {name: data.decode() for name, data in members(tmp_path / "case.zip").items()}
    assert held[".openclaw/agents/main/agent/auth-profiles.json"] == "<14 characters>\n<47 characters>"
    assert held[".openclaw/agents/main/sessions/s1.jsonl"].splitlines()[1] == "<13 characters>"
    assert [file.notes != () for file in manifest.files] == [True, False]
    assert [(Path(left.path).name, left.bytes, left.why) for left in manifest.left_out] == [
        ("notes.txt", 24, "not recognised as anything of OpenClaw"),
        ("openclaw.json", 0, "empty"),
    ]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is unreadable for this user")
def test_a_file_that_must_not_be_read_is_left_out_with_its_reason(tmp_path: Path) -> None:
    evidence = written(tmp_path / "evidence", BROKEN | {".openclaw/agents/dev/agent/auth-profiles.json": "{}"})
    (evidence / ".openclaw/agents/dev/agent/auth-profiles.json").chmod(0)
    left = bundle_of(evidence, tmp_path / "case.zip").manifest.left_out
    assert [x.why for x in left if "dev" in x.path] == ["cannot be read: Permission denied"]


def test_a_log_that_grows_is_taken_as_far_as_it_was_hashed(tmp_path: Path) -> None:
    line = log_line("2026-03-02T10:00:00.000Z", "listening on ws://127.0.0.1:18789 (PID 22)") + "\n"
    evidence = written(tmp_path / "evidence", {".openclaw/logs/openclaw.log": line * 3})
    log = evidence / ".openclaw/logs/openclaw.log"

    def grow(*_: object) -> None:
        with log.open("a") as file:
            file.write(line)

    (file,) = collect([Place((evidence,))], tmp_path / "case.zip", ABOUT, grow).manifest.files
    assert file.lines == 3
    assert file.sha256 == hashlib.sha256((line * 3).encode()).hexdigest()
    assert file.notes == ("it was still growing: taken as far as it was hashed",)
