"""Pieces of an auth store or of `models status` in a page of prose: what they say, each at its line.

A piece is an object behind a profile's id, whatever stands around it (a fence, a quote, a row that a database
printed, comments): `"anthropic:default": {"errorCount": 2, …}`. A status line counts only where it names a window.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from forensics.instants import from_ms
from forensics.parsers.stores import Contents, Source
from forensics.parsers.stores.models_status_text import window_rows
from forensics.parsers.stores.reading.auth import STATS
from forensics.parsers.stores.reading.sealing import sealed
from forensics.parsers.stores.reading.values import as_json
from forensics.secrets.detect import secrets_in
from forensics.tables import StateValue

LONGEST = 65_536  # characters of a page; more is no page that somebody wrote
_MARKS = frozenset({"errorCount", "failureCounts", "lastFailureAt", "cooldownUntil", "disabledUntil", "blockedUntil"})
_WRITTEN = ("lastUsed", "lastFailureAt", "lastProbeAt")
_ENTRY = re.compile(r'"(?P<profile>[a-z][\w.-]{0,64}:[^"\s]{1,128})"\s*:\s*(?=\{)')
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*')
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)
_COMMA = re.compile(r",(?=\s*})")
_DECODER = json.JSONDecoder(strict=False)

Entry = tuple[int, str, Mapping[str, object]]
"""The line an entry begins in, its profile, its fields."""


def quoted_stores(source: Source, page: str) -> Contents | None:
    """The state that a page quotes; None where it quotes none."""
    if len(page) > LONGEST:
        return None
    entries = list(_entries(page))
    at = _written(entries) or source.mtime
    rows = [row for entry in entries for row in _rows(source, entry, at)]
    rows += window_rows(source, page)
    return sealed(Contents(state=tuple(rows), secrets=secrets_in(page))) if rows else None


def _entries(page: str) -> Iterator[Entry]:
    text = _COMMENT.sub(lambda found: found[1] or "", _QUOTE.sub("", page))
    text = _COMMA.sub("", text)
    for entry in _ENTRY.finditer(text):
        try:
            fields, _ = _DECODER.raw_decode(text, entry.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(fields, Mapping) and fields.keys() & _MARKS:
            yield text.count("\n", 0, entry.start()) + 1, entry["profile"], fields


def _written(entries: list[Entry]) -> datetime | None:
    """The latest use or failure that the entries know of: they were written then."""
    stamps = (fields.get(key) for _, _, fields in entries for key in _WRITTEN)
    return max((time for stamp in stamps if isinstance(stamp, int) and (time := from_ms(stamp))), default=None)


def _rows(source: Source, entry: Entry, at: datetime | None) -> Iterator[StateValue]:
    line, profile, fields = entry
    for key in (key for key in STATS if key in fields):
        yield StateValue(
            source=f"{source.path}:{line}", store="auth_state", observed_at=at, agent=source.agent,
            entity=profile, key=key, value=as_json(fields[key]),
        )  # fmt: skip
