"""Log records with planted values, as every component writes them; see `canary_places` for what `v` is."""

from __future__ import annotations

import json
from collections.abc import Iterator

from canary_places import Json, Value, body, encoded, in_url, session_key, wrapped

Record = tuple[str, Json | None, str]
"""Subsystem ("" for the root logger), metadata and text of a log record."""


def log_records(v: Value) -> Iterator[Record]:
    """Lines of every component that writes more than fixed words."""
    yield "", None, f"Sure, here it is: {v('log: reply')}"
    yield "", None, f"cli stdout: {v('log: cli stdout')}"
    yield "", None, wrapped(f"A long answer that breaks {v.bare('log: line wrap')}")
    yield "", None, f"[tools] exec failed: exit 1 raw_params={json.dumps({'command': v('log: raw_params')})}"
    yield "", None, f"Embedded agent failed before reply: {v('log: embedded agent failed')}"
    yield "", None, f"Subagent announce failed: FailoverError: {v('log: announce failed')}"
    run, child, error = (
        session_key(v, "log: announce run"),
        session_key(v, "log: announce child"),
        v("log: announce error"),
    )
    yield (
        "",
        None,
        (
            f"[warn] Subagent announce give up (retry-limit) run=announce:v1:{run}:7f3a child={child} "
            f"requester={session_key(v, 'log: announce requester')} retries=3 endedAgo=5s deliveryError={error}"
        ),
    )
    yield (
        "diagnostic",
        None,
        (
            f"lane task error: lane=session:{session_key(v, 'log: lane')} durationMs=58 "
            f'error="Error: HTTP 401 authentication_error: {v("log: lane error")}"'
        ),
    )
    yield (
        "diagnostic",
        None,
        (
            f"webhook error: channel=telegram type=message chatId={v.bare('log: webhook chat')} "
            f'error="{v("log: webhook error")}" errors=3'
        ),
    )
    yield (
        "diagnostic",
        None,
        (
            f"stuck session: sessionId={v.bare('log: stuck session')} sessionKey={session_key(v, 'log: stuck key')} "
            "state=processing age=140s queueDepth=1"
        ),
    )
    yield (
        "gateway/ws",
        None,
        (
            f"⇄ res ✗ agent 5ms errorCode=UNAVAILABLE errorMessage=Error: {v('log: ws error')} "
            f"runId={v.bare('log: ws run')} conn=6541eba9…efea id=r7"
        ),
    )
    yield "gateway", None, f"Control UI: http://127.0.0.1:18789/#token={v.bare('log: URL fragment')}"
    yield "gateway", None, f"fetch https://api.example/v1/chat?key={in_url(v.bare('log: URL query'))} failed"
    yield "gateway", None, f"proxy http://kim:{in_url(v.bare('log: URL userinfo'))}@proxy.example:3128 refused"
    yield "gateway", None, f"hook /hooks/{in_url(v.bare('log: URL path'))}/wake called"
    yield "gateway", None, f"payload={encoded(v.bare('log: base64'))}"
    yield "gateway/reload", None, f"config change detected; evaluating reload (channels.x.groups.{v('log: reload')})"
    yield "agent/embedded", None, f"Profile openai:{v.bare('log: profile id')} timed out. Trying next account..."
    yield (
        "agent/embedded",
        None,
        (f"OAuth token refresh failed for openai: {v('log: refresh failed')}. Please try again or re-authenticate."),
    )
    yield "agent/embedded", embedded_end(v), "embedded run agent end"
    yield "gateway/heartbeat", {"error": v("log: heartbeat meta")}, f"heartbeat failed: {v('log: heartbeat')}"
    job = {"jobId": v.bare("log: job id"), "jobName": v("log: job name"), "error": v("log: job error")}
    yield "cron", job, f"cron: job failed: {v('log: cron')}"


def embedded_end(v: Value) -> Json:
    """The metadata of `embedded run agent end`, as later releases write it."""
    return {
        "event": "embedded_run_agent_end", "isError": True, "provider": "openai", "failoverReason": "auth",
        "runId": v.bare("log meta: run"), "sessionKey": session_key(v, "log meta: session key"),
        "model": v.bare("log meta: model"), "error": v("log meta: error"), "httpCode": "401",
        "rawErrorPreview": f"401 {body(v('log meta: raw error'))}",
        "providerErrorMessagePreview": v("log meta: provider message"),
    }  # fmt: skip


def log_line(v: Value, record: Record, time: str) -> str:
    """One record as the file log holds it, with the machine's own name in its envelope."""
    subsystem, meta, text = record
    binding = json.dumps({"module" if subsystem == "cron" else "subsystem": subsystem})
    arguments = [*([binding] if subsystem else []), *([meta] if meta else []), text]
    envelope = {
        "runtime": "node", "hostname": v.bare("log envelope: host"), "name": binding if subsystem else "openclaw",
        "date": time, "logLevelId": 5, "logLevelName": "ERROR",
        "path": {"filePath": f"/home/{v.bare('log envelope: path')}/entry.js"},
    }  # fmt: skip
    return json.dumps({**{str(n): a for n, a in enumerate(arguments)}, "_meta": envelope, "time": time})


def junk(v: Value) -> Iterator[str]:
    """Lines that nothing can read."""
    yield f"not a record at all {v('reject: plain')}".replace("\n", " ")
    yield json.dumps({"0": f"cut {v('reject: cut')}", "_meta": {}})[:-14]
