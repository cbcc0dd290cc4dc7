"""What is stuck in every capture, against its truth, when the captures are at hand."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from captures import CAPTURES
from opening import opened as opened_evidence

from forensics import Case

CASES = [path.parent for path in sorted(CAPTURES.glob("*/*/truth.json"))]
STUCK = ("retry_loops", "stale_blocks", "stale_overrides", "silence")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES, reason="the captures are not at hand: ../shared/captures does not exist"),
]


def ids(case: Path) -> str:
    return "-".join(case.parts[-2:])


def truth(case: Path) -> dict[str, Any]:
    return dict(json.loads((case / "truth.json").read_text()))


@cache
def opened(case: Path) -> Case:
    return opened_evidence(case / "evidence")


def rows(case: Path, section: str) -> list[dict[str, Any]]:
    return list(opened(case).triage()[section])  # type: ignore[call-overload]


@pytest.mark.parametrize("case", [c for c in CASES if truth(c)["negative"]], ids=ids)
def test_nothing_is_stuck_on_a_healthy_day(case: Path) -> None:
    """A standstill of the process that its own log tells may be named, as a small thing."""
    found = [f for f in opened(case).answers.findings if f.detector in STUCK]
    assert [f for f in found if (f.verdict, f.severity) != ("frozen", "low")] == []


@pytest.mark.parametrize("case", [c for c in CASES if truth(c)["retry_loops"]], ids=ids)
def test_every_retry_loop_of_the_truth_is_found(case: Path) -> None:
    found = {(row["trigger"], row["provider"]): row["count"] for row in rows(case, "retry_loops")}
    for expected in truth(case)["retry_loops"]:
        assert found[expected["trigger"], expected["provider"]] >= expected["count_at_least"]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_retry_loop_lies_within_an_incident_of_its_provider(case: Path) -> None:
    incidents = opened(case).incidents
    for row in rows(case, "retry_loops"):
        start = datetime.fromisoformat(row["start"])
        begun = [
            i.start.timestamp() for i in incidents if i.provider == row["provider"]
        ]  # a run begins before its call
        assert any(time - 5 <= start.timestamp() for time in begun)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_exactly_the_sessions_left_on_a_backup_are_stale_overrides(case: Path) -> None:
    """The evidence holds the last state only, so the last pin of each session decides."""
    if not truth(case)["profile_id_hash_in_logs"]:  # without an order of profiles the truth lists them itself
        assert {row["session_key"] for row in rows(case, "stale_overrides")} == set(truth(case)["stale_overrides"])
        return
    last = {pin["session"]: pin for pin in truth(case)["overrides_timeline"]}
    order = list(truth(case)["profile_id_hash_in_logs"])
    left = {s: p for s, p in last.items() if p.get("authProfileOverride", order[0]) != order[0]}
    found = {row["session_key"]: row for row in rows(case, "stale_overrides")}
    assert {key: row["override"] for key, row in found.items()} == {
        s: p["authProfileOverride"] for s, p in left.items()
    }
    for session, row in found.items():
        seen = datetime.fromisoformat(left[session]["seen"])
        assert abs((datetime.fromisoformat(row["since"]) - seen).total_seconds()) < 30


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_stale_block_is_a_window_that_the_truth_saw_last(case: Path) -> None:
    last = {seen["profile"]: seen for seen in truth(case)["cooldown_timeline"]}
    for row in rows(case, "stale_blocks"):
        until = datetime.fromisoformat(row["until"]).timestamp() * 1000
        assert last[row["profile"]][row["field"]] == pytest.approx(until, abs=1)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_the_gateway_was_up_when_the_truth_says_so(case: Path) -> None:
    starts, ready, stops = (
        [t["t"] for t in truth(case)["timeline"] if t["what"] == f"gateway {what}"]
        for what in ("start", "ready", "stop")
    )
    runs = rows(case, "gateway")
    assert len(runs) == len(ready) == len(stops)
    for run, begun, up, stopped in zip(runs, starts or ready, ready, stops, strict=True):
        assert seconds(run["start"], begun) > -10
        assert seconds(run["start"], up) < 10
        assert abs(seconds(run["end"], stopped)) < 10
    assert all(run["planned"] and run["why"] == "SIGTERM" for run in runs)


def seconds(one: str, other: str) -> float:
    return (datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds()
