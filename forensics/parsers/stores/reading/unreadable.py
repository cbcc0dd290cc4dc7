"""Rejects: what could not be read, shown without showing what was in it."""

from __future__ import annotations

import re

from forensics.parsers.stores.reading.values import Path, pointer
from forensics.parsers.stores.store import Source
from forensics.tables import Reject

SHOWN = 200

_TOKEN = re.compile(
    r"""(?P<key>"[A-Za-z]\w{0,23}"(?=\s*:))
    | (?P<string>"(?:[^"\\]|\\.)*+"?)
    | (?P<plain>[{}\[\]:,\s]|-?\d{1,20}(?:\.\d{1,20})?(?![\w.])|(?:true|false|null)\b)
    | (?P<control>[\x00-\x1f\x7f]+)
    | (?P<other>[^{}\[\]:,"\s\x00-\x1f\x7f]+)""",
    re.X | re.S,
)


def outline(text: str, shown: int = SHOWN) -> str:
    """Keys, punctuation and numbers of a piece of JSON; every string and anything else is an ellipsis.

    A reject may be a cut credential file or a cut message, so nothing that could be a token or a text is kept.
    """
    return "".join(_outlined(token) for token in _TOKEN.finditer(text[: shown * 4]))[:shown]


def _outlined(token: re.Match[str]) -> str:
    if token.lastgroup == "string":
        return '"…"'
    if token.lastgroup == "control":
        return repr(token.group()[0])[1:-1]
    return "…" if token.lastgroup == "other" else token.group().replace("\n", " ")


def unreadable_file(source: Source, lines: int, why: str, text: str = "") -> Reject:
    """The whole file."""
    return Reject(source=source.path, line=1, lines=lines, why=why, text=outline(text))


def unreadable_line(place: tuple[Source, int, int], why: str, text: str, shown: int) -> Reject:
    """One line; place = source, line number, byte offset of its start."""
    source, line, offset = place
    return Reject(source=source.path, line=line, offset=offset, why=why, text=outline(text, shown))


def unexpected(source: Source, path: Path, found: object) -> Reject:
    """A member that ought to be an object. The lines it stands on were read: it costs no line."""
    why = f"expected an object, found {_kind(found)}"
    return Reject(source=f"{source.path}#{pointer(path)}", lines=0, why=why)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", str: "a string", int: "a number", float: "a number", list: "an array"}
    return names.get(type(value), "something else")
