"""Bytes -> text -> JSON, as tolerant as a person would be: BOMs, UTF-16, JSON5, a paste around the object.

Every function raises ValueError (or RecursionError, for absurd nesting) and nothing else.
"""

from __future__ import annotations

import json
import math
import re
from itertools import islice

import msgspec

_DECODER = json.JSONDecoder(strict=False)
_OBJECT_STARTS = re.compile(r"^\{", re.M)
_MANY = 200  # places to look for an object inside a paste; more would cost time and prove nothing

_JSON5 = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?)
    | (?P<skip>\s+|//[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<name>[A-Za-z_$][\w$-]*)
    | (?P<number>[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))
    | (?P<other>.)""",
    re.X | re.S,
)
_SINGLE_QUOTED = re.compile(r"""\\'|"|\\.""", re.S)
_SYNTAX = "{}[]:,-"  # the sign stands before Infinity
_LITERALS = ("true", "false", "null", "NaN", "Infinity")


def decode(raw: bytes) -> str:
    """Text of a file whose encoding nobody states: UTF-8, or UTF-16 as Windows shells redirect it."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    if len(raw) > 3 and raw[:64:2].strip(b"\0") and not raw[1:64:2].strip(b"\0"):
        return raw.decode("utf-16-le", "replace")
    return raw.decode("utf-8-sig", "replace")


def parse_strict(text: str | bytes) -> object:
    """One JSON value, without NaN, infinities and lone surrogates."""
    try:
        value: object = msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError):
        value = _parse_slowly(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)
    return value


def parse_document(text: str) -> object:
    """One JSON or JSON5 object, alone or with a shell prompt, a banner or log lines around it."""
    try:
        return parse_strict(text)
    except ValueError as strict:
        for attempt in (_parse_json5, _parse_longest):
            try:
                return attempt(text)
            except ValueError:
                continue
        raise strict from None


def _parse_slowly(text: str) -> object:
    # JavaScript cuts strings inside an emoji: json takes the half, the detour through bytes makes it a "?"
    value = json.loads(text, strict=False, parse_constant=lambda _: None, parse_float=_finite)
    return msgspec.json.decode(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _parse_json5(text: str) -> object:
    start = _OBJECT_STARTS.search(text)
    end = text.rfind("\n}") + 2 if "\n}" in text else len(text)
    return _parse_slowly(_as_json(text[start.start() : end] if start else text))


def _as_json(json5: str) -> str:
    out: list[str] = []
    for token in _JSON5.finditer(json5):
        if token.lastgroup == "skip":
            continue
        if token.group() in "}]" and out and out[-1] == ",":
            out.pop()
        out.append(_json_token(token))
    return "".join(out)


def _json_token(token: re.Match[str]) -> str:
    kind, text = token.lastgroup, token.group()
    if kind == "string":
        return _double_quoted(text)
    if kind == "name":
        return text if text in _LITERALS else json.dumps(text)
    if kind == "number":
        return str(int(text, 16)) if "x" in text.lower() else _plain_number(text)
    if text not in _SYNTAX:
        raise ValueError("a character that belongs to no JSON")  # at once: there may be millions of them
    return text


def _plain_number(text: str) -> str:
    return text if text.lstrip("-").isdigit() else repr(_finite(text.lstrip("+")) or 0.0)


def _double_quoted(text: str) -> str:
    if text.startswith('"'):
        return text.replace("\\\n", "")
    body = _SINGLE_QUOTED.sub(lambda m: {"\\'": "'", '"': r"\""}.get(m[0], m[0]), text[1:-1])
    return f'"{body}"'


def _parse_longest(text: str) -> object:
    starts = [match.start() for match in islice(_OBJECT_STARTS.finditer(text), _MANY)]
    spans = [(end - start, start) for start in starts if (end := _object_end(text, start))]
    if not spans:
        raise ValueError("no JSON object in it")
    length, start = max(spans)
    return parse_strict(text[start : start + length])


def _object_end(text: str, start: int) -> int | None:
    try:
        return _DECODER.raw_decode(text, start)[1]
    except ValueError:
        return None
