"""What an incident cost is counted once, whatever names it goes by in log, transcript, ledger and cron record."""

from __future__ import annotations

import pytest

from forensics.detectors import examples
from forensics.impact import Impact

JOB = "agent:main:cron:3a52"


def impact(events=(), state=()) -> Impact:
    (incident,) = examples.facts(events=[examples.turn("08:59"), *events], state=state).incidents
    return incident.impact


def lane(clock: str, key: str = examples.MAIN):
    return examples.event(clock, "lane_task_error", "echo", provider="anthropic", text=examples.COOLING, session=key)


def cron(clock: str, session_id: str, error: str = ""):
    return examples.cron_run(clock, error, session=f"{JOB}:run:{session_id}")


def test_a_session_seen_under_its_key_and_its_id_is_one():
    seen = [examples.failure("09:00"), lane("09:00:01"), lane("09:05")]
    stored = examples.stored("sessions", examples.MAIN, {"sessionId": "5f0c"})
    assert impact(seen, [stored]).sessions == 1
    assert impact([*seen, lane("09:06", "agent:main:other")], [stored]).sessions == 2


def test_the_runs_of_one_cron_job_are_one_session():
    failed = [examples.failure(f"0{n}:00", session=f"run{n}") for n in (7, 8, 9)]
    ended = [cron(f"0{n}:00:05", f"run{n}", "") for n in (7, 8, 9)]
    found = impact([*failed, *ended])
    assert (found.sessions, found.cron_runs) == (1, 3)


@pytest.mark.parametrize(
    ("error", "counted"),
    [
        ("All models failed (1): anthropic/claude-opus-4-5: Provider anthropic is in cooldown (rate_limit)", 1),
        ("Channel is required (no configured channels detected).", 0),
        ("heartbeat skipped: no-route", 0),
        ("", 0),
    ],
)
def test_only_cron_runs_that_met_the_cause_count(error, counted):
    seen = [examples.failure("09:00"), cron("09:10", "9c1e", error), lane("09:20")]
    assert impact(seen).cron_runs == counted


def test_a_cron_run_that_was_answered_after_all_does_not_count():
    seen = [examples.failure("09:00"), examples.failure("09:10", session="9c1e"), cron("09:11", "9c1e"), lane("09:20")]
    assert impact(seen).cron_runs == 1
    assert impact([*seen, examples.answer("09:10:30", session="9c1e")]).cron_runs == 0


def test_an_announce_is_the_subagent_it_announces():
    child = {"trigger": "subagent"}
    seen = [
        examples.failure("09:00"),
        examples.echo("09:01", run="announce:v1:agent:main:subagent:7d:b4ce", **child),
        examples.echo("09:02", run="b4ce", **child),
    ]
    assert impact(seen).subagents == 1


def test_a_cron_run_named_by_session_and_by_ledger_is_one_run():
    seen = [examples.failure("09:00"), cron("09:10", "9c1e", examples.COOLING)]
    told = [examples.echo("09:10", run="9c1e"), examples.echo("09:10", run="cron:3a52:1772442600000")]
    assert impact([*seen, *told, examples.echo("09:20", run="r1")]).runs_failed == 2


def test_silence_counts_answers_whose_source_names_no_provider():
    seen = [examples.answer("08:00"), examples.failure("09:00"), lane("09:30")]
    seen.append(examples.answer("10:00", provider=None, session="77aa"))
    assert impact(seen).longest_silence_s == 2 * 3600
