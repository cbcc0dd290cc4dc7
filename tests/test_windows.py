"""Windows: said by events, recomputed by the release's arithmetic, or left in the state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from making import LIMIT, SCOPE, at, error, event, stats, turn

from forensics.incidents.attempts import attribute
from forensics.incidents.auth_profiles import read_profiles
from forensics.incidents.cooldown_windows import build_windows
from forensics.incidents.failures import merge_failures
from forensics.incidents.window_inputs import WindowInputs
from forensics.openclaw.releases import NEWEST_KNOWN, Release, Running
from forensics.parsers.state_records import StateRecords
from forensics.tables import Event, StateValue, Window

ONE = stats("anthropic:default", errorCount=0)
MINUTE = 60


def windows(events: list[Event], state: list[StateValue], release: str = "2026.2.9") -> tuple[Window, ...]:
    version = Release.parse(release)
    assert version
    profiles = read_profiles([], StateRecords(state))
    attempts = attribute(merge_failures(events), events, profiles, Running(version))
    return build_windows(WindowInputs(events, attempts, profiles, Running(version), {}))


def lengths(found: tuple[Window, ...]) -> list[float]:
    return [(w.end - w.start).total_seconds() / MINUTE for w in found if w.end]


def update(seconds: float, until: float, *, reused: bool = False) -> Event:
    return event(
        "auth_profile_failure_state_updated", "window", seconds, provider="anthropic", profile="anthropic:default",
        recorded_reason="auth", window_kind="cooldown", window_until=at(until), window_reused=reused,
    )  # fmt: skip


def test_the_ladder_of_old_releases_is_1_5_25_60_minutes() -> None:
    times = [0, 70, 400, 2000, 5700]
    events = [e for n, t in enumerate(times) for e in (turn(t - 1, f"p{n}"), error(t, f"req_aaaaa{n}"))]
    failing = stats("anthropic:default", errorCount=5, lastFailureAt=at(5700))
    assert lengths(windows(events, failing)) == [1, 5, 25, 60, 60]


def test_a_failure_inside_an_active_window_extends_it_up_to_2_21() -> None:
    events = [turn(0, "a"), error(1, "req_aaaaa1"), turn(20, "b"), error(21, "req_aaaaa2")]
    failing = stats("anthropic:default", errorCount=2, lastFailureAt=at(21))
    (window,) = windows(events, failing)
    assert (window.prolonged, window.end) == (1, at(21) + timedelta(minutes=5))


def failing(times: list[float], release: str, text: str = SCOPE, **state: object) -> list[float]:
    """Lengths of the windows of one profile that failed at these seconds, in minutes."""
    events = [e for n, t in enumerate(times) for e in (turn(t - 1, f"p{n}"), error(t, f"req_aaaaa{n}", text))]
    stored = stats("anthropic:default", errorCount=1, lastFailureAt=at(times[-1]), **state)
    return lengths(windows(events, stored, release))


@pytest.mark.parametrize("release", ["2026.4.5", "2026.5.28", "2026.7.1"])
def test_from_3_11_the_ladder_starts_again_once_its_window_is_over(release: str) -> None:
    assert failing([0, 100, 400], release) == [0.5, 0.5, 0.5]


def test_up_to_3_8_the_ladder_goes_on_past_its_window_since_the_file_keeps_the_count() -> None:
    assert failing([0, 70, 400, 2000, 5700], "2026.2.23") == [1, 5, 25, 60, 60]


def test_from_9_3_the_ladder_of_rate_limits_goes_on_past_its_window_and_no_other_does() -> None:
    assert failing([0, 100, 400], "2026.9.6", LIMIT) == [0.5, 1, 2]
    assert failing([0, 100, 400], "2026.9.6") == [0.5, 0.5, 0.5]
    assert failing([0, 100, 400], "2026.7.1", LIMIT) == [0.5, 0.5, 0.5]


def test_a_day_without_a_failure_starts_the_ladder_again() -> None:
    assert failing([0, 100, 100_000], "2026.9.6", LIMIT) == [0.5, 1, 0.5]
    assert failing([0, 70, 100_000], "2026.2.9") == [1, 5, 1]


def test_retries_of_one_turn_count_once() -> None:
    events = [turn(0), error(1, "req_aaaaa1"), error(5, "req_aaaaa2"), error(9, "req_aaaaa3")]
    failing = stats("anthropic:default", errorCount=1, lastFailureAt=at(9))
    (window,) = windows(events, failing)
    assert (window.start, lengths((window,))) == (at(9), [1])


def test_events_say_their_windows_themselves_and_a_reused_one_is_prolonged() -> None:
    (window,) = windows([update(10, 40), update(20, 40, reused=True)], ONE, "2026.5.28")
    assert (window.start, window.end, window.prolonged, window.start_basis) == (at(10), at(40), 1, "event")


def test_one_update_told_by_two_files_on_the_same_line_is_one_window_set_again() -> None:
    told = [update(100, 160), replace(update(100, 160), source="copy/log")]
    (window,) = windows(told, [], "2026.5.28")
    assert (window.prolonged, window.sources) == (1, ("log:101", "copy/log:101"))


def test_a_window_after_the_end_of_the_last_is_a_new_one() -> None:
    assert len(windows([update(10, 40), update(50, 110)], ONE, "2026.5.28")) == 2


@pytest.mark.parametrize(
    ("release", "field", "length"),
    [
        ("2026.2.9", "cooldownUntil", timedelta(minutes=25)),
        ("2026.2.9", "disabledUntil", timedelta(hours=5)),
        ("2026.5.28", "cooldownUntil", timedelta(seconds=30)),
    ],
)
def test_a_stored_window_leads_back_to_its_opener(release: str, field: str, length: timedelta) -> None:
    state = stats("anthropic:default", errorCount=1, lastFailureAt=at(0), **{field: at(0) + length})
    (window,) = windows([], state, release)
    assert (window.start, window.end, window.start_basis) == (at(0), at(0) + length, "computed")


def test_a_stored_window_of_no_known_length_starts_at_the_last_failure_and_says_so() -> None:
    state = stats("openai-codex:default", lastFailureAt=at(0), blockedUntil=at(500_000))
    (window,) = windows([], state, "2026.5.28")
    assert (window.kind, window.start, window.start_basis) == ("blocked", at(0), "state")


def test_a_run_with_nowhere_to_go_marked_its_profile_good_up_to_4_21() -> None:
    events = [turn(0), error(1, "req_aaaaa1")]
    wiped = stats("anthropic:default", errorCount=0, lastFailureAt=at(1.01), lastUsed=at(1.02))
    assert windows(events, wiped) == ()
    assert len(windows(events, stats("anthropic:default", errorCount=1, lastFailureAt=at(1.01)))) == 1


def test_a_refused_refresh_opens_no_window_before_8_1() -> None:
    text = "OAuth token refresh failed for anthropic: invalid_grant. Please try again or re-authenticate."
    refused = error(1, text=text, http_status=None, error_type="invalid_grant")
    failing = stats("anthropic:default", errorCount=1)
    assert windows([turn(0), refused], failing) == ()


def test_after_an_upgrade_the_arithmetic_is_the_new_release_s() -> None:
    old, new = Release.parse("2026.2.9"), Release.parse("2026.4.5")
    assert old
    assert new
    running = Running(new, ((at(0), old), (at(1000), new)))
    assert [running.at(at(s)) for s in (-5, 5, 999, 1000, 5000)] == [old, old, old, new, new]


@pytest.mark.parametrize(("status", "opened"), [("ok", 0), ("error", 1)])
def test_a_cron_run_recorded_as_ok_marked_its_profile_good_though_the_error_was_its_reply(
    status: str, opened: int
) -> None:
    run = {"session": "9c1e", "source": "9c1e.jsonl"}
    ended = event("cron_run", "schedule", 2, decision=status, session="agent:main:cron:3a52:run:9c1e")
    failing = stats("anthropic:default", errorCount=1, lastFailureAt=at(900))
    assert len(windows([turn(0, **run), error(1, **run), ended], failing)) == opened


@pytest.mark.parametrize(("exact", "end"), [(True, at(30.5)), (False, None)])
def test_a_window_logged_without_its_end_gets_it_from_the_arithmetic_of_a_known_release(
    exact: bool, end: datetime | None
) -> None:
    told = event(
        "auth_profile_failure_state_updated", "window", 1, provider="anthropic", profile_hash="sha256:aa",
        recorded_reason="auth", window_kind="cooldown",
    )  # fmt: skip
    failed = event("embedded_run_agent_end", "failure", 0.5, provider="anthropic", text=SCOPE)
    running, profiles = Running(NEWEST_KNOWN), read_profiles([], StateRecords())
    events = [failed, told]
    attempts = attribute(merge_failures(events), events, profiles, running)
    (window,) = build_windows(WindowInputs(events, attempts, profiles, running, {}, gateway_log=True, exact=exact))
    assert (window.profile, window.start, window.end) == ("sha256:aa", at(0.5), end)


CODEX = "openai-codex:default"
USED_UP = "429 You have hit your ChatGPT usage limit (plus plan). Try again in ~8640 min."


def limited(*, structured: bool) -> list[Event]:
    """A refused call, and the event of the block that it opened; only the log file has the counters."""
    call = {"provider": "openai-codex", "profile": CODEX, "run": "r1"}
    refused = event("embedded_run_agent_end", "failure", 10, text=USED_UP, http_status=429, **call)
    counters = {"failure_counts": '{"rate_limit":1}', "error_count": 1} if structured else {}
    opened = event(
        "auth_profile_failure_state_updated", "window", 10.1, recorded_reason="rate_limit", window_kind="cooldown",
        window_reused=False, **call, **counters,
    )  # fmt: skip
    return [refused, opened]


def kinds(found: tuple[Window, ...]) -> list[tuple[str, str | None, bool]]:
    return [(w.kind, w.profile, w.end is None) for w in found]


def test_the_event_of_a_block_has_no_cooldown_beside_it() -> None:
    stored = stats(CODEX, errorCount=1, lastFailureAt=at(10.05), blockedUntil=at(500_000))
    assert kinds(windows(limited(structured=True), stored, "2026.5.28")) == [("blocked", CODEX, False)]
    assert kinds(windows(limited(structured=True), [], "2026.5.28")) == [("blocked", CODEX, True)]


@pytest.mark.parametrize(("release", "structured"), [("2026.5.28", False), ("2026.4.5", True)])
def test_a_console_or_an_older_release_tells_no_block_by_a_missing_end(release: str, structured: bool) -> None:
    assert [kind for kind, _, _ in kinds(windows(limited(structured=structured), [], release))] == ["cooldown"]
