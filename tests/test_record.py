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
from forensics.recording.log_lines import logs
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
    kept = [text for (text,) in record.connection.execute("SELECT text FROM line ORDER BY text")]
    assert kept == sorted(line.rstrip("\n") for line in lines)


@pytest.mark.parametrize("old", ["openclaw.1.log", "openclaw.log.1", "openclaw.log.2026-03-02"])
def test_what_was_written_between_a_look_and_the_rotation_is_kept_once(
    kim: Path, recorder: Recorder, record: RecordFile, old: str
) -> None:
    log = kim / ".openclaw/logs/openclaw.log"
    lines = [log_line(NOW + timedelta(seconds=n), "gateway", f"start {n}", level="WARN") for n in range(3)]
    log.write_text(lines[0])
    recorder.look(at(0))
    log.write_text("".join(lines[:2]))
    log.rename(log.with_name(old))
    log.write_text(lines[2])
    recorder.look(at(0) + 5)
    recorder.look(at(0) + 10)
    kept = [text for (text,) in record.connection.execute("SELECT text FROM line ORDER BY text")]
    assert kept == [line.rstrip("\n") for line in lines]


def test_a_log_that_is_pruned_is_no_trouble(kim: Path, recorder: Recorder) -> None:
    recorder.look(at(0))
    (kim / ".openclaw/logs/openclaw.log").unlink()
    recorder.look(at(0) + 5)
    assert recorder.trouble == ""


def test_a_long_log_is_kept_part_by_part(
    kim: Path, recorder: Recorder, record: RecordFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forensics.recording.log_lines._CHUNK", 512)
    monkeypatch.setattr("forensics.recording.log_lines._MOST", 1024)
    lines = [log_line(NOW + timedelta(seconds=n), "gateway", f"start {n}", level="WARN") for n in range(60)]
    (kim / ".openclaw/logs/openclaw.log").write_text("".join(lines))
    changes: list[None] = []
    whole = record.change
    monkeypatch.setattr(record, "change", lambda: changes.append(None) or whole())
    recorder.look(at(0))
    assert [text for (text,) in record.connection.execute("SELECT count(*) FROM line")] == [60]
    assert len(changes) > 60 * len(lines[0]) // 1536


def test_a_clock_that_jumps_ahead_drops_nothing(kim: Path, recorder: Recorder, record: RecordFile) -> None:
    write(kim, 0)
    recorder.look(at(0))
    write(kim, 1, errorCount=1)
    recorder.look(at(1))
    recorder.look(at(50 * 365 * 24 * 60))
    assert len(snapshots(record.file)) == 2


def test_a_clock_that_is_set_back_hides_no_new_store(kim: Path, recorder: Recorder, record: RecordFile) -> None:
    recorder.look(at(0))
    second = kim / ".openclaw-work/agents/ops/agent"
    second.mkdir(parents=True)
    (second / "auth-profiles.json").write_text((kim / STORE).read_text())
    recorder.look(at(-600))
    assert len(snapshots(record.file, "auth-profiles.json")) == 2


def absences(record: RecordFile) -> list[str]:
    query = "SELECT path FROM snapshot WHERE document IS NULL"
    return [path for (path,) in record.connection.execute(query)]


def test_a_store_that_went_between_two_runs_is_kept_as_gone_once(
    kim: Path, recorder: Recorder, record: RecordFile
) -> None:
    second = kim / ".openclaw/agents/ops/agent"
    second.mkdir(parents=True)
    (second / "auth-profiles.json").write_text((kim / STORE).read_text())
    recorder.look(at(0))
    (second / "auth-profiles.json").unlink()
    for minute in (5, 6):  # each as --once does it
        Recorder(kim, kim / "none", record, 30, lambda _: None).look(at(minute))
    assert absences(record) == [".openclaw/agents/ops/agent/auth-profiles.json"]


def test_a_home_that_is_not_there_for_a_while_is_unseen_and_not_gone(
    kim: Path, recorder: Recorder, record: RecordFile
) -> None:
    recorder.look(at(0))
    kim.rename(kim.with_name("unmounted"))
    recorder.look(at(2))
    assert recorder.trouble
    kim.with_name("unmounted").rename(kim)
    recorder.look(at(4))
    assert recorder.trouble == ""
    assert absences(record) == []


def test_what_has_nothing_of_openclaw_in_it_is_no_silence(kim: Path, tmp_path: Path) -> None:
    out, empty = str(tmp_path / "r.sqlite"), tmp_path / "empty"
    empty.mkdir()
    nothing = CliRunner().invoke(cli.app, ["record", str(empty), "--once", "--out", out])
    assert (nothing.exit_code, nothing.stderr.count("\n")) == (2, 1)
    assert CliRunner().invoke(cli.app, ["record", str(kim / ".openclaw"), "--once", "--out", out]).exit_code == 0
    assert len(snapshots(Path(out))) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_log_of_another_user_in_the_shared_folder_is_left_alone(kim: Path, tmp_path: Path) -> None:
    own, other = (tmp_path / "shared" / folder / "openclaw-2026-03-02.log" for folder in ("openclaw", "openclaw-9"))
    for log in (own, other):
        log.parent.mkdir(parents=True)
        log.write_text("")
    os.chown(other, 9, 9)
    assert [log for log in logs(kim, tmp_path / "shared") if log.name == own.name] == [own]


def test_sessions_in_a_database_that_a_gateway_writes_to_are_kept(
    kim: Path, recorder: Recorder, record: RecordFile
) -> None:
    file = kim / ".openclaw/agents/main/agent/openclaw-agent.sqlite"
    gateway = sqlite3.connect(file, isolation_level=None)
    gateway.execute("PRAGMA journal_mode = WAL")
    gateway.execute("CREATE TABLE session_nodes (session_key TEXT, entry_json TEXT, updated_at INTEGER)")
    pinned = {"sessionId": "5f0c", "authProfileOverride": "anthropic:spare"}
    gateway.execute("INSERT INTO session_nodes VALUES ('agent:main:main', ?, 1)", (json.dumps({"sessionId": "5f0c"}),))
    recorder.look(at(0))
    gateway.execute("UPDATE session_nodes SET updated_at = 2")
    recorder.look(at(1))
    gateway.execute("BEGIN IMMEDIATE")
    gateway.execute("UPDATE session_nodes SET entry_json = ?", (json.dumps(pinned),))
    recorder.look(at(2))
    gateway.execute("COMMIT")
    recorder.look(at(3))
    gateway.close()
    assert [name[9:33] for name in snapshots(record.file, "sessions.json")] == [
        "2026-03-02T12-00-00.000Z",
        "2026-03-02T12-03-00.000Z",
    ]


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
    for day in (3, 4):
        write(kim, day * 24 * 60, errorCount=2)
        (kim / ".openclaw/logs/openclaw.log").write_text(log_line(NOW, "gateway", f"day {day}", level="WARN"))
        brief.look(at(day * 24 * 60))
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
        time.sleep(0.002)
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


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_kill_9_at_random_moments_loses_at_most_the_last_change(kim: Path, tmp_path: Path, kills: int) -> None:
    """A child that records in a tight loop is killed; what it said to be kept is kept, and the file opens."""
    out, chance = tmp_path / "record.sqlite", random.Random(17)
    done, minute = tmp_path / "done", 0
    done.write_text("0")
    for _ in range(kills):
        child = os.fork()
        if child == 0:
            _record_until_killed(kim, out, done, minute)
        assert _awaited(lambda before=minute: int(done.read_text()) > before)
        time.sleep(chance.uniform(0, 0.01))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        minute = int(done.read_text())
        with sqlite3.connect(out) as connection:
            ((sound,),) = connection.execute("PRAGMA integrity_check")
            ((last,),) = connection.execute("SELECT max(taken_ms) FROM snapshot")
        connection.close()
        assert sound == "ok"
        assert last >= ms(minute)
    assert len(snapshots(out)) >= minute >= kills


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


def test_an_hour_of_a_busy_gateway_costs_less_than_a_hundredth_of_a_core(kim: Path, record: RecordFile) -> None:
    """In each of its looks, 5 seconds apart, the store, a big sessions store and the log changed."""
    looks = 60
    sessions, log = kim / ".openclaw/agents/main/sessions/sessions.json", kim / ".openclaw/logs/openclaw.log"
    entries = {f"agent:main:s{n}": {"sessionId": f"{n}", "skillsSnapshot": "x" * 4000} for n in range(100)}
    recorder = Recorder(kim, kim / "none", record, 30, lambda _: None)
    spent = 0.0
    for look in range(looks):
        write(kim, look, errorCount=look % 3)
        entries["agent:main:s0"]["updatedAt"] = str(look)
        sessions.write_text(json.dumps(entries))
        with log.open("a") as out:
            out.write("".join(log_line(NOW, "gateway", f"line {look} {n}", level="WARN") for n in range(20)))
        before = resource.getrusage(resource.RUSAGE_SELF)
        recorder.look(at(look))
        after = resource.getrusage(resource.RUSAGE_SELF)
        spent += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent < 0.05 * looks


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
