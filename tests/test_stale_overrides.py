"""A pin is stale where a failover made it and something better is well; a user's own pin is nobody's fault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from forensics.detectors.questions import Found
from forensics.detectors.questions.examples import (
    MAIN,
    A,
    B,
    answer,
    at,
    credential,
    echo,
    facts,
    failure,
    stored,
    turn,
)
from forensics.detectors.questions.stale_overrides import DETECTOR
from forensics.tables import Credential, Event, File, StateValue
from forensics.triage import row_of

Rows = Sequence[StateValue]
ORDER = stored("auth_profiles", "anthropic", {"order": [A, B]})
FAILED_ONCE = stored("auth_profiles", A, {"lastFailureAt": at("09:00"), "lastUsed": at("10:00")})
NEVER_FAILED = stored("auth_profiles", A, {"lastUsed": at("10:00")})
WELL = stored("auth_profiles", B, {"lastUsed": at("11:00")})
BLOCKED = stored("auth_profiles", B, {"lastFailureAt": at("11:00"), "cooldownUntil": at("12:30")})
BOTH = (credential(A), credential(B))
OPUS, HAIKU = "claude-opus-4-5", "claude-haiku-4-5"
CONFIG = stored("config", "config", {"agents.defaults.model.primary": f"anthropic/{OPUS}"})


def pin(profile: str = B, source: str | None = "auto", key: str = MAIN, clock: str = "12:00", **more: Any) -> Rows:
    source_field = {"authProfileOverrideSource": source} if source else {}
    values = {"sessionId": "5f0c", "authProfileOverride": profile, **source_field, **more}
    return stored("sessions", key, values, clock=clock)


def model_pin(source: str | None = "auto", model: str = HAIKU, **more: Any) -> Rows:
    source_field = {"modelOverrideSource": source} if source else {}
    values = {"sessionId": "5f0c", "providerOverride": "anthropic", "modelOverride": model, **source_field, **more}
    return stored("sessions", MAIN, values)


def detect(state: Iterable[Rows], events: Iterable[Event] = (), keys: Iterable[Credential] = BOTH) -> tuple[Found, ...]:
    return DETECTOR.detect(facts(events=events, state=state, credentials=keys, release="2026.4.5"))


def rows(*args: Any, **more: Any) -> list[tuple[object, ...]]:
    names = ("session_key", "override", "source", "healthy_alternative")
    return [tuple(getattr(f.answer, n) for n in names) for f in detect(*args, **more) if f.answer]


def test_a_session_stays_on_the_backup_although_the_first_profile_is_well_again() -> None:
    assert rows([ORDER, FAILED_ONCE, WELL, pin()]) == [(MAIN, B, "auto", A)]


@pytest.mark.parametrize(
    "state",
    [
        [ORDER, NEVER_FAILED, WELL, pin()],
        [FAILED_ONCE, WELL, pin()],
        [ORDER, FAILED_ONCE, WELL, pin(A)],
        [ORDER, FAILED_ONCE, WELL, pin(source="user")],
        [ORDER, FAILED_ONCE, WELL, pin(source="user-link")],
        [ORDER, FAILED_ONCE, WELL, pin(source=None)],
        [ORDER, FAILED_ONCE, WELL, pin(key="agent:main:subagent:77")],
        [ORDER, FAILED_ONCE, WELL, pin(key="agent:main:cron:3a52:run:77")],
    ],
    ids=["no failure moved it", "nobody prefers the first", "it is on the first", "its user chose", "its user linked",
         "an old choice of its user", "a subagent", "a single cron run"],
)  # fmt: skip
def test_a_pin_that_nobody_must_change_is_silent(state: list[Rows]) -> None:
    assert detect(state) == ()


def test_without_an_explicit_order_a_pin_to_a_profile_that_is_well_is_an_ordinary_rotation() -> None:
    last_good = stored("auth_profiles", "anthropic", {"lastGood": A})
    assert rows([last_good, FAILED_ONCE, WELL, pin()]) == []


def test_a_pin_of_an_old_release_shows_itself_by_its_compaction_count() -> None:
    old = pin(source=None, authProfileOverrideCompactionCount=0)
    assert rows([ORDER, FAILED_ONCE, WELL, old]) == [(MAIN, B, "legacy", A)]


@pytest.mark.parametrize(
    ("pinned", "keys", "state", "trouble"),
    [
        (B, BOTH, [BLOCKED], "which is out of use until 2026-03-02 12:30:00 UTC,"),
        ("anthropic:gone", BOTH, [], "which has no credential,"),
        (B, (credential(A), credential(B, expires_at=at("11:00"))), [], "which expired at 2026-03-02 11:00:00 UTC,"),
        ("openai:default", (*BOTH, credential("openai:default")), [CONFIG], "which belongs to openai,"),
    ],
)
def test_a_pin_to_a_profile_that_cannot_be_used(
    pinned: str, keys: tuple[Credential, ...], state: list[Rows], trouble: str
) -> None:
    finding = detect([NEVER_FAILED, *state, CONFIG, pin(pinned)], keys=keys)[0].finding
    assert trouble in finding.summary
    assert (finding.severity, finding.confidence) == ("medium", "high")


@pytest.mark.parametrize("more", [{"refresh": "fp:one"}, {"type": "api_key"}])
def test_a_credential_that_can_be_renewed_has_not_expired(more: dict[str, str]) -> None:
    keys = (credential(A), credential(B, expires_at=at("11:00"), **more))
    assert detect([NEVER_FAILED, pin()], keys=keys) == ()


def test_without_a_healthy_alternative_no_pin_is_stale() -> None:
    blocked_too = stored("auth_profiles", A, {"lastFailureAt": at("11:00"), "cooldownUntil": at("12:30")})
    assert detect([ORDER, blocked_too, BLOCKED, pin()]) == ()


def test_a_cooldown_for_another_model_does_not_count() -> None:
    other = stored("auth_profiles", B, {"cooldownUntil": at("12:30"), "cooldownModel": OPUS})
    assert detect([NEVER_FAILED, other, pin(model=HAIKU)]) == ()
    assert len(detect([NEVER_FAILED, other, pin(model=OPUS)])) == 1


def test_a_users_own_pin_to_a_blocked_profile_is_told_and_not_counted() -> None:
    found = detect([NEVER_FAILED, BLOCKED, pin(source="user")])
    assert [(f.finding.severity, f.finding.verdict, f.answer) for f in found] == [("info", "own_choice", None)]


def test_a_profile_that_still_fails_is_no_alternative_unless_it_served_since() -> None:
    failing = [turn("11:00"), failure("11:00:01"), echo("11:30"), echo("11:59")]
    never_served = stored("auth_profiles", A, {"lastFailureAt": at("11:00:01")})
    assert detect([ORDER, never_served, WELL, pin()], failing) == ()
    served = stored("auth_profiles", A, {"lastFailureAt": at("11:00:01"), "lastUsed": at("11:40")})
    assert rows([ORDER, served, WELL, pin()], failing) == [(MAIN, B, "auto", A)]


@pytest.mark.parametrize(
    ("session", "stale"),
    [
        (model_pin(), True),
        (model_pin(modelOverrideFallbackOriginProvider="anthropic", modelOverrideFallbackOriginModel=OPUS), True),
        (model_pin(modelOverrideFallbackOriginProvider="anthropic", modelOverrideFallbackOriginModel=HAIKU), False),
        (model_pin(model=OPUS), False),
        (model_pin("user"), False),
        (model_pin(None), False),
    ],
    ids=["moved from the primary", "moved from where it says", "moved to itself", "the primary", "chosen", "unknown"],
)
def test_a_model_that_a_fallback_pinned(session: Rows, stale: bool) -> None:
    expected = [(MAIN, f"anthropic/{HAIKU}", "auto", f"anthropic/{OPUS}")] if stale else []
    assert rows([CONFIG, NEVER_FAILED, session]) == expected


def test_a_model_pin_is_as_old_as_its_last_unbroken_answers() -> None:
    said = [("09:00", HAIKU), ("10:00", OPUS), ("11:00", HAIKU), ("11:30", HAIKU)]
    served = stored("auth_profiles", A, {"lastUsed": at("11:31")})
    found = detect([CONFIG, served, model_pin()], [answer(clock, model=model) for clock, model in said])
    assert found[0].answer.since == at("11:00")


def test_a_session_moved_by_a_failure_is_pinned_since_the_answer_after_it() -> None:
    """Two profiles in this order: the failing call of the prompt used the first, the answer came from the second."""
    events = [turn("08:00"), answer("08:01"), turn("09:00"), failure("09:00:01"), turn("09:00:02"), answer("09:00:09")]
    row = row_of(detect([ORDER, FAILED_ONCE, WELL, pin()], events)[0].answer)
    assert (row["since"], row["inherited"]) == (at("09:00:09"), False)


def test_a_session_without_a_failure_of_its_own_began_with_its_pin() -> None:
    row = row_of(detect([ORDER, FAILED_ONCE, WELL, pin()], [turn("10:00"), answer("10:01")])[0].answer)
    assert (row["since"], row["inherited"]) == (at("10:00"), True)
    assert detect([ORDER, FAILED_ONCE, WELL, pin()])[0].answer.since is None


ASIDE = "agents/{agent}/sessions/37fb.jsonl.reset.2026-03-02T{clock}Z"


@pytest.mark.parametrize(
    ("files", "state", "at_what"),
    [
        ([], (), "new session"),
        ([ASIDE.format(agent="main", clock="09-59-50.123")], (), "reset"),
        ([ASIDE.format(agent="ops", clock="09-59-50.123")], (), "new session"),
        ([ASIDE.format(agent="main", clock="08-00-00")], (), "new session"),
        ([ASIDE.format(agent="main", clock="99-99-99")], (), "new session"),
        ([], stored("session_windows", "5f0c", {"reason": "reset"}), "reset"),
        ([], stored("session_windows", "5f0c", {"reason": "initial"}), "new session"),
    ],
)
def test_a_pin_taken_over_at_a_reset_is_told_from_one_of_a_new_session(
    files: list[str], state: Rows, at_what: str
) -> None:
    pinned = [ORDER, FAILED_ONCE, WELL, pin(), state]
    seen = facts(events=[turn("10:00"), answer("10:01")], state=pinned, credentials=BOTH, release="2026.4.5")
    kept = tuple(File(path=path, kind="transcripts") for path in files)
    row = row_of(DETECTOR.detect(replace(seen, files=(*seen.files, *kept)))[0].answer)
    assert (row["inherited"], row["inherited_at"]) == (True, at_what)


def test_the_newest_entry_of_a_session_counts() -> None:
    older = [replace(row, source=row.source.replace(".json", ".json.bak.1")) for row in pin(clock="10:00")]
    assert detect([ORDER, FAILED_ONCE, WELL, older, pin(A)]) == ()
    assert rows([ORDER, FAILED_ONCE, WELL, older]) == [(MAIN, B, "auto", A)]


def test_without_an_auth_store_the_confidence_is_low() -> None:
    config = stored("config", "config", {"auth.order.anthropic": [A, B]})
    events = [turn("09:00"), failure("09:00:01", profile=A), turn("09:00:02"), answer("09:00:09"), answer("10:00")]
    found = detect([config, pin()], events, keys=())
    assert [(f.finding.confidence, f.answer.healthy_alternative) for f in found] == [("low", A)]


@pytest.mark.parametrize("lie", [None, 7, True, [], {}, "", {"profile": B}])
def test_a_pin_that_is_no_name_is_no_pin(lie: object) -> None:
    session = stored("sessions", MAIN, {"sessionId": lie, "authProfileOverride": lie, "modelOverride": lie})
    assert detect([ORDER, FAILED_ONCE, WELL, session]) == ()
