"""A place as rows cite it, told apart by the paths that the evidence has: a path may hold any of the signs."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from forensics.errors import ParameterError

_REST = re.compile(
    r"(?::(?P<line>\d{1,18})|!(?P<table>[^/:#]+)(?:[/:](?P<row>-?\d{1,19}))?)?(?:#(?P<pointer>/.*)?)?\Z", re.S
)
FORMS = "path:line, path!table/rowid or path#/pointer"


@dataclass(frozen=True, slots=True)
class Place:
    """One place in one file; `line` counts from 1. Without any of them: the file from its beginning."""

    path: str
    line: int | None = None
    table: str | None = None
    row: int | None = None
    pointer: str | None = None


def read_place(text: str, paths: Collection[str]) -> Place:
    """Raises ParameterError where no file of the evidence is meant, or several are.

    >>> read_place("gateway.log:12", ["logs/gateway.log"])
    Place(path='logs/gateway.log', line=12, table=None, row=None, pointer=None)
    """
    whole = [path for path in paths if text.startswith(path) and _REST.match(text, len(path))]
    if whole:
        path = max(whole, key=len)
        return _place(path, text[len(path) :])
    ends = {path: end for path in paths for end in _ends(path) if text.startswith(end) and _REST.match(text, len(end))}
    if len(ends) == 1:
        ((path, end),) = ends.items()
        return _place(path, text[len(end) :])
    if ends:
        raise ParameterError(f"{text!r} may mean any of {', '.join(sorted(ends)[:4])}; give more of its path")
    raise ParameterError(f"{text!r} is no place in the evidence{_nearest(text, paths)}; write it as {FORMS}")


def _ends(path: str) -> list[str]:
    """The path without its first folders."""
    parts = path.split("/")
    return ["/".join(parts[n:]) for n in range(1, len(parts))]


def _place(path: str, rest: str) -> Place:
    found = _REST.match(rest)
    assert found  # noqa: S101 - the caller asked; tells mypy
    line, row = found["line"], found["row"]
    return Place(path, int(line) if line else None, found["table"], int(row) if row else None, found["pointer"])


def _nearest(text: str, paths: Collection[str]) -> str:
    near = get_close_matches(re.split(r"[:!#]", text)[0], paths, n=1, cutoff=0.4)
    return f" (the nearest file is {near[0]})" if near else ""
