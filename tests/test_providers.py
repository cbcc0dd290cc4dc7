"""Providers: ids, login servers, and whose words an answer holds that names none; and OpenClaw's own refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import error
from opening import opened

from forensics.incidents.failures import merge_failures, name_providers
from forensics.openclaw.providers import family, login_server, provider_of, providers
from forensics.openclaw.reasons import classify, provider_in_words, rows
from forensics.tables import Event

NAMED = [
    ("anthropic", "HTTP 400 invalid_request_error: Your credit balance is too low to access the Anthropic API."),
    ("anthropic", "HTTP 429 rate_limit_error: This request would exceed your account's rate limit."),
    ("anthropic", "HTTP 404 not_found_error: model: claude-invented-9"),
    ("anthropic", "HTTP 401 authentication_error: invalid x-api-key"),
    ("openai", "401 Incorrect API key provided: sk-x***y. You can find your API key at https://platform.openai.com."),
    ("openai", "404 The model `gpt-7` does not exist or you do not have access to it."),
    ("google", "400 API key not valid. Please pass a valid API key."),
    ("google", "Cloud Code Assist API error (429): You have exhausted your capacity on this model."),
    ("openrouter", "402 Insufficient credits. Add more using https://openrouter.ai/settings/credits"),
    ("groq", "413 Request too large for model `m` in organization `o` service tier `on_demand` on tokens per minute"),
    ("deepseek", "401 Authentication Fails, Your api key: ****1 is invalid"),
    ("ollama", "404 model 'm' not found, try pulling it first"),
    ("openai-codex", "OAuth token refresh failed for openai-codex: fetch failed"),
]
NOBODYS = [
    "429 Too many requests, please wait.",
    "fetch failed",
    "429 You exceeded your current quota, please check your plan and billing details.",  # several say so
    "500 Internal server error",
    "Context overflow: prompt too large for the model.",
    "[tools] web_fetch failed: see https://platform.openai.com",
    "",
]
LEADS = st.sampled_from(["", "Error: ", "FailoverError: ", "⚠️ Agent failed before reply: ", "Uncaught Error: "])
ENDS = st.sampled_from(["", " (request_id: req_000EXAMPLE)", " Please try again later.", "…"])
REFUSALS = st.sampled_from([401, 402, 403, 429])


def named(text: str, primary: str | None, **columns: object) -> str | None:
    columns = {"provider": None, "model": None, "http_status": None, "error_type": None} | columns
    one: Event = error(0, text=text, **columns)
    return name_providers(merge_failures([one]), [one], primary)[0].provider


@given(st.sampled_from(NAMED), LEADS, ENDS)
def test_an_answer_that_names_nobody_is_of_the_provider_whose_words_it_holds(
    known: tuple[str, str], lead: str, end: str
) -> None:
    provider, text = known
    assert provider_in_words(f"{lead}{text}{end}") == provider


@given(st.sampled_from(NOBODYS), LEADS)
def test_words_that_anybody_says_name_nobody(text: str, lead: str) -> None:
    assert provider_in_words(lead + text) is None


@pytest.mark.parametrize("one", [one for one in rows() if one.provider != "any"], ids=lambda one: one.id)
def test_no_sample_of_a_provider_is_taken_for_the_words_of_another(one: object) -> None:
    speakers = {provider_in_words(sample) for sample in one.samples}  # type: ignore[attr-defined]
    assert {family(speaker) for speaker in speakers if speaker} <= {one.provider}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("primary", "provider"),
    [
        (None, "anthropic"),
        ("openai/gpt-7", "anthropic"),
        ("claude-cli/opus", "claude-cli"),
        ("openrouter/anthropic/claude-9", "openrouter"),  # it passes their words on
        ("my-proxy/claude-9", "my-proxy"),
    ],
)
def test_words_come_before_the_primary_model_but_not_before_one_that_can_pass_them_on(
    primary: str | None, provider: str
) -> None:
    assert named("HTTP 400: Your credit balance is too low to access the Anthropic API.", primary) == provider


def test_what_a_line_names_comes_before_its_words() -> None:
    assert named("invalid x-api-key", None, provider="minimax") == "minimax"


def test_every_id_is_of_one_family_and_every_login_is_an_id() -> None:
    ids = [id for provider in providers().values() for id in provider.ids]
    assert len(ids) == len(set(ids))
    assert [name for name, one in providers().items() if not one.logins <= set(one.ids)] == []
    assert [login_server(id) for id in ("claude-cli", "openai-codex", "qwen-portal", "openrouter", None)] == [
        "anthropic",
        "openai",
        "qwen",
        "openrouter",
        "",
    ]


def test_a_profile_names_its_provider_and_so_does_an_inline_key() -> None:
    assert [provider_of(p) for p in ("openai:kim", "inline-api-key:moonshot", "zai")] == ["openai", "moonshot", "zai"]


@given(REFUSALS, st.sampled_from(["groq", "openai", None]), st.integers(100, 260), st.integers(2_000, 90_000))
def test_one_request_above_the_rate_is_no_matter_of_the_session(
    status: int, provider: str | None, end: int, limit: int
) -> None:
    text = (
        "413 Request too large for model `invented-70b` in organization `org_0` service tier `on_demand` on tokens per "
        f"minute (TPM): Limit {limit}, Requested {limit * 3}, please reduce your message size and try again."
    )
    verdict = classify(text[:end], provider=provider, http_status=status)
    assert (verdict.reason.true_reason, verdict.reason.waiting_helps) == ("rate_limit", False)
    assert "Compact" not in verdict.reason.cure


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Model context window too small (4096 tokens). Minimum is 16000.", "local.context_window"),
        ("OpenClaw workspace /home/kim/w appears to have disappeared.", "local.workspace_gone"),
        ("Live session model switch requested: a/b", "local.model_switch"),
        ("unauthorized: gateway token mismatch (open the dashboard)", "local.gateway_auth"),
    ],
)
def test_what_openclaw_refuses_by_itself_is_a_local_matter(text: str, rule: str) -> None:
    reason = classify(f"FailoverError: {text}").reason
    assert (reason.id, reason.true_reason) == (rule, "local")
    assert reason.owner in ("config", "gateway")


def test_the_provider_s_cut_words_come_before_the_sentence_of_the_gateway(tmp_path: Path) -> None:
    (tmp_path / "paste.txt").write_text(
        "2026-05-14T16:03:12.100Z [agent/embedded] [context-overflow-diag] sessionKey=agent:main:main "
        "provider=groq/invented-9 source=assistantError messages=2 sessionFile=/x/s.jsonl diagId=o "
        "compactionAttempts=0 observedTokens=15210 error=413 Request too large for model `invented-9` in organiz\n"
        "2026-05-14T16:03:12.190Z [diagnostic] lane task error: lane=main durationMs=2210 "
        'error="Context overflow: prompt too large for the model. Try /reset (or /new) to start a fresh session."\n'
    )
    (incident,) = opened(tmp_path).incidents
    assert (incident.provider, incident.true_reason) == ("groq", "rate_limit")
    assert incident.first_failure.text.startswith("413 Request too large")


@pytest.mark.parametrize("name", ["FailoverError", "Error", "APIConnectionError"])
def test_the_name_of_a_class_joins_the_words_that_follow(tmp_path: Path, name: str) -> None:
    (tmp_path / "paste.txt").write_text(
        "2026-06-18T11:20:02.204Z [agent/cli-backend] claude live session turn failed: provider=claude-cli "
        f"model=claude-9 durationMs=1834 error={name}\n"
        "2026-06-18T11:20:02.211Z [diagnostic] lane task error: lane=main durationMs=1890 "
        'error="FailoverError: Failed to authenticate. API Error: 401 {"type":"error","error":{"type":'
        '"authentication_error","message":"Invalid authentication credentials"}}"\n'
    )
    (incident,) = opened(tmp_path).incidents
    assert (incident.provider, incident.first_failure.http_status, incident.failures) == ("claude-cli", 401, 1)
    assert incident.first_failure.text.startswith("Failed to authenticate.")


def test_a_refused_inline_key_is_one_incident_with_its_echoes(tmp_path: Path) -> None:
    refusal = 'Inline API key for provider "moonshot" is temporarily disabled after a provider auth/billing failure.'
    (tmp_path / "gateway.txt").write_text(
        "2026-09-04T11:00:09.310Z [agent/embedded] embedded run agent end: runId=run-0 isError=true model=m "
        "provider=moonshot error=⚠️ x rawError=402 Insufficient Balance\n"
        f'2026-09-04T11:21:09.310Z [diagnostic] lane task error: lane=main durationMs=12 error="{refusal}"\n'
        f"2026-09-04T11:21:09.310Z Embedded agent failed before reply: {refusal} Retry after about 279 minutes.\n"
    )
    (incident,) = opened(tmp_path).incidents
    assert (incident.provider, incident.true_reason, incident.failures) == ("moonshot", "billing", 1)
    assert incident.echoes == 2
