"""`check` and `record` where they run: two gateways, two users, a home that cannot be written to."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import running
from watching import home

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def run(home_of: Path, *words: str, **environment: str) -> CompletedProcess[str]:
    """The command as a user with that home runs it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "FORENSICS_"))}
    return running.run(*words, environment={**kept, "HOME": str(home_of), **environment}, whole_environment=True)


def test_two_users_keep_what_they_know_apart(tmp_path: Path) -> None:
    homes = [home(tmp_path / name, NOW, broken=True) for name in ("kim", "lee")]
    for folder in homes:
        state = str(folder / ".openclaw")
        assert run(folder, "check", state, "--now", NOW.isoformat(), "--since-last").stdout.startswith("NOW ")
        assert run(folder, "check", state, "--now", NOW.isoformat(), "--since-last").stdout == ""
        assert run(folder, "record", "--once").returncode == 0
    records = [list(folder.rglob("record.sqlite")) for folder in homes]
    assert [len(found) for found in records] == [1, 1]


def test_two_gateways_are_two_memories(tmp_path: Path) -> None:
    broken, well = home(tmp_path / "a", NOW, broken=True), home(tmp_path / "b", NOW, broken=False)
    codes = [
        run(tmp_path, "check", str(folder / ".openclaw"), "--now", NOW.isoformat(), "--since-last").returncode
        for folder in (broken, well, broken)
    ]
    assert codes == [1, 0, 1]
    assert len(list(tmp_path.rglob("check-*.json"))) == 2


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_read_only_home_is_checked_and_recorded_elsewhere(tmp_path: Path) -> None:
    kim = home(tmp_path / "kim", NOW, broken=True)
    blocked = kim / ".local"
    blocked.write_text("no folder can be made here, whoever asks")  # root may write to any folder
    state = str(kim / ".openclaw")
    assert run(kim, "check", state, "--now", NOW.isoformat()).returncode == 1
    refused = run(kim, "check", state, "--now", NOW.isoformat(), "--since-last")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "FORENSICS_STATE" in refused.stderr
    elsewhere = {
        "FORENSICS_STATE": str(tmp_path / "state"),
        "FORENSICS_RECORD": str(tmp_path / "kept" / "record.sqlite"),
    }
    assert run(kim, "check", state, "--now", NOW.isoformat(), "--since-last", **elsewhere).returncode == 1
    lost = run(kim, "record", "--once")
    assert (lost.returncode, lost.stderr.count("\n")) == (2, 1)
    assert "--out" in lost.stderr
    assert run(kim, "record", "--once", **elsewhere).stdout.strip() == elsewhere["FORENSICS_RECORD"]
