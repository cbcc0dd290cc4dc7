"""Failures, windows and echoes are sorted into causes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from making import LIMIT, SCOPE, answer, at, echo, error, event, stats, turn

from forensics.incidents.attempts import attribute
from forensics.incidents.auth_profiles import read_profiles
from forensics.incidents.causes import Cause, find_causes
from forensics.incidents.failures import merge_failures
from forensics.openclaw.releases import NEWEST_KNOWN, Running
from forensics.parsers.state_records import StateRecords
from forensics.tables import Event, Window


def causes(events: list[Event], windows: tuple[Window, ...] = ()) -> tuple[Cause, ...]:
    attempts = attribute(merge_failures(events), events, read_profiles([], StateRecords()), Running(NEWEST_KNOWN))
    return find_causes(attempts, windows, events)


def window(start: float, end: float, provider: str = "anthropic") -> Window:
    return Window(
        kind="cooldown", provider=provider, agent="main", profile=f"{provider}:default", start=at(start), end=at(end),
        reason_recorded="auth", opened_by="state#/x", start_basis="state",
    )  # fmt: skip


def test_retries_and_echoes_of_one_cause_are_one_incident() -> None:
    events = [turn(0, "a"), error(1, "req_aaaaa1"), turn(100, "b"), error(101, "req_aaaaa2"), echo(20), echo(120)]
    (cause,) = causes(events)
    assert (len(cause.attempts), len(cause.echoes)) == (2, 2)


def test_another_kind_of_reason_is_another_cause() -> None:
    events = [turn(0, "a"), error(1, "req_aaaaa1"), turn(100, "b"), error(101, "req_aaaaa2", LIMIT)]
    assert [c.family for c in causes(events)] == ["auth", "rate_limit"]


def test_another_provider_is_another_cause() -> None:
    events = [turn(0), error(1, "req_aaaaa1"), error(2, "req_aaaaa2", provider="openai", source="s2.jsonl")]
    assert [c.provider for c in causes(events)] == ["anthropic", "openai"]


def test_the_same_again_after_a_recovery_and_a_quiet_hour_is_another_cause() -> None:
    events = [
        turn(0, "a"),
        error(1, "req_aaaaa1"),
        turn(50, "x"),
        answer(60),
        turn(7200, "b"),
        error(7201, "req_aaaaa2"),
    ]
    assert len(causes(events)) == 2


def test_without_an_answer_between_it_is_still_the_same_cause_hours_later() -> None:
    events = [turn(0, "a"), error(1, "req_aaaaa1"), turn(7200, "b"), error(7201, "req_aaaaa2")]
    assert len(causes(events)) == 1


def test_a_failure_absorbed_by_a_retry_of_its_turn_is_no_cause() -> None:
    assert causes([turn(0), error(1, "req_aaaaa1"), answer(5)]) == ()


BUSY = '500 {"type":"error","error":{"type":"api_error","message":"Internal server error"},"request_id":"%s"}'


@pytest.mark.parametrize(
    ("text", "later", "found"),
    [(BUSY, [answer(5)], 0), (BUSY, [turn(60, "b"), answer(65)], 1), (BUSY, [], 1), (SCOPE, [turn(60), answer(65)], 1)],
    ids=["its own run answered", "only another run answered", "no answer since", "a login that is refused"],
)
def test_one_passing_fault_is_no_cause_only_where_its_run_was_answered(
    text: str, later: list[Event], found: int
) -> None:
    assert len(causes([turn(0, "a"), error(1, "req_aaaaa1", text), *later])) == found


def test_echoes_alone_make_a_cause_whose_failure_is_unknown() -> None:
    (cause,) = causes([echo(10), echo(20)])
    assert (cause.family, cause.attempts, cause.start) == ("unknown", [], at(10))


def test_a_window_without_a_failure_makes_a_cause_that_starts_with_it() -> None:
    (cause,) = causes([], (window(10, 3600),))
    assert (cause.start, cause.until) == (at(10), at(3600))


@pytest.mark.parametrize("shared", [{"run": "r2"}, {"session": "s2"}])
def test_an_echo_without_a_provider_belongs_to_the_cause_of_its_run_or_session(shared: dict[str, str]) -> None:
    other = error(2, "req_aaaaa2", provider="openai", source="s2.jsonl", session="s2", run="r2")
    events = [turn(0), error(1, "req_aaaaa1"), other, echo(3, **{"provider": None, "session": None, **shared})]
    assert [(c.provider, len(c.echoes)) for c in causes(events)] == [("anthropic", 0), ("openai", 1)]


def fetch(seconds: float, status: int = 400) -> Event:
    return event("model_fetch_response", "failure", seconds, provider="anthropic", model="haiku", http_status=status)


CREDIT = '400 {"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}'


def no_credit(seconds: float, **columns: object) -> Event:
    return error(seconds, "req_credit", CREDIT, http_status=400, error_type="invalid_request_error", **columns)


@pytest.mark.parametrize(
    ("bare", "families"),
    [(fetch(97), ["billing"]), (fetch(97, 500), ["server_error", "billing"]), (fetch(10), ["format", "billing"])],
    ids=["seconds before", "another status", "long before"],
)
def test_a_bare_status_says_what_the_same_status_says_with_words_beside_it(bare: Event, families: list[str]) -> None:
    lane = event("lane_task_error", "failure", (bare.time - at(0)).total_seconds() + 1, text="", provider="anthropic")
    found = causes([bare, replace(lane, http_status=bare.http_status), turn(99), no_credit(100)])
    assert [c.family for c in found] == families


@pytest.mark.parametrize(
    ("answerer", "found"), [({}, 0), ({"provider": "acme"}, 1), ({"model": "haiku"}, 1), ({"model": None}, 0)]
)
def test_an_answer_of_another_provider_or_model_does_not_absorb_a_failure(
    answerer: dict[str, str | None], found: int
) -> None:
    assert len(causes([turn(0), error(1), answer(5, **answerer)])) == found


def test_a_failure_that_the_state_marked_is_not_absorbed() -> None:
    events = [turn(0), error(1), answer(5)]
    profiles = read_profiles([], StateRecords(stats("anthropic:default", lastFailureAt=at(1.01))))
    (attempt,) = attribute(merge_failures(events), events, profiles, Running(NEWEST_KNOWN))
    assert not attempt.absorbed


@pytest.mark.parametrize(("log", "found"), [([], 1), (["r2"], 1), (["r1", "r2"], 0)])
def test_a_refused_run_counts_unless_it_was_answered_after_all(log: list[str], found: int) -> None:
    end = event(
        "embedded_run_agent_end", "failure", 10, run="r1", provider="anthropic", http_status=400, text="too long"
    )  # fmt: skip
    answers = [event("agent_run_answered", "answer", 20, run=run, provider="anthropic") for run in log]
    assert len(causes([end, *answers])) == found


def test_of_one_passing_fault_that_only_its_attempt_tells_the_next_answer_shows_the_end() -> None:
    end = event(
        "embedded_run_agent_end", "failure", 10, run="r1", provider="anthropic", http_status=529, text="529 Overloaded"
    )  # fmt: skip
    assert causes([end, event("embedded_run_answered", "answer", 30, provider="anthropic")]) == ()
    assert len(causes([end])) == 1


OWN = {
    "provider": "openai",
    "http_status": None,
    "error_type": None,
    "text": "⚠️ API rate limit reached. Please try again later.",
}
QUOTA = {
    "provider": "openai",
    "http_status": 429,
    "error_type": None,
    "text": "429 You exceeded your current quota, please check your plan and billing details.",
}


@pytest.mark.parametrize(
    ("between", "families"),
    [([], ["billing"]), ([turn(100, "b"), answer(120, provider="openai")], ["rate_limit", "billing"])],
)
def test_openclaws_own_sentence_about_a_429_is_whatever_the_provider_says_next(
    between: list[Event], families: list[str]
) -> None:
    own = error(1, "req_aaaaa1", **OWN)
    events = [turn(0, "a"), own, *between, turn(200, "c"), error(201, "req_aaaaa2", **QUOTA)]
    assert [c.family for c in causes(events)] == families
