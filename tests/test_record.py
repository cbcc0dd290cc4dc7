"""`forensics record`: what is kept of changing stores and logs, and what it survives."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner
from watching import home, log_line

from forensics import cli
from forensics.case import open_case
from forensics.errors import ReportError
from forensics.evidence.records import members
from forensics.recording.facts import facts
from forensics.recording.record_file import RecordFile, alone
from forensics.recording.recorder import Recorder
from forensics.sharing import host

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OLD, NEW = "sk-ant-oat01-INVENTED-0001-AAAA", "sk-ant-oat01-INVENTED-0002-AAAA"
STORE = ".openclaw/agents/main/agent/auth-profiles.json"


@pytest.fixture
def kim(tmp_path: Path) -> Path:
    return home(tmp_path / "kim", NOW, broken=False)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[RecordFile]:
    kept = RecordFile(tmp_path / "record.sqlite")
    yield kept
    kept.close()


@pytest.fixture
def recorder(kim: Path, record: RecordFile) -> Recorder:
    return Recorder(kim, kim.parent / "temporary", record, 30, lambda _: None)


def write(folder: Path, minute: int, **stats: object) -> None:
    """The auth store as it is from that minute on."""
    access, refresh = NEW if stats.get("errorCount") else OLD, "sk-ant-ort01-INVENTED-0003-AAAA"
    login: dict[str, object] = {"type": "oauth", "provider": "anthropic", "access": access, "refresh": refresh}
    login |= {"expires": 1_900_000_000_000, "email": "k@example.invalid"}
    used = {"lastUsed": ms(minute), **stats}
    file = folder / STORE
    file.write_text(json.dumps({"profiles": {"anthropic:default": login}, "usageStats": {"anthropic:default": used}}))
    os.utime(file, ns=(ms(minute) * 10**6, ms(minute) * 10**6))


def ms(minute: int) -> int:
    return round((NOW + timedelta(minutes=minute)).timestamp() * 1000)


def at(minute: int) -> float:
    return (NOW + timedelta(minutes=minute)).timestamp()


def snapshots(file: Path, of: str = STORE) -> list[str]:
    with members(file) as found:
        return [member.name for member in found if member.name.endswith(of)]


def test_a_change_is_kept_with_its_moment_and_ordinary_use_is_none(
    kim: Path, recorder: Recorder, record: RecordFile
) -> None:
    for minute, stats in ((0, {}), (1, {}), (2, {"errorCount": 1, "cooldownUntil": ms(9)}), (3, {})):
        write(kim, minute, **stats)
        recorder.look(at(minute))
    moments = ("2026-03-02T12-00-00.000Z", "2026-03-02T12-02-00.000Z", "2026-03-02T12-03-00.000Z")
    assert snapshots(record.file) == [f"recorded/{moment}/{STORE}" for moment in moments]


def test_no_token_text_or_address_is_kept(kim: Path, recorder: Recorder, record: RecordFile) -> None:
    write(kim, 0)
    told = {
        "agent:main:main": {
            "sessionId": "5f0c",
            "authProfileOverride": "anthropic:default",
            "lastHeartbeatText": "a secret word",
        }
    }
    (kim / ".openclaw/agents/main/sessions/sessions.json").write_text(json.dumps(told))
    log = kim / ".openclaw/logs/openclaw.log"
    log.write_text(log_line(NOW, "gateway", f"login with {NEW} failed", level="ERROR"))
    recorder.look(at(0))
    record.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = record.file.read_bytes()
    assert b"anthropic:default" in kept
    assert b"fp:" in kept
    assert not [word for word in (OLD, NEW, "INVENTED", "k@", "secret word") if word.encode() in kept]


@pytest.mark.parametrize("value", ["kim@example.invalid hello", {"note": "some words"}, ["two words"]])
def test_a_text_under_any_name_is_no_fact(value: object) -> None:
    assert "words" not in json.dumps(facts({"whatever": value}))
    assert "hello" not in json.dumps(facts({"whatever": value}))


def test_triage_of_a_past_moment_knows_what_the_stores_held_then(
    kim: Path, recorder: Recorder, record: RecordFile
) -> None:
    write(kim, 0)
    recorder.look(at(0))
    failed = {"errorCount": 1, "lastFailureAt": ms(2), "disabledUntil": ms(600), "disabledReason": "billing"}
    write(kim, 2, **failed)
    recorder.look(at(2))
    write(kim, 60)
    recorder.look(at(60))

    def windows(minute: int) -> list[str]:
        case = open_case([kim, record.file], now=NOW + timedelta(minutes=minute))
        return [row.kind for row in case.window_rows if row.end and row.end > NOW + timedelta(minutes=minute)]

    assert windows(1) == []
    assert windows(30) == ["disabled"]
    then = open_case([kim, record.file], now=NOW + timedelta(minutes=1)).timeline.credentials
    assert {row.source.partition("/.openclaw")[0] for row in then} == {"recorded/2026-03-02T12-00-00.000Z"}


def test_lines_outlive_the_log_and_its_rotation(kim: Path, recorder: Recorder, record: RecordFile) -> None:
    log = kim / ".openclaw/logs/openclaw.log"
    lines = [log_line(NOW + timedelta(minutes=n), "gateway", f"start {n}", level="WARN") for n in range(6)]
    log.write_text("".join(lines[:2]) + lines[2][:40])
    recorder.look(at(0))
    log.write_text("".join(lines[:3]))
    recorder.look(at(1))
    log.rename(log.with_name("openclaw.1.log"))
    log.write_text("".join(lines[3:5]))
    recorder.look(at(3))
    log.write_text(lines[5])  # copytruncate
    recorder.look(at(5))
    log.unlink()
    recorder.look(at(6))
    kept = {text for (text,) in record.connection.execute("SELECT text FROM line")}
    assert kept == {line.rstrip("\n") for line in lines}


def test_a_store_that_moves_into_a_database_goes_on_as_before(
    kim: Path, recorder: Recorder, record: RecordFile
) -> None:
    write(kim, 0)
    recorder.look(at(0))
    file = kim / STORE
    database = sqlite3.connect(file.with_name("openclaw-agent.sqlite"))
    database.execute("CREATE TABLE auth_profile_store (store_json TEXT, updated_at INTEGER)")
    told = json.loads(file.read_text())
    told["profiles"]["anthropic:default"]["access"] = NEW
    with database:
        database.execute("INSERT INTO auth_profile_store VALUES (?, 0)", (json.dumps({"profiles": told["profiles"]}),))
    database.close()
    file.rename(file.with_name("auth-profiles.json.migrated-x"))
    recorder.look(at(2))
    bodies = [body for (body,) in record.connection.execute("SELECT body FROM document WHERE body LIKE '%profiles%'")]
    assert len(bodies) == 2
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "auth-profiles.json.migrated-x",
        "openclaw-agent.sqlite",
    ]


def test_two_gateways_of_one_home_are_both_kept(kim: Path, recorder: Recorder, record: RecordFile) -> None:
    second = kim / ".openclaw-work/agents/ops/agent"
    second.mkdir(parents=True)
    (second / "auth-profiles.json").write_text((kim / STORE).read_text())
    recorder.look(at(0))
    assert len(snapshots(record.file, "auth-profiles.json")) == 2


def test_old_snapshots_go_but_the_last_state_before_them_stays(kim: Path, record: RecordFile) -> None:
    brief = Recorder(kim, kim, record, 1, lambda _: None)
    for minute in (0, 1, 2):
        write(kim, minute, errorCount=minute)
        brief.look(at(minute))
    brief.look(at(3 * 24 * 60))
    assert [name[9:33] for name in snapshots(record.file)] == ["2026-03-02T12-02-00.000Z"]


def test_a_full_disk_loses_nothing_that_can_be_read_again(kim: Path, record: RecordFile) -> None:
    told: list[str] = []
    recorder = Recorder(kim, kim, record, 30, told.append)
    write(kim, 0)
    recorder.look(at(0))
    ((pages,),) = record.connection.execute("PRAGMA page_count")
    record.connection.execute(f"PRAGMA max_page_count = {pages}")
    many = {f"anthropic:{n}": {"type": "token", "token": f"sk-ant-oat01-INVENTED-{n:04}"} for n in range(900)}
    (kim / STORE).write_text(json.dumps({"profiles": many}))
    recorder.look(at(1))
    recorder.look(at(1))
    assert len(told) == 1
    assert "full" in told[0]
    record.connection.execute("PRAGMA max_page_count = 100000")
    recorder.look(at(2))
    assert told[1:] == ["All is recorded again."]
    assert len(snapshots(record.file)) == 2


def test_half_a_file_is_read_again_when_it_is_whole(kim: Path, recorder: Recorder, record: RecordFile) -> None:
    whole = (kim / STORE).read_text()
    (kim / STORE).write_text(whole[:30])
    recorder.look(at(0))
    assert snapshots(record.file) == []
    (kim / STORE).write_text(whole)
    recorder.look(at(0))
    assert len(snapshots(record.file)) == 1


def test_a_second_copy_is_refused_while_the_first_runs(kim: Path, tmp_path: Path) -> None:
    out = tmp_path / "kept" / "record.sqlite"
    with alone(out):
        refused = CliRunner().invoke(cli.app, ["record", str(kim), "--once", "--out", str(out)])
    assert isinstance(refused.exception, ReportError)
    assert CliRunner().invoke(cli.app, ["record", str(kim), "--once", "--out", str(out)]).exit_code == 0


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be asked" * 40, b"later"])
def test_a_file_that_is_no_record_is_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "record.sqlite"
    if content == b"later":
        RecordFile(file).close()
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
    else:
        file.write_bytes(content)
    before = file.read_bytes()
    with pytest.raises(ReportError):
        RecordFile(file)
    assert file.read_bytes() == before


def test_the_stores_are_not_written_to(kim: Path, recorder: Recorder) -> None:
    kim_before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in kim.rglob("*")}
    recorder.look(at(0))
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in kim.rglob("*")} == kim_before


def test_without_arguments_the_record_is_part_of_the_evidence(
    kim: Path, recorder: Recorder, record: RecordFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(kim))
    monkeypatch.setenv("FORENSICS_RECORD", str(record.file))
    recorder.look(at(0))
    with host.live_paths(kim) as paths:
        assert record.file in paths


def _running(kim: Path, out: Path, every: str = "0.1") -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "forensics", "record", str(kim), "--out", str(out), "--every", every]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _awaited(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


SIZE = """
import sys
from pathlib import Path
from forensics import cli
sys.argv = ["forensics", "record", sys.argv[1], "--once", "--out", sys.argv[2]]
try:
    cli.main()
except SystemExit:
    pass
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
heavy = {"polars", "pandas", "altair", "pyarrow", "numpy"} & set(sys.modules)
print(int(status["VmHWM"].split()[0]) // 1024, *heavy)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel does not tell the size of a process")
def test_the_process_is_small_and_loads_no_table_library(kim: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-c", SIZE, str(kim), str(tmp_path / "r.sqlite")]
    megabytes, *heavy = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()[1:]
    assert not heavy
    assert int(megabytes) < 80


@pytest.mark.slow
def test_kill_9_at_random_moments_loses_at_most_the_last_change(kim: Path, tmp_path: Path) -> None:
    """A child that records in a tight loop is killed 200 times; what it said to be kept is kept, and the file opens."""
    out, chance = tmp_path / "record.sqlite", random.Random(17)
    done, minute = tmp_path / "done", 0
    for _ in range(200):
        reached = os.fork()
        if reached == 0:
            _record_until_killed(kim, out, done, minute)
        time.sleep(chance.uniform(0.005, 0.05))
        os.kill(reached, signal.SIGKILL)
        os.waitpid(reached, 0)
        minute = int(done.read_text() or 0) if done.exists() else 0
        with sqlite3.connect(out) as connection:
            ((sound,),) = connection.execute("PRAGMA integrity_check")
        connection.close()
        assert sound == "ok"
        kept = RecordFile(out)
        ((last,),) = kept.connection.execute("SELECT coalesce(max(taken_ms), 0) FROM snapshot")
        kept.close()
        assert last >= (ms(minute) if minute else 0)
    assert minute > 200
    assert len(snapshots(out)) >= minute


def _record_until_killed(kim: Path, out: Path, done: Path, minute: int) -> None:
    record = RecordFile(out)
    recorder = Recorder(kim, kim / "none", record, 9_999, lambda _: None)
    while True:
        minute += 1
        write(kim, minute, errorCount=minute)
        recorder.look(at(minute))
        beside = done.with_suffix(".new")
        beside.write_text(str(minute))
        beside.replace(done)


@pytest.mark.slow
def test_an_hour_of_a_busy_gateway_costs_less_than_a_hundredth_of_a_core(kim: Path, record: RecordFile) -> None:
    """An hour at 5 seconds a look is 720 looks; in each one the store, a big sessions store and the log changed."""
    sessions, log = kim / ".openclaw/agents/main/sessions/sessions.json", kim / ".openclaw/logs/openclaw.log"
    entries = {f"agent:main:s{n}": {"sessionId": f"{n}", "skillsSnapshot": "x" * 4000} for n in range(100)}
    recorder = Recorder(kim, kim / "none", record, 30, lambda _: None)
    spent = 0.0
    for look in range(720):
        write(kim, look, errorCount=look % 3)
        entries["agent:main:s0"]["updatedAt"] = str(look)
        sessions.write_text(json.dumps(entries))
        with log.open("a") as out:
            out.write("".join(log_line(NOW, "gateway", f"line {look} {n}", level="WARN") for n in range(20)))
        before = resource.getrusage(resource.RUSAGE_SELF)
        recorder.look(at(look))
        after = resource.getrusage(resource.RUSAGE_SELF)
        spent += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent < 36


def test_the_process_notices_a_change_and_ends_when_asked(kim: Path, tmp_path: Path) -> None:
    out = tmp_path / "record.sqlite"
    process = _running(kim, out)
    try:
        assert _awaited(lambda: out.exists() and len(_quietly(out)) == 1)
        write(kim, 5, errorCount=4)
        assert _awaited(lambda: len(_quietly(out)) == 2)
    finally:
        process.terminate()
        process.wait(10)


def _quietly(out: Path) -> list[str]:
    try:
        return snapshots(out)
    except (ValueError, OSError):  # not made yet
        return []
