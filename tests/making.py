"""Small builders for tests of the reasoning: an event at a minute, a failure, a state."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from forensics.secrets.fingerprints import identifier_hash
from forensics.tables import Event, StateValue

START = datetime(2026, 2, 11, 9, 0, tzinfo=UTC)
SCOPE = (
    '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token does not meet scope requirement '
    'user:profile"},"request_id":"%s"}'
)
LIMIT = '429 {"type":"error","error":{"type":"rate_limit_error","message":"slow down"},"request_id":"%s"}'


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


_EVENT = Event(kind="", role="", source="log", line=1, time=START)


def event(kind: str, role: str, seconds: float, **columns: object) -> Event:
    """An event `seconds` after START; its line is its second, so that places differ."""
    return replace(_EVENT, **{"kind": kind, "role": role, "time": at(seconds), "line": int(seconds) + 1, **columns})  # type: ignore[arg-type]


def error(seconds: float, rid: str = "req_aaaaaa", text: str = SCOPE, **columns: object) -> Event:
    """An error entry of a transcript."""
    status, kind = (403, "permission_error") if text is SCOPE else (429, "rate_limit_error")
    said = text.replace("%s", rid)
    given = {"provider": "anthropic", "model": "opus", "session": "s1", "source": "s1.jsonl", "request_id": rid}
    told = {"http_status": status, "error_type": kind, "text": said, "raw_hash": identifier_hash(said)}
    return event("transcript_error", "failure", seconds, **{"started": at(seconds - 0.05), **given, **told, **columns})


def answer(seconds: float, **columns: object) -> Event:
    given = {"provider": "anthropic", "model": "opus", "session": "s1", "source": "s1.jsonl"}
    return event("transcript_answer", "answer", seconds, **{**given, **columns})


def turn(seconds: float, prompt: str = "hello", **columns: object) -> Event:
    given = {"session": "s1", "source": "s1.jsonl", "trigger": "message", "detail": identifier_hash(prompt)}
    return event("transcript_turn", "schedule", seconds, **{**given, **columns})


def echo(seconds: float, reason: str = "rate_limit", **columns: object) -> Event:
    text = "Provider anthropic is in cooldown (all profiles unavailable)"
    given = {"provider": "anthropic", "recorded_reason": reason, "text": text}
    return event("gateway_ws_error", "echo", seconds, **{**given, **columns})


def stats(profile: str, agent: str = "main", **values: object) -> list[StateValue]:
    """usageStats of a profile; datetimes become milliseconds."""
    return [
        StateValue(
            source=f"auth-profiles.json#/usageStats/{profile}/{key}",
            store="auth_profiles",
            observed_at=at(86_000),
            agent=agent,
            entity=profile,
            key=key,
            value=json.dumps(int(v.timestamp() * 1000) if isinstance(v, datetime) else v),
        )
        for key, v in values.items()
    ]
