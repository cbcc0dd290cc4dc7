"""Failures, windows and echoes are sorted into causes."""

from __future__ import annotations

from making import LIMIT, answer, at, echo, error, turn

from forensics.causes import Cause, find_causes
from forensics.failures import merge_failures
from forensics.profiles import attribute, read_profiles
from forensics.releases import NEWEST_KNOWN
from forensics.tables import Event, Window


def causes(events: list[Event], windows: tuple[Window, ...] = ()) -> tuple[Cause, ...]:
    attempts = attribute(merge_failures(events), events, read_profiles([], []), NEWEST_KNOWN)
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


def test_echoes_alone_make_a_cause_whose_failure_is_unknown() -> None:
    (cause,) = causes([echo(10), echo(20)])
    assert (cause.family, cause.attempts, cause.start) == ("unknown", [], at(10))


def test_a_window_without_a_failure_makes_a_cause_that_starts_with_it() -> None:
    (cause,) = causes([], (window(10, 3600),))
    assert (cause.start, cause.until) == (at(10), at(3600))
