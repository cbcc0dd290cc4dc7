"""A JSON pointer -> the line its value stands in. The text is walked, not loaded: nothing but the place is asked."""

from __future__ import annotations

import json
import re

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)


def line_of(text: str, pointer: str) -> int | None:
    """The line (from 1) of what `/a/0/b` points at; None where the text is no JSON or has no such value.

    >>> line_of('{\\n"a": {"b": 1}}', "/a/b")
    2
    """
    at = _skipped(text, 0)
    try:
        for key in pointer.split("/")[1:]:
            at = _entered(text, at, key.replace("~1", "/").replace("~0", "~"))
    except (ValueError, IndexError, RecursionError):
        return None
    return text.count("\n", 0, at) + 1


def _skipped(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _entered(text: str, at: int, key: str) -> int:
    """Where the member's value begins. Raises ValueError or IndexError where there is none."""
    if text[at] == "{":
        return _member(text, at, key)
    if text[at] == "[":
        return _element(text, at, int(key))
    raise ValueError("a plain value has no members")


def _member(text: str, at: int, key: str) -> int:
    at = _skipped(text, at + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        at = _skipped(text, _skipped(text, at) + 1)  # behind the colon
        if name == key:
            return at
        at = _behind(text, at)
    raise ValueError("no such key")


def _element(text: str, at: int, number: int) -> int:
    at = _skipped(text, at + 1)
    for _ in range(number):
        at = _behind(text, at)
    if text[at] == "]":
        raise ValueError("not so many elements")
    return at


def _behind(text: str, at: int) -> int:
    """Behind a value and its comma."""
    _, at = _DECODER.raw_decode(text, at)
    at = _skipped(text, at)
    return _skipped(text, at + 1) if text[at] == "," else at
