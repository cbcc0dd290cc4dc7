"""Sightings of failed calls become one failure each, with every source."""

from __future__ import annotations

from dataclasses import replace

import pytest
from making import LIMIT, SCOPE, at, echo, error, event

from forensics.incidents.failures import merge_failures, name_providers
from forensics.secrets.fingerprints import identifier_hash

LANE = "HTTP 403 permission_error: OAuth token does not meet scope requirement user:profile (request_id: req_aaaaaa)"


def agent_end(seconds: float, rid: str = "req_aaaaaa", **columns: object) -> object:
    text = SCOPE % identifier_hash(rid)
    given = {
        "run": "r1",
        "provider": "anthropic",
        "model": "opus",
        "http_status": 403,
        "error_type": "permission_error",
    }
    return event(
        "embedded_run_agent_end",
        "failure",
        seconds,
        **{**given, "text": text, "request_id": identifier_hash(rid), "recorded_reason": "auth", **columns},
    )


def test_one_call_seen_in_transcript_event_and_lane_is_one_failure() -> None:
    lane = event("lane_task_error", "failure", 10.2, text=LANE, request_id="req_aaaaaa", http_status=403)
    (failure,) = merge_failures([error(10), agent_end(10.01), lane])  # type: ignore[list-item]
    assert failure.basis == "transcript"
    assert failure.began == at(9.95)
    assert [e.kind for e in failure.events] == ["transcript_error", "embedded_run_agent_end", "lane_task_error"]
    assert failure.recorded == (("auth", "log:11"),)
    assert failure.reported


def test_two_attempts_within_milliseconds_stay_two() -> None:
    first, second = error(10, "req_aaaaaa"), error(10.06, "req_bbbbbb", line=12)
    assert len(merge_failures([first, second])) == 2


def test_a_copy_of_a_transcript_adds_a_source_and_no_failure() -> None:
    entry = error(10)
    (failure,) = merge_failures([entry, replace(entry, source="s1.jsonl.reset.2026-02-11T10-00-00.000Z")])
    assert len(failure.sources) == 2


def test_a_window_update_goes_to_the_attempt_of_its_profile() -> None:
    update = event(
        "auth_profile_failure_state_updated", "window", 10.07, run="r1", provider="anthropic", profile_hash="sha256:bb",
        recorded_reason="auth", window_kind="cooldown", window_until=at(70),
    )  # fmt: skip
    ends = [agent_end(10), agent_end(10.06, "req_bbbbbb", line=12)]
    failures = merge_failures([*ends, update])  # type: ignore[list-item]
    assert [f.profile_hash for f in failures] == [None, "sha256:bb"]


def test_a_report_without_an_attempt_is_a_weaker_failure() -> None:
    lane = event("lane_task_error", "failure", 10, text=LANE, request_id="req_aaaaaa", http_status=403)
    again = event("lane_task_error", "failure", 10.001, text=LANE, request_id="req_aaaaaa", http_status=403, lane="s")
    (failure,) = merge_failures([lane, again])
    assert (failure.basis, failure.provider) == ("log", None)


def test_echoes_are_no_failures() -> None:
    assert merge_failures([echo(10), echo(20)]) == ()


def test_a_typed_anthropic_error_without_a_status_has_its_documented_one() -> None:
    bare = error(10, http_status=None, text=(LIMIT % "req_aaaaaa").removeprefix("429 "), error_type="rate_limit_error")
    assert merge_failures([bare])[0].http_status == 429


def test_an_abort_by_hand_is_no_timeout_and_a_silent_one_given_up_is() -> None:
    abort = error(130, text="%s", http_status=None, error_type=None, raw_hash=None, request_id=None)
    aborted = replace(abort, kind="transcript_aborted", text="Request was aborted.", started=at(10))
    given_up = event("transcript_prompt_error", "failure", 130, source="s1.jsonl", session="s1", text="aborted")
    assert not merge_failures([aborted])[0].timed_out
    assert merge_failures([aborted, given_up])[0].timed_out


@pytest.mark.parametrize(("lasted", "timed"), [((30, 30.1), True), ((30, 42), False), ((3, 3.1), False)])
def test_aborts_after_the_same_while_are_the_work_of_a_timer(lasted: tuple[float, float], timed: bool) -> None:
    silent = {"http_status": None, "error_type": None, "raw_hash": None, "request_id": None, "text": "Aborted"}
    aborted = [
        replace(error(start + length, **silent), kind="transcript_aborted", started=at(start))
        for start, length in zip((0, 600), lasted, strict=True)
    ]
    assert [f.timed_out for f in merge_failures(aborted)] == [timed, timed]


@pytest.mark.parametrize(("primary", "expected"), [("openai/gpt", "anthropic"), (None, "anthropic")])
def test_a_nameless_failure_gets_the_provider_of_the_agent_model_in_force(primary: str | None, expected: str) -> None:
    lane = event("lane_task_error", "failure", 10, text="LLM request rejected: no credit")
    started = event("agent_model", "lifecycle", 1, provider="anthropic", model="opus")
    (named,) = name_providers(merge_failures([lane]), [started], primary)
    assert named.provider == expected


def test_a_window_update_goes_to_the_call_that_is_over_not_to_a_nearer_later_one() -> None:
    update = event(
        "auth_profile_failure_state_updated", "window", 10.3, run="r1", provider="anthropic", profile_hash="sha256:aa",
        recorded_reason="auth", window_kind="cooldown", window_until=at(40),
    )  # fmt: skip
    later = replace(update, time=at(10.6), profile_hash="sha256:bb", line=14)
    ends = [agent_end(10), agent_end(10.5, "req_bbbbbb", line=12)]
    failures = merge_failures([*ends, update, later])  # type: ignore[list-item]
    assert [f.profile_hash for f in failures] == ["sha256:aa", "sha256:bb"]


def test_the_idle_timer_and_the_prompt_error_after_it_are_one_call() -> None:
    said = "LLM idle timeout (25s): no response from model"
    given = {"provider": "anthropic", "model": "opus", "session": "s1", "source": "s1.jsonl"}
    (failure,) = merge_failures([
        event("transcript_aborted", "failure", 40, text=said, **given),
        event("transcript_prompt_error", "failure", 40.06, text="request timed out", run="r1", line=42, **given),
        event("embedded_run_timeout", "failure", 39.9, run="r1", session="s1", duration_ms=25_000),
    ])  # fmt: skip
    assert (failure.text, failure.timed_out, failure.began) == (said, True, at(14.9))
