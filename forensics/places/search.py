"""Everything in the evidence that a pattern matches: lines of logs, transcripts and documents, rows of databases."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forensics.errors import ParameterError
from forensics.evidence import Plain
from forensics.places.masking import masked_lines
from forensics.places.raw import LONGEST, database, is_database, table_rows

_BLOCK = 8 << 20  # bytes looked through at a time
_BESIDE = 2  # lines on both sides that tell whether a token goes over a line's end


@dataclass(frozen=True, slots=True)
class Hit:
    """One line or row; `source` and `line` are those that an event of it has. `text` is masked."""

    source: str
    line: int
    text: str
    time: datetime | None = None  # that the line states, where its text was shortened

    @property
    def place(self) -> str:
        return f"{self.source}/{self.line}" if "!" in self.source else f"{self.source}:{self.line}"


def compiled(pattern: str, *, ignore_case: bool = True) -> re.Pattern[str]:
    """Raises ParameterError for what is no regular expression."""
    try:
        return re.compile(pattern, re.M | (re.I if ignore_case else 0))
    except re.error as error:
        raise ParameterError(f"{pattern!r} is no regular expression: {error}") from None


def search(plain: Plain, pattern: re.Pattern[str], secrets: Collection[str]) -> Iterator[Hit]:
    """In order of line or row. Raises EvidenceError for a database that cannot be opened."""
    if is_database(plain.real):
        yield from _rows(plain, pattern, secrets)
    else:
        yield from _lines(plain, pattern, secrets)


def _rows(plain: Plain, pattern: re.Pattern[str], secrets: Collection[str]) -> Iterator[Hit]:
    with database(plain) as connected:
        for table in sorted(connected.tables):
            for number, text in table_rows(connected, table):
                if pattern.search(text):
                    yield Hit(f"{plain.path}!{table}", number, masked_lines([text], secrets)[0])


def _lines(plain: Plain, pattern: re.Pattern[str], secrets: Collection[str]) -> Iterator[Hit]:
    raw = re.compile(pattern.pattern.encode(), re.M | (pattern.flags & re.I))
    for first, block in _blocks(plain.real):
        number, counted_to, last_end = first, 0, -1
        for found in raw.finditer(block):
            if found.start() < last_end:
                continue  # in the same line
            start, end = block.rfind(b"\n", 0, found.start()) + 1, block.find(b"\n", found.start())
            end = end if end >= 0 else len(block)
            number += block.count(b"\n", counted_to, start)
            counted_to, last_end = start, end
            yield Hit(plain.path, number, _masked(block, start, end, secrets))


def _blocks(file: Path) -> Iterator[tuple[int, bytes]]:
    """The file in parts that end where a line does, each with the number of its first line."""
    number = 1
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            block += stream.readline(LONGEST)
            yield number, block
            number += block.count(b"\n")


def _masked(block: bytes, start: int, end: int, secrets: Collection[str]) -> str:
    before = block[max(0, start - LONGEST) : start].splitlines()[-_BESIDE:]
    after = block[end + 1 : end + 1 + (LONGEST >> 6)].splitlines()[:_BESIDE]
    lines = [raw.decode("utf-8", "replace").rstrip("\r\n") for raw in (*before, block[start:end], *after)]
    return masked_lines(lines, secrets)[len(before)]
