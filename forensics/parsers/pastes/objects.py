"""Structured events without their log line: JSON on one line or many, JavaScript, YAML, or a piece of one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from forensics.instants import from_ms
from forensics.parsers.logs.envelopes import read_line
from forensics.parsers.logs.envelopes.arguments import Json, decode
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.envelopes.times import instant

NAME = "event-object"
LONGEST = 200  # lines of one object
EVENTS: Mapping[str, tuple[str, ...]] = {  # keys that only one event has together
    "embedded_run_failover_decision": ("failoverReason", "decision"),
    "model_fallback_decision": ("candidateProvider", "decision"),
    "auth_profile_failure_state_updated": ("windowType", "windowReused"),
    "embedded_run_agent_end": ("isError", "error"),
}
_SUBSYSTEMS = {
    "model_fallback_decision": "model-fallback/decision",
    "model_fallback_chain_stopped": "model-fallback/decision",
}
_KEY = r"""(?:"(?:[^"\\]|\\.){1,60}"|'[^'\n]{1,60}'|[A-Za-z_][\w.]{0,59})"""
_PAIR = re.compile(
    rf"""(?P<key>{_KEY})\s*[:=]\s*
    (?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\[{{]|[^,\n}}\]]+)""",
    re.X,
)
_LINE = re.compile(rf"\s*(?:[\]}}\[{{]+,?|(?:\{{\s*)?{_KEY}\s*[:=]\s*\S.*|{_KEY}:\s*)\s*")
_WORDS = {"true": True, "false": False, "null": None, "undefined": None, "~": None}
_TIMES = ("time", "timestamp", "ts", "at")


def may_hold_an_event(text: str) -> bool:
    """True where a key that only events have stands in a text."""
    if '"errorMessage"' in text and '"stopReason"' in text:
        return True
    return '"event"' in text or "event" in text or "failoverReason" in text or "_meta" in text or "fallbackStep" in text


def is_part(line: str) -> bool:
    """True for a line that may stand in an object written over several lines."""
    return bool(_LINE.fullmatch(line.rstrip()))


def balance(text: str) -> int:
    """How many brackets are open behind a text, those in strings left out."""
    bare = re.sub(r'"(?:[^"\\\n]|\\.)*"', "", text)
    return sum(map(bare.count, "{[")) - sum(map(bare.count, "}]"))


def event_record(lines: Sequence[str]) -> Record | None:
    """The record of an event or of a log line that fills these lines, or None."""
    text = "\n".join(lines).strip().rstrip(",")
    if not may_hold_an_event(text):
        return None
    whole = decode(text) if text.startswith("{") else None
    if whole and "_meta" in whole:
        return read_line(" ".join(line.strip() for line in lines))
    return _record(whole or _pairs(text))


def _pairs(text: str) -> Json:
    values: Json = {}
    for pair in _PAIR.finditer(text):
        values.setdefault(pair["key"].strip("\"'"), _value(pair["value"].strip()))
    return values


def _value(text: str) -> object:
    if text[:1] in ('"', "'"):
        whole = decode(f'{{"v":{text}}}') if text[0] == '"' else None
        return whole["v"] if whole else text[1:-1]
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if re.fullmatch(r"-?\d{1,18}", text) else text


def _fallback_step(values: Json) -> Json:
    """A step of a trajectory with the keys of the decision that the log tells of the same step."""
    model = values.get("fallbackStepFromModel")
    if not isinstance(model, str) or "fallbackStepFromFailureReason" not in values:
        return values
    provider, _, name = model.partition("/")
    return {
        **values,
        "decision": "candidate_failed",
        "candidateProvider": provider,
        "candidateModel": name,
        "reason": values["fallbackStepFromFailureReason"],
        "errorPreview": values.get("fallbackStepFromFailureDetail"),
    }


def _refused_answer(values: Json) -> Json:
    """A transcript's answer that ended in an error, with the keys of the event that the log tells of it."""
    words = values.get("errorMessage")
    if values.get("stopReason") != "error" or not isinstance(words, str) or "event" in values:
        return values
    named = {key: values[key] for key in ("provider", "model") if isinstance(values.get(key), str)}
    end = {"event": "embedded_run_agent_end", "isError": True, "error": words, "rawErrorPreview": words}
    return {**end, **named, **{key: values[key] for key in _TIMES if key in values}}


def _record(values: Json) -> Record | None:
    values = _refused_answer(_fallback_step(values))
    event = values.get("event")
    if not isinstance(event, str) or event not in EVENTS:
        event = next((name for name, keys in EVENTS.items() if all(key in values for key in keys)), event)
    if not isinstance(event, str) or "_" not in event or len(values) < 2:
        return None
    return Record(
        NAME,
        event.replace("_", " "),
        time=_time(values),
        level="warn",
        subsystem=_SUBSYSTEMS.get(event, "agent/embedded"),
        meta={**values, "event": event},
    )


def _time(values: Json) -> datetime | None:
    for stated in (values.get(key) for key in _TIMES):
        if isinstance(stated, str) and (time := instant(stated.replace(" ", "T", 1))):
            return time
        if isinstance(stated, int) and (time := from_ms(stated)):
            return time
    return None
