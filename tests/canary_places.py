"""Where values are planted: one line, entry or record of each file of section 9.1 of the facts, for one shape.

Each function takes `v`, which gives a new value of the shape for the place it is told (`v.bare` without the name that
usually stands before it), and returns what a gateway would have written with that value in it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol
from urllib.parse import quote

Json = dict[str, object]
AT = 1795178400000  # 2026-11-20T12:40:00Z, after what the samples tell of


class Value(Protocol):
    """Gives a new value for a place."""

    def __call__(self, place: str) -> str: ...
    def bare(self, place: str) -> str: ...


def wrapped(text: str) -> str:
    """Broken by a line end somewhere in its middle."""
    return f"{text[: len(text) // 2]}\n{text[len(text) // 2 :]}"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode(errors="surrogatepass")).decode()


def in_url(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def body(words: str) -> str:
    """An error as providers answer it."""
    return json.dumps({"type": "error", "error": {"type": "authentication_error", "message": words}})


def session_key(v: Value, place: str) -> str:
    return f"agent:main:telegram:direct:{v.bare(place)}"


def transcript(v: Value, time: str) -> Iterator[Json]:
    """A turn: somebody says it, the agent thinks, calls a tool and answers with it, and a call fails with it."""
    said = {"role": "assistant", "provider": "openai", "model": "gpt-5.2", "api": "openai-responses", "timestamp": 1}
    failed = {**said, "content": [], "stopReason": "error"}
    thought = {"type": "thinking", "thinking": v("transcript: thinking")}
    call = {"type": "toolCall", "id": "t1", "name": "exec", "arguments": {"command": v("transcript: tool call")}}
    result = [{"type": "text", "text": v("transcript: tool result")}]
    for n, message in enumerate((
        {"role": "user", "content": [{"type": "text", "text": f"use {v('transcript: user')}"}]},
        {**said, "content": [thought, call], "stopReason": "toolUse"},
        {"role": "toolResult", "toolCallId": "t1", "toolName": "exec", "content": result},
        {**said, "content": [{"type": "text", "text": v("transcript: assistant")}], "stopReason": "stop"},
        {**failed, "errorMessage": f"401 {body(v('transcript: error body'))}"},
        {**failed, "errorMessage": f"401 bad key {wrapped(v.bare('transcript: wrapped error'))}"},
        {**failed, "errorMessage": f"401 bad header {encoded(v.bare('transcript: base64'))}"},
        {**failed, "errorMessage": f"GET https://h.example/{in_url(v.bare('transcript: URL'))} 401"},
    )):  # fmt: skip
        yield {"type": "message", "id": f"m{n}", "timestamp": time, "message": message}
    thrown = {"error": v("transcript: prompt error"), "provider": "openai", "model": "gpt-5.2", "runId": "r1"}
    yield {"type": "custom", "customType": "openclaw:prompt-error", "timestamp": time, "data": thrown}


def session(v: Value) -> Json:
    """A row of sessions.json."""
    return {session_key(v, "session: key"): session_entry(v)}


def session_entry(v: Value) -> Json:
    place = session_key(v, "session: delivery")
    return {
        "sessionId": v.bare("session: id"), "updatedAt": 1795175045220, "displayName": v("session: display name"),
        "lastTo": v.bare("session: last to"), "deliveryContext": {"channel": "telegram", "to": place},
        "origin": {"label": v("session: origin"), "from": v.bare("session: from")}, "channel": "telegram",
        "groupId": v.bare("session: group"), "spawnedBy": session_key(v, "session: spawned by"),
        "authProfileOverride": f"openai:{v.bare('session: override')}", "authProfileOverrideSource": "auto",
        "modelOverride": v.bare("session: model override"), "lastRunError": v("session: last error"),
        "skillsSnapshot": {"prompt": v("session: skills")}, "systemPromptReport": {"text": v("session: prompt")},
        "fallbackNoticeReason": v("session: fallback notice"), "providerOverride": "openai",
    }  # fmt: skip


def subagent(v: Value) -> Json:
    child = f"agent:main:subagent:{v.bare('subagent: child')}"
    return {
        "runId": v.bare("subagent: run"), "childSessionKey": child,
        "requesterSessionKey": session_key(v, "subagent: requester"), "requesterDisplayKey": v("subagent: display key"),
        "requesterOrigin": {"to": v.bare("subagent: origin"), "channel": "telegram"},
        "task": v("subagent: task"), "label": v("subagent: label"), "frozenResultText": v("subagent: result"),
        "createdAt": AT, "startedAt": AT + 100, "endedAt": AT + 9000,
        "outcome": {"status": "ok", "error": v("subagent: error")}, "cleanupHandled": True, "announceRetryCount": 3,
        "lastAnnounceDeliveryError": v("subagent: announce error"),
    }  # fmt: skip


def cron_job(v: Value) -> Json:
    return {
        "id": v.bare("cron: id"), "name": v("cron: name"), "enabled": True, "agentId": "main",
        "schedule": {"kind": "every", "everyMs": 3600000}, "sessionTarget": "isolated",
        "payload": {"kind": "agentTurn", "message": v("cron: payload")},
        "delivery": {"mode": "announce", "channel": "telegram", "to": v.bare("cron: delivery")},
        "state": {"lastStatus": "error", "lastError": v("cron: last error"), "lastRunAtMs": AT},
    }  # fmt: skip


def cron_run(v: Value) -> Json:
    return {
        "ts": AT, "jobId": v.bare("cron run: job"), "action": "finished", "status": "error",
        "error": f"401 {body(v('cron run: error'))}", "summary": v("cron run: summary"), "runAtMs": AT,
        "sessionKey": session_key(v, "cron run: session"), "provider": "openai", "model": v.bare("cron run: model"),
    }  # fmt: skip


def credential(v: Value) -> Json:
    return {
        "type": "oauth", "provider": "openai", "access": v.bare("auth: access"), "refresh": v.bare("auth: refresh"),
        "key": v.bare("auth: key"), "expires": 1795200000000, "email": v.bare("auth: mail"),
        "displayName": v.bare("auth: display name"), "accountId": v.bare("auth: account"),
    }  # fmt: skip


def config(v: Value) -> Json:
    return {
        "env": {v.bare("config: env name"): v.bare("config: env")},
        "gateway": {"auth": {"token": v.bare("config: gateway token"), "password": v.bare("config: password")}},
        "hooks": {"token": v.bare("config: hooks token"), "path": f"/{v.bare('config: hooks path')}"},
        "channels": {"telegram": {"botToken": v.bare("config: bot token"), "allowFrom": [v.bare("config: allow")]}},
        "baseUrl": f"https://kim:{v.bare('config: userinfo')}@llm.example",
        "headers": {"x": v("config: header")},
        "workspace": f"/home/{v.bare('config: workspace')}/work",
    }  # fmt: skip


def audit(v: Value) -> Json:
    """A line of config-audit.jsonl: the command as it was typed."""
    argv = [
        "node",
        "openclaw",
        "config",
        "set",
        "gateway.auth.token",
        v.bare("argv: value"),
        f"--token={v.bare('argv: option')}",
    ]
    return {"ts": "2026-11-20T12:40:00.000Z", "argv": argv, "execArgv": [v("argv: exec")], "cwd": v("argv: cwd")}


def trajectory(v: Value) -> Iterator[Json]:
    common = {
        "traceSchema": "openclaw-trajectory", "schemaVersion": 1, "ts": "2026-11-20T12:40:00.000Z", "seq": 1,
        "sessionId": v.bare("trajectory: session"), "sessionKey": session_key(v, "trajectory: key"),
        "runId": v.bare("trajectory: run"), "provider": "openai", "modelId": v.bare("trajectory: model"),
        "workspaceDir": f"/home/{v.bare('trajectory: workspace')}/work",
    }  # fmt: skip
    yield {**common, "type": "prompt.submitted", "data": {"prompt": v("trajectory: prompt")}}
    last = {"role": "assistant", "errorMessage": v("trajectory: error")}
    flags = {"promptError": v("trajectory: prompt error"), "messagesSnapshot": [last], "aborted": False}
    yield {**common, "type": "model.completed", "data": flags}


def stability(v: Value) -> Json:
    call = {"seq": 5, "ts": AT, "type": "model.call.error", "provider": "openai"}
    return {
        "version": 1, "generatedAt": "2026-11-20T12:40:00.000Z", "reason": "uncaught_exception",
        "host": {"hostname": v.bare("stability: host")}, "process": {"pid": 4},
        "error": {"name": "Error", "code": "ERR_X", "message": v("stability: error")},
        "snapshot": {"events": [{**call, "model": v.bare("stability: model"), "reason": v("stability: reason")}]},
    }  # fmt: skip


def models_status(rows: Sequence[tuple[Json, Json]]) -> Json:
    """As `openclaw models status --json` prints it, had it masked nothing."""
    providers, logins = zip(*rows, strict=True)
    auth = {"storePath": "/x", "providers": providers, "oauth": {"profiles": logins}}
    return {"configPath": "/x/openclaw.json", "resolvedDefault": "anthropic/claude-opus-4-5", "auth": auth}


def status_row(v: Value) -> tuple[Json, Json]:
    """A provider and a login as that command tells of them."""
    label = f"openai:{v.bare('status: label id')}=token:{v.bare('status: label')}"
    profile = f"openai:{v.bare('status: profile')}"
    effective = {"kind": "env", "detail": v("status: detail")}
    known = {"provider": "openai", "effective": effective, "profiles": {"count": 1, "labels": [label]}}
    return known, {"profileId": profile, "provider": "openai", "type": "oauth", "status": "expired", "label": profile}


def _device(v: Value) -> str:
    pair = {"token": v.bare("device: token"), "publicKey": v.bare("device: key"), "displayName": v("device: name")}
    return json.dumps({v.bare("device: id"): pair})


def _identity(v: Value) -> str:
    return json.dumps({"privateKeyPem": v.bare("identity: key"), "tokens": {"token": v.bare("identity: token")}})


def _queued(v: Value) -> str:
    said = [{"text": v("queue: text")}]
    return json.dumps({"to": v.bare("queue: to"), "payloads": said, "lastError": v("queue: error")})


def _sentinel(v: Value) -> str:
    return json.dumps({"payload": {"sessionKey": session_key(v, "sentinel: key"), "message": v("sentinel: message")}})


def _restart(v: Value) -> str:
    started = "[2026-11-20T12:40:00.000Z] openclaw gateway lifecycle"
    return f"{started} source={v('restart log')} action=restart mode=full pid=3"


OTHER_FILES: Mapping[str, Callable[[Value], str]] = {
    "devices/paired.json": _device,
    "identity/device.json": _identity,
    "credentials/whatsapp/creds.json": lambda v: json.dumps(
        {"noiseKey": v.bare("credentials: key"), "me": v.bare("me")}
    ),
    "delivery-queue/1.json": _queued,
    "restart-sentinel.json": _sentinel,
    "logs/gateway-restart.log": _restart,
    ".env": lambda v: f"ANTHROPIC_API_KEY={v.bare('env file')}",
    "openclaw.json.bak": lambda v: json.dumps(config(v))[:-9],
}
"""Path below the state directory -> what stands there, for each shape once."""


def state_rows(v: Value) -> Iterator[tuple[str, Json]]:
    """Rows of the state database, each with its table."""
    yield "subagent_runs", {
        "run_id": v.bare("sqlite: run"), "child_session_key": session_key(v, "sqlite: child"),
        "requester_session_key": session_key(v, "sqlite: requester"), "task": v("sqlite: task"),
        "created_at": AT, "ended_at": AT + 9000, "outcome_json": '{"status": "ok"}',
        "announce_retry_count": 3, "cleanup_handled": 1, "last_announce_delivery_error": v("sqlite: announce error"),
        "payload_json": json.dumps(subagent(v)),
    }  # fmt: skip
    yield "task_runs", {
        "task_id": v.bare("sqlite: task id"), "runtime": "cli", "run_id": v.bare("sqlite: task run"),
        "task": v("sqlite: task"), "status": "failed", "created_at": AT, "ended_at": AT + 5,
        "error": f"401 {body(v('sqlite: task error'))}",
    }  # fmt: skip
    yield "cron_run_logs", {
        "store_key": "x", "job_id": v.bare("sqlite: job"), "seq": 1, "ts": AT, "status": "error",
        "error": v("sqlite: cron error"), "session_key": session_key(v, "sqlite: cron session"), "provider": "openai",
    }  # fmt: skip
    yield "audit_events", {
        "occurred_at": AT, "action": "agent.run.finished", "status": "failed", "error_code": "run_failed",
        "agent_id": v.bare("sqlite: agent"), "session_key": session_key(v, "sqlite: audit session"), "run_id": "r1",
    }  # fmt: skip
    yield "delivery_queue_entries", {
        "session_key": session_key(v, "sqlite: delivery"), "channel": "slack", "status": "failed", "retry_count": 5,
        "last_error": v("sqlite: delivery error"), "failed_at": AT,
    }  # fmt: skip
    yield (
        "diagnostic_stability_bundles",
        {"bundle_key": v.bare("sqlite: bundle"), "bundle_json": json.dumps(stability(v))},
    )
    yield "device_auth_tokens", {"token": v.bare("sqlite: device token")}
    yield (
        "secret_store_entries",
        {"name": "x", "value": v.bare("sqlite: secret"), "sealed": v.bare("sqlite: blob").encode()},
    )
    yield "config_machine_state", {"state_key": f"x:{v.bare('sqlite: key')}", "value_json": json.dumps(credential(v))}
