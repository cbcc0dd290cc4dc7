"""A bundle is there as a whole or not at all, says what it is, and shows when it is no longer that."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from collecting import ABOUT, SAMPLES, answer, bundle_of, log_line, members, written
from running import run

from forensics.errors import BundleError, EvidenceError
from forensics.evidence import open_evidence
from forensics.sharing.bundle import Place, collect, find_places, units, verified

SAMPLE = SAMPLES[0] / "evidence"
LINE = log_line("2026-03-02T10:00:00.000Z", "listening on ws://127.0.0.1:18789 (PID 22)") + "\n"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    bundle_of(SAMPLE, tmp_path / "case.zip")
    return tmp_path / "case.zip"


LOG = ".openclaw/logs/openclaw.log"


def test_verify_names_what_is_invisible_in_a_name(bundle: Path) -> None:
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr("notes\u202etxt", b"new")
    assert "extra: notes<U+202E>txt" in verified(bundle).differences


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_verify_refuses_what_is_no_bundle(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(BundleError, match="is no bundle"):
        verified(tmp_path / "x.zip")
    done = forensics("verify", str(tmp_path / "x.zip"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_times_survive_to_the_microsecond(tmp_path: Path) -> None:
    evidence = written(
        tmp_path / "evidence", {LOG: LINE, ".openclaw/logs/old.log": LINE, ".openclaw/logs/no.log": LINE}
    )
    moments = {LOG: 1772445600.123457, ".openclaw/logs/old.log": 1.5, ".openclaw/logs/no.log": 4_102_444_800.25}
    for name, moment in moments.items():
        os.utime(evidence / name, ns=(0, round(moment * 1_000_000) * 1000))
    bundle_of(evidence, tmp_path / "case.zip")
    with open_evidence([tmp_path / "case.zip"]) as opened:
        held = {item.path: item.mtime for item in opened.items}
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert {name: held[name] for name in moments} == {
        name: epoch + timedelta(microseconds=round(moment * 1_000_000)) for name, moment in moments.items()
    }


def test_an_existing_file_is_only_replaced_when_asked(tmp_path: Path) -> None:
    out = written(tmp_path, {"case.zip": "somebody's"}) / "case.zip"
    with pytest.raises(BundleError, match="is there already"):
        bundle_of(SAMPLE, out)
    assert out.read_text() == "somebody's"
    bundle_of(SAMPLE, out, force=True)
    assert verified(out).differences == ()


def test_a_folder_that_is_not_there_or_no_evidence_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be written"):
        bundle_of(SAMPLE, tmp_path / "nowhere" / "case.zip")
    with pytest.raises(EvidenceError):
        bundle_of(tmp_path / "nowhere", tmp_path / "case.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interruption_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    out = tmp_path / "out" / "case.zip"
    out.parent.mkdir()

    def stop(done: int, *_: object) -> None:
        if done == 3:
            raise error

    with pytest.raises((KeyboardInterrupt, BundleError)):
        collect([Place((SAMPLE,))], out, ABOUT, stop)
    assert list(out.parent.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_killed_command_leaves_nothing(tmp_path: Path, asked: signal.Signals) -> None:
    log = written(tmp_path / "evidence", {LOG: LINE * 400_000}) / LOG
    for name in ("out", "own"):
        (tmp_path / name).mkdir()
    command = [sys.executable, "-m", "forensics", "collect", str(log), "-o", str(tmp_path / "out" / "case.zip")]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "own")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stderr
        assert "[1/1]" in running.stderr.readline()
        time.sleep(0.2)
        running.send_signal(asked)
        assert running.wait(timeout=60) in (2, 130)
        assert "Traceback" not in running.stderr.read()
    assert [*(tmp_path / "out").iterdir(), *(tmp_path / "own").iterdir()] == []


def forensics(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments, environment=environment)


def home_in(folder: Path) -> Path:
    """A home with two state directories, two logins, a log that the configuration moved away, and other things."""
    config = {"gateway": {"port": 1}, "logging": {"file": str(folder / "elsewhere" / "gw.log")}}
    files = {f"kim/.openclaw/{path.relative_to(SAMPLE / '.openclaw')}": path.read_text() for path in sample_files()}
    return (
        written(
            folder,
            files
            | {
                "kim/.openclaw-work/openclaw.json": json.dumps(config),
                "kim/.openclaw-work/logs/openclaw.log": LINE,
                "kim/.claude/.credentials.json": '{"claudeAiOauth": {"accessToken": "sk-ant-oat01-INVENTED-01234"}}',
                "kim/.claude/projects/chat.jsonl": '{"text": "private"}',
                "kim/.codex/auth.json": '{"OPENAI_API_KEY": "sk-proj-INVENTED-0123456789"}',
                "kim/Documents/diary.txt": "private",
                "kim/.openclaw/workspace/MEMORY.md": "private",
                "elsewhere/gw.log": LINE,
                "elsewhere/gw.1.log": LINE,
                "elsewhere/other.log": LINE,
                "tmp/openclaw/openclaw-2026-03-02.log": LINE,
                "tmp/openclaw-1000/openclaw-2026-03-02.log": LINE,
                "tmp/other/openclaw-2026-03-02.log": LINE,
            },
        )
        / "kim"
    )


def sample_files() -> list[Path]:
    return [path for path in sorted((SAMPLE / ".openclaw").rglob("*")) if path.is_file()]


def test_a_home_gives_its_state_its_logs_and_its_logins(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    places = find_places(home, [tmp_path / "tmp"])
    manifest = bundle_of(places, tmp_path / "case.zip").manifest
    outside = "-".join(tmp_path.resolve().parts[1:])
    assert {file.path for file in manifest.files} == {
        *(f".openclaw/{path.relative_to(SAMPLE / '.openclaw')}" for path in sample_files()),
        ".openclaw-work/openclaw.json",
        ".openclaw-work/logs/openclaw.log",
        ".claude/.credentials.json",
        ".codex/auth.json",
        f"outside/{outside}-elsewhere/gw.log",
        f"outside/{outside}-elsewhere/gw.1.log",
        f"outside/{outside}-tmp-openclaw/openclaw-2026-03-02.log",
        f"outside/{outside}-tmp-openclaw-1000/openclaw-2026-03-02.log",
    }
    assert "private" not in "".join(data.decode(errors="replace") for data in members(tmp_path / "case.zip").values())
    with open_evidence([tmp_path / "case.zip"]) as opened:
        assert opened.rejects == ()
        assert {item.path for item in opened.items} == set(members(tmp_path / "case.zip"))


def test_a_home_is_shown_as_a_tilde(tmp_path: Path) -> None:
    done = forensics("collect", "--home", str(home_in(tmp_path)), "-o", str(tmp_path / "case.zip"))
    assert done.returncode == 0, done.stderr
    manifest = verified(tmp_path / "case.zip").manifest
    shown = {file.path: file.original for file in manifest.files}
    assert shown[".openclaw/openclaw.json"] == "~/.openclaw/openclaw.json"
    assert shown[".claude/.credentials.json"] == "~/.claude/.credentials.json"


def test_the_command_tells_where_the_bundle_is_and_what_is_in_it(tmp_path: Path) -> None:
    out = tmp_path / "case.zip"
    done = forensics("collect", str(SAMPLE), "-o", str(out))
    assert done.returncode == 0, done.stderr
    path, seal = done.stdout.splitlines()
    assert (path, seal) == (str(out), members(out)["manifest.sha256"].decode().split()[0])
    sentence = done.stderr.splitlines()[-1]
    assert "somebody you trust" in sentence
    assert "forensics report --share" in sentence
    assert "sk-ant" not in done.stderr
    assert answer(out) == answer(SAMPLE)
    again = forensics("collect", str(SAMPLE), "-o", str(out))
    assert (again.returncode, again.stdout, again.stderr.count("\n")) == (2, "", 1)


def test_the_units_of_a_home_are_those_of_its_profiles(tmp_path: Path) -> None:
    assert units(home_in(tmp_path)) == ["openclaw-gateway.service", "openclaw-gateway-work.service"]


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for journalctl is a shell script")
def test_what_journald_has_of_the_own_home_is_in_the_bundle(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    journalctl = written(tmp_path, {"bin/journalctl": JOURNALCTL}) / "bin/journalctl"
    journalctl.chmod(0o755)
    out = tmp_path / "case.zip"
    done = forensics("collect", "-o", str(out), HOME=str(home), PATH=f"{journalctl.parent}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    held = {name: data for name, data in members(out).items() if name.startswith("journald/")}
    assert {*held} == {"journald/openclaw-gateway.service.log"}
    assert b"listening on ws://127.0.0.1:18789" in held["journald/openclaw-gateway.service.log"]


JOURNALCTL = """#!/bin/sh
case "$*" in
  *--user-unit=openclaw-gateway.service*)
    echo "2026-03-02T10:00:00.000001+00:00 box node[22]: 2026-03-02T10:00:00.000Z [gateway] \
listening on ws://127.0.0.1:18789 (PID 22)" ;;
esac
"""
