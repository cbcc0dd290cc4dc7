"""What an error text settles: whether anybody was called, whose answer it is, and the columns it fills.

Facts 2.3, 2.6, 2.9, 4.5. The same text reaches lanes, replies, websocket answers, announces and cron alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from forensics.openclaw.error_text import (
    Candidate,
    ErrorText,
    is_echo,
    is_own_words,
    parse_error_text,
    split_summary,
    unwrap,
)
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.template import Fields

LONGEST = 16_384  # characters of one error text that are read; OpenClaw's own previews hold 240 to 4096

_ECHO_NAMES = re.compile(
    r"""
      Provider\ (?P<p1>\S+)\ (?:is\ in\ cooldown|has\ (?P<r1>[a-z_]+)\ issue)
    | No\ available\ auth\ profile\ for\ (?P<p2>\S+)
    | Skipping\ (?P<p3>[^\s/]+)/(?P<m3>\S+):\ recent\ (?P<r3>[a-z_]+)\ failure
    | Prepared\ auth\ profiles\ are\ temporarily\ unavailable\ for\ (?P<p4>[^\s/]+)/(?P<m4>\S+)\.
    | Auth\ profile\ "(?P<profile>[^"]+)"\ is\ temporarily\ unavailable\ for\ (?P<p5>[^\s/]+)(?:/(?P<m5>\S+))?\.
    | Explicit\ auth\ order\ for\ (?P<p6>\S+)
    | Couldn't\ (?:sign\ in\ to|reach)\ (?P<p7>[\w-]+)
    | (?P<p8>[\w.-]+)\ (?:is|isn't|rejected|hasn't|can't)\b
    """,
    re.X,
)
_OAUTH = re.compile(
    r"""
      OAuth\ token\ refresh\ failed\ for\ (?P<provider>[^\s:]+):
    | OAuth\ refresh\ failed\ \(refresh_contention\):\ another\ process\ is\ already\ refreshing\ (?P<contended>\S+)
    | OAuth\ refresh\ call\ "[^"]*"\ exceeded\ hard\ timeout
    """,
    re.X,
)
_OAUTH_TYPE = re.compile(
    r"\b(invalid_grant|refresh_token_reused|invalid_refresh_token|token_invalidated|invalid_client|sign_in_again)\b"
)
_OAUTH_STATUS = re.compile(r"\bstatus=([45]\d\d)\b")
_OAUTH_LOCAL = re.compile(r"Failed to persist refreshed OAuth credential|refresh_contention|exceeded hard timeout")
_NO_CALL = re.compile(
    r"""
      (?P<key>No\ API\ key\ found\ for\ provider\ "(?P<provider>[^"]+)")
    | The\ selected\ auth\ profile\ is\ unavailable\ in\ this\ agent's
    | No\ credentials\ found\ for\ profile\ "(?P<profile>[^"]+)"
    | No\ (?:[\w-]+\ ){0,3}(?:auth(?:entication)?|credentials?|API\ keys?)\ (?:[\w-]+\ ){0,2}?
      (?:is\ |are\ )?(?:found|configured|resolved|available)\ for
      \ (?:provider\ )?"?(?!(?:the|this|any|profile)\b)(?P<keyless>[\w-]+(?:\.[\w-]+)*)
    | Unknown\ model:\ (?P<named>[^\s/]+)/(?P<model>\S+)
    """,
    re.X,
)
_LOCAL = re.compile(
    r"""
      session\ file\ locked\b | file\ lock\ timeout\b | Live\ session\ model\ switch\ requested\b
    | Command\ lane\ \S+\ task\ timed\ out
    """,
    re.X,
)
_GATEWAY_MATTER = re.compile(  # the gateway's own refusals, about its clients and its own state
    r"""
      unknown\ (?:cron\ job|method|session|agent)\b | Automation\ not\ found | invalid\ \S+\ params\b
    | Channel\ is\ required | missing\ scope:\ operator | pairing\ required | device\ (?:identity|token)\b
    | unauthorized:\ gateway | gateway\ (?:timeout\ after|closed|not\ connected|is\ (?:draining|restarting))
    | Gateway\ is\ draining | Command\ lane\ \S+\ cleared
    """,
    re.X | re.I,
)
_SENTENCE = re.compile(  # friendly sentences that name the model, and the status the error object carried
    r"""
    ⚠️\ (?P<provider>[^\s/(]+)(?:/(?P<m1>\S+)\ request\ failed|\ \((?P<m2>[^)]+)\)\ returned)\b
    (?:\ \([^)]*\bHTTP\ (?P<recorded_status>[45]\d\d)\))?
    """,
    re.X,
)
_PROVIDER_MATTER = re.compile(
    r"""
      LLM\ (?:error|request|streaming|idle) | \bAPI\ (?:rate\ limit|provider|key) | AI\ service\ is\ temporarily
    | Context\ overflow | rate[_ -]?limit | overloaded | usage\ limit | credit\ balance | billing | quota
    | fetch\ failed | socket\ hang\ up | Connection\ error | \bECONN | ETIMEDOUT | ENOTFOUND | EAI_AGAIN
    | request\ timed\ out | FailoverError
    """,
    re.X | re.I,
)


def spoken(otherwise: str = "failure") -> Callable[[Record, Fields], Fields]:
    """A template's `refine` that reads the error text of its records."""
    return lambda _record, fields: with_error(fields, otherwise)


def with_error(fields: Fields, otherwise: str = "failure") -> Fields:
    """`fields` and what their error text settles. What the record itself states wins over the text.

    `otherwise` is the role of a text that neither speaks of a provider nor is known to be the gateway's own.
    """
    text = fields.get("text")
    if not isinstance(text, str):
        return fields
    return error_fields(text, otherwise) | {column: value for column, value in fields.items() if column != "text"}


def error_fields(text: str, otherwise: str = "failure") -> Fields:
    """Role, text, text_cut and every column that the text alone tells. Never raises."""
    bare = unwrap(text[:LONGEST])
    cut = len(text) > LONGEST or is_cut(bare)
    told = _of_summary(bare, cut) or _of_one(bare, otherwise) | {"text_cut": cut or None}
    return {column: value for column, value in told.items() if value is not None}


def is_cut(text: str) -> bool:
    """True where the source itself marked the end of the text as cut off."""
    return text.endswith(("…", "...", "...(truncated)"))


def _of_summary(bare: str, cut: bool) -> Fields | None:
    """The first candidate that was really called, or the echo of the first one."""
    candidates = split_summary(bare)
    if not candidates:
        return None
    whole = candidates[:-1] if cut and len(candidates) > 1 else candidates  # the last one may be an echo cut short
    real = next((c for c in whole if not is_echo(c.error)), None)
    if real is None:
        return _of_candidate(whole[0]) | {"role": "echo", "text": bare, "text_cut": cut or None}
    return _of_candidate(real) | {"text_cut": (cut and real is candidates[-1]) or None}


def _of_candidate(candidate: Candidate) -> Fields:
    named = {"provider": candidate.provider, "model": candidate.model, "recorded_reason": candidate.reason}
    return _of_one(unwrap(candidate.error), "failure") | {column: value for column, value in named.items() if value}


def _of_one(bare: str, otherwise: str) -> Fields:
    if is_echo(bare):
        return {"role": "echo", "text": bare} | _echo_names(bare)
    if refresh := _OAUTH.match(bare):
        return _of_refresh(bare, refresh)
    if uncalled := _NO_CALL.match(bare):
        return _of_configuration(bare, uncalled)
    if _LOCAL.match(bare):
        return {"role": "failure", "text": bare, "detail": "local"}
    return _of_answer(bare, otherwise)


def _echo_names(bare: str) -> Fields:
    found = _ECHO_NAMES.match(bare)
    groups = found.groupdict() if found else {}
    return {
        "provider": next((v for k, v in groups.items() if k[0] == "p" and k != "profile" and v), None),
        "model": next((v for k, v in groups.items() if k[0] == "m" and v), None),
        "recorded_reason": next((v for k, v in groups.items() if k[0] == "r" and v), None),
        "profile": groups.get("profile"),
    }


def _of_refresh(bare: str, refresh: re.Match[str]) -> Fields:
    kind, status = _OAUTH_TYPE.search(bare), _OAUTH_STATUS.search(bare)
    return {
        "role": "failure",
        "text": bare,
        "provider": refresh["provider"] or refresh["contended"],
        "http_status": int(status[1]) if status else None,
        "error_type": kind[1] if kind else "oauth_refresh",
        "detail": "local" if _OAUTH_LOCAL.search(bare) else None,
    }


def _of_configuration(bare: str, uncalled: re.Match[str]) -> Fields:
    return {
        "role": "failure",
        "text": bare,
        "provider": uncalled["provider"] or uncalled["keyless"] or uncalled["named"],
        "model": uncalled["model"],
        "profile": uncalled["profile"],
        "error_type": "unknown_model" if uncalled["named"] else "missing_key",
        "detail": "no call made",
    }


def _of_answer(bare: str, otherwise: str) -> Fields:
    answer, sentence = parse_error_text(bare), _SENTENCE.match(bare)
    named = sentence.groupdict() if sentence else {}
    return {
        "role": _role(bare, answer, bool(sentence), otherwise),
        "text": bare,
        "provider": named.get("provider"),
        "model": named.get("m1") or named.get("m2"),
        "http_status": answer.http_status,
        "error_type": answer.error_type,
        "recorded_status": int(named["recorded_status"]) if named.get("recorded_status") else None,
        "request_id": answer.request_id,
    }


def _role(bare: str, answer: ErrorText, sentence: bool, otherwise: str) -> str:
    if _GATEWAY_MATTER.match(bare):
        return "noise"
    spoken = sentence or answer.http_status or answer.error_type or _PROVIDER_MATTER.search(bare)
    return "failure" if spoken or is_own_words(bare) else otherwise
