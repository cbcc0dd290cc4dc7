"""What could not be read stands in the answer, and nobody is cleared beside it."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from forensics import open_case
from forensics.cli import main
from forensics.evidence import Limits, open_evidence
from forensics.openclaw.home_layout import name_rank
from forensics.report.terminal import page

ANSWERED = "2026-03-12T09:20:00.000Z [agent/embedded] embedded run agent end: runId=r1 isError=false\n"
STORE = json.dumps({
    "version": 1,
    "profiles": {"anthropic:default": {"type": "token", "provider": "anthropic", "token": "sk-ant-oat01-INVENTED0000"}},
    "usageStats": {"anthropic:default": {"errorCount": 0, "lastUsed": 1773309000000}},
})  # fmt: skip
LOCKED = "cannot be read: Permission denied"


@pytest.fixture
def lock(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Makes a file unreadable, to root as well."""
    locked: set[Path] = set()
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **named: Any) -> Any:
        if path in locked:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", refuse)
    return locked.add


def healthy(folder: Path) -> Path:
    (folder / "logs").mkdir()
    (folder / "logs" / "gateway.log").write_text(ANSWERED)
    (folder / "auth-profiles.json").write_text(STORE)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["forensics", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def headline(folder: Path) -> str:
    return " ".join(page(open_case(folder)).plain.split())


@pytest.mark.parametrize("name", ["logs/openclaw-2026-03-11.log", "agents/main/sessions/a.jsonl", "auth-state.json"])
def test_nobody_is_cleared_beside_a_file_without_permission(
    tmp_path: Path, lock: Callable[[Path], None], name: str
) -> None:
    file = healthy(tmp_path) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(ANSWERED)
    lock(file)
    case = open_case(tmp_path)
    assert (case.verdict.verdict, case.verdict.exit_code) == ("cannot tell", 1)
    assert case.triage()["evidence"]["unread"] == [{"path": name, "why": LOCKED, "telling": True}]  # type: ignore[index]
    assert f"{name} ({LOCKED})" in headline(tmp_path)


def test_an_unreadable_file_that_could_not_tell_is_listed_and_clears(
    tmp_path: Path, lock: Callable[[Path], None]
) -> None:
    (healthy(tmp_path) / "device.key").write_text("x")
    lock(tmp_path / "device.key")
    case = open_case(tmp_path)
    assert case.verdict.verdict == "no incident"
    assert [(one.path, one.telling) for one in case.verdict.unread] == [("device.key", False)]


def encrypted(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, ANSWERED)
    packed = bytearray(out.getvalue())
    packed[6] |= 1
    packed[packed.index(b"PK\1\2") + 8] |= 1
    return bytes(packed)


def test_an_encrypted_member_is_in_the_headline(tmp_path: Path) -> None:
    (healthy(tmp_path) / "more.zip").write_bytes(encrypted("gateway.log"))
    assert open_case(tmp_path).verdict.verdict == "cannot tell"
    assert "more.zip/gateway.log (cannot be unpacked: it is encrypted" in headline(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("openclaw-2026-03-11.log", bytes(range(256)) * 40),
        ("auth-profiles.json", b'{"version": 1, "profiles": {"a:b": {"ty'),
        ("state/openclaw.sqlite", b"SQLite format 3\0" + bytes(5_000)),
        ("old.log.gz", b"\x1f\x8b\x08\x00 nor is this"),
    ],
)
def test_a_log_or_store_that_nobody_can_read_keeps_from_clearing(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "gateway.log").write_text(ANSWERED)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(content)
    case = open_case(tmp_path)
    assert [(one.path, one.telling) for one in case.verdict.unread] == [(name, True)]
    assert case.verdict.verdict == "cannot tell"


def test_where_nothing_could_be_looked_at_the_exit_code_is_two(
    tmp_path: Path,
    lock: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("gateway.log", "notes.md"):
        (tmp_path / name).write_text("nothing of anybody's\n")
    lock(tmp_path / "gateway.log")
    assert run(monkeypatch, "triage", str(tmp_path)) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert f"gateway.log ({LOCKED})" in told.err


@pytest.mark.parametrize("command", ["triage", "tables", "timeline", "diff", "verify", "collect", "report"])
def test_an_error_nobody_foresaw_is_one_line_without_the_evidence_in_it(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> Iterator[None]:
        raise KeyError("sk-ant-oat01-INVENTED0000")

    healthy(tmp_path)
    for name in (
        "forensics.case.open_evidence",
        "forensics.sharing.bundle.verified",
        "forensics.sharing.bundle.collect",
    ):
        monkeypatch.setattr(name, fail)
    several = [str(tmp_path)] * (2 if command == "diff" else 1)
    out = ["-o", str(tmp_path / "out")] if command in ("tables", "report", "collect") else []
    assert run(monkeypatch, command, *several, *out) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "KeyError at test_unread.py:" in told.err
    assert "INVENTED" not in told.err


def test_the_place_of_an_unforeseen_error_is_shown_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORENSICS_DEBUG", "1")
    monkeypatch.setattr("forensics.case.open_evidence", lambda *_: 1 / 0)
    assert run(monkeypatch, "triage", str(tmp_path)) == 2
    assert "Traceback" in capsys.readouterr().err


def test_known_names_come_before_a_crowd_of_unknown_ones_and_the_newest_sessions_first(tmp_path: Path) -> None:
    for n in range(300):
        (tmp_path / f"0{n:04}.dat").write_text("x\n")
    healthy(tmp_path)
    sessions = tmp_path / "agents" / "main" / "sessions"
    sessions.mkdir(parents=True)
    for n in range(30):
        (sessions / f"{n:02}.jsonl").write_text("{}\n")
        os.utime(sessions / f"{n:02}.jsonl", (1_773_000_000 + n, 1_773_000_000 + n))
    with open_evidence([tmp_path], Limits(files=12)) as evidence:
        read = [item.path for item in evidence.items]
    assert read == [
        *(f"agents/main/sessions/{n:02}.jsonl" for n in range(20, 30)),
        *("auth-profiles.json", "logs/gateway.log"),
    ]
    (reject,) = evidence.rejects
    assert reject.why.startswith("more than 12 files: 320 with less telling names are not read")


def test_a_limit_that_was_reached_keeps_from_clearing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(20):
        (tmp_path / f"0{n:04}.dat").write_text("x\n")
    monkeypatch.setattr("forensics.evidence.Limits", lambda: Limits(files=5))
    assert open_case(healthy(tmp_path)).verdict.verdict == "cannot tell"
    assert "more than 5 files" in headline(tmp_path)


@pytest.mark.parametrize(
    ("path", "rank"),
    [
        ("home/.openclaw/agents/main/agent/auth-profiles.json", 0),
        ("tmp/openclaw/openclaw-2026-03-12.log", 0),
        ("state/openclaw.sqlite", 0),
        (".openclaw/agents/main/sessions/5f0c.jsonl", 1),
        ("pasted.txt", 2),
        ("bundle.tar.gz", 2),
        ("0001.dat", 3),
    ],
)
def test_names_are_ranked_by_what_they_may_tell(path: str, rank: int) -> None:
    assert name_rank(path) == rank


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="no such file system here")
def test_what_the_system_makes_up_is_not_entered() -> None:
    with pytest.raises(Exception, match="what the system makes up"), open_evidence([Path("/proc/self/net")]):
        pass
