"""One failed run counts once, however often it is seen, and only automatic retries count from three."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from forensics.detectors.questions import Found
from forensics.detectors.questions.examples import (
    COOLING,
    LIMITED,
    A,
    answer,
    credential,
    cron_run,
    echo,
    event,
    facts,
    failure,
    turn,
)
from forensics.detectors.questions.retry_loops import DETECTOR
from forensics.tables import Event
from forensics.triage import row_of

ONCE = {"detail": "the first prompt"}
OPENING = [turn("08:00", **ONCE), failure("08:00:01"), turn("08:00:02", **ONCE), answer("08:00:03")]


def loops(events: Iterable[Event], release: str = "2026.2.9") -> dict[str, Found]:
    found = DETECTOR.detect(facts(events=events, release=release, credentials=[credential(A)], now="20:00"))
    return {f.answer.trigger: f for f in found}


def counts(events: Iterable[Event], release: str = "2026.2.9") -> dict[str, object]:
    return {trigger: found.answer.count for trigger, found in loops(events, release).items()}


@pytest.mark.parametrize(("trigger", "least"), [("cron", 3), ("heartbeat", 3), ("subagent", 3), ("message", 5)])
def test_a_loop_begins_at_its_least_number_of_runs(trigger: str, least: int) -> None:
    runs = [echo(f"{hour + 9}:30", trigger=trigger, run=f"run-{hour}") for hour in range(least)]
    assert counts([*OPENING, *runs]) == {trigger: least}
    assert counts([*OPENING, *runs[1:]]) == {}


def test_a_run_seen_in_transcript_log_and_run_log_counts_once() -> None:
    events = []
    for hour in (9, 10, 11):
        key = f"agent:main:cron:3a52:run:id-{hour}"
        transcript = {"source": f"agents/main/sessions/id-{hour}.jsonl", "session": f"id-{hour}"}
        events += [
            turn(f"{hour}:00", trigger="cron", **transcript),
            failure(f"{hour}:00:20", **transcript),
            failure(f"{hour}:02:10", **transcript),
            event(f"{hour}:02:11", "cron_job_failed", "failure", trigger="cron", detail="3a52", text=LIMITED),
            cron_run(f"{hour}:02:11", LIMITED, session=key, provider="anthropic"),
        ]
    row = row_of(loops(events)["cron"].answer)
    assert (row["count"], row["calls"], row["runs_refused"], row["jobs"]) == (3, 6, 0, ["3a52"])


def test_a_run_log_that_says_ok_still_counts_where_its_transcript_holds_the_error() -> None:
    events = []
    for hour in (9, 10, 11):
        transcript = {"source": f"agents/main/sessions/id-{hour}.jsonl", "session": f"id-{hour}"}
        key = f"agent:main:cron:3a52:run:id-{hour}"
        events += [turn(f"{hour}:00", trigger="cron", **transcript), failure(f"{hour}:00:20", **transcript)]
        events += [cron_run(f"{hour}:00:21", session=key)]
    row = row_of(loops(events)["cron"].answer)
    assert (row["count"], row["jobs"]) == (3, ["3a52"])


def test_a_run_that_another_profile_answered_is_no_failed_run() -> None:
    events = []
    for hour in range(9, 15):
        prompt = {"detail": f"prompt {hour}"}
        events += [turn(f"{hour}:00", **prompt), failure(f"{hour}:00:01"), turn(f"{hour}:00:02", **prompt)]
        events += [answer(f"{hour}:00:09")]
    assert counts(events) == {}


def test_messages_in_one_minute_are_runs_of_their_own() -> None:
    refusals = [event(f"09:00:0{n}", "gateway_ws_error", "echo", provider="anthropic", text=COOLING) for n in range(5)]
    assert counts([*OPENING, *refusals]) == {"message": 5}


def test_refusals_in_the_rhythm_of_the_heartbeat_are_heartbeats() -> None:
    started = event("08:10", "heartbeat_configured", "schedule", detail="started", duration_ms=1_800_000)
    beats = [echo(clock) for clock in ("08:40:20", "09:10:45", "09:41:00")]
    found = loops([started, *OPENING, *beats])
    assert {trigger: (f.answer.count, f.finding.confidence) for trigger, f in found.items()} == {
        "heartbeat": (3, "medium")
    }
    assert counts([*OPENING, *beats]) == {}


@pytest.mark.parametrize("interval", [-1, 0, 10**18])
def test_a_heartbeat_of_an_impossible_interval_has_no_rhythm(interval: int) -> None:
    started = event("08:10", "heartbeat_configured", "schedule", detail="started", duration_ms=interval)
    assert counts([started, *OPENING, *(echo(f"{hour}:40") for hour in range(8, 13))]) == {"message": 5}


def test_an_error_of_the_gateway_itself_in_a_run_log_is_no_failed_run() -> None:
    noise = [cron_run(f"{hour}:00", "Channel is required (no configured channels detected).") for hour in range(9, 13)]
    assert counts([*OPENING, *noise]) == {}


@pytest.mark.parametrize(
    ("release", "prolonged", "said"),
    [
        ("2026.2.9", True, "In 2026.2.9 every call that fails makes the window longer."),
        ("2026.3.8", True, "The running gateway of 2026.3.8 does not see its own window"),
        ("2026.3.24", False, "In 2026.3.24 a further failure does not make a window longer."),
    ],
)
def test_it_says_whether_each_failing_call_prolonged_the_window(release: str, prolonged: bool, said: str) -> None:
    calls = [e for hour in (9, 11, 13) for e in (turn(f"{hour}:00", trigger="cron"), failure(f"{hour}:00:01"))]
    found = loops([*OPENING, *calls, echo("13:00:30")], release)["cron"]
    assert (found.answer.prolonged, found.finding.severity) == (prolonged, "high" if prolonged else "medium")
    assert said in found.finding.summary


def test_a_long_loop_shows_both_its_ends() -> None:
    runs = [echo(f"{9 + n // 60}:{n % 60:02}:30", trigger="cron", run=f"run-{n}") for n in range(100)]
    row = row_of(loops([*OPENING, *runs])["cron"].answer)
    assert row["count"] == 100
    assert row["evidence"] == [f"{e.source}:{e.line}" for e in (*runs[:10], *runs[-10:])]


def test_only_the_incidents_that_were_asked_for_have_loops() -> None:
    seen = DETECTOR.fires()
    assert DETECTOR.detect(seen) != ()
    assert DETECTOR.detect(replace(seen, incidents=())) == ()
