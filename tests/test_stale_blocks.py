"""A window is stale where the provider recovered, or where nobody has looked whether it did; else it just runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from forensics.detectors.questions.examples import (
    A,
    B,
    answer,
    at,
    credential,
    cron_run,
    echo,
    event,
    facts,
    failure,
    stored,
    turn,
)  # fmt: skip
from forensics.detectors.questions.stale_blocks import DETECTOR
from forensics.tables import Credential, Event, StateValue

REFUSED = "No available auth profile for openai-codex (all in cooldown or unavailable)."
CODEX = "openai-codex:default"
RESTART = event("10:00", "gateway_listening", "lifecycle", text="listening on ws://127.0.0.1:18789 (PID 21)")
LIMIT = '429 {"type":"error","error":{"type":"rate_limit_error","message":"Usage limit. Resets in 1 hour."}}'
ONE_MODEL = stored("config", "config", {"agents.defaults.model.fallbacks": []})
TWO_MODELS = stored("config", "config", {"agents.defaults.model.fallbacks": ["anthropic/claude-haiku-4-5"]})
Rows = tuple[StateValue, ...]


def disabled(profile: str = A, agent: str = "main", **more: Any) -> Rows:
    """Disabled from nine to nine in the evening, as read at noon."""
    given = {"errorCount": 1, "lastFailureAt": at("09:00"), "disabledUntil": at("21:00"), "disabledReason": "billing"}
    values = {key: value for key, value in (given | more).items() if value is not None}
    return stored("auth_profiles", profile, values, agent=agent)


def cooled(profile: str, until: str, **more: Any) -> Rows:
    return disabled(profile, disabledUntil=None, disabledReason=None, cooldownUntil=at(until), **more)


def why(
    state: Iterable[Rows],
    events: Iterable[Event] = (),
    credentials: Iterable[Credential] = (credential(A),),
    release: str = "2026.7.1",
) -> dict[tuple[str, str], str]:
    """(profile, field) -> the reason given, at noon."""
    found = DETECTOR.detect(facts(events=events, state=state, credentials=credentials, release=release))
    return {(f.answer.profile, f.answer.field): f.answer.why for f in found}


def told(*args: Any, **more: Any) -> str:
    """The one reason given, or nothing."""
    return " | ".join(why(*args, **more).values())


def test_a_window_that_simply_runs_is_no_stale_block() -> None:
    assert told([disabled(), TWO_MODELS]) == ""


def test_a_window_that_is_over_is_none_either() -> None:
    assert told([disabled(disabledUntil=at("11:59:59"))], [RESTART]) == ""


def test_an_answer_to_the_only_credential_shows_that_the_provider_recovered() -> None:
    assert told([disabled()], [answer("11:00")]) == "It was answered again by anthropic at 2026-03-02 11:00:00 UTC."


@pytest.mark.parametrize(
    "others",
    [
        {"credentials": [credential(A), credential(B)]},
        {"state": [stored("config", "config", {"env": ["ANTHROPIC_API_KEY"]})]},
        {"state": [stored("models_status", "anthropic", {"env.source": "env: ANTHROPIC_API_KEY"})]},
        {"events": [answer("11:00", agent="ops")]},
    ],
    ids=["a second profile", "a key in the configuration", "a key in the environment", "another agent"],
)
def test_an_answer_that_somebody_else_may_have_got_shows_nothing(others: dict[str, Any]) -> None:
    state = [disabled(), *others.get("state", ())]
    events = others.get("events", [answer("11:00")])
    assert told(state, events, others.get("credentials", [credential(A)])) == ""


def test_the_same_key_used_by_another_agent_shows_it_too() -> None:
    state = [disabled(), stored("auth_profiles", A, {"lastUsed": at("11:00")}, agent="ops")]
    keys = [credential(A, access="fp:one"), credential(A, agent="ops", access="fp:one")]
    assert told(state, credentials=keys).startswith("The same credential or account, anthropic:default of agent ops,")
    assert told(state, credentials=[keys[0], credential(A, agent="ops", access="fp:two")]) == ""


@pytest.mark.parametrize(("reason", "stale"), [("billing", True), ("auth_permanent", False)])
def test_the_same_account_heals_a_limit_but_no_refused_key(reason: str, stale: bool) -> None:
    state = [
        disabled(disabledReason=reason, accountId="sha256:1"),
        stored("auth_profiles", B, {"lastUsed": at("11:00"), "accountId": "sha256:1"}),
    ]
    assert bool(why(state, credentials=[credential(A), credential(B)])) == stale


def test_the_provider_said_itself_when_it_would_be_better() -> None:
    events = [turn("08:59:59"), failure("09:00", text=LIMIT)]
    assert told([disabled()], events) == "The provider's own answer ends the limit at 2026-03-02 10:00:00 UTC."


@pytest.mark.parametrize(
    ("until", "kind", "release", "stale"),
    [
        ("21:00", "oauth", "2026.5.28", "exactly 12 h"),
        ("33:00", "oauth", "2026.5.28", "exactly 24 h"),
        ("20:00", "oauth", "2026.5.28", ""),
        ("21:00", "api_key", "2026.5.28", ""),
        ("21:00", "oauth", "2026.3.24", ""),
    ],
)
def test_exactly_twelve_or_twenty_four_hours_are_the_constants_of_the_usage_probe(
    until: str, kind: str, release: str, stale: str
) -> None:
    said = told([cooled(CODEX, until), TWO_MODELS], credentials=[credential(CODEX, type=kind)], release=release)
    assert stale in said
    assert bool(said) == bool(stale)


@pytest.mark.parametrize(
    ("window", "stale"),
    [
        ({}, True),
        ({"disabledUntil": at("12:05")}, False),
        ({"lastFailureAt": at("11:00")}, False),
    ],
    ids=["hours are left", "minutes are left", "it failed again after it"],
)
def test_a_restart_clears_no_window(window: dict[str, Any], stale: bool) -> None:
    said = told([disabled(**window), TWO_MODELS], [RESTART])
    assert said.startswith("The restart at 2026-03-02 10:00:00 UTC did not clear it") == stale
    assert bool(said) == stale


@pytest.mark.parametrize(
    ("release", "config", "reason", "stale"),
    [
        ("2026.3.8", ONE_MODEL, "rate_limit", "there are no fallbacks"),
        ("2026.3.8", TWO_MODELS, "rate_limit", ""),
        ("2026.3.8", (), "rate_limit", ""),
        ("2026.3.8", ONE_MODEL, "billing", ""),
        ("2026.3.8", ONE_MODEL, "auth_permanent", ""),
        ("2026.2.9", TWO_MODELS, "billing", "2026.2.9 knows no probe"),
    ],
)
def test_a_long_guess_that_nobody_can_put_to_the_test(release: str, config: Rows, reason: str, stale: str) -> None:
    said = told([disabled(disabledReason=reason), config], release=release)
    assert stale in said
    assert bool(said) == bool(stale)


def blocked(until: str = "57:00", **more: Any) -> Rows:
    """Blocked at nine until an end that the usage endpoint named, as read at noon."""
    source = {"blockedUntil": at(until), "blockedReason": "subscription_limit", "blockedSource": "wham"}
    return disabled(CODEX, disabledUntil=None, disabledReason=None, **(source | more))


@pytest.mark.parametrize(
    ("release", "block", "config", "words"),
    [
        ("2026.5.28", {}, ONE_MODEL, "without fallbacks nobody asks before its end"),
        ("2026.5.28", {}, TWO_MODELS, "nobody asks until minutes before its end"),
        ("2026.8.2", {"lastProbeAt": at("09:00")}, ONE_MODEL, "nothing shows that 2026.8.2 tried again"),
        ("2026.8.2", {"lastProbeAt": at("11:30")}, ONE_MODEL, ""),
        ("2026.9.6", {"lastProbeAt": at("11:57")}, TWO_MODELS, ""),
        ("2026.5.28", {"lastFailureAt": at("11:50")}, ONE_MODEL, ""),
        ("2026.5.28", {"blockedUntil": at("12:05")}, ONE_MODEL, ""),
    ],
    ids=["alone", "fallbacks", "not probed", "probed", "probed often", "just now", "minutes are left"],
)
def test_an_end_that_a_usage_endpoint_named_is_put_to_the_test_by_nobody(
    release: str, block: dict[str, Any], config: Rows, words: str
) -> None:
    said = told([blocked(**block), config], release=release)
    assert words in said
    assert bool(said) == bool(words)


def test_a_block_says_who_was_turned_away_since_when_and_cites_the_first_and_the_last() -> None:
    jobs = [cron_run(f"{hour}:15", REFUSED, provider="openai-codex") for hour in (9, 10, 11)]
    refused = [echo(f"{hour}:14:59", provider="openai-codex", run=f"r{hour}", trigger="cron") for hour in (9, 10, 11)]
    found = DETECTOR.detect(facts(events=[*jobs, *refused], state=[blocked(), ONE_MODEL], release="2026.5.28"))
    assert "3 cron runs turned away meanwhile, the first at 2026-03-02 09:14:59 UTC" in str(found[0].answer.why)
    assert {e.partition(":")[0] for e in found[0].finding.evidence} >= {
        "logs/openclaw.log",
        "openclaw.json#/agents/defaults/model/fallbacks",
    }
    assert (found[0].finding.severity, found[0].finding.known_issues) == ("high", ("#54278",))


def test_the_newest_copy_of_a_store_counts() -> None:
    backup = stored("auth_profiles", A, {"disabledUntil": at("21:00"), "lastFailureAt": at("09:00")}, clock="09:00")
    now = stored("auth_state", A, {"errorCount": 0, "lastUsed": at("11:30")}, clock="11:30")
    assert told([backup, now], [RESTART]) == ""


@pytest.mark.parametrize("lie", [-1, 0, True, "21:00", 1e300, 10**30, {}, [], None])
def test_an_end_that_is_no_time_is_no_window(lie: object) -> None:
    assert why([stored("auth_profiles", A, {"lastFailureAt": at("09:00"), "disabledUntil": lie})], [RESTART]) == {}
