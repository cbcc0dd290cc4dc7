"""A second look at the same evidence: the same answer, from rows that hold no secret."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
import zstandard
from typer.testing import CliRunner

from forensics import open_case
from forensics.cli import app
from forensics.openclaw.reasons import rows
from forensics.parsers import timeline_cache
from forensics.report.terminal import page
from forensics.text import visible

SAMPLES = Path(__file__).parents[1] / "sample_data"
NAMES = sorted(p.name for p in SAMPLES.iterdir() if (p / "evidence").is_dir())
TOKEN = "sk-ant-oat01-" + "Zq7" * 30


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where entries go; any evidence is worth one."""
    folder = tmp_path / "kept"
    monkeypatch.setattr(timeline_cache, "folder", lambda: folder)
    monkeypatch.setattr(timeline_cache, "WORTH", 0)
    return folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state directory with a token in its store of logins and in a transcript."""
    root = tmp_path / ".openclaw"
    shutil.copytree(SAMPLES / "healthy-2026.2.9" / "evidence" / ".openclaw", root)
    logins = {"version": 1, "profiles": {"anthropic:kim": {"type": "token", "provider": "anthropic", "token": TOKEN}}}
    (root / "agents/main/agent").mkdir(parents=True, exist_ok=True)
    (root / "agents/main/agent/auth-profiles.json").write_text(json.dumps(logins))
    said = {"type": "message", "id": "a1", "timestamp": "2026-02-11T10:00:00.000Z"}
    said["message"] = {"role": "user", "content": [{"type": "text", "text": f"use {TOKEN}"}]}
    with (root / "agents/main/sessions/0f.jsonl").open("w") as file:
        file.write(json.dumps({"type": "session", "id": "0f", "timestamp": "2026-02-11T10:00:00.000Z"}) + "\n")
        file.write(json.dumps(said) + "\n")
    return root


def no_reading(*_: object) -> None:
    raise AssertionError("it was read again")


@pytest.mark.parametrize("name", NAMES)
def test_a_second_look_reads_nothing_and_answers_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = SAMPLES / name / "evidence"
    anew, first = open_case(evidence, cache=False), open_case(evidence)
    monkeypatch.setattr(timeline_cache, "read_timeline", no_reading)
    again = open_case(evidence)
    assert anew.timeline == first.timeline == again.timeline
    assert json.dumps(again.triage()) == json.dumps(anew.triage())
    assert page(again, 100) == page(anew, 100)
    assert again.events.equals(anew.events)


def test_another_question_about_the_same_evidence_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = SAMPLES / "scope403-2026.2.9" / "evidence"
    anew = open_case(evidence, provider="anthropic", cache=False).triage()
    open_case(evidence)
    monkeypatch.setattr(timeline_cache, "read_timeline", no_reading)
    assert open_case(evidence, provider="anthropic").triage() == anew


def test_no_entry_holds_a_secret_and_the_second_look_masks_the_same(state: Path, kept: Path) -> None:
    first = open_case(state)
    again = open_case(state)
    assert TOKEN in first.timeline.secrets
    assert again.timeline == first.timeline
    entries = list(kept.iterdir())
    assert [entry.suffix for entry in entries] == [".rows"]
    content = zstandard.decompress(entries[0].read_bytes()[32:])
    assert b"anthropic:kim" in content
    assert not any(secret.encode() in content for secret in first.timeline.secrets)
    assert entries[0].stat().st_mode & 0o077 == 0


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda content: content[: len(content) // 2],
    "a changed byte": lambda content: content[:100] + bytes([content[100] ^ 1]) + content[101:],
    "another digest": lambda content: bytes(32) + content[32:],
    "something else": lambda _: b"{}" * 100,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_counts_as_none(damage: str, state: Path, kept: Path) -> None:
    first = open_case(state)
    (entry,) = kept.iterdir()
    whole = entry.read_bytes()
    entry.write_bytes(DAMAGE[damage](whole))
    assert open_case(state).timeline == first.timeline
    assert entry.read_bytes() == whole


def test_a_changed_file_a_changed_program_and_further_rules_ask_for_a_new_reading(
    state: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_case(state)
    with (state / "agents/main/sessions/0f.jsonl").open("a") as file:
        file.write("{}\n")
    changed = open_case(state)
    assert changed.timeline == open_case(state, cache=False).timeline
    monkeypatch.setattr(timeline_cache, "_program", lambda: iter([("case.py", 1, 2)]))
    open_case(state)
    monkeypatch.setattr(timeline_cache, "rows", lambda: rows()[:-1])
    open_case(state)
    open_case(state, timezone="Europe/Berlin")
    assert len(list(kept.iterdir())) == 5


def test_evidence_is_read_where_nothing_can_be_kept(state: Path, kept: Path) -> None:
    kept.write_text("a file in the place of the folder")
    assert open_case(state).timeline == open_case(state, cache=False).timeline


def test_an_interrupted_writing_leaves_nothing(state: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_case(state)
    assert list(kept.iterdir()) == []


def test_the_oldest_entries_make_room(state: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline_cache, "_MOST", 1)
    open_case(state)
    assert list(kept.iterdir()) == []


def test_no_cache_keeps_nothing_and_clear_removes_all(state: Path, kept: Path) -> None:
    run = CliRunner().invoke
    anew = run(app, ["triage", str(state), "--no-cache"])
    assert not kept.exists()
    first, again = run(app, ["triage", str(state)]), run(app, ["triage", str(state)])
    assert anew.output == first.output == again.output
    cleared = run(app, ["cache", "clear"])
    assert cleared.exit_code == 0
    assert cleared.output.startswith("1 removed")
    assert visible(str(kept)) in cleared.output
    assert list(kept.iterdir()) == []


@pytest.mark.parametrize("command", ["check --now last", "diff {state}", "fix"])
def test_a_command_can_do_without_the_cache(command: str, state: Path, kept: Path) -> None:
    name, *options = command.format(state=state).split()
    looked = CliRunner().invoke(app, [name, str(state), *options, "--no-cache"])
    assert "no such option" not in looked.output.lower()
    assert not kept.exists()


@pytest.mark.parametrize("name", ["check", "diff", "fix", "fleet", "report", "show", "tables", "timeline", "triage"])
def test_every_command_that_opens_evidence_knows_no_cache(name: str) -> None:
    command = vars(typer.main.get_command(app))["commands"][name]
    assert any("--no-cache" in parameter.opts for parameter in command.params)


def test_what_a_command_starts_does_without_the_cache_too(state: Path, kept: Path) -> None:
    with timeline_cache.cache_off(chosen=True):
        open_case(state)
        assert not kept.exists()
        told = subprocess.run([sys.executable, "-c", "import os; print(*os.environ)"], capture_output=True, check=True)
        assert b"FORENSICS_NO_CACHE" in told.stdout
    open_case(state)
    assert list(kept.iterdir()) != []
