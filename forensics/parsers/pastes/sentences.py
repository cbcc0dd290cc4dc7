"""OpenClaw's sentences where the log line around them is gone, and lines out of which somebody cut fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from forensics.openclaw.error_text import read_error_text, split_summary
from forensics.parsers.logs import templates
from forensics.parsers.logs.envelopes.arguments import Json, bound_name, decode, leading_object, name_of, unfold
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.envelopes.subsystems import LEVEL
from forensics.parsers.logs.envelopes.times import instant

NAME = "sentence"
REPLY = "Embedded agent failed before reply: "
_CHAT = re.compile(
    r"(?:⚠\ufe0f?\s*)?(?:(?:Embedded |Followup )?[Aa]gent failed before reply:|Something went wrong:)\s*(?P<text>.+)",
    re.S,
)
_NOTICE = re.compile(
    r"(?:System:\s*\[(?P<time>[^\]\n]{4,40})\]\s*(?:Cron|Heartbeat|Task)[^:\n]{0,80}?\((?:error|failed)\)"
    r"|Cron job \"[^\"\n]{1,120}\" failed):\s*(?P<text>.+)",
    re.S,
)
_CLASS = re.compile(r"(?:error:?|Uncaught|[A-Z]\w{2,40}Error:)?\s*(?:FailoverError|FallbackSummaryError)\b:?\s", re.I)
_LEVEL = re.compile(rf"\[?(?P<level>{LEVEL})\]?:?\s+(?=\S)", re.I)
_SUMMARY = re.compile(r"All (?:image )?models failed \(\d+\):")
_ERROR = re.compile(r"\AError:\s+")
_PLACEHOLDER = re.compile(
    r"(?<=[=:\s])(?:<[^<>=\n]{1,60}>|\[[^\[\]=\n]{1,60}\](?!\s*\[)|\{[^{}=:\n\"]{1,60}\})(?=\s|\Z)"
)
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True, slots=True)
class _Spoken:
    """An event as a console says it: how its sentence begins, and the keys in their order."""

    opening: re.Pattern[str]
    subsystem: str
    keys: Mapping[str, str]  # as the console shows it -> as the event has it; a pair of names is `provider/model`


_SPOKEN: Mapping[str, _Spoken] = {
    "embedded_run_agent_end": _Spoken(
        re.compile(r"embedded[ _]run[ _]agent[ _]end\b[:\s.…]*"),
        "agent/embedded",
        {
            "runId": "runId", "isError": "isError", "model": "model", "provider": "provider",
            "failoverReason": "failoverReason", "reason": "failoverReason", "error": "error",
            "rawError": "rawErrorPreview",
        },
    ),
    "embedded_run_failover_decision": _Spoken(
        re.compile(r"embedded[ _]run[ _]failover[ _]decision\b[:\s.…]*"),
        "agent/embedded",
        {
            "runId": "runId", "stage": "stage", "decision": "decision", "reason": "failoverReason",
            "failoverReason": "failoverReason", "attempt": "attemptCount", "retry": "retryCount",
            "rotations": "profileRotationCount", "provider": "sourceProvider/sourceModel", "model": "sourceModel",
            "from": "sourceProvider/sourceModel", "to": "to", "profile": "profileId", "status": "status",
            "rawError": "rawErrorPreview",
        },
    ),
    "model_fallback_decision": _Spoken(
        re.compile(r"(?:model[ _]fallback[ _]decision\b[:\s.…]*)?(?=decision=|candidate_|skip_candidate|requested=)"),
        "model-fallback/decision",
        {
            "decision": "decision", "requested": "requestedProvider/requestedModel",
            "candidate": "candidateProvider/candidateModel", "reason": "reason",
            "providerErrorType": "providerErrorType", "next": "nextCandidateProvider/nextCandidateModel",
            "detail": "errorPreview",
        },
    ),
    "auth_profile_failure_state_updated": _Spoken(
        re.compile(r"auth[ _]profile[ _]failure[ _]state[ _]updated\b[:\s.…]*"),
        "agent/embedded",
        {
            "runId": "runId", "profile": "profileId", "provider": "provider", "reason": "reason",
            "window": "windowType", "reused": "windowReused",
        },
    ),
}  # fmt: skip
_PICTURE = re.compile(r"(?<=\S)[\u2300-\u23ff\u25a0-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+:?\s*(?=\S)")
FIELDS = frozenset(key for spoken in _SPOKEN.values() for key in spoken.keys) | {"lane", "durationMs", "sessionId"}
_BARE_DECISION = re.compile(r"\A(candidate_\w+|skip_candidate)\b\s*")
_FREE = frozenset({"error", "rawErrorPreview", "errorPreview"})  # all other values are one word
_QUOTED = re.compile(r'"(?P<text>.*)"\s*\Z', re.S)


def with_colons(text: str) -> str:
    """A summary whose colons a chat client turned into pictures."""
    head, summary, rest = text.partition("All models failed (")
    if not summary or not _PICTURE.search(rest) or split_summary(text):
        return text
    return head + summary + _PICTURE.sub(": ", rest)


def closed_placeholders(text: str) -> str:
    """`runId=<my run id>` as one word, as the id was that somebody replaced."""
    return _PLACEHOLDER.sub(lambda found: re.sub(r"\s+", "-", found[0]), text)


def as_event(record: Record) -> Record | None:
    """A console's sentence of a structured event with the event's own keys, fields in any number; None for others."""
    for event, spoken in _SPOKEN.items():
        opening = spoken.opening.match(record.text)
        if opening and (opening.end() or record.text.startswith(("candidate_", "skip_candidate"))):
            rest = _BARE_DECISION.sub(r"decision=\1 ", record.text[opening.end() :], count=1)
            meta = _meta(rest, spoken.keys)
            if not meta or meta.get("isError") == "false":
                return None
            named = spoken.subsystem if templates.match(replace(record, meta={"event": event})) is None else ""
            return replace(
                record,
                text=event.replace("_", " "),
                subsystem=named or record.subsystem,
                meta={"event": event, **meta},
            )
    return None


def _meta(text: str, keys: Mapping[str, str]) -> Json:
    places: list[tuple[int, int, str]] = []
    end = 0
    pairs = re.compile(rf"(?<!\S)(?P<key>{'|'.join(map(re.escape, sorted(keys, key=len, reverse=True)))})=")
    for pair in pairs.finditer(text):
        if pair["key"] not in {key for _, _, key in places} and pair.start() >= end:
            places.append((pair.start(), pair.end(), pair["key"]))
            end = pair.end()
            if pair["key"] in ("rawError", "detail"):
                break  # the last of the line: what follows is the provider's
    meta: Json = {}
    for n, (_, start, key) in enumerate(places):
        stop = places[n + 1][0] if n + 1 < len(places) else len(text)
        meta |= _named(keys[key], text[start:stop].strip())
    return meta


def _named(name: str, value: str) -> Json:
    quoted = _QUOTED.fullmatch(value)
    value = quoted["text"] if quoted else value
    if name not in _FREE and value[:1] not in ("<", "[", "{"):
        value = value.split(maxsplit=1)[0] if value else value
    first, slash, second = name.partition("/")
    if not slash:
        return {name: value}
    provider, slash, model = value.partition("/")
    return {first: provider, second: model} if slash and model else {first: provider}


def sentence_record(text: str) -> Record | None:
    """A line that begins with a sentence of OpenClaw's and states no time, as the record it was; None for others."""
    stated = _LEVEL.match(text)
    level = stated["level"].lower() if stated else None
    if stated and (record := _sentence(text[stated.end() :])):
        return replace(record, level=level if level in ("warn", "error", "fatal") else None)
    return _sentence(text)


def _sentence(text: str) -> Record | None:
    return _bound(text) or _notice(text) or _known(text) or _reply(text)


def _known(text: str) -> Record | None:
    record = Record(NAME, closed_placeholders(text))
    if spoken := as_event(record):
        return spoken
    matched = templates.match_sentence(record)
    return replace(record, subsystem=matched) if matched is not None else None


def _reply(text: str) -> Record | None:
    chat = _CHAT.match(text)
    inner = chat["text"] if chat else _ERROR.sub("", text, count=1)
    if chat or _CLASS.match(inner) or tells_of_error(inner):
        return Record(NAME, REPLY + inner)
    return None


def tells_of_error(text: str) -> bool:
    """True for an error text that only OpenClaw writes: an echo, a summary, a missing key, a refused renewal."""
    return bool(_SUMMARY.match(text)) or read_error_text(text).voice in ("echo", "refresh", "no call")


def _notice(text: str) -> Record | None:
    """What a session is told of a job that failed: `System: [date] Cron (error): …`."""
    notice = _NOTICE.match(text)
    if not notice:
        return None
    stamp = _STAMP.search(notice["time"] or "")
    zone = {"UTC": "Z", "GMT": "Z", None: ""}.get(stamp[4], stamp[4]) if stamp else ""
    time = instant(f"{stamp[1]}T{stamp[2]}{stamp[3] or ':00'}{zone}") if stamp else None
    return Record(NAME, REPLY + notice["text"], time=time)


def _bound(text: str) -> Record | None:
    """`{binding} "message"`, as jq prints the arguments of a file line."""
    if text.startswith('"{\\"'):
        name, text = _jq_string(text)
    else:
        opening = leading_object(text)
        name = name_of(opening[0]) if opening else None
        text = unfold(text)[1] if name else text
    if not name:
        return None
    meta: Json = {}
    if opened := leading_object(text):
        meta, text = opened
    whole = decode(f'{{"v":{text}}}') if text.startswith('"') else None
    said = str(whole["v"]) if whole else text
    return Record(NAME, said, subsystem=name, meta=meta) if said or meta else None


def _jq_string(text: str) -> tuple[str | None, str]:
    end = re.match(r'"(?:[^"\\]|\\.)*"[\s,]*', text)
    whole = decode(f'{{"v":{end[0].strip().rstrip(",")}}}') if end else None
    name = bound_name(str(whole["v"])) if whole else None
    return name, text[end.end() :] if end else text
