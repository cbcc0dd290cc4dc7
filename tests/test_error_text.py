"""An error text, read once: what an event shows of it is what the reason was decided by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forensics
from forensics.openclaw.error_text import ErrorText, Voice, bodies, read_error_text, reader
from forensics.openclaw.reasons import classify, rows
from forensics.parsers.logs.templates.error_texts import error_fields

SAID = [one for one in rows() if one.said_by == "provider"]
SAMPLES = [
    pytest.param(sample, id=f"{one.id}-{n}")
    for one in rows()
    if one.said_by == "provider"
    for n, sample in enumerate(one.samples)
]
OWN_TYPES = ("missing_key", "unknown_model", "oauth_refresh")  # what sentences of OpenClaw's own stand for
STATUSES = st.sampled_from([400, 401, 402, 403, 404, 413, 429, 500, 502, 503, 529])
SENTENCES = st.sampled_from(
    [
        "The grant is invalid or revoked.",
        "Slow down, please",
        "Your wallet is empty",
        "No such thing: kim",
        "Überlastet",
    ]
)
TYPES = st.sampled_from(
    ["invalid_grant", "rate_limit_error", "insufficient_quota", "RESOURCE_EXHAUSTED", "overloaded_error"]
)
BRACES = st.sampled_from(["({})", "(HTTP {})", "[{}]", "({} Bad Request)", "(status {})", "(HTTP/1.1 {})"])
HEADS = st.sampled_from(["", "call failed ({0}): ", "{0} ", "HTTP {0}: ", "refused: {0} "])
CLASSES = st.sampled_from(["", "Error: ", "FailoverError: ", "Uncaught Error: FailoverError: ", "ApiRequestError: "])


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_columns_of_an_event_and_the_classifier_read_the_same_status_and_type(sample: str) -> None:
    columns, verdict, error = error_fields(sample), classify(sample), read_error_text(sample)
    if columns["role"] == "failure" and error.voice in ("provider", "own words", "refresh"):
        assert columns.get("http_status") == verdict.http_status
    kind = str(columns.get("error_type", "")).lower()
    assert kind in ("", *OWN_TYPES, *error.types) or kind in error.words
    assert error.message
    assert error.text in sample


@pytest.mark.parametrize(
    ("text", "status", "kind", "id"),
    [
        ("Cloud Code Assist API error (429): You have exhausted your capacity on this model.", 429, None, None),
        ('401 {"error":"Invalid API key"}', 401, None, None),
        (
            'OAuth token refresh failed for p-q: token refresh failed (401): {"error":"invalid_grant"}',
            401,
            "invalid_grant",
            None,
        ),
        ("ThrottlingException: Too many tokens per day, please wait.", None, "ThrottlingException", None),
        ('402 {"detail":{"code":"deactivated_workspace"}}', 402, "deactivated_workspace", None),
        ("[429 Too Many Requests] Quota exceeded", 429, None, None),
        ("request failed (503 Service Unavailable), giving up", 503, None, None),
        ("HTTP 403 permission_error: no (request_id: req_011abc)", 403, "permission_error", "req_011abc"),
        ('{"error":{"type":"a_b","message":"m"},"request_id":"req_011abc..."', None, "a_b", None),
        ('{"error":{"message":"busy","code":503,"status":"UNAVAILABLE"}}', 503, "UNAVAILABLE", None),
        ('429 {"error":{"code":"1113","message":"Insufficient balance"}}', 429, "1113", None),
        ("session_store: cannot be written", None, None, None),
    ],
)
def test_status_type_and_request_id_are_read_where_they_stand(
    text: str, status: int | None, kind: str | None, id: str | None
) -> None:
    error = read_error_text(text)
    assert (error.http_status, error.error_type, error.request_id) == (status, kind, id)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('401 {"error":"Invalid API key"}', "Invalid API key"),
        ('400 {"error":"invalid_grant","error_description":"The grant is revoked."}', "The grant is revoked."),
        ('{"error":{"details":[{"quotaId":"PerDay"}],"message":"Too much"}}', "Too much"),
        ("HTTP 403 permission_error: no scope (request_id: req_011abc)", "no scope"),
        ("502 Bad Gateway", "Bad Gateway"),
        ("FailoverError: fetch failed", "fetch failed"),
        ("500", "500"),
    ],
)
def test_the_message_is_the_sentence_that_a_person_would_quote(text: str, message: str) -> None:
    assert read_error_text(text).message == message


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("Provider a-b is in cooldown (all profiles unavailable)", "echo"),
        ('Inline API key for provider "a-b" is temporarily disabled after a provider auth/billing failure.', "echo"),
        ("OAuth token refresh failed for a-b: fetch failed", "refresh"),
        ('No API key found for provider "a-b".', "no call"),
        ("Model context window too small (8192 tokens). Minimum is 16000.", "no call"),
        ("session file locked (timeout 10000ms)", "local"),
        ("unauthorized: gateway token mismatch", "client"),
        ("Context overflow: prompt too large for the model.", "own words"),
        ("[tools] web_fetch failed: HTTP 403", "tool"),
        ("529 overloaded", "provider"),
        ("Cannot read properties of undefined", "other"),
    ],
)
def test_a_text_shows_whose_words_it_is(text: str, voice: Voice) -> None:
    assert read_error_text(f"FailoverError: {text}").voice == voice
    if voice in ("echo", "refresh", "no call", "local", "client"):
        assert read_error_text(f"⚠️ Agent failed before reply: {text}").voice == voice


# Kinds


@given(
    STATUSES,
    SENTENCES,
    st.sampled_from(["({})", "(HTTP {})", "[{}]", "({} Bad Request)", "(status {})", "(HTTP/1.1 {})"]),
    CLASSES,
)
def test_a_status_in_parentheses_or_brackets_is_a_status(status: int, sentence: str, braces: str, named: str) -> None:
    text = f"{named}Some provider's call failed {braces.format(status)}: {sentence}"
    assert read_error_text(text).http_status == status


@given(
    STATUSES,
    TYPES,
    SENTENCES,
    CLASSES,
    st.sampled_from(["", "call failed ({0}): ", "{0} ", "HTTP {0}: ", "refused: {0} "]),
)
def test_status_and_type_of_a_body_are_read_behind_any_head(
    status: int, kind: str, sentence: str, named: str, head: str
) -> None:
    body = {"error": {"type": kind, "message": sentence, "code": status}, "request_id": "req_0invented"}
    error = read_error_text(named + head.format(status) + json.dumps(body))
    assert (error.http_status, error.error_type, error.request_id) == (status, kind, "req_0invented")
    assert sentence in error.message or json.dumps(sentence)[1:-1] in error.message


@given(
    st.from_regex(r"\A[A-Z][a-z]{2,8}([A-Z][a-z]{2,8}){0,2}(Error|Exception)\Z"),
    st.sampled_from(["", "Error: ", "Uncaught "]),
)
def test_the_name_of_a_class_is_no_text(name: str, lead: str) -> None:
    error = read_error_text(lead + name)
    assert (error.text, error.message, error.words) == ("", "", "")


@given(st.integers(250, 400), STATUSES, TYPES)
def test_a_body_cut_anywhere_is_known_as_cut_and_keeps_what_stands_whole(end: int, status: int, kind: str) -> None:
    body = json.dumps({"error": {"type": kind, "message": "words " * 200}})
    error = read_error_text(f"{status} {body[:end]}")
    assert error.is_cut
    assert (error.http_status, error.error_type) == (status, kind)


@given(st.text(max_size=300))
def test_any_text_is_read_and_a_text_without_structure_is_its_own_message(text: str) -> None:
    error = read_error_text(text)
    assert isinstance(error, ErrorText)
    assert bool(error.message) == bool(error.text)


def test_an_answer_is_taken_apart_once_from_the_log_line_to_the_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token lacks scope x-once"}}'
    (tmp_path / "gateway.log").write_text(
        "2026-02-11T09:18:58.941Z [diagnostic] lane task error: lane=session:agent:main:main durationMs=122 "
        f'error="FailoverError: {answer}"\n'
        f"2026-02-11T09:18:58.951Z Embedded agent failed before reply: {answer}\n"
    )
    taken_apart: list[str] = []
    collect = bodies._collect
    monkeypatch.setattr(bodies, "_collect", lambda body: taken_apart.append(str(body)) or collect(body))
    reader._remembered.cache_clear()
    case = forensics.open_case([tmp_path])
    assert [i.true_reason for i in case.incidents] == ["auth_permanent"]
    assert "x-once" in json.dumps(case.triage())
    assert len([body for body in taken_apart if "x-once" in body]) == 1


IDS = st.from_regex(r"req_0[0-9a-z]{3}[A-Z][0-9A-Za-z]{4,20}", fullmatch=True)
AROUND = st.sampled_from(
    ["{} (request_id: {id})", '403 {{"message":"{}"}} request_id={id}', "req {id}: {}", "{} {id}", "{} `{id}`."]
)


@given(sample=st.sampled_from([param.values[0] for param in SAMPLES]), around=AROUND, id=IDS)
def test_a_text_reads_the_same_whatever_the_id_of_its_answer_is(sample: object, around: str, id: str) -> None:
    text = around.format(sample, id=id)
    assert read_error_text(text) == reader._read(text)
