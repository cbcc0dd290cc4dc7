"""One evidence file -> what its lines are: sightings of events, continuations, other, rejects. Nothing is dropped.

A sighting still has its stated time; `events` places it in UTC and merges the sightings of one and the same record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import BinaryIO

import polars as pl

from forensics.evidence import Item
from forensics.evidence.lines import LONGEST_LINE, opened_as_far_as, physical_lines
from forensics.parsers import pastes
from forensics.parsers.log_file import LogFile, Matcher
from forensics.parsers.logs import envelopes, templates
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.prefilter import looks_like_file_log, scan_parts
from forensics.parsers.routine import RECORDS, Routine, counts, places, thinned
from forensics.parsers.unknown_records import Unmatched
from forensics.tables import Reject

_BLOCK = 2_000  # lines behind a record that are looked at together
_STRAY = "not a record, and not part of the one before it"
_PROBE = 400  # lines that tell whether a text file is a log


def is_log(item: Item) -> bool:
    """True where enough of the first lines are records, and one of them is unmistakably OpenClaw's."""
    if looks_like_file_log(item.head):
        return True
    if b"\x00" in item.head[:4096]:
        return False
    lines = item.head.decode("utf-8", "replace").splitlines()[:_PROBE]
    return any(_ours(record) for line in lines if (record := envelopes.read_line(line)))


def _ours(record: Record) -> bool:
    known = record.shape.startswith(("file", "logs")) or bool(
        record.subsystem and record.subsystem in templates.SUBSYSTEMS
    )
    return known or templates.match(record) is not None


def is_paste(item: Item) -> bool:
    """True for a text with a record of OpenClaw's somewhere in it, whatever people put around it."""
    if b"\x00" in item.head[:4096]:
        return False
    reading = LogFile(kind="log")
    _feed(_Collector(item, reading, pasted=True), item.head.decode("utf-8", "replace").splitlines())
    return any(sighting.template.role != "noise" for sighting in reading.sightings)


def read_log(item: Item, *, pasted: bool = False) -> LogFile:
    """Read a log of any shape. `pasted`: it is one for what `is_paste` saw in it alone."""
    reading = _read_file_log(item) if looks_like_file_log(item.head) else _read_lines(item, pasted=pasted)
    reading.shape = reading.shapes.most_common(1)[0][0] if reading.shapes else None
    return reading


def read_chat(item: Item) -> LogFile | None:
    """A text without a record in which OpenClaw speaks to people; None for any other."""
    if b"\x00" in item.head[:4096]:
        return None
    page = item.head.decode("utf-8", "replace")
    spoken = dict(pastes.spoken_records(page))
    if not spoken:
        return None
    reading = LogFile(kind="log", shape="sentence", lines=len(page.splitlines()))
    matcher = Matcher(item, reading, pasted=True)
    for number, line in enumerate(page.splitlines(), 1):
        if record := spoken.get(number):
            matcher.match(record, number)
        elif line.strip():
            matcher.reject(number, line, _STRAY)
        else:
            reading.other += 1
    return reading


def unknown(item: Item, why: str) -> LogFile:
    """A file nothing of OpenClaw was recognised in: one reject row for all its lines."""
    with _opened(item) as file:
        lines = sum(1 for _ in physical_lines(file))
    reading = LogFile(kind="unknown", lines=lines)
    reading.rejects.append(Reject(source=item.path, line=1 if lines else None, lines=lines, why=why))
    return reading


def _read_file_log(item: Item) -> LogFile:
    """tslog JSONL: one vectorised pass picks the lines worth decoding, the rest is counted by minute."""
    reading = LogFile(kind="log")
    collector = _TornCollector(item, reading)
    routine = [pl.DataFrame(schema=RECORDS)]
    for part in scan_parts(item.real, templates.PREFILTER, kinds=templates.ROUTINE, size=item.size):
        reading.lines += part.lines
        routine.append(part.routine)
        for minute, level, subsystem, lines in part.activity.iter_rows():
            reading.activity[minute, level, subsystem] += lines
            reading.other += lines
        for line, text, records in part.loud.iter_rows():
            _count_loud(reading.unmatched, line, text, records)
        for line, text in part.picked.iter_rows():
            collector.feed(line, text)
    collector.close_rejects()
    reading.ends = ()  # of the lines that were not picked only the minutes are known
    reading.shapes["file-jsonl"] += reading.lines
    reading.routine = Routine(pl.concat(routine), partial(at_places, item))
    return reading


def at_places(item: Item, places: Sequence[tuple[int, int]]) -> LogFile:
    """The records that begin at (line, offset), read whole."""
    reading = LogFile(kind="log")
    collector = _TornCollector(item, reading)
    with _opened(item) as file:
        for line, offset in places:
            file.seek(offset)
            collector.feed(line, _text(file.readline(LONGEST_LINE)))
    return reading


def settle_routine(reading: LogFile, kept: pl.DataFrame) -> None:
    """Make the kept records events of the log, and count the others."""
    if reading.routine.whole is None:
        return
    for minute, level, subsystem, lines in thinned(reading.routine.records, kept).iter_rows():
        reading.activity[minute, level, subsystem] += lines
        reading.events += lines
    whole = reading.routine.whole(places(kept))
    several = counts(kept)
    found = (
        replace(s, fields={**s.fields, "count": several[s.line]}) if s.line in several else s for s in whole.sightings
    )
    reading.sightings = sorted([*reading.sightings, *found], key=lambda s: s.line)
    reading.events += whole.events
    reading.other += whole.other
    reading.rejects += whole.rejects
    reading.activity.update(whole.activity)
    reading.chunks.update(whole.chunks)
    reading.unmatched.add_all(whole.unmatched)


def _count_loud(unmatched: Unmatched, line: int, text: str | None, records: int) -> None:
    record = envelopes.read_line(text) if text else None
    if record is None:
        unmatched.add_further(line, records)
    elif not templates.is_chore(record):
        unmatched.add(record, line, records)


def _read_lines(item: Item, *, pasted: bool) -> LogFile:
    """Any other text, line by line: what no envelope knows is looked at together with the record before it."""
    reading = LogFile(kind="log")
    collector = _Collector(item, reading, pasted=pasted)
    with _opened(item) as file:
        _feed(collector, map(_text, physical_lines(file)))
    return reading


def _opened(item: Item) -> BinaryIO:
    return opened_as_far_as(item.real, item.size)


def _text(raw: bytes) -> str:
    return raw.replace(b"\0", b"").decode("utf-8", "replace").rstrip("\r\n")


def _feed(collector: _Collector, texts: Iterable[str]) -> None:
    for number, text, lines in pastes.joined_columns(texts):
        collector.feed(number, text, lines)
    collector.close()
    collector.settle()


class _Collector(Matcher):
    """Feeds lines to the envelopes, hands those that none knows to `pastes`, and counts every line once."""

    def __init__(self, item: Item, reading: LogFile, *, pasted: bool) -> None:
        super().__init__(item, reading, pasted=pasted)
        self._record: Record | None = None
        self._lines: list[tuple[int, str]] = []

    def feed(self, number: int, text: str, lines: int) -> None:
        """One line, or `lines` that were joined to one."""
        self._reading.lines += lines
        self._reading.continuations += lines - 1
        record = self._read(text)
        if record is not None:
            self.close()
            self._record = record
            self._lines = [(number, text)]
            return
        self._lines.append((number, text))
        if len(self._lines) >= _BLOCK:
            self.close()

    def _read(self, text: str) -> Record | None:
        """In a paste, a time with anything behind it is no record yet."""
        record = envelopes.read_line(text)
        if record and self._pasted and not record.subsystem and templates.match(record) is None:
            found = pastes.record_of(text)
            return found[0] if found else record
        return record

    def close(self) -> None:
        """The record is whole, and so is what stands behind it."""
        record, lines = self._record, self._lines
        self._record, self._lines = None, []
        if record and len(lines) == 1:
            self._take(record, lines[0][0])
            return
        for piece in pastes.divide(record, lines[0][1] if lines else "", lines):
            if piece.record is not None:
                self._reading.continuations += len(piece.lines) - 1
                self._take(piece.record, piece.lines[0])
            elif piece.kind == "empty":
                self._reading.other += len(piece.lines)
            else:
                self.reject(piece.lines[0], piece.text, _STRAY)

    def _take(self, record: Record, line: int) -> None:
        self._reading.shapes[record.shape] += 1
        self.match(record, line)


class _TornCollector(Matcher):
    """The lines that a first pass over a file log picked: one that is no record was torn."""

    def feed(self, number: int, text: str) -> None:
        record = envelopes.read_line(text)
        if record is not None:
            self._reading.shapes[record.shape] += 1
            self.match(record, number)
        elif text.strip():
            self.reject(number, text, "not a whole log record")
        else:
            self._reading.other += 1
