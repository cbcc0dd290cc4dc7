"""`forensics triage` without arguments looks where `collect` looks; a state directory says which log is missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forensics import cli
from forensics.case import open_case
from forensics.errors import EvidenceError
from forensics.report.terminal import page
from forensics.sharing import host

EVIDENCE = Path(__file__).parents[1] / "sample_data" / "scope403-2026.2.9" / "evidence"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a gateway that logs to the default place outside of it."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(host, "_temporary", lambda: (tmp_path / "temporary",))
    monkeypatch.setattr(host.shutil, "which", lambda _: None)
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def install(home: Path) -> None:
    state, log = home / ".openclaw", home.parent / "temporary" / "openclaw" / "openclaw-2026-11-20.log"
    shutil.copytree(EVIDENCE / ".openclaw", state, ignore=shutil.ignore_patterns("*.log"))
    (state / "openclaw.json").write_text('{"logging": {"file": "/srv/gate/own.log"}, "meta": {}}')
    log.parent.mkdir(parents=True)
    shutil.copy(next((EVIDENCE / ".openclaw").rglob("*.log")), log)


def test_without_arguments_the_state_and_the_log_beside_it_are_one_case(home: Path) -> None:
    install(home)
    done = CliRunner().invoke(cli.app, ["triage", "--json"])
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    assert {i["provider"] for i in answer["incidents"]} == {"anthropic"}
    sources = {link["source"].partition(":")[0] for i in answer["incidents"] for link in i["chain"]}
    assert "openclaw-2026-11-20.log" in {Path(source).name for source in sources}


def test_where_nothing_of_openclaw_is_it_says_where_it_looked(home: Path) -> None:
    with (
        pytest.raises(EvidenceError, match=r"no state directory in .*home, no log in /tmp/openclaw"),
        host.live_paths(home),
    ):
        pass


def test_a_state_directory_without_its_log_names_the_places_of_the_log(home: Path) -> None:
    install(home)
    shown = " ".join(page(open_case(home / ".openclaw"), 120).plain.split())
    assert "The gateway log is missing; /srv/gate/own.log is configured" in shown
    assert "openclaw/openclaw-DATE.log on the machine of the gateway" in shown


def test_a_log_beside_the_state_directory_is_not_missing(home: Path) -> None:
    install(home)
    both = [home / ".openclaw", home.parent / "temporary" / "openclaw"]
    assert "gateway log is missing" not in page(open_case(both), 120).plain
