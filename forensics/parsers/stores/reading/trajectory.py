"""One trajectory event, from a `.trajectory.jsonl` or a database: how a run began and ended (facts 8.4).

Its flags tell a timer of the gateway from an error of the provider. Prompts, tools, answers and settings stay behind.
A model call that went well is also in the transcript: here it is no second answer, only the outcome of its run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.stores.reading.lines import Line, Rows, record
from forensics.parsers.stores.reading.turns import turns
from forensics.parsers.stores.reading.values import agent_of, inside, moment_iso, word
from forensics.tables import Event

EVENTS: Mapping[str, Disclosure] = {  # what comes of it, and what of that may leave
    "trajectory_aborted": Disclosure("error"),
    "trajectory_completed": Disclosure("closed"),
    "trajectory_ended": Disclosure("closed"),
    "trajectory_error": Disclosure("error", detail="word"),
    "trajectory_fallback_step": Disclosure("error", detail="word"),
    "trajectory_refused": Disclosure("error", detail="word"),
    "trajectory_started": Disclosure("closed", detail="word"),
}

_TRIGGERS = {"user": "message", "heartbeat": "heartbeat", "cron": "cron"}
_OWN_ERRORS = ("precheck", "hook:before_agent_run")  # promptErrorSource of what was refused before any call
_TIMERS = ("timedOut", "idleTimedOut", "timedOutByRunBudget")


def trajectory(line: Line) -> Rows:
    """The event of session.started, model.completed, model.fallback_step or session.ended; others give none."""
    entry = record(line.value)
    data, kind = record(entry.get("data")), entry.get("type")
    if kind == "session.started":
        return (_started(_event(line, entry), data),)
    if kind == "model.completed":
        return (_completed(_event(line, entry), data, line),)
    if kind == "model.fallback_step":
        return (_fallback(_event(line, entry), data),)
    if kind == "session.ended":
        ended = replace(_event(line, entry), kind="trajectory_ended", decision=word(data.get("status")))
        return (replace(ended, detail=_timed_out(data)),)
    return ()


def _event(line: Line, entry: Mapping[str, object]) -> Event:
    time, session = moment_iso(entry.get("ts")), word(entry.get("sessionKey"))
    return Event(
        kind="trajectory_completed", role="health",
        source=line.source.path, line=line.number, sources=(line.place,),
        time=time, time_basis="exact" if time else "none",
        agent=agent_of(session) or line.source.agent, session=session or word(entry.get("sessionId")),
        run=word(entry.get("runId")), provider=word(entry.get("provider")), model=word(entry.get("modelId")),
    )  # fmt: skip


def _started(event: Event, data: Mapping[str, object]) -> Event:
    told = word(data.get("trigger"))
    trigger = "subagent" if ":subagent:" in (event.session or "") else _TRIGGERS.get(told or "")
    return replace(event, kind="trajectory_started", role="schedule", trigger=trigger, detail=told)


def _completed(event: Event, data: Mapping[str, object], line: Line) -> Event:
    """A refusal and a timer are failures; what a person stopped, or what never reached a provider, is not."""
    refused = _refusal(data, line)
    text = word(data.get("promptError")) or (refused.text if refused else "")
    timed_out = _timed_out(data)
    if data.get("externalAbort") is True or (data.get("aborted") is True and not timed_out):
        return replace(event, kind="trajectory_aborted", text=text)
    if data.get("promptErrorSource") in _OWN_ERRORS:
        return replace(event, kind="trajectory_refused", text=text, detail=word(data.get("promptErrorSource")))
    if not text and not timed_out:
        return replace(event, decision=word(data.get("stopReason")))
    answer = refused or _read(line, text)
    return replace(
        event, kind="trajectory_error", role="failure", text=text, detail=timed_out or answer.detail,
        raw_hash=answer.raw_hash, http_status=answer.http_status, error_type=answer.error_type,
        request_id=answer.request_id,
    )  # fmt: skip


def _refusal(data: Mapping[str, object], line: Line) -> Event | None:
    """What the transcript's own reader makes of the last message of the call, where that is an error."""
    snapshot = data.get("messagesSnapshot")
    last = record(inside(snapshot, len(snapshot) - 1)) if isinstance(snapshot, list) and snapshot else {}
    events = turns(replace(line, value={"type": "message", "message": last}), None)
    return next((event for event in events if event.role == "failure"), None)


def _read(line: Line, text: str) -> Event:
    message = {"role": "assistant", "stopReason": "error", "errorMessage": text}
    return turns(replace(line, value={"type": "message", "message": message}), None)[0]


def _timed_out(data: Mapping[str, object]) -> str | None:
    return "timed out" if any(data.get(flag) is True for flag in _TIMERS) else None


def _fallback(event: Event, data: Mapping[str, object]) -> Event:
    """The same step as the log's `model fallback decision`, which is the one that counts: no decision here."""
    provider, _, model = (word(data.get("fallbackStepFromModel")) or "").partition("/")
    return replace(
        event, kind="trajectory_fallback_step", role="decision",
        provider=provider or event.provider, model=model or event.model,
        recorded_reason=word(data.get("fallbackStepFromFailureReason")),
        text=word(data.get("fallbackStepFromFailureDetail")) or "",
        stage=word(data.get("fallbackStepFinalOutcome")), detail=word(data.get("fallbackStepToModel")),
    )  # fmt: skip
