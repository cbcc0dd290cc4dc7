"""Reasons: error texts and what they truly are, what a release files them under, and whether the two agree."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from captures import ALL_AT_HAND, CAPTURES
from hypothesis import given
from hypothesis import strategies as st

from forensics.openclaw.error_text import read_error_text
from forensics.openclaw.providers import family, providers
from forensics.openclaw.reasons import (
    CERTAINTIES,
    OWNERS,
    SCOPES,
    TRUE_REASONS,
    Reason,
    Recorded,
    classify,
    compare_recorded,
    counterfactual,
    recorded,
    reset_instant,
    resets,
    retry_after,
    rows,
)
from forensics.openclaw.releases import READ, REASON_SINCE, Release, at, in_span, knows_reason, synthetic_status

DATA = Path(__file__).parent / "data" / "reasons"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
CREDIT_400 = '400 {"error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}'
SCOPE_403 = (
    '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token does not meet scope requirement '
    'user:profile"},"request_id":"req_011"}'
)


def r(text: str) -> Release:
    release = Release.parse(text)
    assert release is not None
    return release


# The table


def test_ids_are_unique_and_begin_with_where_the_row_belongs() -> None:
    ids = [one.id for one in rows()]
    assert [one for one, n in Counter(ids).items() if n > 1] == []
    assert [one.id for one in rows() if one.provider != "any" and not one.id.startswith(f"{one.provider}.")] == []


@pytest.mark.parametrize("one", rows(), ids=lambda one: one.id)
def test_a_row_speaks_the_vocabulary_and_says_what_to_do(one: Reason) -> None:
    assert one.true_reason in TRUE_REASONS
    assert one.scope in SCOPES
    assert one.owner in OWNERS
    assert one.provider in set(providers()) | {"any"}
    assert one.until in {None, "text", "window"}
    assert one.said_by in {"provider", "openclaw"}
    assert [word for word in one.types if word != word.lower()] == []
    assert one.cure.endswith(".")
    assert "\n" not in one.cure
    assert one.status or one.types or one.pattern or one.of_a_tool
    assert one.samples
    assert one.fact or not (one.recorded or one.recorded_with_status)


@pytest.mark.parametrize(
    ("one", "sample"), [(one, sample) for one in rows() for sample in one.samples], ids=lambda v: getattr(v, "id", "")
)
def test_a_sample_is_classified_to_its_own_row(one: Reason, sample: str) -> None:
    verdict = classify(sample, provider=None if one.provider == "any" else one.provider)
    assert verdict.reason.id == one.id


@pytest.mark.parametrize("one", [one for one in rows() if one.recorded], ids=lambda one: one.id)
def test_what_a_row_is_filed_under_is_said_once_per_release_in_words_of_that_release(one: Reason) -> None:
    for filed in (one.recorded, one.recorded_with_status):
        assert [str(x) for x in READ if sum(in_span(x, span) for span, _ in filed) > 1] == []
        words = [(x, reason) for x in READ if (reason := at(filed, x)) is not None]
        assert [(str(x), reason) for x, reason in words if not knows_reason(x, reason)] == []


# Texts


def texts() -> Iterator[tuple[str, Mapping[str, object], str | None]]:
    for group in tomllib.loads((DATA / "texts.toml").read_text())["group"]:
        for entry in group["texts"]:
            known = {"provider": group.get("provider"), **entry}
            yield group["name"], known, group.get("certainty")


@pytest.mark.parametrize(("group", "known", "certainty"), [pytest.param(*one, id=one[0]) for one in texts()])
def test_a_raw_text_is_what_it_truly_is(group: str, known: Mapping[str, object], certainty: str | None) -> None:
    provider = known["provider"]
    verdict = classify(str(known["text"]), provider=provider if isinstance(provider, str) else None)
    found = verdict.reason
    assert (found.true_reason, found.scope, found.waiting_helps) == (known["is"], known["scope"], known.get("waits"))
    assert verdict.certainty in ({certainty} if certainty else CERTAINTIES)


def test_there_are_enough_texts_and_none_is_a_sample_of_the_table() -> None:
    written = [str(known["text"]) for _, known, _ in texts()]
    assert len(written) >= 200
    assert {str(known["is"]) for _, known, _ in texts()} == set(TRUE_REASONS)


@pytest.mark.parametrize(
    ("text", "beside", "id", "certainty"),
    [
        (SCOPE_403, {}, "anthropic.scope", "typed"),
        ("OAuth token does not meet scope requirement x", {"http_status": 403}, "anthropic.scope", "status"),
        ("OAuth token does not meet scope requirement x", {}, "anthropic.scope", "wording"),
        ("HTTP 403", {}, "any.status_403", "status"),
        ("", {"http_status": 429}, "any.status_429", "status"),
        ("something else", {"error_type": "usage_limit_reached"}, "openai.usage_limit", "typed"),
        ("fetch failed", {"http_status": 200}, "any.unreachable", "wording"),
        ("fetch failed", {"error_type": "UNABLE_TO_VERIFY_LEAF_SIGNATURE"}, "any.tls_code", "typed"),
        ("fetch failed", {"error_type": "DEPTH_…CERT"}, "any.tls_code", "typed"),
        ("LLM request failed: network connection error.", {"error_type": "CERT_H…IRED"}, "any.tls_code", "typed"),
        ("fetch failed", {"error_type": "ECONN…USED"}, "any.unreachable", "wording"),
        ("fetch failed", {"error_type": "…"}, "any.unreachable", "wording"),
        ("no idea", {}, "any.unknown", "none"),
        ("⚠️ API rate limit reached. Please try again later.", {}, "openclaw.rate_limit", "none"),
    ],
)
def test_certainty_is_the_strongest_evidence(text: str, beside: dict[str, object], id: str, certainty: str) -> None:
    status, kind = beside.get("http_status"), beside.get("error_type")
    verdict = classify(
        text,
        http_status=status if isinstance(status, int) else None,
        error_type=kind if isinstance(kind, str) else None,
    )
    assert (verdict.reason.id, verdict.certainty) == (id, certainty)


def test_a_status_in_the_text_comes_before_one_beside_it() -> None:
    assert classify(SCOPE_403, http_status=401).http_status == 403


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 503])
def test_words_alone_never_override_a_real_status(status: int) -> None:
    verdict = classify(f"{status} rate limit reached, too many requests, quota exceeded")
    assert verdict.reason.true_reason not in {"rate_limit", "quota"}


def test_the_same_words_mean_a_throttle_at_one_provider_and_an_empty_account_at_another() -> None:
    text = '429 {"error":{"code":"insufficient_quota","message":"You exceeded your current quota"}}'
    assert [classify(text, provider=p).reason.true_reason for p in ("openai", "dashscope", None)] == [
        "billing",
        "rate_limit",
        "billing",
    ]


def test_a_summary_is_judged_by_its_first_candidate_that_was_really_called() -> None:
    text = (
        "All models failed (2): anthropic/a: Provider anthropic is in cooldown (all profiles unavailable) (rate_limit)"
        " | openai/b: 401 Incorrect API key provided: sk-x***y. (auth)"
    )
    verdict = classify(text, provider="anthropic", http_status=429)
    assert (verdict.reason.id, verdict.http_status) == ("any.incorrect_key", 401)


def test_provider_ids_map_to_families() -> None:
    assert [family(p) for p in ("openai-codex", " Claude-CLI ", "amazon-bedrock", "my-proxy", "", None)] == [
        "openai",
        "anthropic",
        "bedrock",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "status", "types"),
    [
        ('{"error":{"type":"a_b","code":503}}', 503, ("a_b",)),
        ("Error code: 401 - {'error': {'code': 'x_y', 'message': 'no'}}", 401, ("x_y",)),
        ("litellm.BadRequestError: OpenAIException - nope", None, ("badrequesterror", "openaiexception")),
        ("model gpt-429 said 4290 things in 429ms", None, ()),
        ("see https://invented.example/?status=429&code=401", None, ()),
        ("took 400.5 s", None, ()),
        ("[tools] web_fetch failed: HTTP 403", None, ()),
    ],
)
def test_statuses_and_types_are_read_where_an_answer_has_them(
    text: str, status: int | None, types: tuple[str, ...]
) -> None:
    error = read_error_text(text)
    assert (error.http_status, error.types) == (status, types)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (SCOPE_403, False),
        (SCOPE_403[:90], True),
        (SCOPE_403[:90] + "…", True),
        ("Error code: 401 - {'error': {'code': 'x_y', 'message': 'no'}}", False),
        ("please wait...", False),
        ("x" * 240 + "...", True),
    ],
)
def test_a_cut_text_is_known_as_cut(text: str, cut: bool) -> None:
    assert classify(text).cut is cut


# Hostile texts


@given(st.text(max_size=400))
def test_any_text_gets_a_verdict(text: str) -> None:
    verdict = classify(text, now=NOW)
    assert verdict.certainty in CERTAINTIES


@given(st.integers(0, len(SCOPE_403)))
def test_a_text_cut_anywhere_gets_a_verdict_that_is_not_a_limit(end: int) -> None:
    assert classify(SCOPE_403[:end] + "…").reason.true_reason not in {"rate_limit", "quota", "billing"}


@pytest.mark.parametrize(
    "text",
    [
        "{" * 50_000,
        '{"error":' * 20_000,
        "[" * 50_000,
        '{"message":"' * 5_000,
        "<html>" * 10_000,
        "Error: " * 10_000,
        "All models failed (1): a/b: " * 2_000,
        "retry in 9" * 5_000,
        "/a" * 30_000,
        "429 " + "\x00\u202e" * 5_000,
        '{"error":{"code":' + "9" * 4_000 + "}}",
    ],
    ids=lambda text: text[:12],
)
def test_hostile_texts_end_in_a_verdict_soon(text: str) -> None:
    started = datetime.now(UTC)
    assert classify(text, now=NOW).certainty in CERTAINTIES
    assert datetime.now(UTC) - started < timedelta(seconds=5)


# When it gets better


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Claude AI usage limit reached|1795179600", "2026-11-20T13:00:00"),
        ('{"resets_in_seconds":518400,"resets_at":1795688899}', "2026-11-26T10:28:19"),
        ("You will regain access on 2026-12-01 at 00:00 UTC.", "2026-12-01T00:00:00"),
        ("Next reset in 6 days.", "2026-11-26T10:00:00"),
        ("Try again in ~90 min.", "2026-11-20T11:30:00"),
        ("Please try again in 28m33.5s.", "2026-11-20T10:28:33.500000"),
        ("retry in 1 hour and 5 minutes", "2026-11-20T11:05:00"),
        ("resets in an hour", "2026-11-20T11:00:00"),
        ("resets 4:50pm (Asia/Kathmandu)", "2026-11-20T11:05:00"),
        ("resets 3pm (Pacific/Auckland)", "2026-11-21T02:00:00"),
        ("resets 9am", "2026-11-21T09:00:00"),
        ("resets Nov 26 at 3pm", "2026-11-26T15:00:00"),
        ("resets Jan 2 at 9:30am", "2027-01-02T09:30:00"),
        ("try again at Nov 26th, 2026 10:28 AM.", "2026-11-26T10:28:00"),
        ("Your limit will reset at 2026-11-20 18:30:00", "2026-11-20T18:30:00"),
        ("resets at 2026-11-21T00:00:00+05:45", "2026-11-20T18:15:00"),
        ("429: {}; Retry-After: 2 seconds", "2026-11-20T10:00:02"),
        ('"retryDelay":"34s"', "2026-11-20T10:00:34"),
        ("retry-after-ms: 1500", "2026-11-20T10:00:01.500000"),
        ("model gpt-4o-2026-11-23 failed", None),
        ("try again later", None),
        ("resets Feb 31 at 3pm", None),
        ("resets at 99:99", None),
        ("resets_at: 9999999999", None),
        ("retry in 99999999999 days", None),
        ("until 2019-01-01", None),
        ("resets 3pm (Nowhere/Land)", "2026-11-20T15:00:00"),
    ],
)
def test_a_stated_reset_becomes_an_instant(text: str, instant: str | None) -> None:
    expected = datetime.fromisoformat(instant).replace(tzinfo=UTC) if instant else None
    assert reset_instant(text, NOW) == expected


def test_a_day_with_a_clock_change_keeps_the_local_hour() -> None:
    before = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    assert reset_instant("resets 3am (Europe/Berlin)", before) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


@given(st.text(alphabet="0123456789 :-amphdsinretygUTC/()T.Z", max_size=60), st.sampled_from(["resets ", "retry in "]))
def test_any_words_about_time_are_an_instant_or_nothing(text: str, lead: str) -> None:
    instant = reset_instant(lead + text, NOW)
    assert instant is None or instant.tzinfo is UTC
    seconds = retry_after(lead + text)
    assert seconds is None or seconds >= 0


def test_a_verdict_carries_the_reset_only_where_waiting_can_help() -> None:
    quota = classify("429 Too many requests. Try again in 3 days.", now=NOW)
    assert (quota.until, quota.retry_after_s) == (NOW + timedelta(days=3), 259200.0)
    scope = classify(SCOPE_403.replace("user:profile", "user:profile, try again in 3 days"), now=NOW)
    assert (scope.until, scope.retry_after_s) == (None, None)


@pytest.mark.parametrize(
    ("provider", "text", "until"),
    [
        (
            "google",
            "429 You exceeded your current quota: generate_content_free_tier_requests, limit: 50. Retry in 38.5s.",
            datetime(2026, 11, 21, 8, tzinfo=UTC),  # midnight in Los Angeles
        ),
        ("openrouter", "429 Rate limit exceeded: free-models-per-day", datetime(2026, 11, 21, tzinfo=UTC)),
    ],
)
def test_a_daily_allowance_renews_at_its_own_midnight_not_after_the_pause_between_two_calls(
    provider: str, text: str, until: datetime
) -> None:
    assert classify(text, provider=provider, now=NOW).until == until


@pytest.mark.parametrize(
    "text",
    [
        "No route-compatible authentication source is configured for mistral.",
        'No API keys configured for provider "xai".',
        'No API key resolved for provider "groq" (auth mode: api-key).',
    ],
)
def test_a_credential_that_is_nowhere_to_be_found_is_a_matter_of_the_configuration(text: str) -> None:
    found = classify(text).reason
    assert (found.id, found.owner, found.waiting_helps) == ("local.missing_key", "config", False)


def test_without_now_only_what_the_text_alone_tells_is_an_instant() -> None:
    dated = classify("You have reached your specified API usage limits. You will regain access on 2026-12-01.")
    relative = classify("You've reached your subscription usage limit. Next reset in 6 days.")
    assert (dated.until, relative.until) == (datetime(2026, 12, 1, tzinfo=UTC), None)


# What OpenClaw files it under


def filings() -> Iterator[tuple[str, str, str, str, bool]]:
    for entry in tomllib.loads((DATA / "filed.toml").read_text())["filed"]:
        for key in ("by_release", "with_status"):
            for release, reason in entry.get(key, {}).items():
                yield entry["text"], entry["provider"], release, reason, key == "with_status"


@pytest.mark.parametrize(("text", "provider", "release", "reason", "with_status"), list(filings()))
def test_a_release_files_a_text_as_the_facts_say(
    text: str, provider: str, release: str, reason: str, with_status: bool
) -> None:
    filed = recorded(r(release), None, None, text, provider)
    assert ((filed.with_status if with_status else filed.reason) or "-") == reason
    assert filed.rule


def test_a_filing_names_its_rule() -> None:
    assert recorded(r("2.9"), None, None, SCOPE_403, "anthropic") == Recorded(
        "auth", "anthropic.scope, facts 4.3", "auth"
    )
    assert recorded(r("2.9"), 504, None, "", "x") == Recorded("timeout", "status 504, facts 4.2", "timeout")
    assert recorded(r("2.9"), None, None, "nothing known", "x") == Recorded(None, "", None)
    assert recorded(r("2.9"), None, None, "file 429.txt", "x").rule.startswith('"429" anywhere')


def test_the_counterfactual_tells_how_the_filing_changed() -> None:
    expected = (("1.29-2.26", "auth"), ("3.2-4.2", "auth_permanent"), ("4.5+", "auth"))
    assert counterfactual(403, "permission_error", SCOPE_403, "anthropic") == expected
    assert counterfactual(None, None, "nothing known", None) == ()


# Verdicts


@pytest.mark.parametrize(
    ("filed", "text", "verdict"),
    [
        ("rate_limit", SCOPE_403, "misclassified"),
        ("auth", SCOPE_403, "agrees"),
        ("auth_permanent", SCOPE_403, "agrees"),
        (None, SCOPE_403, "undecidable"),
        ("unknown", SCOPE_403, "undecidable"),
        ("rate_limit", "403 status code (no body)", "misclassified"),
        ("rate_limit", CREDIT_400, "misclassified"),
        ("format", CREDIT_400, "weak"),
        ("billing", CREDIT_400, "agrees"),
        ("rate_limit", "429 Insufficient balance", "weak"),
        ("rate_limit", '429 {"error":{"type":"insufficient_quota","message":"x"}}', "misclassified"),
        ("rate_limit", "429 You've reached your subscription usage limit. Next reset in 6 days.", "weak"),
        ("rate_limit", '429 {"error":{"type":"usage_limit_reached","message":"x"}}', "weak"),
        ("billing", '429 {"error":{"type":"usage_limit_reached","message":"x"}}', "misclassified"),
        ("timeout", '529 {"error":{"type":"overloaded_error","message":"Overloaded"}}', "misclassified"),
        ("timeout", "502 status code (no body)", "misclassified"),
        ("timeout", "LLM idle timeout (120s): no response from model", "agrees"),
        ("rate_limit", "LLM idle timeout (120s): no response from model", "weak"),
        ("timeout", "session file locked (timeout 10000ms)", "weak"),
        ("tls_certificate", "self-signed certificate", "agrees"),
        ("rate_limit", "⚠️ API rate limit reached. Please try again later.", "undecidable"),
        ("auth", "⚠️ API rate limit reached. Please try again later.", "undecidable"),
        ("billing", '400 {"type":"error","error":{"type":"invalid_request_error","message":"Your cr…', "undecidable"),
        ("rate_limit", SCOPE_403[:100] + "…", "misclassified"),
        ("rate_limit", SCOPE_403[:64] + "…", "undecidable"),
        ("rate_limit", "", "undecidable"),
    ],
)
def test_only_structure_convicts(filed: str | None, text: str, verdict: str) -> None:
    assert compare_recorded(filed, classify(text)) == verdict


@pytest.mark.parametrize("reason", sorted(REASON_SINCE))
def test_a_status_computed_back_from_the_reason_never_convicts_it(reason: str) -> None:
    assert compare_recorded(reason, classify("", http_status=synthetic_status(reason) or None)) != "misclassified"


# Captures

needs_captures = pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures lie beside the project, not in it")


def events() -> Iterator[tuple[Release, dict[str, object]]]:
    """Every event of the captures' logs that says both what a provider answered and what it was filed under."""
    for log in sorted(CAPTURES.glob("*/*/evidence/**/*.log")):
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith("{") and "embedded_run_" in line and '"rawErrorPreview"' in line:
                parts = [part for part in json.loads(line).values() if isinstance(part, dict)]
                yield from (
                    (r(log.relative_to(CAPTURES).parts[0]), part) for part in parts if "rawErrorPreview" in part
                )


@needs_captures
def test_the_captured_events_carry_the_reason_that_their_release_is_said_to_record() -> None:
    seen = [
        (
            str(release),
            text,
            event.get("failoverReason"),
            recorded(release, None, None, text, str(event["provider"])).reason,
        )
        for release, event in events()
        if (text := str(event["rawErrorPreview"]))
    ]
    assert len(seen) > (100 if ALL_AT_HAND else 3)
    assert [one for one in seen if one[2] != one[3]] == []


def decisions() -> Iterator[tuple[Release, str, str, str | None]]:
    """(release, provider, answer, reason) of every fallback decision of the captures' logs."""
    for log in sorted(CAPTURES.glob("*/*/evidence/**/*.log")):
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith("{") and '"model_fallback_decision"' in line and '"errorPreview"' in line:
                for part in (part for part in json.loads(line).values() if isinstance(part, dict)):
                    if "errorPreview" in part:
                        release = r(log.relative_to(CAPTURES).parts[0])
                        yield release, str(part["candidateProvider"]), str(part["errorPreview"]), part.get("reason")


@needs_captures
def test_what_a_release_would_have_recorded_is_what_its_captures_recorded_or_is_not_said() -> None:
    wrong = []
    for release, provider, text, reason in decisions():
        filed = recorded(release, None, None, text, provider)
        if filed.rule and classify(text, provider=provider).reason.said_by == "provider":
            wrong += [(str(release), text, reason)] if reason not in (filed.reason, filed.with_status) else []
    assert wrong == []


def test_of_a_sentence_of_openclaw_s_own_no_release_is_said_to_have_recorded_anything() -> None:
    assert counterfactual(None, None, "LLM request timed out.", "anthropic") == ()


def first_failures() -> Iterator[tuple[str, str, str, int | None, str]]:
    """(capture, provider, what it said, with which status, what that truly was)"""
    for path in sorted(CAPTURES.glob("*/*/truth.json")):
        truth = json.loads(path.read_text())
        for incident in truth["incidents"]:
            first, name = incident["first_failure"], "/".join(path.parts[-3:-1])
            for failure in truth["all_provider_failures"]:
                if first["text_contains"] and first["text_contains"] in str(failure["error"]):
                    said = json.dumps(failure["error"]) if isinstance(failure["error"], dict) else failure["error"]
                    yield name, incident["provider"], said, failure["http_status"], first["true_reason"]
                    break


@needs_captures
def test_the_first_failure_of_a_capture_is_what_its_truth_says() -> None:
    wrong = [
        (name, said)
        for name, provider, said, status, true in first_failures()
        if classify(said, provider=provider, http_status=status).reason.true_reason != true
    ]
    # An expired token may be refreshed; that its refresh was refused is another line of that capture.
    assert [one for one in wrong if "has expired" not in one[1]] == []


@pytest.mark.parametrize("sample", [sample for one in rows() for sample in one.samples])
def test_a_text_that_holds_no_word_of_waiting_says_no_time(sample: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    quick = resets.reset_instant(sample, now), resets.retry_after(sample)
    monkeypatch.setattr(resets, "_may_say_when", lambda _: True)
    assert (resets.reset_instant(sample, now), resets.retry_after(sample)) == quick
