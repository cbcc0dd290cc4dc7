"""Any error text -> its parts. This is the only place where one is taken apart."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from forensics.openclaw.error_text import sentences
from forensics.openclaw.error_text.bodies import Body, Divided, divide, joined
from forensics.openclaw.error_text.model import ErrorText, Voice
from forensics.openclaw.error_text.statuses import behind_status, status_of, without_status
from forensics.openclaw.error_text.summary import Candidate, split_summary
from forensics.openclaw.error_text.wrappers import Peeled, peel

LONGEST = 20_000  # characters of one error text that are read; no provider says more
_KEPT = 1 << 16  # texts that are remembered: a log line, the transcript and the decision about it say the same
_LONGEST_KEPT = 2_000  # characters of one of them
_OF_A_TOOL = 400  # characters of a tool's output that stand for it
_PREVIEW = 80  # characters; a shorter text that ends in "..." is a sentence, a longer one a preview

_FORMATTED = re.compile(r"^[\W\d]*(?:HTTP \d{3} )?(?P<type>[a-z]+(?:_[a-z0-9]+)+): ")
_FORMATTED_BEHIND = re.compile(
    r"(?:LLM error )?(?P<type>[a-z]+(?:_[a-z0-9]+)+): (?P<message>.*?)(?: \(request_id: [^)]+\))?\Z", re.S
)
_TEXTS = ("text", "message", "words", "request_id")  # of ErrorText: those that may quote the id
_TYPE = re.compile(r"\w+_(?:error|exceeded|exhausted|reached|failure|denied)|[A-Z]\w+")  # else `a_word: …` is prose
_OPERATION = re.compile(r"\((?P<type>[A-Z]\w+(?:Exception|Error))\) when calling")
_CODE_BEHIND = re.compile(r"\((\d{4})\)\W*\Z")  # `insufficient balance (1008)`
_REQUEST_ID = re.compile(  # a cut one is none
    r"\b(?:request_id|requestId|request[ -]id)\b[\"'\s:=]+(?P<rid>[\w:.-]{5,}\w)(?![\w…]|\.\.)", re.I
)
_ANSWER_ID = re.compile(r"\breq_[0-9](?=[0-9a-z]*[A-Z])[0-9A-Za-z]{7,}(?![\w…])")
"""The id of one answer, in which all answers of a kind differ; it is read as any other of its length would be."""
_NOISE = re.compile(
    r"""
      \(?\b(?:request|trace|run|session|conversation|ray|correlation)[ _-]?id["']?(?:[\s:=]|is\ )+["']?[\w:.-]+["']?\)?
    | \b(?:req|chatcmpl|cmpl|msg|resp|run|call|toolu|gen|sess|trace|org|proj|user|acct)[_-][A-Za-z0-9][\w-]{5,}
    | \bsha256:[0-9a-f]+ | \b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b
    | \b[a-z][a-z+.-]*://[^\s"'<>)\]]+
    | (?<![\w.<])(?:[A-Za-z]:)?(?:[/\\][\w.@~+-]+){2,}[/\\]?
    """,
    re.X,
)


def read_error_text(text: str) -> ErrorText:
    """Take an error text apart. Never raises; a text without structure comes back as its own message."""
    return _read(text) if len(text) > _LONGEST_KEPT else _known(text)


@lru_cache(maxsize=_KEPT)  # every stage of the reasoning asks again
def _known(text: str) -> ErrorText:
    ids = set(_ANSWER_ID.findall(text))
    if len(ids) != 1:
        return _remembered(text)
    (id,) = ids
    stand_in = "req_0".ljust(len(id), "A")
    if stand_in in text:
        return _remembered(text)
    return _renamed(_remembered(text.replace(id, stand_in)), stand_in, id)


def _renamed(error: ErrorText, stand_in: str, id: str) -> ErrorText:
    """The same with the real id of the answer in the place of the one it was read with."""
    texts = ((name, getattr(error, name)) for name in _TEXTS)
    changed = {name: text.replace(stand_in, id) for name, text in texts if text and stand_in in text}
    return replace(error, **changed)


def _read(text: str) -> ErrorText:
    peeled = _peeled(text[:LONGEST])
    is_cut = len(text) > LONGEST
    if candidates := split_summary(peeled.text):
        return _of_summary(peeled.text, candidates, is_cut or _ends_cut(peeled.text, 0))
    return _of_one(peeled, is_cut or _ends_cut(peeled.text, _PREVIEW))


_remembered = lru_cache(maxsize=_KEPT)(_read)


def _peeled(text: str) -> Peeled:
    """Of a sentence of OpenClaw's own that names its cause, the cause."""
    peeled = peel(text)
    while cause := sentences.cause_in_brackets(peeled.text):
        peeled = peel(cause)
    return peeled


def _of_summary(text: str, candidates: tuple[Candidate, ...], is_cut: bool) -> ErrorText:
    """The first candidate that was really called, or the echo of the first one."""
    whole = candidates[:-1] if is_cut and len(candidates) > 1 else candidates  # the last may be an echo cut short
    errors = [_of_candidate(candidate) for candidate in whole]
    called = next((n for n, error in enumerate(errors) if error.voice != "echo"), None)
    if called is None:
        return replace(errors[0], text=text, is_cut=is_cut)
    return replace(errors[called], is_cut=is_cut and called == len(candidates) - 1)


def _of_candidate(candidate: Candidate) -> ErrorText:
    """A summary names what its candidates' own sentences leave out."""
    error = _of_one(_peeled(candidate.error), is_cut=False)
    reason = candidate.reason or error.recorded_reason
    error = replace(error, recorded_reason=reason, is_candidate=True)
    return replace(error, provider=candidate.provider, model=candidate.model)


def _of_one(peeled: Peeled, is_cut: bool) -> ErrorText:
    text, rest = peeled.text, peeled.rest
    if sentences.is_of_tool(rest):
        words = rest[:_OF_A_TOOL]
        return ErrorText(voice="tool", text=text, message=text, words=words, is_cut=is_cut)
    if '{\\"' in rest:
        rest = rest.replace('\\"', '"')
    parts = divide(rest)
    error = _of_parts(peeled, rest, parts)
    return replace(_with_names(error, rest), is_cut=is_cut or not parts.is_whole)


def _of_parts(peeled: Peeled, rest: str, parts: Divided) -> ErrorText:
    head, body, tail = parts.head, parts.body, parts.tail
    formatted = [m["type"] for m in (_FORMATTED.match(head), _OPERATION.search(head)) if m]
    words = joined((without_status(_FORMATTED.sub("", head, count=1)), *body.sentences, tail))
    types = [*peeled.types, *formatted, *body.types, *_CODE_BEHIND.findall(words)]
    typed = [word for word in formatted if _TYPE.fullmatch(word)]
    id = _REQUEST_ID.search(head) or _REQUEST_ID.search(tail)
    return ErrorText(
        voice=_voice(peeled, parts, is_typed=bool(typed)),
        text=peeled.text,
        message=_message(peeled.text, rest, parts),
        words=re.sub(r"\s+", " ", _NOISE.sub(" ", words)).strip(" :;,"),
        http_status=status_of(head) or body.status or status_of(tail),
        error_type=next((word for word in (*typed, body.type, peeled.exception) if word), None),
        types=tuple(dict.fromkeys(word.lower() for word in types)),
        request_id=body.request_id or (id["rid"] if id else None),
    )


def _message(text: str, rest: str, parts: Divided) -> str:
    """The sentence of an answer; of a text that only holds one somewhere, the whole text."""
    behind = behind_status(rest)
    if not parts.head.strip(" :") or (behind is not None and not (behind_status(parts.head) or "").strip(" :")):
        return parts.body.message or behind or rest or text
    if formatted := _FORMATTED_BEHIND.match(rest if behind is None else behind):
        return formatted["message"]
    return behind or text


def _ends_cut(text: str, preview: int) -> bool:
    """True where the source itself marked the end of the text as cut off."""
    end = text.rstrip().rstrip("\"'")
    return end.endswith(("…", "(truncated)")) or (end.endswith("...") and len(end) >= preview)


def _voice(peeled: Peeled, parts: Divided, *, is_typed: bool) -> Voice:
    """Whose words a text is, where no sentence of OpenClaw's says it."""
    text = peeled.text
    if sentences.is_of_client(peeled.rest):
        return "client"
    if sentences.is_own_words(text) or sentences.model_names(text) is not None:
        return "own words"
    has_body_in_front = not parts.head.strip(" :") and parts.body != Body()
    is_answer = is_typed or has_body_in_front or behind_status(parts.head) is not None
    return "provider" if is_answer or sentences.is_provider_matter(text) else "other"


def _with_names(error: ErrorText, text: str) -> ErrorText:
    """What the sentences of OpenClaw's own settle; `text` is without what a reply puts in front of them."""
    if (names := sentences.echo_names(text)) is not None:
        return _naming(replace(error, voice="echo", http_status=None, error_type=None, request_id=None), names)
    if (names := sentences.refresh_names(text)) is not None:
        kind, is_local = sentences.refresh_type(text), sentences.refresh_is_local(text)
        return _naming(replace(error, voice="refresh", error_type=kind, is_local=is_local), names)
    if (uncalled := sentences.uncalled_names(text)) is not None:
        type_, names = uncalled
        return _naming(replace(error, voice="no call", error_type=type_, http_status=None), names)
    if sentences.is_local(text):
        return replace(error, voice="local", http_status=None, error_type=None, is_local=True)
    if names := sentences.model_names(error.text):
        is_computed = "recorded_status" in names
        return _naming(replace(error, http_status=None if is_computed else error.http_status), names)
    return error


def _naming(error: ErrorText, names: sentences.Names) -> ErrorText:
    status = names.get("recorded_status")
    return replace(
        error,
        provider=names.get("provider"),
        model=names.get("model"),
        profile=names.get("profile"),
        recorded_reason=names.get("recorded_reason"),
        recorded_status=int(status) if status else None,
    )
