"""What looks like a provider's failure and is none: small evidence as a gateway writes it, through the front door."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forensics import open_case
from forensics.case import Case
from forensics.report.text.basis import not_read
from forensics.report.text.incident import headline
from forensics.report.text.until_when import until_when

NOON = datetime(2026, 5, 28, 12, 0, tzinfo=UTC)
SCOPE = (
    '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token does not meet scope requirement '
    'user:profile"},"request_id":"req_011TESTe5e56ce5718430b279"}'
)
OVERLOADED = (
    '529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_011TESTaa"}'
)
LIMITED = '429 {"type":"error","error":{"type":"rate_limit_error","message":"Slow down."},"request_id":"req_011TESTbb"}'
TIMED_OUT = "Request timed out."
PROFILE = "anthropic:default"


def stamp(seconds: float) -> str:
    return (NOON + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def millis(seconds: float) -> int:
    return int((NOON + timedelta(seconds=seconds)).timestamp() * 1000)


def log(seconds: float, subsystem: str, said: str, level: str = "ERROR", **facts: object) -> dict[str, Any]:
    """One line of the file log; `facts` are its metadata."""
    name = json.dumps({"subsystem": subsystem}) if subsystem else "openclaw"
    parts = [*([name] if subsystem else []), *([facts] if facts else []), said]
    numbered: dict[str, Any] = {str(n): part for n, part in enumerate(parts)}
    return {
        **numbered,
        "_meta": {"name": name, "date": stamp(seconds), "logLevelName": level},
        "time": stamp(seconds),
    }


def agent_end(seconds: float, text: str, reason: str, run: str = "r1", **facts: object) -> dict[str, Any]:
    told = {
        "event": "embedded_run_agent_end", "runId": run, "isError": True, "provider": "anthropic",
        "model": "claude-opus-4-6", "rawErrorPreview": text, "failoverReason": reason, "error": "LLM request failed.",
    }  # fmt: skip
    return log(seconds, "agent/embedded", "embedded run agent end", "WARN", **told | facts)


def failed_candidate(seconds: float, text: str, reason: str, status: int, run: str = "r1") -> dict[str, Any]:
    told = {
        "event": "model_fallback_decision", "runId": run, "decision": "candidate_failed",
        "candidateProvider": "anthropic", "candidateModel": "claude-opus-4-6", "attempt": 1, "total": 1,
        "reason": reason, "status": status, "errorPreview": text,
    }  # fmt: skip
    return log(seconds, "model-fallback/decision", "model fallback decision", "WARN", **told)


def entry(seconds: float, **message: object) -> dict[str, Any]:
    return {
        "type": "message", "id": f"{int(seconds * 10):08x}", "timestamp": stamp(seconds),
        "message": {"timestamp": millis(seconds - 0.05), **message},
    }  # fmt: skip


def asked(seconds: float, words: str) -> dict[str, Any]:
    return entry(seconds, role="user", content=[{"type": "text", "text": words}])


def answered(seconds: float, words: str = "Done.") -> dict[str, Any]:
    said = {"content": [{"type": "text", "text": words}], "provider": "anthropic", "model": "claude-opus-4-6"}
    return entry(seconds, role="assistant", stopReason="stop", **said)


def tool(seconds: float, words: str, *, bad: bool = True) -> dict[str, Any]:
    said = {"toolName": "exec", "toolCallId": "call_4291", "content": [{"type": "text", "text": words}]}
    return entry(seconds, role="toolResult", isError=bad, **said)


def refused(seconds: float, text: str, **more: object) -> dict[str, Any]:
    given: dict[str, object] = {
        "provider": "anthropic",
        "model": "claude-opus-4-6",
        "content": [],
        "errorMessage": text,
    }
    return entry(seconds, role="assistant", stopReason="error", **given | more)


def case(
    folder: Path, logged: Sequence[dict[str, Any]] = (), spoken: Sequence[dict[str, Any]] = (), session: str = "5f0c"
) -> Case:
    """A home with one profile, opened."""
    home = folder / ".openclaw"
    agent = home / "agents" / "main"
    session_line = {"type": "session", "version": 3, "id": session, "timestamp": stamp(-1), "cwd": "/home/kim"}
    store = {"version": 1, "profiles": {PROFILE: {"type": "token", "provider": "anthropic", "token": "sk-invented-0"}}}
    config = {
        "meta": {"lastTouchedVersion": "2026.5.28"},
        "agents": {"defaults": {"model": {"primary": "anthropic/claude-opus-4-6"}}},
    }
    write(home / "openclaw.json", [config])
    write(agent / "agent" / "auth-profiles.json", [store])
    write(agent / "sessions" / f"{session}.jsonl", [session_line, *spoken])
    write(home / "logs" / "openclaw.log", logged)
    return open_case(home)


def write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


WORDS = (
    "I got HTTP 429 rate_limit_error yesterday, what is a rate limit?",
    "The certificate of the printer expired; error 401 unauthorized everywhere.",
    '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token has expired"}}',
    "All models failed (2): anthropic/a: Provider anthropic is in cooldown (rate_limit)",
    "Error: 529 overloaded_error: Overloaded",
    "embedded run agent end: runId=r9 isError=true model=x provider=anthropic error=rate limit rawError=429 slow down",
)


@pytest.mark.parametrize("words", WORDS)
def test_what_people_and_agents_write_is_no_failure(tmp_path: Path, words: str) -> None:
    spoken = [asked(1, words), answered(2, words)]
    found = case(tmp_path, [log(2, "", words, "INFO")], spoken)
    assert (found.incidents, found.attempts) == ((), ())


@pytest.mark.parametrize("words", WORDS)
def test_what_a_tool_puts_out_is_no_failure(tmp_path: Path, words: str) -> None:
    spoken = [asked(1, "try it"), tool(2, words), answered(3)]
    found = case(tmp_path, [log(2, "", f"[tools] exec failed: {words}")], spoken)
    assert (found.incidents, found.attempts) == ((), ())


@pytest.mark.parametrize("rid", ["req_429401expired", "req_401rate_limit", "req_011timeout529"])
def test_a_request_id_never_decides_the_reason(tmp_path: Path, rid: str) -> None:
    text = SCOPE.replace("req_011TESTe5e56ce5718430b279", rid)
    spoken = [asked(1, "hello"), refused(2, text)]
    found = case(tmp_path, [agent_end(2, text, "rate_limit"), failed_candidate(2.1, text, "rate_limit", 429)], spoken)
    (incident,) = found.incidents
    assert (incident.true_reason, incident.first_failure.http_status) == ("auth_permanent", 403)
    assert incident.verdict == "misclassified"


@pytest.mark.parametrize("text", [OVERLOADED, LIMITED])
def test_what_a_retry_absorbed_is_no_incident(tmp_path: Path, text: str) -> None:
    spoken = [asked(1, "hello"), refused(2, text), answered(6)]
    assert case(tmp_path, [], spoken).incidents == ()


@pytest.mark.parametrize("status", [429, 529])
def test_what_the_transport_retried_is_no_incident(tmp_path: Path, status: int) -> None:
    fetched = (
        "[model-fetch] response provider=anthropic api=anthropic-messages model=claude-opus-4-6 status={} elapsedMs=65"
    )
    sent = [log(n, "provider-transport-fetch", fetched.format(s), "INFO") for n, s in ((2, status), (4, 200))]
    assert case(tmp_path, sent, [asked(1, "hello"), answered(6)]).incidents == ()


def test_a_planned_restart_is_no_outage(tmp_path: Path) -> None:
    lines = [
        log(10, "gateway", "signal SIGTERM received", "INFO"),
        log(10.1, "gateway", "received SIGTERM; shutting down", "INFO"),
        log(10.2, "gateway", "shutdown completed cleanly in 120ms", "INFO"),
        log(14, "gateway", "listening on ws://127.0.0.1:18789 (PID 92)", "INFO"),
    ]
    spoken = [asked(1, "hello"), answered(2), asked(20, "again"), answered(21)]
    found = case(tmp_path, lines, spoken)
    assert (found.incidents, found.answers.findings) == ((), ())


PROBE = "probe-anthropic-default-1"


def test_a_probe_run_alone_is_no_incident(tmp_path: Path) -> None:
    lines = [agent_end(2, SCOPE, "auth", run=PROBE), failed_candidate(2.1, SCOPE, "auth", 401, run=PROBE)]
    found = case(tmp_path, lines, [asked(1, "Reply with OK."), refused(2, SCOPE)], session=PROBE)
    assert found.incidents == ()
    assert [attempt.trigger for attempt in found.attempts] == ["probe"]


def test_a_probe_within_an_incident_is_named_as_such(tmp_path: Path) -> None:
    probed = [agent_end(2, SCOPE, "auth", run=PROBE)]
    real = [agent_end(40, SCOPE.replace("TEST", "REAL"), "auth"), failed_candidate(40.1, SCOPE, "auth", 401)]
    (incident,) = case(tmp_path, [*probed, *real], []).incidents
    assert any("probe" in link.text for link in incident.chain)


@pytest.mark.parametrize(
    "lines",
    [
        [
            log(2, "gateway/ws", "unauthorized conn=02a2 remote=127.0.0.1 client=cli cli vdev reason=token_mismatch"),
            log(2.1, "", "gateway connect failed: Error: unauthorized: gateway token mismatch (set the token)"),
        ],
        [
            log(2, "gateway/ws", "closed before connect conn=78bc ua=n/a code=1008 reason=pairing required"),
            log(2.1, "", "gateway connect failed: GatewayClientRequestError: pairing required"),
        ],
        [
            log(
                2, "gateway/ws",
                "⇄ res ✗ connect 3ms errorCode=INVALID_REQUEST errorMessage=unauthorized: AUTH_TOKEN_MISMATCH: 401 "
                "gateway token expired conn=c72f1296…a6b8 id=r1",
            ),
            log(
                3, "gateway/ws",
                "⇄ res ✗ agent 3ms errorCode=NOT_PAIRED errorMessage=PAIRING_REQUIRED: device token 401 expired "
                "conn=c72f1296…a6b8 id=r2",
            ),
        ],
    ],
    ids=["token mismatch", "pairing", "answers to a client"],
)  # fmt: skip
def test_a_client_that_may_not_in_is_no_provider_matter(tmp_path: Path, lines: list[dict[str, Any]]) -> None:
    found = case(tmp_path, lines, [asked(1, "hello"), answered(2)])
    assert (found.incidents, found.attempts) == ((), ())


FROZEN = "liveness warning: reasons=event_loop_delay interval=30s eventLoopDelayP99Ms=41000 eventLoopDelayMaxMs=42000"


def frozen(at: float, tmp_path: Path) -> Any:
    late = {"timestamp": millis(10)}
    spoken = [asked(10, "hello"), refused(130, TIMED_OUT, **late)]
    lines = [
        log(at, "diagnostic", FROZEN, "WARN"),
        agent_end(130, TIMED_OUT, "timeout"),
        failed_candidate(130.1, TIMED_OUT, "timeout", 408),
    ]
    (incident,) = case(tmp_path, lines, spoken).incidents
    return incident


def test_a_frozen_machine_vetoes_a_provider_timeout(tmp_path: Path) -> None:
    incident = frozen(60, tmp_path)
    assert (incident.true_reason, incident.owner, incident.waiting_helps) == ("local", "gateway", None)
    assert "openclaw.log:1" in incident.because


def test_a_machine_frozen_at_another_time_vetoes_nothing(tmp_path: Path) -> None:
    incident = frozen(1000, tmp_path)
    assert (incident.true_reason, incident.owner, incident.because) == ("timeout", "provider", None)


@pytest.mark.parametrize("status", [429, 401, 408, 500])
def test_a_computed_status_never_convicts(tmp_path: Path, status: int) -> None:
    """Only the decision tells of it: its status was computed back from the reason, its text says nothing."""
    text = "Something went wrong while talking to the model."
    (incident,) = case(tmp_path, [failed_candidate(2, text, "rate_limit", status)], []).incidents
    assert incident.verdict in ("undecidable", "weak")
    assert incident.first_failure.http_status is None


def test_an_environment_variable_that_overrides_the_profile_is_configuration(tmp_path: Path) -> None:
    text = SCOPE.replace("403", "401").replace("permission_error", "authentication_error")
    text = text.replace("OAuth token does not meet scope requirement user:profile", "invalid x-api-key")
    status = {
        "agentDir": "/home/kim/.openclaw/agents/main/agent", "configPath": "/home/kim/.openclaw/openclaw.json",
        "defaultModel": "anthropic/claude-opus-4-6",
        "auth": {
            "storePath": "/home/kim/.openclaw/agents/main/agent/auth-profiles.json",
            "shellEnvFallback": {"enabled": False},
            "providers": [
                {
                    "provider": "anthropic", "effective": {"kind": "profiles", "detail": "auth-profiles.json"},
                    "profiles": {"count": 1, "oauth": 0, "token": 1, "apiKey": 0, "labels": [PROFILE]},
                    "env": {"value": "sk-inve…0", "source": "env: ANTHROPIC_API_KEY"},
                }
            ],
        },
    }  # fmt: skip
    write(tmp_path / ".openclaw" / "models-status.out", [status])
    state = {"version": 1, "usageStats": {PROFILE: {"lastUsed": millis(60)}}}  # later, and it knows of no failure
    write(tmp_path / ".openclaw" / "agents" / "main" / "agent" / "auth-state.json", [state])
    spoken = [asked(1, "hello"), refused(2, text)]
    (incident,) = case(tmp_path, [agent_end(2, text, "auth")], spoken).incidents
    assert (incident.owner, incident.waiting_helps) == ("config", False)
    assert "ANTHROPIC_API_KEY" in incident.because
    assert any("ANTHROPIC_API_KEY" in step for step in incident.remedy)


TOO_LONG = '400 {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 214389 tokens"}}'


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"api": "cli", "usage": {"input": 0, "output": 0, "totalTokens": 0}}, 1),
        ({"api": "cli", "usage": {"input": 10, "output": 6, "totalTokens": 16}}, 0),
        ({"api": "cli", "usage": {"totalTokens": 0}, "provider": "claude-cli"}, 1),  # another provider did answer
        ({"api": "anthropic-messages", "usage": {"totalTokens": 16}}, 0),
        ({"api": "openai-responses", "provider": "openclaw", "model": "delivery-mirror"}, 1),
    ],
    ids=["gap filled", "a CLI's answer", "another CLI's answer", "an answer", "delivery mirror"],
)
def test_a_text_written_down_for_its_delivery_is_no_answer(tmp_path: Path, more: dict[str, object], found: int) -> None:
    delivered = answered(2.3, "Done, all is well.")
    delivered["message"] |= more
    told = case(tmp_path, spoken=[asked(1, "hello"), refused(2, TOO_LONG), delivered])
    assert [i.true_reason for i in told.incidents] == ["context_overflow"] * found


def console(folder: Path, *lines: str, timezone: str | None = None) -> Case:
    """What a terminal showed, pasted into a file named after its day."""
    path = folder / "gateway-2026-05-28.txt"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return open_case(path, timezone=timezone)


CREDIT = (
    '400: {"error":{"message":"Your credit balance is too low to access the Anthropic API.",'
    '"type":"invalid_request_error"},"type":"error"}'
)
SHOWN = (
    (
        "10:41:51 [provider-transport-fetch] [model-fetch] response provider=anthropic api=openai-completions "
        "model=claude-haiku-4-5 status=400 elapsedMs=16 contentType=application/json"
    ),
    (
        "10:41:56 [agent/embedded] embedded run agent end: runId=r1 isError=true model=claude-sonnet-4-6 "
        f"provider=anthropic error=LLM request failed. rawError={CREDIT}"
    ),
    (
        "10:41:57 [agent/embedded] auth profile failure state updated: runId=r1 "
        "profile=sha256:154a23a3efe6 provider=anthropic reason=billing window=disabled reused=false"
    ),
)


def test_a_console_that_opens_a_window_without_its_end_does_not_say_that_there_was_none(tmp_path: Path) -> None:
    found = console(tmp_path, *SHOWN)
    (incident,) = found.incidents
    assert [(w.kind, w.end) for w in incident.windows] == [("disabled", None)]
    assert (incident.true_reason, incident.failures) == ("billing", 2)
    until = until_when(incident, incident.windows[0].start)
    assert until.startswith(
        "Whether it is over is not in the evidence, which holds no answer: anthropic:default disabled without a known "
        "end."
    )
    assert headline(incident).startswith("anthropic failing since 28 May 10:41 UTC, end not in the evidence: ")


@pytest.mark.parametrize(("timezone", "said"), [(None, True), ("Europe/Berlin", False)])
def test_an_assumed_zone_is_said_with_the_option_that_states_it(
    tmp_path: Path, timezone: str | None, said: bool
) -> None:
    assert ("--timezone" in (not_read(console(tmp_path, *SHOWN, timezone=timezone)) or "")) is said


GUARDED = (
    "12:00:03 [security] blocked URL fetch (url-fetch) target=https://llm.lan/v1 reason=Blocked: private address",
    (
        "12:00:03 [agent/embedded] embedded run agent end: runId=r1 isError=true model=big provider=lan "
        "error=Connection error."
    ),
    '12:00:03 [diagnostic] lane task error: lane=main durationMs=90 error="FailoverError: Connection error."',
)


def test_a_request_that_the_gateways_own_guard_stopped_is_no_fault_of_the_network(tmp_path: Path) -> None:
    (incident,) = console(tmp_path, *GUARDED).incidents
    assert (incident.true_reason, incident.owner, incident.waiting_helps) == ("local", "config", False)
    assert "no provider was asked" in (incident.because or "")
    assert not any("variable" in step for step in incident.remedy)
    (other,) = console(tmp_path, *GUARDED[1:]).incidents
    assert (other.true_reason, other.owner) == ("network", "network")
