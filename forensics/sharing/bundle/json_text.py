"""A whole JSON (or JSON5) file -> the same text, letter by letter, but for the texts in it.

What stands on a line stays on that line. Comments go; what stands around the objects becomes its length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from forensics.parsers.stores.reading.parse import parse_document
from forensics.sharing.bundle.json_values import Path, masked_text, masked_value
from forensics.sharing.bundle.masker import Masker

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')
    | (?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<mark>[{}\[\]:,])
    | (?P<space>\s+)
    | (?P<word>[\w$.+-]+)
    | (?P<other>.)""",
    re.X | re.S,
)
_NUMBER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|true|false|null|NaN|Infinity")
_DEEPEST = 1_000
_START = re.compile(r"\A\s*(?=\{)|^(?=\{)", re.M)


def masked_document(text: str, masker: Masker) -> str:
    """The masked file. Raises ValueError (or RecursionError) where there is no object in it to be read."""
    masked = "".join(_masked(text, masker))
    wanted = masked_value(parse_document(text), masker)
    return masked if _reads_as(masked, wanted) else msgspec.json.format(msgspec.json.encode(wanted)).decode() + "\n"


def _reads_as(masked: str, wanted: object) -> bool:
    try:
        return parse_document(masked) == wanted
    except (ValueError, RecursionError):
        return False


def _masked(text: str, masker: Masker) -> Iterator[str]:
    """Objects begin at the start of a line; what is between them is not part of any."""
    at = 0
    while start := _START.search(text, at):
        yield _around(text[at : start.end()], masker)
        reader = _Reader(masker)
        at = start.end()
        for token in _TOKEN.finditer(text, at):
            yield reader.read(token)
            at = token.end()
            if not reader.stack:
                break
    yield _around(text[at:], masker)


def _around(text: str, masker: Masker) -> str:
    return "\n".join(map(masker.line, text.split("\n")))


@dataclass(slots=True)
class _Reader:
    """Where in an object the reader is: the open brackets with the keys that lead to each, and to the next value."""

    masker: Masker
    stack: list[tuple[str, Path]] = field(default_factory=list)
    here: Path = ()
    is_key: bool = False

    def read(self, token: re.Match[str]) -> str:
        kind, text = token.lastgroup, token.group()
        if kind == "mark":
            self._mark(text)
        if kind in ("mark", "space"):
            return text
        breaks = "\n" * text.count("\n")
        if kind == "string" or (kind == "word" and self.is_key):
            return self._string(_unquoted(text)) + breaks
        return text if kind == "word" and _NUMBER.fullmatch(text) else breaks

    def _mark(self, mark: str) -> None:
        if mark in "{[":
            if len(self.stack) > _DEEPEST:  # each level keeps its path: the square of a depth that nobody reads
                raise RecursionError(f"more than {_DEEPEST:,} levels")
            self.stack.append((mark, self.here))
            self.is_key = mark == "{"
        elif mark in "}]":
            self.stack.pop()
            self.is_key = False
        elif mark == ",":
            bracket, self.here = self.stack[-1]
            self.is_key = bracket == "{"

    def _string(self, plain: str) -> str:
        if self.is_key:
            self.here, self.is_key = (*self.stack[-1][1], plain), False
            return json.dumps(self.masker.key(plain), ensure_ascii=False)
        return json.dumps(masked_text(plain, self.masker, self.here), ensure_ascii=False)


def _unquoted(text: str) -> str:
    if text[0] not in "\"'":
        return text
    try:
        value = parse_document('{"v":' + text + "}") if text[0] == "'" else json.loads(text, strict=False)
    except ValueError:
        return text[1:-1]
    return str(value["v"] if isinstance(value, dict) else value)
