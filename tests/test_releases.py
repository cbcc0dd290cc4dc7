"""Releases: spans, behaviour, cooldown arithmetic, statuses, chunk names."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forensics.openclaw.releases import (
    BY_STATUS,
    BY_WORD,
    CHUNKS,
    NEWEST_KNOWN,
    OLDEST_KNOWN,
    READ,
    REASON_SINCE,
    SYNTHETIC_STATUS,
    Length,
    Release,
    at,
    behaviour,
    cooldowns,
    counted,
    effective,
    error_lines_only_in_transcript,
    extends_active_window,
    failed_run_marks_good,
    failure_window,
    frozen_snapshot,
    holds,
    ignores_own_cooldowns,
    in_span,
    knows_reason,
    log_time_is_utc,
    possible_lengths,
    release_of_chunk,
    releases_of_chunk,
    resets_count_on_expiry,
    skip_reason,
    synthetic_status,
    was_read,
    window_kind,
    window_length,
    writes_auth_events,
)


def r(text: str) -> Release:
    release = Release.parse(text)
    assert release is not None
    return release


def minutes(release: str, reason: str, counts: range, **config: object) -> list[float]:
    settings = {"auth": {"cooldowns": config}}
    return [window_length(r(release), reason, n, n, settings) / timedelta(minutes=1) for n in counts]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026.2.9", "2026.2.9"),
        ("2.9", "2026.2.9"),
        (" v2026.7.1-beta.1 ", "2026.7.1-beta.1"),
        ("2026.2.6-3", "2026.2.6-3"),
        ("2027.1.10", "2027.1.10"),
    ],
)
def test_a_release_is_read_and_shown(text: str, shown: str) -> None:
    assert str(r(text)) == shown


@pytest.mark.parametrize("text", ["", "2026", "2026.2", "2026.13.1", "2026.0.1", "2.9.1.1", "latest", "2026.2.9x"])
def test_what_is_no_release_is_none(text: str) -> None:
    assert Release.parse(text) is None


def test_releases_order_by_number_betas_first_republished_last() -> None:
    texts = ["2026.2.6", "2026.2.6-3", "2026.2.9", "2026.2.12", "2026.7.1-beta.1", "2026.7.1", "2026.10.1", "2027.1.1"]
    assert [str(one) for one in sorted(map(r, reversed(texts)))] == texts


@pytest.mark.parametrize(
    ("release", "span", "inside"),
    [
        ("2.23", "2.23-3.8", True),
        ("3.8", "2.23-3.8", True),
        ("3.11", "2.23-3.8", False),
        ("2.21", "2.23-3.8", False),
        ("2.22", "2.23-3.8", False),  # between two read releases: as the earlier one
        ("3.9", "2.23-3.8", True),
        ("3.10", "3.11+", False),
        ("9.9", "3.11+", True),
        ("2026.11.1", "9.6", True),
        ("6.33", "6.11", True),  # long-term branch: as its parent
        ("2.6", "1.29-2.6", True),
        ("2.6-3", "1.29-2.6-3", True),
        ("2.6-4", "2.6-3+", True),
        ("7.1-beta.1", "7.1+", True),
        ("1.1", "1.29-2.9", True),
        ("2.24", "1.29-2.21 / 2.26+", False),
        ("2.27", "1.29-2.21 / 2.26+", True),
        ("5.5", "all", True),
    ],
)
def test_spans_include_both_ends_and_the_gaps_behind_a_read_release(release: str, span: str, inside: bool) -> None:
    assert in_span(r(release), span) is inside


@pytest.mark.parametrize("span", ["", "2.9-", "2.9-x", "new", "3.11 +"])
def test_a_span_with_a_typo_is_refused(span: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        in_span(r("2.9"), span)


def test_unread_releases_stand_for_the_read_one_before_them_and_say_so() -> None:
    assert (effective(r("2026.12.1")), was_read(r("2026.12.1"))) == (NEWEST_KNOWN, False)
    assert (effective(r("1.12")), was_read(r("1.12"))) == (OLDEST_KNOWN, False)
    assert (effective(r("3.12")), was_read(r("3.11"))) == (r("3.11"), True)


def tables() -> list[tuple[str, tuple[tuple[str, object], ...]]]:
    statuses = [(f"status {status}", filed) for status, filed in BY_STATUS.items()]
    doubling = [(reason, spans) for reason, spans in cooldowns._DOUBLING.items()]
    return [*statuses, *doubling, ("ladder", cooldowns._LADDER), ("skip", behaviour._SKIP_REASON)]


@pytest.mark.parametrize(("name", "spans"), tables(), ids=lambda value: value if isinstance(value, str) else "")
def test_spans_of_one_table_never_overlap_nor_leave_a_hole(name: str, spans: tuple[tuple[str, object], ...]) -> None:
    hits = [sum(in_span(release, span) for span, _ in spans) for release in READ]
    assert max(hits) == 1
    assert 0 not in hits[hits.index(1) :]


def test_every_status_is_known_for_every_release() -> None:
    assert [s for s, filed in BY_STATUS.items() if not all(holds(filed, one) for one in READ)] == []


@pytest.mark.parametrize(
    ("ask", "first", "last"),
    [
        (extends_active_window, "1.29", "2.21"),
        (resets_count_on_expiry, "3.11", "9.6"),
        (frozen_snapshot, "2.26", "3.13"),
        (ignores_own_cooldowns, "2.26", "3.28"),
        (writes_auth_events, "3.11", "9.6"),
        (error_lines_only_in_transcript, "1.29", "2.21"),
        (failed_run_marks_good, "1.29", "4.21"),
        (log_time_is_utc, "1.29", "2.26"),
    ],
)
def test_behaviour_holds_from_its_first_to_its_last_release(ask: object, first: str, last: str) -> None:
    assert callable(ask)
    holding = [release for release in READ if ask(release)]
    assert (holding[0], holding[-1], len(holding)) == (
        r(first),
        r(last),
        READ.index(r(last)) - READ.index(r(first)) + 1,
    )


def test_the_skip_reason_comes_from_a_constant_then_counters_then_the_cooldown() -> None:
    assert [skip_reason(r(one)) for one in ("2.9", "2.21", "2.23", "7.1", "8.1")] == [
        "constant rate_limit",
        "constant rate_limit",
        "counters",
        "counters",
        "cooldownReason",
    ]


@pytest.mark.parametrize(
    ("release", "reason", "lengths"),
    [
        ("2.9", "auth", [1, 5, 25, 60, 60]),
        ("3.24", "rate_limit", [1, 5, 25, 60, 60]),
        ("3.28", "rate_limit", [0.5, 1, 5, 5, 5]),
        ("9.6", "auth", [0.5, 1, 5, 5, 5]),
        ("9.1", "rate_limit", [0.5, 1, 5, 5, 5]),
        ("9.3", "rate_limit", [0.5, 1, 2, 4, 8]),
        ("2.9", "billing", [300, 600, 1200, 1440, 1440]),
        ("4.5", "billing", [300, 600, 1200, 1440, 1440]),
        ("9.3", "billing", [10, 20, 40, 80, 160]),
        ("2.23", "auth_permanent", [1, 5, 25, 60, 60]),
        ("2.26", "auth_permanent", [300, 600, 1200, 1440, 1440]),
        ("4.2", "auth_permanent", [300, 600, 1200, 1440, 1440]),
        ("4.5", "auth_permanent", [10, 20, 40, 60, 60]),
        ("9.6", "auth_permanent", [10, 20, 40, 60, 60]),
    ],
)
def test_windows_have_the_lengths_of_their_release(release: str, reason: str, lengths: list[float]) -> None:
    assert minutes(release, reason, range(1, 6)) == lengths


def test_rate_limit_doubling_ends_at_a_day() -> None:
    assert minutes("9.6", "rate_limit", range(11, 15)) == [512, 1024, 1440, 1440]


def test_errors_count_for_the_ladder_and_the_reason_count_for_doubling() -> None:
    assert window_length(r("2.9"), "auth", 3, 1, {}) == timedelta(minutes=25)
    assert window_length(r("2.9"), "billing", 3, 1, {}) == timedelta(hours=5)


@pytest.mark.parametrize(
    ("release", "reason", "config", "lengths"),
    [
        ("4.5", "billing", {"billingBackoffHours": 1}, [60, 120, 240]),
        ("4.5", "billing", {"billingBackoffHours": 1, "billingMaxHours": 2}, [60, 120, 120]),
        ("3.11", "auth_permanent", {"billingBackoffHours": 1}, [60, 120, 240]),
        ("4.5", "auth_permanent", {"authPermanentBackoffMinutes": 20, "authPermanentMaxMinutes": 30}, [20, 30, 30]),
        ("4.5", "auth_permanent", {"billingBackoffHours": 1}, [10, 20, 40]),
        ("4.5", "billing", {"billingBackoffHours": 0.001}, [1, 2, 4]),
        ("4.5", "billing", {"billingBackoffHours": 8, "billingMaxHours": 2}, [480, 480, 480]),
        ("8.1", "billing", {"billingBackoffHours": 1}, [300, 600, 1200]),
        ("4.5", "billing", {"billingBackoffHours": "1"}, [300, 600, 1200]),
        ("4.5", "billing", {"billingBackoffHours": float("nan"), "billingMaxHours": -1}, [300, 600, 1200]),
        ("4.5", "billing", {"billingBackoffHours": 10**400}, [300, 600, 1200]),
        ("4.5", "billing", {"billingBackoffHours": True}, [300, 600, 1200]),
    ],
)
def test_configured_cooldowns_count_to_7_1_where_they_are_numbers(
    release: str, reason: str, config: dict[str, object], lengths: list[float]
) -> None:
    assert minutes(release, reason, range(1, 4), **config) == pytest.approx(lengths)


def test_a_provider_can_have_its_own_billing_backoff() -> None:
    config = {"auth": {"cooldowns": {"billingBackoffHours": 3, "billingBackoffHoursByProvider": {"anthropic": 1}}}}
    assert window_length(r("4.5"), "billing", 1, 1, config, "anthropic") == timedelta(hours=1)
    assert window_length(r("4.5"), "billing", 1, 1, config, "openai") == timedelta(hours=3)


@pytest.mark.parametrize("config", [{}, {"auth": None}, {"auth": {"cooldowns": [1]}}, {"auth": "x"}])
def test_a_broken_config_leaves_the_defaults(config: dict[str, object]) -> None:
    assert window_length(r("4.5"), "billing", 1, 1, config) == timedelta(hours=5)
    assert failure_window(r("4.5"), config) == timedelta(hours=24)


def test_the_failure_window_is_configurable_to_7_1() -> None:
    config = {"auth": {"cooldowns": {"failureWindowHours": 2}}}
    assert failure_window(r("7.1"), config) == timedelta(hours=2)
    assert failure_window(r("8.1"), config) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("release", "reason", "kind"),
    [
        ("1.29", "billing", "disabled"),
        ("9.6", "billing", "disabled"),
        ("2.23", "auth_permanent", "cooldown"),
        ("2.26", "auth_permanent", "disabled"),
        ("9.6", "auth", "cooldown"),
        ("9.6", "never heard of", "cooldown"),
    ],
)
def test_billing_disables_and_auth_permanent_from_2_26(release: str, reason: str, kind: str) -> None:
    assert window_kind(r(release), reason) == kind


@pytest.mark.parametrize(
    ("release", "reason", "yes"),
    [
        ("2.21", "timeout", True),
        ("2.23", "timeout", False),
        ("5.18", "timeout", False),
        ("5.22", "timeout", True),
        ("5.4", "format", True),
        ("5.7", "format", False),
        ("5.12", "server_error", False),
        ("5.18", "empty_response", False),
        ("7.1", "context_overflow", False),
        ("7.1", "overloaded", True),
        ("8.1", "overloaded", False),
        ("8.1", "tls_certificate", False),
        ("9.6", "rate_limit", True),
        ("7.1", "no_error_details", False),
        ("6.11", "no_error_details", True),
    ],
)
def test_what_is_not_counted_changes_no_state(release: str, reason: str, yes: bool) -> None:
    assert counted(r(release), reason, "anthropic") is yes


def test_some_failures_are_not_counted_for_other_causes_than_their_reason() -> None:
    assert counted(r("2.23"), "billing", "openrouter")
    assert not counted(r("2.26"), "billing", "openrouter")
    assert not counted(r("9.6"), "auth", "kilocode")
    assert not counted(r("5.28"), "timeout", "anthropic", provider_started=False)
    assert not counted(r("4.27"), "auth", "anthropic", policy="local")
    assert counted(r("4.24"), "auth", "anthropic", policy="local")
    assert not counted(r("6.8"), "rate_limit", "anthropic", policy="local_transient")
    assert counted(r("6.8"), "billing", "anthropic", policy="local_transient")
    assert counted(r("7.1"), "no_error_details", "openai")


def test_possible_lengths_of_2_9_are_the_ladder_and_billing() -> None:
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert possible_lengths(r("2.9"), {}) == (
        Length(1 * minute, "cooldown", None, 1),
        Length(5 * minute, "cooldown", None, 2),
        Length(25 * minute, "cooldown", None, 3),
        Length(60 * minute, "cooldown", None, 4),
        Length(5 * hour, "disabled", "billing", 1),
        Length(10 * hour, "disabled", "billing", 2),
        Length(20 * hour, "disabled", "billing", 3),
        Length(24 * hour, "disabled", "billing", 4),
    )


@pytest.mark.parametrize(
    ("release", "provider", "wham"),
    [
        ("3.31", "openai-codex", 0),
        ("4.1", "openai-codex", 7),
        ("5.12", "openai-codex", 5),
        ("6.1", "openai", 0),
        ("6.5", "openai", 5),
        ("6.5", "anthropic", 0),
        ("9.6", None, 5),
    ],
)
def test_wham_lengths_belong_to_chatgpt_logins(release: str, provider: str | None, wham: int) -> None:
    lengths = possible_lengths(r(release), {}, provider)
    assert [length.n for length in lengths].count(0) == wham
    assert (Length(timedelta(hours=12), "cooldown", None, 0) in lengths) is bool(wham)


@pytest.mark.parametrize("release", READ, ids=str)
def test_every_length_a_failure_gives_is_a_possible_one(release: Release) -> None:
    config = {"auth": {"cooldowns": {"billingBackoffHours": 0.1, "billingMaxHours": 100_000}}}
    possible = {length.length for length in possible_lengths(release, config)}
    reasons = ("auth", "billing", "auth_permanent", "rate_limit")
    assert {window_length(release, one, n, n, config) for one in reasons for n in range(60)} <= possible


def test_synthetic_statuses_are_those_of_the_facts() -> None:
    assert (synthetic_status("auth"), synthetic_status("auth_permanent"), synthetic_status("unknown")) == (401, 403, 0)
    assert set(SYNTHETIC_STATUS) <= set(REASON_SINCE)


@pytest.mark.parametrize(
    ("release", "reason", "known"),
    [
        ("2.9", "auth_permanent", False),
        ("2.26", "auth_permanent", True),
        ("3.2", "overloaded", False),
        ("9.6", "quota", False),
    ],
)
def test_a_word_is_known_from_its_first_release(release: str, reason: str, known: bool) -> None:
    assert knows_reason(r(release), reason) is known


def test_no_release_files_under_a_word_it_does_not_know() -> None:
    filings = [*BY_STATUS.values(), *(filed for _, _, filed in BY_WORD)]
    unknown = [
        (str(release), reason)
        for filed in filings
        for release in READ
        if (reason := at(filed, release)) and not knows_reason(release, reason)
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("subsystem-DPnkvS73.js", "2.9"),
        ("/usr/lib/node_modules/openclaw/dist/logger--ALOusOG.mjs", "9.6"),
        ("subsystem-Blo0_rG4.js:412", "5.28"),
        ("C:\\npm\\openclaw\\dist\\subsystem-C3fiUGN1.js", "7.1"),
    ],
)
def test_a_chunk_name_tells_its_release(name: str, release: str) -> None:
    assert release_of_chunk(name) == r(release)


@pytest.mark.parametrize("name", ["entry.js", "", "subsystem-XXXXXXXX.js", "subsystem"])
def test_other_file_names_tell_nothing(name: str) -> None:
    assert release_of_chunk(name) is None


def test_a_name_that_several_releases_share_tells_no_release_by_itself() -> None:
    assert release_of_chunk("exec-B8JKbXKW.js") is None
    assert r("2.9") in releases_of_chunk("exec-B8JKbXKW.js")


def test_all_chunks_are_of_read_releases_and_carry_a_hash() -> None:
    assert frozenset().union(*CHUNKS.values()) <= set(READ)
    assert [name for name in CHUNKS if "-" not in name] == []
