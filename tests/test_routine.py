"""Routine records: counted in the first pass, whole only where reasoning needs them, and no answer changes."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics import open_case
from forensics.evidence import open_evidence
from forensics.parsers import log_reader, routine
from forensics.parsers.log_file import MatchedRecord
from forensics.parsers.logs import templates
from forensics.parsers.logs.prefilter import scan
from forensics.parsers.routine import RECORDS, needed, places
from forensics.parsers.stores import transcripts
from forensics.parsers.stores.reading.entries import sorted_entries
from forensics.parsers.stores.reading.routine import with_routine
from forensics.parsers.stores.store import Contents, Source
from forensics.report.terminal import page

SAMPLES = Path(__file__).parents[1] / "sample_data"
DAY = datetime(2026, 11, 20, tzinfo=UTC)
BOUND = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("name", sorted(p.name for p in SAMPLES.iterdir() if (p / "evidence").is_dir()))
def test_no_answer_changes_where_routine_records_are_only_counted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    every = open_case(SAMPLES / name / "evidence")
    monkeypatch.setattr(routine, "FEW", 0)
    monkeypatch.setattr(routine, "_NEAR", (timedelta(minutes=5),))
    few = open_case(SAMPLES / name / "evidence")
    assert few.triage() == every.triage()
    assert page(few, 100) == page(every, 100)
    assert few.events.height <= every.events.height
    assert few.files.equals(every.files)


def test_on_a_healthy_day_most_routine_records_stay_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    every = open_case(SAMPLES / "healthy-2026.2.9" / "evidence").events
    monkeypatch.setattr(routine, "FEW", 0)
    monkeypatch.setattr(routine, "_NEAR", (timedelta(seconds=1),))
    case = open_case(SAMPLES / "healthy-2026.2.9" / "evidence")
    few = case.events
    assert few.height < every.height * 2 / 3
    counted = case.activity.filter(pl.col("source").str.contains("/sessions/"))
    assert counted["lines"].sum() == every.height - few.height  # they leave no gap that looks like silence
    answers = pl.col("role") == "answer"
    assert few.filter(answers)["count"].sum() == every.filter(answers)["count"].sum()


def records(rows: list[tuple[int, str]]) -> pl.DataFrame:
    """(second of the day, kind) -> the routine records of one file."""
    columns = {
        "line": range(1, len(rows) + 1),
        "offset": range(0, 100 * len(rows), 100),
        "time": [DAY + timedelta(seconds=second) for second, _ in rows],
        "kind": [kind for _, kind in rows],
        "level": [None] * len(rows),
        "subsystem": [None] * len(rows),
        "is_prompt": [kind == "prompt" for _, kind in rows],
    }
    return pl.DataFrame(columns).select(pl.col(name).cast(dtype) for name, dtype in RECORDS.items())


FILE = st.lists(st.tuples(st.integers(0, 86_000), st.sampled_from(["prompt", "a/1 stop", "b/2 stop"])), max_size=40)


@BOUND
@given(files=st.lists(FILE, min_size=1, max_size=3), moments=st.lists(st.integers(0, 86_000), max_size=4))
def test_what_is_near_a_moment_is_whole_and_the_rest_counted(
    files: list[list[tuple[int, str]]], moments: list[int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routine, "FEW", 0)
        patch.setattr(routine, "_NEAR", (timedelta(minutes=10),))
        kept = needed([("main", records(rows)) for rows in files], [DAY + timedelta(seconds=at) for at in moments])
    for rows, mine in zip(files, kept, strict=True):
        assert mine["count"].sum() == len(rows)
        whole = set(mine["line"])
        for line, (second, kind) in enumerate(rows, 1):
            assert line in whole or all(abs(second - at) > 600 for at in moments)
            prompts = [n for n, (_, k) in enumerate(rows[:line], 1) if k == "prompt"]
            assert kind == "prompt" or line not in whole or not prompts or prompts[-1] in whole
        for kind in {kind for _, kind in rows}:
            times = sorted(second for second, k in rows if k == kind)
            told = {rows[line - 1][0] for line in whole if rows[line - 1][1] == kind}
            assert {times[0], times[-1]} <= told


def entry(role: str, text: str, **more: object) -> bytes:
    message = {"role": role, "content": [{"type": "text", "text": text}], **more}
    stamp = "2026-11-20T10:00:00.000Z"
    return json.dumps({"type": "message", "id": "a1", "timestamp": stamp, "message": message}).encode()


ANSWER = {"provider": "anthropic", "model": "claude-opus-4-7", "stopReason": "stop"}
LINES = (
    b'{"type":"session","version":3,"id":"5f0c8a52","timestamp":"2026-11-20T09:00:00.000Z","cwd":"/home/kim"}',
    entry("user", "Good morning"),
    entry("user", "Read HEARTBEAT.md"),
    entry("assistant", "Hello", **ANSWER),
    entry("assistant", "", **ANSWER | {"stopReason": "error"}, errorMessage="429 {}"),
    entry("assistant", "", **ANSWER | {"provider": "openclaw"}),
    entry("assistant", "", **ANSWER, api="cli", usage={"totalTokens": 0}),
    entry("assistant", "odd", provider=7, stopReason=["stop"]),
    entry("toolResult", '{"role":"assistant","stopReason":"error"}'),
    b'{"type":"custom","customType":"openclaw:prompt-error","data":{"error":"request timed out"}}',
    b'{"type":"model_change","provider":"anthropic"}',
    b'{"type":"message","message":"no object"}',
    b'{"half":1} {"another":2}',
    b"[1]",
    b"",
    b"\xff\xfe\x00",
)


def both(folder: Path, data: bytes) -> tuple[Contents, Contents]:
    """A transcript read line by line, and with its routine lines read last."""
    file = folder / "5f0c8a52.jsonl"
    file.write_bytes(data)
    source = Source("agents/main/sessions/5f0c8a52.jsonl", file, None, "main")
    skimmed = transcripts.STORE.skim(source) if transcripts.STORE.skim else Contents()
    kept = skimmed.routine.records if skimmed.routine else pl.DataFrame(schema=RECORDS)
    return transcripts.STORE.read(source), with_routine(skimmed, kept.with_columns(count=pl.lit(1)))


@BOUND
@given(
    lines=st.lists(st.sampled_from(LINES), max_size=12),
    cut=st.integers(0, 90),
    end=st.sampled_from([b"", b"\n", b"\r\n"]),
    block=st.sampled_from([1, 300, 1 << 20]),
)
def test_a_transcript_gives_the_same_a_block_at_a_time_as_line_by_line(
    tmp_path: Path, lines: list[bytes], cut: int, end: bytes, block: int
) -> None:
    data = end.join(lines) if end else b"\n".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("forensics.parsers.stores.reading.lines.BLOCK", block)
        read, skimmed = both(tmp_path, data[: max(0, len(data) - cut)] + end)
    assert skimmed.events == read.events
    assert skimmed.rejects == read.rejects
    assert (skimmed.lines, skimmed.event_lines, skimmed.other) == (read.lines, read.event_lines, read.other)


def at_places(log: Path, records: pl.DataFrame) -> list[MatchedRecord]:
    """What the lines of a log give when they are read whole."""
    with open_evidence([log]) as evidence:
        return log_reader.at_places(evidence.items[0], places(records)).sightings


def test_a_refusal_does_not_send_its_whole_block_line_by_line() -> None:
    block = b"\n".join(LINES[:7]) + b"\n"
    found = sorted_entries(block)
    assert found is not None
    assert found.lines == 7
    assert found.whole == [4, 5, 6]
    assert [line.row for line in found.routine] == [1, 2, 3]


def test_every_log_line_told_to_be_routine_is_an_event_of_that_kind(tmp_path: Path) -> None:
    days = json.loads((Path(__file__).parent / "data" / "healthy_days.json").read_text(encoding="utf-8"))
    lines = [row["example"] for day in days.values() for row in day]
    log = tmp_path / "openclaw-2026-11-20.log"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = scan(log, templates.PREFILTER, kinds=templates.ROUTINE)
    told = Counter(kind.split(" ", 1)[0] for kind in found.routine["kind"].cast(pl.String))
    assert set(told) == {kind for kind, _, _ in templates.ROUTINE}
    whole = Counter(sighting.template.kind for sighting in at_places(log, found.routine))
    assert whole == told
    assert found.lines == found.picked.height + found.routine.height + found.activity["lines"].sum()


def test_what_every_start_and_every_client_writes_is_told_without_decoding() -> None:
    told = {kind for kind, _, _ in templates.ROUTINE}
    assert told >= {"agent_model", "log_file", "heartbeat_configured", "cron_scheduler", "config_changed"}
    assert not told & {"gateway_listening", "gateway_ready", "gateway_signal", "gateway_shutdown", "signal_received"}


@pytest.mark.parametrize(
    ("answer", "is_routine"),
    [
        ("errorCode=INVALID_REQUEST errorMessage=invalid params: at root", True),
        ("errorCode=FORBIDDEN errorMessage=missing scope: operator.read", True),
        ("errorCode=UNAVAILABLE errorMessage=Error: All models failed (1)", False),
    ],
)
def test_only_what_a_client_asked_wrongly_is_routine(answer: str, is_routine: bool, tmp_path: Path) -> None:
    meta = '"_meta":{"runtime":"node","logLevelName":"INFO"},"time":"2026-11-20T10:00:00.000Z"}'
    text = f"⇄ res ✗ agent 13ms {answer} conn=58296e1a…1415 id=r3"
    path = tmp_path / "openclaw.log"
    path.write_text('{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":"' + text + '",' + meta + "\n", encoding="utf-8")
    seen = scan(path, templates.PREFILTER, kinds=templates.ROUTINE)
    assert (seen.routine.height, seen.picked.height) == ((1, 0) if is_routine else (0, 1))
