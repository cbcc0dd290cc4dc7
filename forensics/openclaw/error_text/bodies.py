"""The structured body of an answer: JSON with its members in any order, a Python dict, or a body that was cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from forensics.openclaw.error_text.statuses import is_status

_DEPTH = 6
_LISTED = 20  # members of a list that are looked at
_STARTS = 5  # braces at which a body is tried

_TYPED = frozenset(
    {"type", "code", "status", "reason", "error_code", "errorcode", "error_type", "err_code", "__type", "status_code"}
)
_SENTENCES = frozenset(
    {"message", "error", "error_description", "detail", "msg", "raw", "status_msg", "error_message", "errormessage"}
    | {"quotaid", "title"}
)
_INSIDE = frozenset(
    {"error", "errors", "detail", "details", "response", "metadata", "base_resp", "raw", "data", "violations", "body"}
    | {"message", "cause"}
)
_BODY = frozenset({"error", "message", "type", "code", "detail", "errors", "base_resp", "msg", "error_code", "__type"})
_BY_TRUST = (("type", "error_type", "__type"), ("code", "error_code", "errorcode", "err_code"), ("status", "reason"))
_MESSAGES = ("message", "error_description", "detail", "msg", "status_msg", "error_message", "errormessage", "error")
_WORD = re.compile(r"[\w.:#/@-]{1,80}")
_LOOSE_TYPED = re.compile(
    r"""(?<!\\)["'](?P<key>type|code|status|reason|error|__type|error_code)(?<!\\)["']\s*:\s*
        (?:["'](?P<word>[\w.:\#-]{1,80})["']|(?P<number>\d{3,5})\b)""",
    re.X,
)
_LOOSE_SENTENCE = re.compile(
    r"""(?<!\\)["'](?P<key>message|error_description|detail|msg)(?<!\\)["']\s*:\s*
        (?:"(?P<double>(?:[^"\\]|\\.)*)"?|'(?P<single>(?:[^'\\]|\\.)*)'?)""",
    re.X,
)
_LOOSE_ID = re.compile(r"""["']request_?[iI]d["']\s*:\s*["'](?P<rid>[\w:.-]{5,}\w)["']""")


@dataclass(frozen=True, slots=True)
class Body:
    """The typed words and sentences of a body, each with its key, the outermost first."""

    typed: tuple[tuple[str, str], ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    request_id: str | None = None

    @property
    def status(self) -> int | None:
        return next((int(word) for _, word in self.typed if is_status(word)), None)

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(word for _, word in self.typed if not is_status(word) and word != "error")

    @property
    def type(self) -> str | None:
        """The typed word that tells most: a type, else a code, else a status in words."""
        words = [(key, word) for key, word in self.typed if not is_status(word) and word != "error"]
        named = (word for keys in _BY_TRUST for key, word in words if key in keys and not word.isdigit())
        return next(named, next((word for _, word in words), None))

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(sentence for _, sentence in self.said))

    @property
    def message(self) -> str | None:
        """The sentence a person would quote."""
        ranked = (one for name in _MESSAGES for key, one in self.said if key == name)
        return next(ranked, next(iter(self.sentences), None))


@dataclass(frozen=True, slots=True)
class Divided:
    """A text around its body."""

    head: str
    body: Body
    tail: str
    is_whole: bool  # False: the body was cut


@lru_cache(maxsize=4096)  # the same answer stands in a line behind a class name, in a transcript without one
def divide(text: str) -> Divided:
    """Head, body and tail of a text; a text without a body is all head."""
    for start in [match.start() for match in islice(re.finditer(r"\{", text), _STARTS)]:
        if (decoded := _decode(text, start)) and _BODY & decoded[0].keys():
            return Divided(text[:start].rstrip("["), _collect(decoded[0]), text[decoded[1] :].lstrip("]"), True)
    start = text.find("{")
    loose = _loose(text[start:]) if start >= 0 else Body()
    if not (loose.typed or loose.said):
        return Divided(text, Body(), "", True)
    return Divided(text[:start], loose, "", text.endswith("}"))  # a Python dict, not a cut


def _decode(text: str, start: int) -> tuple[dict[str, object], int] | None:
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return (value, end) if isinstance(value, dict) else None


def _collect(body: dict[str, object]) -> Body:
    members = list(_walk(body, 0))
    return Body(
        tuple((key, value) for kind, key, value in members if kind == "typed"),
        tuple((key, value) for kind, key, value in members if kind == "said"),
        _request_id(body),
    )


def _request_id(body: dict[str, object]) -> str | None:
    inner = body.get("error")
    owners = (body, inner) if isinstance(inner, dict) else (body,)
    ids = (owner.get(key) for owner in owners for key in ("request_id", "requestId"))
    return next((id for id in ids if isinstance(id, str) and id), None)


_Member = tuple[str, str, str]  # typed or said, key, value


def _walk(value: object, depth: int) -> Iterator[_Member]:
    if depth > _DEPTH:
        return
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = (_decode(value, value.index("{")) or ({},))[0]
    if isinstance(value, list):
        for item in value[:_LISTED]:
            yield from _walk(item, depth + 1)
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _member(key.lower(), member, depth)


def _member(key: str, value: object, depth: int) -> Iterator[_Member]:
    if key in _TYPED and isinstance(value, str | int) and not isinstance(value, bool):
        if _WORD.fullmatch(str(value)):
            yield "typed", key, str(value).rpartition("#")[2]
    elif isinstance(value, str) and key in _SENTENCES and not value.lstrip().startswith("{"):
        yield "said", key, value
        if key == "error" and _WORD.fullmatch(value):
            yield "typed", key, value
    if key in _INSIDE:
        yield from _walk(value, depth + 1)


def _loose(text: str) -> Body:
    """A body that is no JSON (cut, or a Python dict): the members that stand whole."""
    typed = [(m["key"], (m["word"] or m["number"]).rpartition("#")[2]) for m in _LOOSE_TYPED.finditer(text)]
    said = [(m["key"], sentence) for m in _LOOSE_SENTENCE.finditer(text) if (sentence := m["double"] or m["single"])]
    rid = _LOOSE_ID.search(text)
    return Body(tuple(typed), tuple(said), rid["rid"] if rid else None)


def joined(parts: Sequence[str]) -> str:
    """Parts of a text that hold more than punctuation, as one."""
    return " ".join(part for part in parts if part.strip(" :;,.-"))
