"""The sample cases, each against its `expected.toml`."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from running import run

from forensics import open_case

SAMPLES = Path(__file__).resolve().parents[1] / "sample_data"
CASES = sorted(SAMPLES.glob("*/expected.toml"))


def expected(case: Path) -> dict[str, Any]:
    return tomllib.loads(case.read_text())


def triage(case: Path) -> dict[str, Any]:
    return open_case(case.parent / "evidence").triage()


def test_there_are_sample_cases() -> None:
    assert len(CASES) >= 3


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.parent.name)
def test_each_sample_tells_where_it_comes_from(case: Path) -> None:
    assert case.read_text().startswith("# A real OpenClaw ")
    assert expected(case)["story"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.parent.name)
def test_each_sample_gives_exactly_the_expected_incidents(case: Path) -> None:
    wanted, found = expected(case)["incident"], triage(case)["incidents"]
    assert len(found) == len(wanted)
    for want, have in zip(wanted, found, strict=True):
        first = have["first_failure"]
        off = datetime.fromisoformat(first["time"]) - want["first_failure"]
        assert abs(off.total_seconds()) <= want["tolerance_s"]
        assert first["http_status"] == want.get("http_status")  # TOML knows no null
        assert set(want["profiles"]) <= set(have["profiles"])
        assert (have["true_reason"], have["verdict"]) == (want["true_reason"], want["verdict"])
        assert have["waiting_helps"] is want["waiting_helps"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.parent.name)
def test_each_sample_names_its_release(case: Path) -> None:
    assert triage(case)["evidence"]["releases"] == [expected(case)["release"]]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.parent.name)
def test_the_command_exits_with_1_where_there_are_incidents_and_0_where_not(case: Path) -> None:
    done = run("triage", case.parent / "evidence", "--json")
    assert done.returncode == (1 if expected(case)["incident"] else 0)
    assert json.loads(done.stdout)["schema"] == "openclaw-forensics/triage/1"
    assert done.stderr == ""


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.parent.name)
def test_no_token_of_the_evidence_reaches_the_answer(case: Path) -> None:
    files = [p for p in (case.parent / "evidence").rglob("*") if p.is_file()]
    tokens = {t for p in files for t in re.findall(r"sk-ant-[a-z0-9-]+LAB[\w-]+", p.read_text(errors="replace"))}
    answer = json.dumps(triage(case))
    assert tokens
    assert not [t for t in tokens if t in answer]
