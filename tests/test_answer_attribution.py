"""Answers get the provider that gave them, and a fallback's answer is no recovery of the provider that failed."""

from __future__ import annotations

import pytest
from making import answer, at, error, event

from forensics.incidents.answer_attribution import attribute_answers
from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.causes import Cause, classify_failure
from forensics.incidents.failures import merge_failures
from forensics.incidents.recoveries import Recoveries
from forensics.tables import Event


def ended(seconds: float, run: str = "r1") -> Event:
    """`[agent] run r1 ended with stopReason=stop`."""
    return event("agent_run_answered", "answer", seconds, run=run, detail="stop")


def fetched(seconds: float, provider: str = "acme") -> Event:
    """`[model-fetch] response provider=acme … status=200`."""
    return event("model_fetch_response", "noise", seconds, provider=provider, model="large-1", http_status=200)


def succeeded(seconds: float, provider: str = "acme", **columns: object) -> Event:
    given = {"decision": "candidate_succeeded", "provider": provider, "model": "large-1"}
    return event("model_fallback_decision", "answer", seconds, **{**given, **columns})


def providers(*events: Event, primary: str | None = None) -> list[str | None]:
    return [e.provider for e in attribute_answers(events, primary) if e.kind == "agent_run_answered"]


ELSEWHERE = error(0)  # of anthropic, so that there is more than one


@pytest.mark.parametrize(
    ("events", "provider"),
    [
        ((ELSEWHERE, succeeded(100, run="r1"), ended(160)), "acme"),
        ((ELSEWHERE, succeeded(100, run="r2"), ended(160)), None),
        ((ELSEWHERE, answer(157, provider="acme"), ended(160)), "acme"),
        ((ELSEWHERE, answer(140, provider="acme"), ended(160)), None),
        ((ELSEWHERE, answer(157, provider="acme"), answer(158), ended(160)), None),
        ((ELSEWHERE, fetched(100), ended(160)), "acme"),
        ((ELSEWHERE, fetched(100), fetched(110, "anthropic"), ended(160)), "anthropic"),
        ((error(0, provider="acme"), ended(160)), "acme"),
        ((ELSEWHERE, error(5, "req_bbbbbb", provider="acme"), ended(160)), None),
    ],
    ids=["same run", "other run", "just before", "long before", "two just before", "request", "last request",
         "the only one", "one of two"],
)  # fmt: skip
def test_an_answer_takes_the_provider_of(events: tuple[Event, ...], provider: str | None) -> None:
    assert providers(*events) == [provider]


def test_the_configured_model_is_one_more_provider() -> None:
    assert providers(ended(1), primary="acme/large-1") == ["acme"]
    assert providers(ELSEWHERE, ended(1), primary="acme/large-1") == [None]


def decided(seconds: float, decision: str, run: str | None = "r1") -> Event:
    given = {"decision": decision, "provider": "acme", "model": "large-1", "run": run}
    return event("embedded_run_failover_decision", "decision", seconds, **given)


@pytest.mark.parametrize(
    ("before", "role"),
    [
        ([decided(10, "surface_error")], "decision"),
        ([decided(10, "surface_error", run=None)], "decision"),
        ([decided(10, "surface_error", run="r0")], "answer"),
        ([decided(10, "surface_error"), decided(10.5, "rotate_profile")], "answer"),
        ([decided(10, "rotate_profile")], "answer"),
        ([], "answer"),
    ],
    ids=["surfaced", "surfaced, no run", "another run", "then rotated", "rotated", "nothing"],
)
def test_a_candidate_whose_error_was_its_reply_has_not_answered(before: list[Event], role: str) -> None:
    assert attribute_answers([*before, succeeded(11, run="r1")])[-1].role == role


@pytest.mark.parametrize(("answerer", "over"), [("anthropic", True), ("acme", False)])
def test_a_working_fallback_does_not_end_the_incident(answerer: str, over: bool) -> None:
    failed = error(0)
    (failure,) = merge_failures([failed])
    attempt = AttributedFailure(
        failure=failure, profile=None, profile_from=None, turn="t", trigger=None, last_of_turn=True, absorbed=False
    )
    events = attribute_answers([failed, fetched(100, answerer), ended(160)])
    cause = Cause("anthropic", "auth")
    cause.add_attempt(attempt, classify_failure(failure))
    answered = Recoveries([attempt], events).recovery(cause.failed, cause.last)
    assert (answered.time if answered else None) == (at(160) if over else None)
