"""Records of one file -> what a log file is: matched records, counts, and the times they state."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from forensics.evidence import Item
from forensics.openclaw.releases import release_of_chunk
from forensics.parsers import pastes
from forensics.parsers.clocks import DayCounter, Reading, clocks_apart
from forensics.parsers.logs import envelopes, templates
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.template import Fields, Template
from forensics.parsers.routine import Routine
from forensics.parsers.unknown_records import Unmatched
from forensics.tables import Reject
from forensics.text import counted, visible

_SHOWN = 200
_MOST_REJECTS = 10_000  # rows of one file
_LOST = "\ufffd"  # what stands for bytes that are no text
_RECORD = 65_536  # characters of one record that are looked at
_INSTANT = re.compile(r"(?<!\d)1[5-9]\d{11}(?!\d)")  # milliseconds since 1970, 2017 to 2033
_MOST_INSTANTS = 500
_TWO_CLOCKED = "console-pretty"
_1970 = datetime(1970, 1, 1, tzinfo=UTC)


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
    ends: tuple[datetime, ...] = ()  # first and last stated time; () where only the minutes are known
    log_file: str | None = None  # that `openclaw logs` says it prints
    epochs: list[tuple[datetime, datetime]] = field(default_factory=list)  # (time of day, instant in its record)


class Matcher:
    """Matches records with the templates and counts their lines."""

    def __init__(self, item: Item, reading: LogFile, *, pasted: bool = False) -> None:
        self._pasted = pasted
        self._item, self._reading = item, reading
        self._days = DayCounter()
        self._apart = {True: DayCounter(), False: DayCounter()}  # root lines, named lines
        self._times_apart: list[datetime | None] = []  # of the sightings
        self._activity_apart: Counter[tuple[datetime | None, str | None, str | None]] = Counter()
        self._undated: set[str] = set()
        self._further: dict[str, tuple[int, int]] = {}  # why -> first line, lines, beyond those that have a row each
        self._unclean: list[int] = []  # lines with bytes that are no text, and that nothing was recognised in

    def match(self, record: Record, line: int) -> None:
        """One whole record, begun in this line."""
        record = replace(record, text=record.text[:_RECORD]) if len(record.text) > _RECORD else record
        if record.chunk:
            self._reading.chunks[record.chunk] += 1
        stated, apart = self._stated(record)
        matched = templates.match(record)
        if matched is None and (whole := pastes.mended(record, root=self._pasted)) is not record:
            record, matched = whole, templates.match(whole)
        if matched is None:
            self._reading.unmatched.add(record, line)
            if _LOST in record.text:
                self._unclean.append(line)
        if matched is None or not matched[0].is_event or self._is_copy(record):
            self._reading.other += 1
            self._reading.activity[_minute(stated), record.level, record.subsystem] += 1
            self._activity_apart[_minute(apart or stated), record.level, record.subsystem] += 1
            return
        self._reading.events += 1
        template, fields = matched
        shape = envelopes.RANKS.get(record.shape, 9)
        self._reading.sightings.append(
            MatchedRecord(template, fields, line, stated, shape, record.level, record.subsystem, _release(record))
        )
        self._times_apart.append(apart)
        self._note_instants(record, stated)

    def _is_copy(self, record: Record) -> bool:
        """True for a sentence without a time that stands in the text already: a title, a summary.

        A line of a log file is none: its time is there, and only cannot be read.
        """
        if record.time or record.clock or record.shape.startswith("file"):
            self._undated.add(record.text)
            return False
        seen = record.text in self._undated
        self._undated.add(record.text)
        return seen

    def _stated(self, record: Record) -> tuple[datetime | None, datetime | None]:
        """The time a record states; of a pretty console also counted with the lines of its own clock alone."""
        stated, apart = record.time, None
        if stated is not None:
            stated = stated if stated.tzinfo is None else stated.astimezone(UTC)
        elif record.clock is not None:
            stated = self._days.place(record.clock)
            if record.shape == _TWO_CLOCKED and record.clock.tzinfo is None:
                apart = self._apart[record.subsystem == ""].place(record.clock)
        elif file := record.meta.get("file"):
            self._reading.log_file = self._reading.log_file or str(file)
        self._widen(stated)
        return stated, apart

    def _widen(self, stated: datetime | None) -> None:
        ends = self._reading.ends
        if stated is None or (ends and (stated.tzinfo is None) is not (ends[0].tzinfo is None)):
            return
        self._reading.ends = (min(stated, *ends), max(stated, *ends)) if ends else (stated, stated)

    def _note_instants(self, record: Record, stated: datetime | None) -> None:
        """Only a source without dates needs the instants that its records name."""
        if stated is None or record.clock is None or len(self._reading.epochs) >= _MOST_INSTANTS:
            return
        instants = (_1970 + timedelta(milliseconds=int(number)) for number in _INSTANT.findall(record.text))
        self._reading.epochs += [(stated, instant) for instant in instants]

    def settle(self) -> None:
        """All lines are read: where root lines are of a clock of their own, it is set back to the others'."""
        self.close_rejects()
        sightings = self._reading.sightings
        ahead = clocks_apart(
            Reading(s.line, apart, str(s.fields.get("text", "")), root=s.subsystem == "")
            for s, apart in zip(sightings, self._times_apart, strict=True)
            if apart and s.template.role in ("failure", "echo") and s.fields.get("text")
        )
        if ahead is None:
            return
        for n, apart in enumerate(self._times_apart):
            if apart:
                sightings[n] = replace(sightings[n], stated=_set_back(apart, sightings[n].subsystem, ahead))
        self._reading.activity = Counter(
            {(key[0] and _set_back(key[0], key[2], ahead), *key[1:]): n for key, n in self._activity_apart.items()}
        )
        self._reading.ends = ()

    def close_rejects(self) -> None:
        """A row for the lines in which damage may hide an event, and one for each reason with too many rows."""
        for why, (line, lines) in self._further.items():
            self._reading.rejects.append(Reject(source=self._item.path, line=line, lines=lines, why=why))
        if self._unclean:
            why = f"bytes that are no text, in {counted(len(self._unclean), 'line')} without an event: one may be lost"
            self._reading.rejects.append(Reject(source=self._item.path, line=self._unclean[0], lines=0, why=why))

    def reject(self, number: int, text: str, why: str) -> None:
        if len(self._reading.rejects) >= _MOST_REJECTS:
            first, lines = self._further.get(why, (number, 0))
            self._further[why] = first, lines + 1
            return
        self._reading.rejects.append(Reject(source=self._item.path, line=number, why=why, text=visible(text[:_SHOWN])))


def _set_back(time: datetime, subsystem: str | None, ahead: timedelta) -> datetime:
    return time - ahead if subsystem == "" else time


def _release(record: Record) -> str | None:
    release = release_of_chunk(record.chunk) if record.chunk else None
    return str(release) if release else None


def _minute(stated: datetime | None) -> datetime | None:
    return stated.replace(second=0, microsecond=0) if stated else None
