"""Results that were computed and never delivered, and where they can still be read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from captures import CAPTURES
from opening import opened

from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts
from forensics.detectors.questions.examples import MAIN, answer, at, cron_run, event, failure, stored, turn
from forensics.detectors.questions.lost_results import DETECTOR
from forensics.tables import Event
from forensics.triage import row_of

RUN, CHILD = "b4ce65f7", "agent:main:subagent:82b3"
TRANSCRIPT = "agents/main/sessions/73ba.jsonl.deleted.2026-03-02T12-00-00.000Z"
SESSION = {"session": "73ba", "source": TRANSCRIPT}
WORKED = [turn("09:00:01", trigger="subagent", **SESSION), answer("09:00:30", **SESSION)]
FAILED = [turn("09:00:01", trigger="subagent", **SESSION), failure("09:00:30", **SESSION)]


def record(**more: Any) -> Event:
    place = {"source": "subagents/runs.json", "line": 4, "sources": (f"subagents/runs.json#/runs/{RUN}",)}
    told = {"run": RUN, "child_session": CHILD, "requester": MAIN, "decision": "ok", "detail": "cleanupHandled"}
    return event("09:00:30", "subagent_run", "delivery", **{"agent": "main"} | place | told | more)


def announce_failed(clock: str, text: str = "gateway timeout after 60000ms", run: str | None = RUN) -> Event:
    return event(clock, "subagent_announce_failed", "delivery", run=run, trigger="subagent", text=text)


def given_up(clock: str, seconds_ago: int) -> Event:
    told = {"run": RUN, "child_session": CHILD, "requester": MAIN, "attempt": 3, "detail": "retry-limit"}
    return event(clock, "subagent_announce_given_up", "delivery", duration_ms=seconds_ago * 1000, **told)


def announced(clock: str) -> Event:
    return event(clock, "agent_run_answered", "answer", run=f"announce:v1:{CHILD}:{RUN}")


FAILURES = [announce_failed(clock) for clock in ("09:00:31", "09:00:33", "09:00:37")]
GIVEN_UP = [*FAILURES, given_up("09:00:38", 8)]


def told(facts: CaseFacts) -> tuple[list[Mapping[str, Any]], list[str]]:
    found = DETECTOR.detect(facts)
    return [row_of(f.answer) for f in found if f.answer], [f.finding.verdict for f in found]


def test_a_pruned_run_is_told_by_its_log_lines_and_its_archived_transcript() -> None:
    (row,), verdicts = told(examples.facts(events=[*WORKED, *GIVEN_UP]))
    assert row == {
        "run_id": RUN,
        "child_session": CHILD,
        "requester": MAIN,
        "ended_at": at("09:00:30"),
        "result_in": f"{TRANSCRIPT}:32431",
        "retries": 3,
        "error": "gateway timeout after 60000ms",
        "given_up_at": at("09:00:38"),
        "pruned_at": None,
        "evidence": [f"{examples.LOG}:{line}" for line in (32432, 32434, 32438, 32439)],
    }
    assert verdicts == ["result_not_delivered"]


@pytest.mark.parametrize(
    "events",
    [
        [record(attempt=3)],
        [record(detail="suspended", attempt=10)],
        [record(detail="failed")],
        [record(detail="pending"), *GIVEN_UP],
        [*GIVEN_UP, event("09:00:39", "task_run", "health", run=RUN, trigger="subagent", decision="succeeded")],
        [*FAILURES, event("10:00", "subagent_orphaned", "delivery", run=RUN, child_session=CHILD)],
    ],
    ids=["given up", "suspended", "failed", "pending", "only its task", "pruned"],
)
def test_a_run_that_ended_well_and_was_given_up_is_lost(events: list[Event]) -> None:
    (row,), _ = told(examples.facts(events=[*WORKED, *events]))
    assert (row["run_id"], row["child_session"]) == (RUN, CHILD if "child_session" in str(events) else None)


PRUNED = event("10:00", "subagent_orphaned", "delivery", run=RUN, child_session=CHILD, detail="missing-session-entry")
CALLS_A_TOOL = answer("09:00:31", session="73ba", source=TRANSCRIPT, detail="toolUse")
TOLD = [turn("09:00:32", trigger="subagent"), answer("09:00:40")]
SESSIONS = [
    examples.stored("sessions", CHILD, {"sessionId": "73ba", "spawnedBy": MAIN}),
    examples.stored("sessions", MAIN, {"sessionId": "5f0c"}),
]


@pytest.mark.parametrize(
    ("events", "state", "lost", "verdicts"),
    [
        ([*WORKED, PRUNED], SESSIONS, 1, ["result_not_delivered"]),
        ([*WORKED, *TOLD, PRUNED], SESSIONS, 0, []),
        ([WORKED[0], PRUNED], SESSIONS, 0, ["run_interrupted"]),
        ([*FAILED, PRUNED], SESSIONS, 0, ["run_interrupted"]),
        ([*WORKED, CALLS_A_TOOL, PRUNED], SESSIONS, 0, ["run_interrupted"]),
        ([PRUNED], [], 0, ["run_interrupted"]),
    ],
    ids=["answered", "told after all", "never answered", "failed", "in the middle", "no transcript"],
)
def test_a_pruned_run_is_lost_where_it_answered_and_interrupted_where_it_did_not(
    events: list[Event], state: list[Any], lost: int, verdicts: list[str]
) -> None:
    rows, said = told(examples.facts(events=events, state=state, release="2026.5.28"))
    assert (len(rows), said) == (lost, verdicts)
    assert [row["requester"] for row in rows] == [MAIN] * lost


@pytest.mark.parametrize(
    "events",
    [
        [*WORKED, record(detail="delivered", attempt=1), FAILURES[0]],
        [*WORKED, record(attempt=1), FAILURES[0]],
        [*WORKED, record(decision="error"), *GIVEN_UP],
        [*WORKED, *FAILURES],
        [*FAILED, *GIVEN_UP],
        [*GIVEN_UP, event("09:00:39", "task_run", "health", run=RUN, trigger="subagent", decision="failed")],
    ],
    ids=["delivered", "once", "ended badly", "not given up yet", "answered nothing", "failed task"],
)
def test_a_run_without_a_lost_result_gives_nothing(events: list[Event]) -> None:
    assert told(examples.facts(events=events, release="2026.3.11")) == ([], [])


@pytest.mark.parametrize("key", [{"suppressAnnounceReason": "killed"}, {"expectsCompletionMessage": False}])
def test_a_result_that_nobody_waits_for_is_not_lost(key: dict[str, object]) -> None:
    events, state = [*WORKED, record(attempt=3)], [stored("subagent_runs", RUN, key)]
    assert told(examples.facts(events=events, state=state)) == ([], [])


@pytest.mark.parametrize("later", [[announced("11:00")], [record(detail="delivered")]], ids=["answer", "record"])
def test_a_result_delivered_after_all_is_late_and_not_lost(later: list[Event]) -> None:
    assert told(examples.facts(events=[*WORKED, *GIVEN_UP, *later])) == ([], ["result_delivered_late"])


def test_the_childs_session_finds_its_transcript_whenever_it_ended() -> None:
    other = {"session": "0b7c", "source": "agents/main/sessions/0b7c.jsonl"}
    near = [turn("09:00:02", trigger="subagent", **other), answer("09:00:29", **other)]
    state = [stored("sessions", CHILD, {"sessionId": "73ba"})]
    events = [*near, WORKED[0], answer("08:59:00", **SESSION), record(attempt=3)]
    (row,), _ = told(examples.facts(events=events, state=state))
    assert row["result_in"] == f"{TRANSCRIPT}:32341"


@pytest.mark.parametrize(
    ("kept", "result"),
    [({"frozenResultText": 72}, f"subagents/runs.json#/runs/{RUN}/frozenResultText"), ({"frozenResultText": 0}, None)],
)
def test_without_a_transcript_the_record_may_still_hold_the_result(kept: dict[str, object], result: str) -> None:
    (row,), _ = told(examples.facts(events=[record(attempt=3)], state=[stored("subagent_runs", RUN, kept)]))
    assert row["result_in"] == result


REQUESTER_TOLD = turn("09:00:40", trigger="subagent")


@pytest.mark.parametrize(("after", "lost"), [([], 1), ([REQUESTER_TOLD], 0)], ids=["never told", "told later"])
def test_early_releases_say_only_that_an_announce_failed(after: list[Event], lost: int) -> None:
    nameless = announce_failed("09:00:31", run=None)
    rows, _ = told(examples.facts(events=[*WORKED, record(), nameless, *after], release="2026.2.9"))
    assert len(rows) == lost


JOB = {"name": "queue-check", "delivery.mode": "announce"}
QUIET = cron_run("10:00", stage="not-delivered")


@pytest.mark.parametrize(
    ("job", "runs", "verdicts"),
    [
        (JOB, [QUIET], ["cron_delivered_nothing"]),
        (JOB | {"state.lastStatus": "ok", "state.lastDelivered": False}, [], ["cron_delivered_nothing"]),
        (JOB | {"delivery.mode": "none"}, [QUIET], []),
        (JOB, [cron_run("10:00", "Channel is required", stage="not-delivered")], []),
        (JOB, [cron_run("10:00", stage="delivered")], []),
    ],
    ids=["run log", "job state", "nothing wanted", "said error", "delivered"],
)
def test_a_cron_job_that_says_ok_and_delivers_nothing_is_a_finding(
    job: dict[str, object], runs: list[Event], verdicts: list[str]
) -> None:
    assert told(examples.facts(events=runs, state=[stored("cron_jobs", "3a52", job)])) == ([], verdicts)


CASES = sorted(path.parent for path in CAPTURES.glob("*/*/truth.json"))


@pytest.mark.skipif(not CASES, reason="the captures are not at hand: ../shared/captures does not exist")
@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case.parts[-2:]))
def test_captures_lose_the_subagent_of_the_desync_and_no_other(case: Path) -> None:
    case_ = opened(case / "evidence")
    rows: Any = case_.triage()["lost_results"]
    runs = [e for e in case_.timeline.events if e.kind == "subagent_announce_given_up"]
    late = [f for f in case_.answers.findings if f.verdict == "result_delivered_late"]
    assert len(runs) == ("oauth_desync" in case.name)
    assert len(rows) == len(runs) - len(late)
    assert all(row["result_in"] and row["requester"] == MAIN for row in rows)


@pytest.mark.parametrize(("after", "lost"), [([failure("09:00:34")], True), ([answer("09:00:34")], False)])
def test_a_requester_that_got_an_error_for_the_result_has_not_got_it(after: list[Event], lost: bool) -> None:
    wakes = [turn("09:00:32", trigger="subagent"), failure("09:00:33"), turn("09:00:33", trigger="subagent"), *after]
    state = [stored("sessions", MAIN, {"sessionId": wakes[0].session})]
    rows, _ = told(examples.facts(events=[*WORKED, record(), *wakes, turn("09:05"), answer("09:05:01")], state=state))
    assert [(row["result_in"], row["error"]) for row in rows] == [
        (WORKED[1].source + f":{WORKED[1].line}", examples.LIMITED)
    ] * lost
