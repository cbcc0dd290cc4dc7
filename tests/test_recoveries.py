"""An answer that was also had while it was going on tells nothing of a recovery."""

from __future__ import annotations

import pytest
from making import LIMIT, SCOPE, answer, at, error, event, turn

from forensics.incidents.attempts import attribute
from forensics.incidents.auth_profiles import read_profiles
from forensics.incidents.causes import find_causes
from forensics.incidents.failures import merge_failures
from forensics.incidents.recoveries import Recoveries
from forensics.openclaw.releases import NEWEST_KNOWN, Running
from forensics.parsers.state_records import StateRecords
from forensics.tables import Event

HOUR = 3600
BUSY = '529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"%s"}'
LONG = '400 {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"},"request_id":"%s"}'


def rotated(seconds: float) -> Event:
    """The gateway went on to the next profile, so the failure before was noticed."""
    return event("embedded_run_failover_decision", "decision", seconds, decision="rotate_profile", provider="anthropic")


def rescued(seconds: float, text: str = SCOPE, **columns: object) -> list[Event]:
    """A prompt that one profile is refused and something else of the same provider answers."""
    asked, failed = turn(seconds, str(seconds)), error(seconds + 1, f"req_{seconds:06.0f}", text)
    return [asked, failed, rotated(seconds + 1.1), answer(seconds + 3, **columns)]


def ends(events: list[Event]) -> list[float | None]:
    """Seconds at which each cause was over."""
    attempts = attribute(merge_failures(events), events, read_profiles([], StateRecords()), Running(NEWEST_KNOWN))
    answers = Recoveries(attempts, events)
    found = [answers.recovery(cause.failed, cause.last) for cause in find_causes(attempts, (), events)]
    return [(e.time - at(0)).total_seconds() if e and e.time else None for e in found]


@pytest.mark.parametrize("text", [SCOPE, LIMIT])
def test_a_dead_credential_that_the_next_one_makes_up_for_is_one_cause_and_not_over(text: str) -> None:
    assert ends([e for hour in range(4) for e in rescued(hour * HOUR, text)]) == [None]


def test_a_prompt_that_is_sent_again_for_the_next_credential_is_still_the_same_turn() -> None:
    again = [turn(0, "a"), error(1), rotated(1.1), turn(2, "a"), answer(4)]
    assert ends(again) == [None]
    assert ends([*again, turn(300, "a"), answer(305)]) == [305]


def test_it_is_over_with_the_first_turn_that_nothing_failed_in() -> None:
    assert ends([*rescued(0), turn(HOUR, "b"), answer(HOUR + 5)]) == [HOUR + 5]


def test_a_fault_of_the_provider_is_over_with_any_answer() -> None:
    assert ends([*rescued(0, BUSY), *rescued(60, BUSY)]) == [63]


def test_another_model_that_answered_all_the_while_ends_nothing() -> None:
    limited = [*rescued(0, LIMIT, model="haiku"), *rescued(600, LIMIT, model="haiku")]
    aside = [turn(1200, "c"), answer(1205, model="haiku")]
    assert ends([*limited, *aside]) == [None]
    assert ends([*limited, *aside, turn(1800, "d"), answer(1805)]) == [1805]


def test_another_agent_that_answered_all_the_while_has_a_credential_of_its_own() -> None:
    own = {"agent": "ops", "session": "s2", "source": "s2.jsonl"}
    aside = [turn(60), answer(65, agent="main")]
    refused = [turn(0, **own), error(1, **own), turn(120, "b", **own), error(121, "req_bbbbbb", **own)]
    assert ends([*refused, *aside, turn(180, "c"), answer(185, agent="main")]) == [None]
    assert ends([*refused, *aside, turn(240, "d", **own), answer(245, **own)]) == [245]


def test_another_agent_that_answers_later_for_the_first_time_ends_nothing_either() -> None:
    refused = [event("lane_task_error", "failure", hour * HOUR, provider="anthropic", agent="main", text=SCOPE % hour,
                     line=hour + 1, http_status=403) for hour in range(3)]  # fmt: skip
    aside = [e for hour in range(4) for e in (turn(hour * HOUR + 60), answer(hour * HOUR + 65, agent="ops"))]
    assert ends([*refused, *aside]) == [None]


def test_a_failure_without_a_model_is_over_with_any_model_of_its_agent() -> None:
    refused = [event("lane_task_error", "failure", second, provider="anthropic", agent="main", text=SCOPE % second,
                     line=second + 1, http_status=403) for second in (0, 600)]  # fmt: skip
    aside = [turn(60), answer(65, agent="ops")]
    assert ends([*refused, *aside, turn(1200, "b"), answer(1205, agent="main")]) == [1205]


def test_another_session_that_is_answered_does_not_mend_the_one_that_is_refused() -> None:
    refused = [turn(0), error(1, "req_aaaaa1", LONG, http_status=400, error_type="invalid_request_error")]
    other = [turn(60, session="s2", source="s2.jsonl"), answer(65, session="s2", source="s2.jsonl")]
    assert ends([*refused, *other]) == [None]
    assert ends([*refused, *other, turn(120, "b"), answer(125)]) == [125]
