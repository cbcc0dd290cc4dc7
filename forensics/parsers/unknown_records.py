"""Warnings and errors that no template knows, by the shape of their words: how a new release is noticed at once.

A shape holds the sentence's own words. What a line fills in (ids, numbers, paths, quotes, values, what follows a
colon) may be private, and is left out before anything is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from forensics.parsers.logs import envelopes, templates
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.template import LOUD
from forensics.tables import Drift
from forensics.text import clip, counted

MOST_SHAPES = 500  # kept of one file; the records of further ones count as one kind
_LONGEST = 120
_LOOKED_AT = 300  # characters of a text
_FEW = 20  # records that every new plugin may bring
_ROOT_WORDS = 8  # a line without a subsystem may be anybody's

_MASKS = tuple(
    (re.compile(pattern, re.X), mask)
    for pattern, mask in (
        (r"[A-Za-z][\w+.-]*://\S+", "<url>"),
        (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+ | (?<!\w)@\w+", "<name>"),
        (r'"[^"]*(?:"|$) | “[^”]*(?:”|$) | `[^`]*(?:`|$) | (?<!\w)\'[^\']*(?:\'|$)', "<text>"),
        (r"(?<!\S)([A-Za-z][\w.]{0,31})=\S*", r"\1=…"),
        (r"[{].* | \[(?![\w/-]+\][ ]).*", "<data>"),
        (r"(?<![\w<])(?:[A-Za-z]:|~|\.{1,2})?[/\\][^\s()]+ | [\w.@-]+[/\\][\w./\\:@-]+", "<path>"),
        (r"(?<![\w<])[+-]?\d+(?:[.,:]\d+)*(?:ms|s|m|h|d|%|[kKMG]?i?B)?(?![\w-])", "<n>"),
        (r"[^\s()\[\]<>,;:]*(?:\d[^\s()\[\]<>,;:]*|[^\x00-\x7f…]+[^\s()\[\]<>,;:]*) | \w{33,}", "<id>"),
    )
)
_KEY = re.compile(r"(?<!\S)([A-Za-z][\w.]{0,31})=…")
_PREFIX = re.compile(r"(?:\[[\w/-]+\] )?(?:\([^)]*\) )?(?:[a-z][\w-]*: )?")
_COLON = re.compile(r":(?:\s|$)")


class _Kind(NamedTuple):
    level: str
    subsystem: str
    shape: str


_FURTHER = _Kind("warn", "", "… (further kinds)")


@dataclass(slots=True)
class Unmatched:
    """The warnings and errors of one file that no template matched, counted by kind in bounded memory."""

    found: dict[_Kind, tuple[int, int]] = field(default_factory=dict)  # -> (records, line of the first)

    def add(self, record: Record, line: int, records: int = 1) -> None:
        """Counts a record that is a warning or worse; the ones without a level are not known to be."""
        if record.level not in LOUD or _is_known_sentence(record):
            return
        kind = _Kind(record.level, clip(record.subsystem, 60), shape(record))
        self._count(kind if kind in self.found or len(self.found) < MOST_SHAPES else _FURTHER, line, records)

    def add_further(self, line: int, records: int) -> None:
        """Counts records of kinds too many to be told apart."""
        self._count(_FURTHER, line, records)

    def add_all(self, others: Unmatched) -> None:
        """Counts what was counted of another part of the same file."""
        for kind, (records, line) in others.found.items():
            self._count(kind, line, records)

    def _count(self, kind: _Kind, line: int, records: int) -> None:
        seen, first = self.found.get(kind, (0, line))
        self.found[kind] = (seen + records, min(first, line))

    def rows(self, source: str) -> Iterator[Drift]:
        """The table's rows, in the order of the file."""
        for kind, (records, line) in sorted(self.found.items(), key=lambda item: (item[1][1], item[0])):
            yield Drift(source=source, line=line, records=records, **kind._asdict())


def _is_known_sentence(record: Record) -> bool:
    """`openclaw logs --plain` of 9.x prints of a structured event its sentence alone."""
    return not record.meta and record.text in templates.SENTENCES


def shape(record: Record) -> str:
    """The record's sentence without what it was filled with: `pricing fetch failed: …`, `slow write ms=…`."""
    text = record.text.strip().split("\n", 1)[0]
    if len(text) > _LOOKED_AT:
        text = text[:_LOOKED_AT].rpartition(" ")[0]  # half a token would not be known as one
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    said = _said(text)
    words = said.split()
    most = len(words) if record.subsystem else _ROOT_WORDS
    kept = " ".join(words[:most]) + (" …" if len(words) > most else "")
    return _cut(kept) or "<no text>"


def _said(text: str) -> str:
    """Up to the colon behind the sentence, or with the names of the values behind it."""
    head, keys = _KEY.split(text, 1)[0], _KEY.findall(text)
    start = _PREFIX.match(head)
    colon = _COLON.search(head, start.end() if start else 0)
    if colon:
        return head[: colon.start()] + ": …"
    return " ".join([head, *(f"{key}=…" for key in keys)])


def _cut(text: str) -> str:
    """Cut between two words, so that no half of one stands alone."""
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST - 2].rpartition(" ")[0] + " …"


@dataclass(frozen=True, slots=True)
class UnknownRecordShape:
    """One kind of record that no template knows, over all the evidence."""

    shape: str
    level: str
    subsystem: str
    count: int
    example: str  # path:line


def shapes(rows: Iterable[Drift], envelope_of: Mapping[str, str | None]) -> tuple[UnknownRecordShape, ...]:
    """The kinds of the whole evidence, the commonest first; `envelope_of` tells the envelope of each source.

    The log file, the console and `openclaw logs` repeat each other: a kind counts as often as where it stands most.
    """
    kinds: dict[tuple[str, str, str], dict[str, list[Drift]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=lambda row: envelopes.RANKS.get(envelope_of.get(row.source) or "", 9)):
        short = row.subsystem.rpartition("/")[2]  # a console shows the end of a name
        kinds[row.level, short, row.shape][envelope_of.get(row.source) or ""].append(row)
    found = [_fullest(list(by_envelope.values())) for by_envelope in kinds.values()]
    return tuple(sorted(found, key=lambda s: (-s.count, s.level, s.subsystem, s.shape)))


def are_many(found: Iterable[UnknownRecordShape], known: int) -> bool:
    """Whether so much is unknown, beside the warnings and errors that are known, that a release must be new."""
    return sum(s.count for s in found) > max(_FEW, known // 4)


def unknown_in_words(found: Sequence[UnknownRecordShape]) -> str:
    """`3 warnings and 1 error of 2 kinds`."""
    warnings, errors = (sum(s.count for s in found if (s.level == "warn") is mild) for mild in (True, False))
    counts = [counted(n, noun) for n, noun in ((warnings, "warning"), (errors, "error")) if n]
    return f"{' and '.join(counts)} of {counted(len(found), 'kind')}"


def _fullest(alike: list[list[Drift]]) -> UnknownRecordShape:
    rows = max(alike, key=lambda rows: sum(r.records for r in rows))
    first = min(rows, key=lambda r: (r.source, r.line))
    return UnknownRecordShape(
        first.shape, first.level, first.subsystem, sum(r.records for r in rows), f"{first.source}:{first.line}"
    )
