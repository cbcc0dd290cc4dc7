"""One evidence file -> what its lines are: sightings of events, continuations, other, rejects. Nothing is dropped.

A sighting still has its stated time; `events` places it in UTC and merges the sightings of one and the same record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

import polars as pl

from forensics.evidence import Item
from forensics.openclaw.releases import release_of_chunk
from forensics.parsers.clocks import DayCounter
from forensics.parsers.logs import envelopes, templates
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.prefilter import LONGEST_LINE, looks_like_file_log, scan_parts
from forensics.parsers.logs.templates.template import Fields, Template
from forensics.parsers.routine import RECORDS, Routine, counts, places, thinned
from forensics.parsers.unknown_records import Unmatched
from forensics.tables import Reject
from forensics.text import visible

_SHOWN = 200
_RECORD = 65_536  # characters of one record that are looked at
_PROBE = 400  # lines that tell whether a text file is a log


@dataclass(frozen=True, slots=True)
class MatchedRecord:
    """One matched record in one file."""

    template: Template
    fields: Fields
    line: int
    stated: datetime | None  # aware, naive, or on a counted day (`clocks.is_dateless`)
    rank: int
    level: str | None
    subsystem: str
    release: str | None  # where the bundle file that wrote the line belongs to one release alone


@dataclass(slots=True)
class LogFile:
    """What a file's lines are. `lines = events + continuations + other + sum(rejects.lines)`."""

    kind: str
    shape: str | None = None
    lines: int = 0
    events: int = 0
    continuations: int = 0
    other: int = 0
    rejects: list[Reject] = field(default_factory=list)
    sightings: list[MatchedRecord] = field(default_factory=list)
    activity: Counter[tuple[datetime | None, str | None, str | None]] = field(default_factory=Counter)
    chunks: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    unmatched: Unmatched = field(default_factory=Unmatched)
    routine: Routine[LogFile] = field(default_factory=Routine)


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


def read_log(item: Item) -> LogFile:
    """Read a log of any shape."""
    reading = _read_file_log(item) if looks_like_file_log(item.head) else _read_lines(item)
    reading.shape = reading.shapes.most_common(1)[0][0] if reading.shapes else None
    return reading


def unknown(item: Item, why: str) -> LogFile:
    """A file nothing of OpenClaw was recognised in: one reject row for all its lines."""
    with item.real.open("rb") as file:
        lines = sum(1 for _ in file)
    reading = LogFile(kind="unknown", lines=lines)
    reading.rejects.append(Reject(source=item.path, line=1 if lines else None, lines=lines, why=why))
    return reading


def _read_file_log(item: Item) -> LogFile:
    """tslog JSONL: one vectorised pass picks the lines worth decoding, the rest is counted by minute."""
    reading = LogFile(kind="log")
    collector = _Collector(item, reading, torn=True)
    routine = [pl.DataFrame(schema=RECORDS)]
    for part in scan_parts(item.real, templates.PREFILTER, kinds=templates.ROUTINE):
        reading.lines += part.lines
        routine.append(part.routine)
        for minute, level, subsystem, lines in part.activity.iter_rows():
            reading.activity[minute, level, subsystem] += lines
            reading.other += lines
        for line, text, records in part.loud.iter_rows():
            _count_loud(reading.unmatched, line, text, records)
        for line, text in part.picked.iter_rows():
            collector.feed(line, text)
    collector.close()
    reading.shapes["file-jsonl"] += reading.lines
    reading.routine = Routine(pl.concat(routine), partial(at_places, item))
    return reading


def at_places(item: Item, places: Sequence[tuple[int, int]]) -> LogFile:
    """The records that begin at (line, offset), read whole."""
    reading = LogFile(kind="log")
    collector = _Collector(item, reading, torn=True)
    with item.real.open("rb") as file:
        for line, offset in places:
            file.seek(offset)
            collector.feed(line, file.readline(LONGEST_LINE).decode("utf-8", "replace").rstrip("\r\n"))
    collector.close()
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


def _read_lines(item: Item) -> LogFile:
    reading = LogFile(kind="log")
    collector = _Collector(item, reading, torn=False)
    with item.real.open("rb") as file:
        for number, raw in enumerate(file, 1):
            reading.lines += 1
            collector.feed(number, raw.decode("utf-8", "replace").rstrip("\r\n"))
    collector.close()
    return reading


class _Collector:
    """Feeds lines to the shapes, joins continuations, matches templates, and counts every line once."""

    def __init__(self, item: Item, reading: LogFile, *, torn: bool) -> None:
        self._item, self._reading, self._torn = item, reading, torn
        self._days = DayCounter()
        self._record: Record | None = None
        self._line, self._first = 0, ""
        self._more: list[str] = []

    def feed(self, number: int, text: str) -> None:
        record = envelopes.read_line(text)
        if record is not None:
            self.close()
            self._record, self._line, self._first, self._more = record, number, text, []
            self._reading.shapes[record.shape] += 1
        elif not text.strip():
            self._reading.other += 1
        elif self._record is None or self._torn:
            self._reject(number, text)
        else:
            self._more.append(envelopes.unwrap(text, self._first))

    def close(self) -> None:
        """The record is whole: match it."""
        record, self._record = self._record, None
        if record is None:
            return
        self._reading.continuations += len(self._more)
        if self._more:
            joined = "\n".join([record.text, *self._more])
            record = replace(record, text=joined[:_RECORD])
        if record.chunk:
            self._reading.chunks[record.chunk] += 1
        stated = self._stated(record)
        matched = templates.match(record)
        if matched is None:
            self._reading.unmatched.add(record, self._line)
        if matched is None or not matched[0].is_event:
            self._reading.other += 1
            self._reading.activity[_minute(stated), record.level, record.subsystem] += 1
            return
        self._reading.events += 1
        template, fields = matched
        shape = envelopes.RANKS.get(record.shape, 9)
        self._reading.sightings.append(
            MatchedRecord(template, fields, self._line, stated, shape, record.level, record.subsystem, _release(record))
        )

    def _stated(self, record: Record) -> datetime | None:
        if record.time is not None:
            return record.time if record.time.tzinfo is None else record.time.astimezone(UTC)
        return self._days.place(record.clock) if record.clock is not None else None

    def _reject(self, number: int, text: str) -> None:
        why = "not a whole log record" if self._torn else "not a record, and nothing before it that it could continue"
        self._reading.rejects.append(Reject(source=self._item.path, line=number, why=why, text=visible(text[:_SHOWN])))


def _release(record: Record) -> str | None:
    release = release_of_chunk(record.chunk) if record.chunk else None
    return str(release) if release else None


def _minute(stated: datetime | None) -> datetime | None:
    return stated.replace(second=0, microsecond=0) if stated else None
