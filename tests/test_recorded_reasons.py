"""Which cause a reason that is kept beside a job is about."""

from __future__ import annotations

from forensics.detectors.questions import examples
from forensics.detectors.questions.examples import at, failure, stored, turn

FAR = {"provider": "openai", "model": "gpt-5.4", "http_status": None, "error_type": None, "text": "Connection error."}
JOB = {"state.lastErrorReason": "timeout", "state.lastRunAtMs": at("09:00"), "state.lastDurationMs": 30_000}


def recorded(*, fallback: bool, **job: object) -> dict[str, tuple[str, ...]]:
    """Provider -> recorded reasons, of a job that the provider refused and, perhaps, its fallback did not answer."""
    events = [turn("09:00:01", trigger="cron"), failure("09:00:02"), *([failure("09:00:09", **FAR)] * fallback)]
    facts = examples.facts(events=events, state=[stored("cron_jobs", "3a52", JOB | job)])
    return {incident.provider: incident.recorded_reasons for incident in facts.incidents}


def test_the_reason_of_a_run_is_about_the_last_cause_that_it_met() -> None:
    assert recorded(fallback=True) == {"anthropic": (), "openai": ("timeout",)}


def test_the_reason_of_a_run_that_met_one_cause_is_about_that() -> None:
    assert recorded(fallback=False) == {"anthropic": ("timeout",)}


def test_what_is_no_word_is_no_reason() -> None:
    assert recorded(fallback=False, **{"state.lastErrorReason": "all is well\x08 <b>"}) == {"anthropic": ()}
