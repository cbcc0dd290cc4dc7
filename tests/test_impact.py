"""What an incident cost is counted once, whatever names it goes by in log, transcript, ledger and cron record."""

from __future__ import annotations

from typing import Any

import pytest

from forensics.detectors.questions import examples
from forensics.detectors.questions.examples import at
from forensics.incidents.impact import Impact
from forensics.tables import Event

JOB = "agent:main:cron:3a52"
KNOWN = examples.stored("sessions", examples.MAIN, {"sessionId": "5f0c"})


def impact(events=(), state=()) -> Impact:
    (incident,) = examples.facts(events=[examples.turn("08:59"), *events], state=state).incidents
    return incident.impact


def lane(clock: str, key: str = examples.MAIN) -> Event:
    return examples.event(clock, "lane_task_error", "echo", provider="anthropic", text=examples.COOLING, session=key)


def cron(clock: str, session_id: str, error: str = "") -> Event:
    return examples.cron_run(clock, error, session=f"{JOB}:run:{session_id}")


def refused(clock: str, run: str, **more: Any) -> Event:
    """The gateway refuses a client's call by itself."""
    told = {"provider": "anthropic", "text": examples.COOLING, "run": run, "stage": "agent"}
    return examples.event(clock, "gateway_ws_error", "echo", **told | more)


def asked(clock: str, **more: Any) -> list[Event]:
    """A message that the provider refuses a second later."""
    return [examples.turn(clock, **more), examples.failure(f"{clock}:01", **more)]


def test_a_session_seen_under_its_key_and_its_id_is_one():
    seen = [examples.failure("09:00"), lane("09:00:01"), lane("09:05")]
    assert impact(seen, [KNOWN]).sessions == 1
    assert impact([*seen, lane("09:06", "agent:main:other")], [KNOWN]).sessions == 2


def test_a_key_told_beside_the_same_failure_names_the_session():
    lane_error = {"session": examples.MAIN, "provider": "anthropic", "http_status": 429, "text": examples.LIMITED}
    told = examples.event("09:00:00.1", "lane_task_error", "failure", **lane_error)
    assert impact([examples.failure("09:00"), told, lane("09:05")]).sessions == 1


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
    own = {"session": "9c1e", "source": "agents/main/sessions/9c1e.jsonl"}
    seen = [examples.failure("09:00"), examples.failure("09:10", **own), cron("09:11", "9c1e"), lane("09:20")]
    assert impact(seen).cron_runs == 1
    assert impact([*seen, examples.answer("09:10:30", **own)]).cron_runs == 0


def test_an_announce_is_the_subagent_it_announces():
    child = {"trigger": "subagent"}
    seen = [
        examples.failure("09:00"),
        examples.echo("09:01", run="announce:v1:agent:main:subagent:7d:b4ce", **child),
        examples.echo("09:02", run="b4ce", **child),
    ]
    assert impact(seen).subagents == 1


def test_an_announce_that_fails_is_not_answered_by_the_result_it_carries():
    announce = examples.failure("09:01", run="announce:v1:agent:main:subagent:7d:b4ce", trigger="subagent")
    named = {"run": "b4ce", "trigger": "subagent", "provider": "anthropic", "text": examples.LIMITED}
    told = examples.event("09:01:01", "subagent_announce_failed", "failure", **named)
    done = examples.event("09:00:30", "agent_run_answered", "answer", run="b4ce", detail="stop")
    assert impact([done, announce, told]).runs_failed == 1
    assert impact([done, told]).runs_failed == 1


def test_a_cron_run_named_by_session_and_by_ledger_is_one_run():
    seen = [examples.failure("09:00"), cron("09:10", "9c1e", examples.COOLING)]
    told = [
        examples.event("09:10", kind, "echo", provider="anthropic", text=examples.COOLING, run=run)
        for kind, run in (("embedded_agent_failed", "9c1e"), ("task_run", "cron:3a52:1772442600000"))
    ]
    found = impact([*seen, *told, examples.echo("09:20", run="r1")])
    assert (found.runs_failed, found.cron_runs) == (3, 1)


def test_a_probe_of_openclaw_itself_is_no_run_of_anybody():
    probe = examples.failure("09:05", session="probe-anthropic-1", source="agents/main/sessions/probe.jsonl")
    found = impact([*asked("09:00"), probe, lane("09:10")])
    assert [(share.name, share.runs_failed) for share in found.channels] == [("unknown", 1)]


def test_silence_counts_answers_whose_source_names_no_provider():
    seen = [examples.answer("08:00"), examples.failure("09:00"), lane("09:30")]
    seen.append(examples.answer("10:00", provider=None, session="77aa"))
    assert impact(seen).longest_silence_s == 2 * 3600


@pytest.mark.parametrize(
    ("after", "unanswered"),
    [
        ([], 1),
        ([examples.answer("09:00:30", provider="openai", model="gpt-5.5")], 0),
        ([examples.answer("09:00:20", detail="toolUse"), examples.failure("09:00:30")], 1),
        ([examples.turn("09:00:10", detail="prompt 09:00"), examples.answer("09:00:30")], 0),
        ([examples.turn("09:30"), examples.answer("09:30:05")], 1),
        ([examples.event("09:00:02", "surfaced_provider_error", "failure", text=examples.LIMITED)], 1),
    ],
    ids=["nobody", "another provider", "a tool call, then again nobody", "the same prompt again", "a later message",
         "the error itself as the reply"],
)  # fmt: skip
def test_a_message_is_unanswered_where_no_model_answered_it(after, unanswered):
    assert impact([*asked("09:00"), *after, lane("12:00", "agent:main:other")]).messages_unanswered == unanswered


def test_prompts_that_nobody_wrote_are_no_messages():
    runs = [e for n, trigger in enumerate(("heartbeat", "cron", "message")) for e in asked(f"1{n}:10", trigger=trigger)]
    found = impact(runs)
    assert (found.runs_failed, found.messages_unanswered) == (3, 1)
    assert {s.name: s.messages_unanswered for s in found.channels} == {"heartbeat": 0, "cron": 0, "unknown": 1}


def test_a_message_cut_off_without_a_trace_is_unanswered_and_one_answered_with_the_next_is_not():
    queued = examples.turn("09:10", detail="still there?")
    assert impact([*asked("09:00"), queued]).messages_unanswered == 2
    both = [queued, examples.turn("09:11", detail="hello?"), examples.answer("09:11:05")]
    assert impact([*asked("09:00"), *both]).messages_unanswered == 1


def test_without_transcripts_a_count_of_none_is_not_known():
    window = examples.stored("auth_profiles", examples.A, {"cooldownUntil": at("13:00"), "lastFailureAt": at("12:00")})
    (found,) = (i.impact for i in examples.facts(state=[window]).incidents)
    assert (found.messages_unanswered, found.notice, found.agents, found.channels) == (None, None, (), ())
    (told,) = (i.impact for i in examples.facts(events=[refused("09:00", "r1")]).incidents)
    assert told.messages_unanswered == 1


@pytest.mark.parametrize(
    ("key", "stored", "more", "channel"),
    [
        ("agent:main:telegram:direct:4711", {}, {}, "telegram"),
        ("agent:main:whatsapp:work:group:120363@g.us", {}, {}, "whatsapp"),
        ("agent:main:main", {"lastChannel": "whatsapp"}, {}, "whatsapp"),
        ("agent:main:main", {"lastChannel": "telegram", "channel": "signal"}, {}, "signal"),
        ("agent:main:main", {"lastChannel": "+491701234567"}, {}, "unknown"),
        ("agent:main:main", {"lastChannel": "telegram"}, {"stage": "agent"}, "cli"),
        ("agent:main:main", {}, {"stage": "chat.send"}, "webchat"),
        ("agent:main:direct:4711", {}, {}, "unknown"),
    ],
)
def test_a_channel_is_told_by_key_then_call_then_store_and_never_by_a_name(key, stored, more, channel):
    seen = [*asked("09:00"), lane("09:00:02", key)]
    if more:
        seen.append(refused("09:00:02", "r1", **more))
    entry = examples.stored("sessions", key, {"sessionId": "5f0c", **stored})
    (share,) = impact(seen, [entry]).channels
    assert share.name == channel


def test_each_agent_has_its_own_share():
    other = {"agent": "ops", "session": "77aa", "source": "agents/ops/sessions/77aa.jsonl"}
    found = impact([*asked("09:00"), *asked("09:30"), *asked("09:10", **other)])
    assert [(s.name, s.sessions, s.runs_failed, s.messages_unanswered) for s in found.agents] == [
        ("main", 1, 2, 2),
        ("ops", 1, 1, 1),
    ]


SIGNS = [
    (refused("09:00:02", "r1"), "the error was the answer to a client's call"),
    (examples.event("09:00:03", "surfaced_provider_error", "failure", text=examples.LIMITED), "delivered to a chat"),
    (examples.turn("09:05"), "somebody wrote again"),
    (examples.event("09:05", "gateway_signal", "lifecycle", detail="SIGTERM"), "restarted or stopped"),
    (examples.event("09:05", "config_changed", "lifecycle", detail="agents.defaults"), "configuration was changed"),
]


@pytest.mark.parametrize(("event", "sign"), SIGNS, ids=[sign for _, sign in SIGNS])
def test_the_first_sign_that_a_person_could_have_seen(event, sign):
    before = examples.event("08:30", "config_changed", "lifecycle")
    notice = impact([before, *asked("09:00"), event, lane("12:00", "agent:main:other")]).notice
    assert notice is not None
    assert sign in notice.sign
    assert (notice.time, notice.after_s) == (event.time, int((event.time - at("09:00:01")).total_seconds()))
    assert notice.source == f"{event.source}:{event.line}"


def test_an_output_of_models_status_is_a_sign_where_it_tells_its_time():
    told = {"unusableProfiles.until": at("13:00"), "unusableProfiles.remainingMs": 60_000}
    by_itself, by_mtime = (examples.stored("models_status", examples.A, v, clock="09:30") for v in (told, {"x": 1}))
    seen = [*asked("09:00"), lane("12:00", "agent:main:other")]
    assert impact(seen, [by_mtime]).notice is None
    notice = impact(seen, [by_itself]).notice
    assert notice is not None
    assert (notice.after_s, notice.source) == (1799, by_itself[1].source)


def test_what_only_a_job_or_heartbeat_was_told_is_no_sign_nor_is_anything_after_the_recovery():
    job = [*asked("09:00", trigger="cron"), examples.echo("09:00:02")]
    late = [examples.answer("10:00", session="77aa", source="agents/main/sessions/77aa.jsonl")]
    late.append(examples.event("10:30", "config_changed", "lifecycle"))
    assert impact([*job, *late]).notice is None
