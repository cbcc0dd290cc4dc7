"""What a file is, told from its first 64 KiB: the keys of its JSON first, its name only where they do not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from forensics.evidence.private_copy import SQLITE, SQLITE_WAL
from forensics.parsers.stores.reading.parse import decode, parse_strict

ANY = "*"
ARCHIVED = r"(?:\.(?!lock$)[^/\\]+)?"  # whatever a migration or a write put behind the name
DEPTH = 4
_LOG_LINE = "_meta"
_DATABASE = (SQLITE, *SQLITE_WAL)  # a database, and its -wal

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?) | (?P<punctuation>[{}\[\]:,])
    | (?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z)) | (?P<word>[\w$.+-]+)""",
    re.X | re.S,
)
_FIRST = re.compile(r"\A\s*\{|^\{", re.M)


@dataclass(frozen=True, slots=True)
class Outline:
    """The key paths seen in a head, to a depth of four; an array's members share the step `[]`."""

    paths: frozenset[tuple[str, ...]]
    text: str

    def has(self, *path: str) -> bool:
        """True if a path begins so; ANY stands for one key of any name."""
        if ANY not in path:
            return path in self.paths
        return any(_matches(seen, path) for seen in self.paths)

    def root(self) -> frozenset[str]:
        """The keys of the outermost objects."""
        return frozenset(path[0] for path in self.paths if len(path) == 1)

    def share(self, line: re.Pattern[str]) -> float:
        """How much of the non-blank lines match from their start, 0 to 1."""
        lines = [text for text in self.text.splitlines() if text.strip()]
        return sum(bool(line.match(text)) for text in lines) / len(lines) if lines else 0.0


def _matches(seen: tuple[str, ...], path: tuple[str, ...]) -> bool:
    return len(seen) == len(path) and all(want in (ANY, step) for step, want in zip(seen, path, strict=True))


@lru_cache(maxsize=8)  # every store asks about the same head
def outline_of(head: bytes) -> Outline:
    """The outline of a head, cut and broken ones included."""
    text = decode(head)
    start = _FIRST.search(text)
    return Outline(frozenset(_paths(text, start.end() - 1)) if start else frozenset(), text)


def _paths(text: str, start: int) -> set[tuple[str, ...]]:
    """Line by line while each holds one whole record; what is behind the last such line token by token."""
    found: set[tuple[str, ...]] = set()
    while text.startswith("{", start) and (end := text.find("\n", start) + 1):
        try:
            value = parse_strict(text[start:end])
        except (ValueError, RecursionError):
            break
        _walk(value, (), found)
        start = end
    found.update(_tokens(text, start))
    return found


def _walk(value: object, above: tuple[str, ...], found: set[tuple[str, ...]]) -> None:
    if isinstance(value, Mapping):
        for key, member in value.items():
            path = (*above, key)
            found.add(path)
            if len(path) < DEPTH and isinstance(member, Mapping | list):
                _walk(member, path, found)
    elif isinstance(value, list) and len(above) + 1 < DEPTH:
        below = (*above, "[]")
        for member in value:
            _walk(member, below, found)


def _tokens(text: str, start: int) -> Iterator[tuple[str, ...]]:
    word, key = "", ""
    stack: list[tuple[str, str]] = []  # per open container: the step that leads into it, and its bracket
    for token in _TOKEN.finditer(text, start):
        value = token.group()
        if value == ":" and len(stack) <= DEPTH:
            key = word
            yield (*(step for step, _ in stack[1:]), key)
        elif value in ("{", "["):
            stack.append(("[]" if stack and stack[-1][1] == "[" else key, value))
        elif value in ("}", "]") and stack:
            stack.pop()
        elif token.lastgroup in ("string", "word"):
            word = value.strip("\"'")


def claimed(looks: Callable[[Outline], bool], name: str | None = None) -> Callable[[str, bytes], bool]:
    """A `Store.claims`: by content, or by a name (regular expression, at the path's end) where content is mute."""
    pattern = re.compile(rf"(?:^|[/\\!])(?:{name})$", re.I) if name else None

    def claims(path: str, head: bytes) -> bool:
        if head.startswith(_DATABASE):  # its cells hold JSON of every kind
            return False
        outline = outline_of(head)
        if outline.has(_LOG_LINE):  # state of any kind may be quoted in a log, and a log may have any name
            return False
        return looks(outline) or bool(pattern and pattern.search(path))

    return claims
