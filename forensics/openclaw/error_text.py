"""What an error text says: the provider's answer inside it, or that the gateway refused by itself.

Shared by log templates, stores and the reasoning; knows wordings, not releases (facts 2.3, 2.9, 6.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class ErrorText:
    """The parts of one provider error as its text shows them. `message` is never empty unless the text is."""

    message: str
    http_status: int | None = None
    error_type: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry of `All models failed (n): …`."""

    provider: str
    model: str
    error: str
    reason: str | None


_ERROR_CLASS = re.compile(r"^(?:Uncaught )?(?:[A-Z]\w*(?:Error|Exception)|Error): ")
_STATUS_BODY = re.compile(r"^(?:HTTP )?(?P<status>[1-5]\d\d)\b:?\s*(?P<rest>.*)$", re.S)
_FORMATTED = re.compile(
    r"^(?:LLM error )?(?P<type>[a-z][a-z_]*_(?:error|exceeded|exhausted|reached|failure|denied)|[a-z_]+_error): "
    r"(?P<message>.*?)(?: \(request_id: (?P<rid>[^)]+)\))?$",
    re.S,
)
_REQUEST_ID = re.compile(r"\b(?:request_id|requestId)\b[\"'\s:=]+(?P<rid>[\w:.-]{6,})")

_ECHOES = re.compile(
    r"""^(?:
      Provider\ \S+\ is\ in\ cooldown\b
    | Provider\ \S+\ has\ [a-z_]+\ issue\ \(skipping\ all\ models\)
    | No\ available\ auth\ profile\ for\ \S+\ \(all\ in\ cooldown\ or\ unavailable\)
    | Skipping\ \S+/\S+:\ recent\ [a-z_]+\ failure\ in\ this\ session
    | Prepared\ auth\ profiles\ are\ temporarily\ unavailable\ for\b
    | Auth\ profile\ "[^"]+"\ is\ temporarily\ unavailable\ for\b
    | Explicit\ auth\ order\ for\ \S+\ has\ no\ usable\ profiles
    )""",
    re.X,
)
_REASON_SENTENCES = re.compile(  # 6.1+: instead of "No available auth profile …"; the parenthesis holds the cause
    r"""^[\w.-]+\ (?:is\ asking\ us\ to\ slow\ down\.
    | isn't\ accepting\ your\ saved\ login(?:\ anymore)?\.
    | rejected\ the\ request\ —\ looks\ like\ a\ billing\ issue
    | is\ overloaded\ right\ now\.
    | hasn't\ been\ responding\.
    | can't\ find\ the\ model\ you're\ using
    | is\ having\ issues\ right\ now\.)
    | ^Couldn't\ sign\ in\ to\ [\w.-]+\. | ^Couldn't\ reach\ [\w.-]+\ with\ any\ of\ your\ saved\ logins""",
    re.X,
)
_OWN_WORDS = re.compile(  # what OpenClaw makes of an answer for the user (facts 2.9)
    r"""(?:⚠️\ )?(?:
      LLM\ (?:error|request|streaming) | The\ AI\ service\ (?:is|returned)\b | Context\ overflow:
    | Authentication\ (?:failed|refresh|is\ missing)\b | Message\ ordering\ conflict | Session\ history\b
    | Reasoning\ is\ required\ for\ this\ model | The\ provider\ (?:returned\ an\ HTML|session\ expired)
    | The\ (?:selected|configured)\ model\b | The\ model\ (?:provider|returned|request)\b
    )""",
    re.X,
)
_BECAUSE = re.compile(r"[^(]*\((?P<cause>.+?)\)?\Z", re.S)  # behind such a sentence and its hint
_SUMMARY = re.compile(r"(?:^|: )All (?:image )?models failed \((?P<n>\d+)\): (?P<list>.*)$", re.S)
_CANDIDATE = re.compile(
    r"(?:^| \| )(?P<provider>[^\s/|]+)/(?P<model>\S+?): (?P<error>.*?)(?: \((?P<reason>[a-z_]+)\))?"
    r"(?=(?: \| [^\s/|]+/\S+?: )|(?:\. Re-authenticate with: [^|]*)?$)",
    re.S,
)

_ANTHROPIC_STATUS = {  # documented by Anthropic: each error type has one HTTP status
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


def status_of_type(provider: str | None, error_type: str | None) -> int | None:
    """The HTTP status that a typed error of this provider always has, where the text does not carry the status."""
    if provider is None or not provider.startswith(("anthropic", "claude")):
        return None
    return _ANTHROPIC_STATUS.get(error_type or "")


def unwrap(text: str) -> str:
    """The text without leading error class names (`FailoverError: `, `Error: `) and outer blanks.

    Of a sentence of OpenClaw's own that names its cause, the cause: with one, a login could not be used; without one,
    the sentence stands for a cooldown.
    """
    text = text.strip()
    while match := _ERROR_CLASS.match(text):
        text = text[match.end() :]
    return _cause_named(text) or text


def _cause_named(bare: str) -> str | None:
    sentence = _REASON_SENTENCES.match(bare)
    because = _BECAUSE.match(bare, sentence.end()) if sentence else None
    return unwrap(because["cause"]) if because else None


def is_own_words(text: str) -> bool:
    """True where OpenClaw put an answer into words of its own: somebody was called, but the text is not theirs."""
    return bool(_OWN_WORDS.match(text))


def is_echo(text: str) -> bool:
    """True where the gateway refused by itself: no provider was called for this text."""
    bare = unwrap(text)
    candidates = split_summary(bare)
    return _is_refusal(bare) or (bool(candidates) and all(_is_refusal(unwrap(c.error)) for c in candidates))


def _is_refusal(bare: str) -> bool:
    return bool(_ECHOES.match(bare) or _REASON_SENTENCES.match(bare))


def split_summary(text: str) -> tuple[Candidate, ...]:
    """The candidates of an `All models failed (n): …` text, in order; empty where it is not one."""
    summary = _SUMMARY.search(text)
    if not summary:
        return ()
    return tuple(
        Candidate(m["provider"], m["model"], m["error"], m["reason"]) for m in _CANDIDATE.finditer(summary["list"])
    )


def parse_error_text(text: str) -> ErrorText:
    """Read status, typed error, message and request id out of any form in which an error text carries them."""
    bare = unwrap(text)
    status, rest = None, bare
    if match := _STATUS_BODY.match(bare):
        status, rest = int(match["status"]), match["rest"].strip() or bare
    if body := _json_body(rest):
        return ErrorText(body.message or rest, status or body.http_status, body.error_type, body.request_id)
    if formatted := _FORMATTED.match(rest):
        return ErrorText(formatted["message"], status, formatted["type"], formatted["rid"])
    rid = _REQUEST_ID.search(rest)
    return ErrorText(rest, status, None, rid["rid"] if rid else None)


def _json_body(text: str) -> ErrorText | None:
    start = text.find("{")
    if start < 0 or text[:start].strip(" :"):
        return None
    try:
        # a trailing remark may stand behind the body ("…}; Retry-After: 2 seconds")
        body = msgspec.json.decode(text[start : text.rindex("}") + 1])
    except (msgspec.DecodeError, ValueError, RecursionError):
        return _cut_body(text[start:])
    return _from_body(body) if isinstance(body, dict) else None


def _from_body(body: dict[str, object]) -> ErrorText:
    error = body.get("error")
    inner = error if isinstance(error, dict) else body
    status = next((v for v in (inner.get("status"), inner.get("code"), body.get("status")) if _is_status(v)), None)
    kinds = [inner.get("type"), inner.get("code"), inner.get("status"), error]
    kind = next((k for k in kinds if isinstance(k, str) and k and k != "error"), None)
    message = inner.get("message") or body.get("error_description") or body.get("message") or body.get("detail")
    rid = body.get("request_id") or inner.get("request_id")
    return ErrorText(
        message if isinstance(message, str) else "",
        status if isinstance(status, int) else None,
        kind,
        rid if isinstance(rid, str) else None,
    )


def _is_status(value: object) -> bool:
    return isinstance(value, int) and 400 <= value <= 599


def _cut_body(text: str) -> ErrorText | None:
    """A JSON body that a preview cut off: take the members that stand whole."""
    kind = re.search(r'"error"\s*:\s*\{\s*"type"\s*:\s*"([^"]+)"', text) or re.search(r'"code"\s*:\s*"([^"]+)"', text)
    message = re.search(r'"message"\s*:\s*"((?:[^"\\]|\\.)*)', text)
    if not kind and not message:
        return None
    return ErrorText(message[1] if message else "", None, kind[1] if kind else None, None)
