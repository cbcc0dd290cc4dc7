"""Line-oriented stores: one record per line, read in bounded memory, every line counted."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate
from typing import BinaryIO, NamedTuple

import polars as pl

from forensics.evidence.lines import opened_as_far_as
from forensics.parsers.routine import RECORDS, Routine
from forensics.parsers.stores.reading.document import MAX_BYTES
from forensics.parsers.stores.reading.parse import decode, parse_strict
from forensics.parsers.stores.reading.sealing import sealed
from forensics.parsers.stores.reading.unreadable import SHOWN, unreadable_file, unreadable_line
from forensics.parsers.stores.store import Contents, Source
from forensics.secrets.detect import secrets_in
from forensics.tables import Event, Reject, StateValue

BLOCK = 2 << 20
MAX_LINE = 32 * 1024 * 1024  # read at most so much of a line
UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Line:
    """One readable line. `first` is the first record of the file: transcripts name their session there."""

    store: str
    source: Source
    number: int
    value: object
    first: object

    @property
    def place(self) -> str:
        """`path:line`."""
        return f"{self.source.path}:{self.number}"


class RoutineLine(NamedTuple):
    """A line that is of every day: its place among the lines of its block, its time (ISO 8601), what tells it apart."""

    row: int
    time: str | None
    kind: str


PROMPT = "prompt"
"""How the kinds of the routine lines begin that ask something; those behind them answer it."""


@dataclass(slots=True)
class SortedLines:
    """The lines of a block: how many, which are to be read whole, and which are routine. The others say nothing."""

    lines: int
    whole: list[int] = field(default_factory=list)
    routine: list[RoutineLine] = field(default_factory=list)


Sort = Callable[[bytes], SortedLines | None]
"""Sorts the lines of a block, or gives None where each must be looked at by itself."""

Rows = tuple[Event | StateValue, ...]
Reading = Callable[[Line], Rows]
Parse = Callable[[str], object]


class _TooLong(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class _Reader:
    store: str
    reading: Reading
    parse: Parse
    shown: int
    sort: Sort | None


@dataclass(slots=True)
class _Tally:
    rows: list[Event | StateValue] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    lines: int = 0
    event_lines: int = 0
    first: object = None
    routine: list[pl.DataFrame] = field(default_factory=list)


def line_reader(
    store: str, reading: Reading, parse: Parse = parse_strict, shown: int = SHOWN, sort: Sort | None = None
) -> Callable[[Source], Contents]:
    """A `Store.read`: `parse` one line (ValueError = reject), then `reading` makes rows of it or none.

    `sort` spares this the lines of which nothing comes, and the routine ones until somebody asks for them.
    """
    reader = _Reader(store, reading, parse, shown, sort)

    def read(source: Source) -> Contents:
        tally = _Tally()
        try:
            with _opened(source) as file:
                _read(reader, source, file, tally)
        except OSError as error:
            tally.rejects.append(unreadable_file(source, 0, f"cannot be read: {error.strerror}"))
        contents = sealed(_contents(tally, source))
        return replace(contents, routine=_routine(reader, source, tally)) if tally.routine else contents

    return read


def _opened(source: Source) -> BinaryIO:
    file = opened_as_far_as(source.real, source.size)
    if file.read(2) not in UTF16:
        file.seek(0)
        return file
    with file:
        file.seek(0)
        return io.BytesIO(decode(file.read(MAX_BYTES)).encode())


def _read(reader: _Reader, source: Source, file: BinaryIO, tally: _Tally) -> None:
    offset = 0
    while reader.sort and (block := file.read(BLOCK)):
        block += file.readline(MAX_LINE)
        lines = block.split(b"\n")
        lines = lines if lines[-1] else lines[:-1]
        found = reader.sort(block) if len(block) < BLOCK + MAX_LINE and all(map(_is_object, lines)) else None
        if found is None or found.lines != len(lines):  # one by one, from here to behind the block
            file.seek(offset)
            for _ in lines:
                _read_next(reader, source, file, tally)
        else:
            _read_sorted(reader, source, tally, offset, lines, found)
        offset = file.tell()
    while _read_next(reader, source, file, tally):
        pass


def _is_object(line: bytes) -> bool:
    """Whether a line may be one object: so many values on so many such lines are one on each."""
    return line[:1] == b"{" and (line[-1:] == b"}" or line[-2:] == b"}\r")


def _read_sorted(
    reader: _Reader, source: Source, tally: _Tally, offset: int, lines: Sequence[bytes], found: SortedLines
) -> None:
    starts = list(accumulate((len(line) + 1 for line in lines), initial=offset))
    before = tally.lines
    if not before and found.lines:
        tally.first = _value(_text(lines[0]), reader.parse)
    for row in found.whole:
        tally.lines = before + row + 1
        _read_line(reader, source, tally, starts[row], lines[row])
    tally.lines = before + found.lines
    tally.event_lines += len(found.routine)
    if found.routine:
        tally.routine.append(_records(found.routine, before + 1, starts))


def _records(routine: Sequence[RoutineLine], first: int, starts: Sequence[int]) -> pl.DataFrame:
    """The columns of `RECORDS`; `first` is the number of the first line of the block."""
    rows, times, kinds = zip(*routine, strict=True)
    time = pl.Series(times, dtype=pl.String).str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    kind = pl.Series(kinds, dtype=pl.String)
    columns = {
        "line": pl.Series(rows, dtype=pl.Int64) + first,
        "offset": pl.Series(map(starts.__getitem__, rows), dtype=pl.Int64),
        "time": time,
        "kind": kind,
        "is_prompt": kind.str.starts_with(PROMPT),
    }
    told = pl.DataFrame(columns).with_columns(level=pl.lit(None), subsystem=pl.lit(None))
    return told.select(pl.col(name).cast(dtype) for name, dtype in RECORDS.items())


def _routine(reader: _Reader, source: Source, tally: _Tally) -> Routine[Contents]:
    return Routine(pl.concat(tally.routine), partial(_at_places, reader, source, tally.first))


def _at_places(reader: _Reader, source: Source, first: object, places: Sequence[tuple[int, int]]) -> Contents:
    """The lines that begin at (line, offset), read whole."""
    tally = _Tally(first=first)
    with _opened(source) as file:
        for line, offset in places:
            file.seek(offset)
            tally.lines = line
            _read_line(reader, source, tally, offset, file.readline(MAX_LINE))
    return sealed(_contents(tally, source))


def _read_next(reader: _Reader, source: Source, file: BinaryIO, tally: _Tally) -> bool:
    """One physical line; False where there is none."""
    offset = file.tell()
    raw = file.readline(MAX_LINE)
    if not raw:
        return False
    rest = raw
    while len(rest) == MAX_LINE and not rest.endswith(b"\n"):
        rest = file.readline(MAX_LINE)
    tally.lines += 1
    _read_line(reader, source, tally, offset, raw)
    return True


def _read_line(reader: _Reader, source: Source, tally: _Tally, offset: int, raw: bytes) -> None:
    text = _text(raw)
    tally.secrets |= secrets_in(text)
    try:
        value = _value(text, reader.parse)
        tally.first = value if tally.first is None else tally.first
        rows = reader.reading(Line(reader.store, source, tally.lines, value, tally.first))
    except (ValueError, RecursionError) as error:
        place = (source, tally.lines, offset)
        tally.rejects.append(unreadable_line(place, _why(error, text), text, reader.shown))
        return
    tally.rows += rows
    tally.event_lines += any(isinstance(row, Event) for row in rows)


def _text(raw: bytes) -> str:
    return raw.replace(b"\0", b"").decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n")


def _value(text: str, parse: Parse) -> object:
    if len(text) >= MAX_LINE:
        raise _TooLong
    return parse(text) if text.strip() else None


def _contents(tally: _Tally, source: Source) -> Contents:
    if not tally.lines and not tally.rejects:
        tally.rejects.append(unreadable_file(source, 0, "empty"))
    return Contents(
        state=tuple(row for row in tally.rows if isinstance(row, StateValue)),
        events=tuple(row for row in tally.rows if isinstance(row, Event)),
        rejects=tuple(tally.rejects),
        lines=tally.lines,
        event_lines=tally.event_lines,
        other=tally.lines - tally.event_lines - sum(reject.lines for reject in tally.rejects),
        secrets=frozenset(tally.secrets),
    )


def _why(error: Exception, text: str) -> str:
    if isinstance(error, _TooLong):
        return f"longer than {MAX_LINE // 2**20} MiB"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return "NUL bytes" if "\0" in text else f"not JSON: {error}"


def record(value: object) -> Mapping[str, object]:
    """The value if it is an object, else an empty one: a line of JSON that is no record has no fields."""
    return value if isinstance(value, Mapping) else {}
