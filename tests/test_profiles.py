"""Which profile a failed call used, and when nobody can say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from making import answer, at, error, stats, turn

from forensics.incidents.attempts import AttributedFailure, attribute
from forensics.incidents.auth_profiles import read_profiles
from forensics.incidents.failures import merge_failures
from forensics.openclaw.releases import Release, Running
from forensics.parsers.state_records import StateRecords
from forensics.tables import Credential, Event, StateValue

ONLY = "anthropic:default"
KEY = Credential(
    source="auth-profiles.json#/profiles/anthropic:default", store="auth_profiles", agent="main", profile=ONLY,
    provider="anthropic", type="token",
)  # fmt: skip


def attempts(events: list[Event], state: list[StateValue]) -> tuple[AttributedFailure, ...]:
    profiles = read_profiles([KEY], StateRecords(state))
    return attribute(merge_failures(events), events, profiles, Running(Release(2026, 2, 9)))


@pytest.mark.parametrize(
    ("state", "profile"),
    [
        ([], ONLY),
        (stats(ONLY, lastUsed=at(0)), None),
        (stats(ONLY, accountId="sha256:b54448147ff7", email="sha256:0011aabbccdd"), ONLY),
        (stats(ONLY, lastFailureAt=at(10) + timedelta(milliseconds=4)), ONLY),
    ],
    ids=["no state", "a later state without any failure", "only whose account it is", "a state that counts it"],
)
def test_the_only_profile_was_refused_unless_its_statistics_say_that_it_never_failed(
    state: list[StateValue], profile: str | None
) -> None:
    assert attempts([turn(9), error(10)], state)[0].profile == profile


@pytest.mark.parametrize(
    ("after", "absorbed"),
    [
        ([], [False]),
        ([answer(12, detail="stop")], [True]),
        ([answer(12, detail="toolUse"), error(14, "req_bbbbbb")], [False, False]),
        ([answer(12, detail="toolUse"), error(14, "req_bbbbbb"), answer(15, detail="stop")], [True, True]),
    ],
    ids=["unanswered", "answered", "a tool call and then refused again", "answered in the end"],
)
def test_a_refusal_is_absorbed_where_its_turn_was_answered_after_the_last_of_them(
    after: list[Event], absorbed: list[bool]
) -> None:
    assert [a.absorbed for a in attempts([turn(9), error(10), *after], [])] == absorbed


def test_a_profile_of_the_same_turn_is_not_one_of_another_provider() -> None:
    own = error(10, profile=ONLY)
    fallback = error(12, "req_bbbbbb", provider="openai", model="gpt", text="Connection error.", http_status=None)
    assert [a.profile for a in attempts([turn(9), own, fallback], [])] == [ONLY, None]


def test_where_no_key_was_found_no_profile_was_used() -> None:
    silent = {"http_status": None, "error_type": "missing_key", "detail": "no call made"}
    assert attempts([turn(9), error(10, text="No API key found", **silent)], [])[0].profile is None
