"""Each condition of `check` with evidence that makes it speak, and with evidence so like it that it must be silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from watching import SCOPE, case, troubles

from forensics.detectors.questions.examples import (
    A,
    B,
    answer,
    at,
    credential,
    cron_run,
    echo,
    event,
    failure,
    stored,
    turn,
)
from forensics.watch import explain
from forensics.watch.conditions import CONDITIONS

REFUSED = {"http_status": 403, "error_type": "permission_error", "text": SCOPE}
BEAT = stored("config", "defaults", {"agents.defaults.heartbeat.every": "30m"})
UP = event("09:00", "gateway_listening", "lifecycle", text="listening on ws://127.0.0.1:18789 (PID 23)")


BEATEN = replace(turn("09:00:05"), trigger="heartbeat")


def refused(clock: str, **more: Any) -> list[Any]:
    """A message and its refusal."""
    return [turn(clock), failure(f"{clock}:01", **REFUSED, **more)]


def test_an_open_incident_names_since_when_and_the_first_thing_to_mend() -> None:
    trouble = troubles(case("10:00", events=[UP, *refused("09:50")]))["open_incident"]
    assert (trouble.urgency, trouble.since) == ("now", at("09:50:01"))
    assert "403" in trouble.sentence
    assert "collect" not in trouble.advice


def test_an_incident_is_told_no_more_once_the_provider_answered() -> None:
    assert not troubles(case("10:00", events=[UP, *refused("09:50"), turn("09:55"), answer("09:55:05")]))


def test_a_failure_that_trying_again_may_absorb_is_told_after_two_minutes() -> None:
    events = [UP, turn("09:50"), failure("09:50:01")]
    assert "open_incident" not in troubles(case("09:51", events=events))
    assert "open_incident" in troubles(case("09:53", events=events))
    assert "open_incident" in troubles(case("09:51", events=events), "open_incident.settle_minutes=0")


def test_an_incident_of_which_nothing_was_heard_for_days_is_not_told() -> None:
    events = [UP, *refused("09:50")]
    assert "open_incident" in troubles(case("60:00", events=events))
    assert "open_incident" not in troubles(case("90:00", events=events))


def test_a_refused_login_is_told_as_soon_where_another_profile_answers_instead() -> None:
    logins = [credential(A, access="fp:000000000001"), credential(B, access="fp:000000000002")]
    events = [UP, turn("09:50"), failure("09:50:01", profile=A, **REFUSED), answer("09:50:04", profile=B)]
    told = troubles(case("10:00", events=events, credentials=logins))
    assert {trouble.urgency for trouble in told.values()} <= {"soon"}


def login(ends: str | None, **more: Any) -> Any:
    return credential(A, access="fp:000000000001", expires_at=at(ends) if ends else None, **more)


@pytest.mark.parametrize(("ends", "urgency"), [("10:40", "soon"), ("09:20", "now")])
def test_a_login_that_nobody_renews_is_told_before_and_after_its_end(ends: str, urgency: str) -> None:
    assert troubles(case("10:00", events=[UP], credentials=[login(ends)]))["login_ends"].urgency == urgency


@pytest.mark.parametrize(
    "logins",
    [
        [login("10:40", type="oauth", refresh="fp:000000000009")],  # renewed by the gateway
        [login("11:40")],  # later than an hour
        [login(None)],  # never ends
        [login("10:40"), login("20:00", source="agents/main/agent/auth-profiles.json#/profiles/longer")],
        [login("-20:00")],  # an old scar
    ],
)
def test_a_login_with_an_heir_or_without_an_end_near_is_not_told(logins: list[Any]) -> None:
    assert "login_ends" not in troubles(case("10:00", events=[UP], credentials=logins))


def pair(source: str, number: int, ends: str, agent: str | None = "main", **more: Any) -> Any:
    tokens = {"access": f"fp:00000000000{number}", "refresh": f"fp:00000000001{number}"}
    place = {"source": source, "store": "auth_profiles" if agent else "claude_credentials", "agent": agent}
    return credential(
        "anthropic:claude-cli", type="oauth", expires_at=at(ends), mtime=at("08:00"), **tokens, **place, **more
    )


STORE, TOOL = "agents/main/agent/auth-profiles.json#/profiles/x", ".claude/.credentials.json#/claudeAiOauth"


def test_a_copy_that_somebody_else_renewed_is_told_soon_and_then_now() -> None:
    copies = [pair(STORE, 1, "10:30"), pair(TOOL, 2, "17:00", None)]
    assert troubles(case("10:00", events=[UP], credentials=copies))["armed_desync"].urgency == "soon"
    assert troubles(case("10:31", events=[UP], credentials=copies))["armed_desync"].urgency == "now"


def test_one_pair_in_two_places_is_no_desync() -> None:
    copies = [pair(STORE, 1, "10:30"), pair(TOOL, 1, "10:30", None)]
    assert "armed_desync" not in troubles(case("10:00", events=[UP], credentials=copies))


def blocked(until: str, failed: str, field: str = "disabledUntil") -> tuple[Any, ...]:
    reason = {"disabledReason": "billing"} if field == "disabledUntil" else {"blockedReason": "subscription_limit"}
    return stored("auth_profiles", A, {"errorCount": 1, "lastFailureAt": at(failed), field: at(until), **reason})


def test_a_block_that_nobody_asked_about_since_is_told() -> None:
    restart = event("15:00", "gateway_listening", "lifecycle", text="listening on ws://")
    events = [turn("08:59:59"), failure("09:00"), restart]
    told = troubles(
        case("16:30", events=events, state=[blocked("40:00", "09:00", "blockedUntil")], credentials=[login(None)])
    )
    assert told["outliving_block"].due == at("40:00")


def test_a_block_as_old_as_its_cause_or_over_is_not_told() -> None:
    events = [turn("08:59:59"), failure("09:00")]
    for now, until in (("09:05", "14:00"), ("14:30", "14:00")):
        found = case(now, events=events, state=[blocked(until, "09:00")], credentials=[login(None)])
        assert "outliving_block" not in troubles(found)


def pinned(profile: str, until: str, failed: str = "09:00") -> list[tuple[Any, ...]]:
    stats = {"errorCount": 1, "lastFailureAt": at(failed), "cooldownUntil": at(until)}
    entry = {
        "sessionId": "5f0c",
        "authProfileOverride": profile,
        "authProfileOverrideSource": "auto",
        "updatedAt": at(failed),
    }
    return [stored("auth_profiles", B, stats), stored("sessions", "agent:main:main", entry)]


def test_a_session_pinned_to_a_profile_in_a_long_window_is_told() -> None:
    logins = [credential(A), credential(B)]
    found = case(
        "09:05", events=[turn("08:59:59"), failure("09:00", profile=B)], state=pinned(B, "10:00"), credentials=logins
    )
    assert "agent:main:main" in troubles(found)["pinned_to_dead"].sentence


@pytest.mark.parametrize(("profile", "until"), [(B, "09:06"), (A, "10:00")])
def test_a_short_window_or_another_profile_is_no_trouble_for_the_session(profile: str, until: str) -> None:
    logins = [credential(A), credential(B)]
    events = [turn("08:59:59"), failure("09:00", profile=B), answer("09:00:05", profile=A)]
    assert "pinned_to_dead" not in troubles(
        case("09:05", events=events, state=pinned(profile, until), credentials=logins)
    )


def ticks(*hours: int, error: str = SCOPE) -> list[Any]:
    lines = [echo(f"{hour}:14:59", trigger="cron", run=f"run-{hour}") for hour in hours if error]
    return [*lines, *(cron_run(f"{hour}:15", error, provider="anthropic") for hour in hours)]


def test_three_refused_runs_of_a_job_are_told_and_two_are_not() -> None:
    begun = [UP, *refused("09:00")]
    assert "refused_in_a_row" in troubles(case("13:00", events=[*begun, *ticks(10, 11, 12)]))
    assert "refused_in_a_row" not in troubles(case("12:00", events=[*begun, *ticks(10, 11)]))


def test_refused_runs_are_over_once_the_provider_answered() -> None:
    events = [UP, *refused("09:00"), *ticks(10, 11, 12), turn("12:30"), answer("12:30:05"), *ticks(13, 14, error="")]
    assert "refused_in_a_row" not in troubles(case("15:00", events=events))


@pytest.mark.parametrize(("errors", "enabled", "speaks"), [(3, True, True), (2, True, False), (3, False, False)])
def test_a_job_that_fails_for_any_reason_is_told_while_it_is_on(errors: int, enabled: bool, speaks: bool) -> None:
    values = {"name": "report", "enabled": enabled, "state.consecutiveErrors": errors, "state.lastRunAtMs": at("09:30"),
              "state.lastError": "no channel"}  # fmt: skip
    told = troubles(case("10:00", events=[UP], state=[stored("cron_jobs", "3a52", values)]))
    assert ("refused_in_a_row" in told) is speaks


@pytest.mark.parametrize(("channels", "speaks"), [([], False), (["telegram"], True)])
def test_a_job_that_announces_to_nobody_is_a_habit(channels: list[str], speaks: bool) -> None:
    values = {"enabled": True, "state.consecutiveErrors": 3, "state.lastRunAtMs": at("09:30"),
              "delivery.mode": "announce"}  # fmt: skip
    state = [stored("cron_jobs", "3a52", values), stored("config", "config", {"logging.level": "info"})]
    state += [stored("config", "config", {"channels": channels})] if channels else []
    assert ("refused_in_a_row" in troubles(case("10:00", events=[UP], state=state))) is speaks


def test_silence_is_told_when_a_heartbeat_is_overdue() -> None:
    assert troubles(case("10:05", events=[UP, BEATEN], state=[BEAT]))["gateway_silent"].due == at("09:30:05")


@pytest.mark.parametrize(("now", "state"), [("09:55", [BEAT]), ("20:00", [])])
def test_silence_is_no_trouble_while_nothing_is_overdue(now: str, state: list[Any]) -> None:
    assert not troubles(case(now, events=[UP, BEATEN], state=state))


def test_heartbeats_that_never_left_a_sign_are_not_missed() -> None:
    assert not troubles(case("20:00", events=[UP, turn("09:20"), answer("09:20:05")], state=[BEAT]))


def test_heartbeats_with_active_hours_may_rest_for_a_night() -> None:
    hours = {"agents.defaults.heartbeat.every": "30m", "agents.defaults.heartbeat.activeHours.end": "22:00"}
    state = [stored("config", "defaults", hours)]
    assert not troubles(case("20:00", events=[UP, BEATEN], state=state))
    before = [replace(e, time=e.time - timedelta(days=2)) for e in (UP, BEATEN) if e.time]
    assert "gateway_silent" in troubles(case("20:00", events=before, state=state))


def test_without_a_log_silence_says_nothing() -> None:
    assert "gateway_silent" not in troubles(case("20:00", events=[turn("09:00"), answer("09:00:05")], state=[BEAT]))


def starts(count: int) -> list[Any]:
    lines = []
    for n in range(count):
        lines += [event(f"09:{n:02}", "agent_model", "lifecycle", text="agent model: google/gemini-3-pro"),
                  event(f"09:{n:02}:01", "gateway_listening", "lifecycle", text=f"(PID {3000 + n})")]  # fmt: skip
    return lines


def test_a_restart_storm_is_told_until_an_hour_of_rest() -> None:
    assert "restart_storm" in troubles(case("09:40", events=starts(30)))
    assert "restart_storm" not in troubles(case("11:00", events=starts(30)))
    assert "restart_storm" not in troubles(case("09:10", events=starts(2)))


RUN = {"run": "b4ce65f7", "child_session": "agent:main:subagent:82b3", "requester": "agent:main:main"}
WORKED = [turn("09:00:01", trigger="subagent", session="73ba", source="agents/main/sessions/73ba.jsonl"),
          answer("09:00:30", session="73ba", source="agents/main/sessions/73ba.jsonl")]  # fmt: skip
GIVEN_UP = [
    *(event(c, "subagent_announce_failed", "delivery", run="b4ce65f7", trigger="subagent", text="gateway timeout")
      for c in ("09:00:31", "09:00:33", "09:00:37")),
    event("09:00:38", "subagent_announce_given_up", "delivery", attempt=3, duration_ms=8000, **RUN),
]  # fmt: skip
ENDED = event("09:00:30", "subagent_run", "delivery", source="subagents/runs.json", agent="main", decision="ok",
              detail="cleanupHandled", attempt=3, **RUN)  # fmt: skip


def test_a_lost_result_is_told_for_a_day_and_since_an_older_check() -> None:
    events = [*WORKED, ENDED, *GIVEN_UP]
    assert "results_lost" in troubles(case("10:00", events=events))
    assert "results_lost" not in troubles(case("40:00", events=events))
    assert "results_lost" in troubles(case("40:00", events=events), last=at("08:00"))


def test_a_log_with_the_cause_of_an_open_incident_is_told_before_it_is_pruned() -> None:
    dated = "tmp/openclaw/openclaw-2026-03-02.log"
    line = event("09:50:01", "embedded_run_agent_end", "failure", source=dated, provider="anthropic", **REFUSED)
    gone = at("09:51") + timedelta(hours=24)
    told = troubles(case("31:00", events=[line], mtime=at("09:51")))
    assert told["logs_vanish"].due == gone
    assert "logs_vanish" in troubles(case("35:00", events=[line], mtime=at("09:51")))
    assert "logs_vanish" not in troubles(case("20:00", events=[line], mtime=at("09:51")))
    assert "logs_vanish" not in troubles(case("31:00", events=[UP, *refused("09:50")], mtime=at("09:51")))


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda c: c.name)
def test_every_condition_is_explained_with_its_numbers(condition: Any) -> None:
    text = explain.explanation(condition)
    assert all(f"{name} = {value:g}" in text for name, value in condition.settings.items())
    assert explain.find(condition.name) is condition
