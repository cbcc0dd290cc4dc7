"""Rows that would be refused once they are written: what is refused in them gets a pseudonym.

The last look at finished artefacts knows nothing of columns. What it would find in a cell is taken out here, however it
came there; only what then still stands is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from forensics.parsers.timeline import Timeline
from forensics.sharing.redact.columns import COLUMNS, Row
from forensics.sharing.redact.pseudonyms import Pseudonyms
from forensics.sharing.redact.scan import suspicious_spans
from forensics.sharing.redact.views import unescaped

R = TypeVar("R", bound=Row)

REFUSED = "finds of the last look"
"""What they are counted as."""

_TABLES = ("events", "state", "credentials", "files", "rejects", "activity", "drift")
_CLEAN = frozenset({"kept", "fingerprint", "hash", "blind hash", "length"})


class SecondPass:
    """Takes out of clean rows what would still be refused."""

    def __init__(self, names: Pseudonyms) -> None:
        self._names = names
        self._done: dict[str, str] = {}

    def timeline(self, timeline: Timeline) -> Timeline:
        """The same timeline; rows in which nothing is refused are the same."""
        clean: dict[str, Any] = {table: tuple(map(self._row, getattr(timeline, table))) for table in _TABLES}
        return replace(timeline, **clean)

    def _row(self, row: R) -> R:
        changed: dict[str, Any] = {}
        for column, treatment in _columns(row).items():
            value = getattr(row, column)
            if value and treatment not in _CLEAN and (new := self._cell(value)) != value:
                changed[column] = new
        return replace(row, **changed) if changed else row

    def _cell(self, value: object) -> object:
        if isinstance(value, tuple):
            return tuple(map(self._cell, value))
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        if (known := self._done.get(text)) is None:
            known = self._done[text] = self._without_refused(text)
        return known

    def _without_refused(self, text: str) -> str:
        shown = unescaped(text)
        if shown != text and any(True for _ in suspicious_spans(shown)):
            text = shown  # what an escape hides can be taken out only where it is seen
        done, at = [], 0
        for start, end in _apart(suspicious_spans(text)):
            done += [text[at:start], self._names.of("name", text[start:end], REFUSED)]
            at = end
        return "".join([*done, text[at:]])


def _columns(row: Row) -> Mapping[str, str]:
    return COLUMNS[type(row)]


def _apart(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in their order, those that overlap as one."""
    start = end = -1
    for a, b in sorted(spans):
        if a >= end:
            if start >= 0:
                yield start, end
            start, end = a, b
        end = max(end, b)
    if start >= 0:
        yield start, end
