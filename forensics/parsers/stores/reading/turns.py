"""Transcript entries -> events: who asked, that the provider answered, and its refusals letter by letter (facts 6.3).

To 2026.7.1 each failed attempt is one entry: the best raw evidence there is, though it does not name the profile.
What people and models wrote never gets into a row: a prompt becomes its hash, an answer nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from forensics.openclaw.error_text import read_error_text
from forensics.parsers.disclosure import Disclosure
from forensics.parsers.stores.reading.lines import Line, record
from forensics.parsers.stores.reading.values import inside, moment_iso, moment_ms, word
from forensics.secrets.fingerprints import identifier_hash
from forensics.secrets.placeholders import stated_trigger
from forensics.tables import Event

EVENTS: Mapping[str, Disclosure] = {  # what comes of it, and what of that may leave
    "transcript_aborted": Disclosure("error", detail="word"),
    "transcript_answer": Disclosure("closed", detail="word"),
    "transcript_error": Disclosure("error", detail="word"),
    "transcript_prompt_error": Disclosure("error", detail="word"),
    "transcript_turn": Disclosure("closed", detail="blind hash"),
}

Entry = Mapping[str, object]

_HTTP_ERROR = re.compile(r"[45]\d\d")

_BEFORE_PROMPT = re.compile(r"(?:System: [^\n]*\n+)*(?:\[[A-Z][a-z]{2} \d{4}-\d\d-\d\d [^\]\n]*\] )?")
_PROMPTS = (
    ("heartbeat", re.compile(r"Read HEARTBEAT\.md\b|\[OpenClaw heartbeat poll\]|Follow the heartbeat monitor\b")),
    ("cron", re.compile(r"\[cron:|\[OpenClaw cron wake\]|A scheduled (?:reminder|cron event) ")),
    ("subagent", re.compile(r'\[Subagent Context\]|A subagent task "')),
    ("subagent", re.compile(r"(?s:.{0,400})\[Internal task completion event\]\s+source: subagent\b")),
    ("heartbeat", re.compile(r"(?s:.*)\breply HEARTBEAT_OK\b")),  # heartbeat.prompt may say anything before
)
_RETRY = re.compile(r"Continue where you left off\. The previous (?:model )?attempt failed")


def trigger_of(prompt: str) -> str | None:
    """message, heartbeat, cron or subagent; None for OpenClaw's own retry of a prompt before."""
    if stated := stated_trigger(prompt):
        return None if stated == "retry" else stated
    body = prompt[match.end() :] if (match := _BEFORE_PROMPT.match(prompt)) else prompt
    if _RETRY.match(body):
        return None
    return next((trigger for trigger, wording in _PROMPTS if wording.match(body)), "message")


def turns(line: Line, session: str | None) -> tuple[Event, ...]:
    """The event of one transcript entry; most kinds of entry give none."""
    entry = record(line.value)
    event: Event | None = None
    if entry.get("type") == "message":
        event = _message(line, entry, session)
    elif entry.get("customType") == "openclaw:prompt-error":  # thrown before there was a response (2.17+)
        event = _prompt_error(line, entry, session)
    return (event,) if event else ()


def _message(line: Line, entry: Entry, session: str | None) -> Event | None:
    message = record(entry.get("message"))
    role, stopped = message.get("role"), message.get("stopReason")
    make = _maker(line, entry, session, moment_ms(message.get("timestamp")))
    if role == "user":
        return _turn(make, content_text(message.get("content")))
    if role != "assistant" or _is_delivery(message):
        return None
    if stopped == "aborted":
        return _refusal(make, "transcript_aborted", message, "errorMessage")
    if stopped == "error" or word(message.get("errorMessage")):
        return _refusal(make, "transcript_error", message, "errorMessage")
    provider, model, stop = _words(message, "provider", "model", "stopReason")
    return make(kind="transcript_answer", role="answer", provider=provider, model=model, detail=stop)


def _is_delivery(message: Entry) -> bool:
    """A text that was delivered, written down by the gateway itself: no model answered with it.

    Its provider is `openclaw`, or (5.28-7.1) it stands as a CLI backend's reply beside the failed entry of the
    turn, under the provider that was to answer and without a token used.
    """
    provider, api, _ = _words(message, "provider", "api", "stopReason")
    borrowed = api == "cli" and not (provider or "cli").endswith("cli")
    return provider == "openclaw" or (borrowed and inside(message, "usage", "totalTokens") == 0)


def _prompt_error(line: Line, entry: Entry, session: str | None) -> Event:
    data = record(entry.get("data"))
    make = _maker(line, entry, session, None)
    return _refusal(partial(make, run=word(data.get("runId"))), "transcript_prompt_error", data, "error")


def _maker(line: Line, entry: Entry, session: str | None, started: datetime | None) -> partial[Event]:
    time = moment_iso(entry.get("timestamp")) or started or moment_ms(inside(entry, "data", "timestamp"))
    return partial(
        Event,
        source=line.source.path, line=line.number, sources=(line.place,),
        time=time, time_basis="exact" if time else "none", started=started,
        agent=line.source.agent, session=session,
    )  # fmt: skip


def _turn(make: partial[Event], text: str) -> Event:
    """The hash lets a prompt that was sent again be recognised."""
    hashed = identifier_hash(text) if text else None
    return make(kind="transcript_turn", role="schedule", trigger=trigger_of(text), detail=hashed)


def _refusal(make: partial[Event], kind: str, message: Entry, key: str) -> Event:
    text = word(message.get(key)) or ""
    code, named, body = _words(message, "errorCode", "errorType", "errorBody")  # 7.1+
    said, structured = read_error_text(text), read_error_text(body or "")
    status = int(code) if code and _HTTP_ERROR.fullmatch(code) else None
    other_code = code if code and not code.isdigit() else None
    provider, model, stop = _words(message, "provider", "model", "stopReason")
    return make(
        kind=kind, role="failure", provider=provider, model=model, detail=stop,
        text=text, raw_hash=identifier_hash(text) if text else None,
        http_status=status or said.http_status or structured.http_status,
        error_type=named or structured.error_type or said.error_type or other_code,
        request_id=said.request_id or structured.request_id,
    )  # fmt: skip


def _words(message: Entry, *keys: str) -> tuple[str | None, str | None, str | None]:
    first, second, third = (word(message.get(key)) for key in keys)
    return first, second, third


def content_text(content: object) -> str:
    """All that is text in the content of a message."""
    if isinstance(content, list):
        return "\n".join(text for part in content if isinstance(text := inside(part, "text"), str))
    return content if isinstance(content, str) else ""
