"""Line-oriented stores: one record per line, read in bounded memory, every line counted."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from forensics.parsers.stores.reading.document import MAX_BYTES
from forensics.parsers.stores.reading.parse import decode, parse_strict
from forensics.parsers.stores.reading.sealing import sealed
from forensics.parsers.stores.reading.unreadable import SHOWN, unreadable_file, unreadable_line
from forensics.parsers.stores.store import Contents, Source
from forensics.secrets.detect import secrets_in
from forensics.tables import Event, Reject, StateValue

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


@dataclass(slots=True)
class _Tally:
    rows: list[Event | StateValue] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    lines: int = 0
    event_lines: int = 0


def line_reader(
    store: str, reading: Reading, parse: Parse = parse_strict, shown: int = SHOWN
) -> Callable[[Source], Contents]:
    """A `Store.read`: `parse` one line (ValueError = reject), then `reading` makes rows of it or none."""
    reader = _Reader(store, reading, parse, shown)

    def read(source: Source) -> Contents:
        tally = _Tally()
        try:
            with _opened(source) as file:
                _read(reader, source, file, tally)
        except OSError as error:
            tally.rejects.append(unreadable_file(source, 0, f"cannot be read: {error.strerror}"))
        return sealed(_contents(tally, source))

    return read


def _opened(source: Source) -> BinaryIO:
    file = source.real.open("rb")
    if file.read(2) not in UTF16:
        file.seek(0)
        return file
    with file:
        file.seek(0)
        return io.BytesIO(decode(file.read(MAX_BYTES)).encode())


def _read(reader: _Reader, source: Source, file: BinaryIO, tally: _Tally) -> None:
    first: object = None
    for offset, raw in _physical_lines(file):
        tally.lines += 1
        text = raw.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n")
        tally.secrets |= secrets_in(text)
        try:
            value = _value(text, reader.parse)
            first = value if first is None else first
            rows = reader.reading(Line(reader.store, source, tally.lines, value, first))
        except (ValueError, RecursionError) as error:
            place = (source, tally.lines, offset)
            tally.rejects.append(unreadable_line(place, _why(error, text), text, reader.shown))
            continue
        tally.rows += rows
        tally.event_lines += any(isinstance(row, Event) for row in rows)


def _value(text: str, parse: Parse) -> object:
    if len(text) >= MAX_LINE:
        raise _TooLong
    return parse(text) if text.strip() else None


def _physical_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while raw := file.readline(MAX_LINE):
        yield offset, raw
        offset += len(raw)
        while len(raw) == MAX_LINE and not raw.endswith(b"\n"):
            raw = file.readline(MAX_LINE)
            offset += len(raw)


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
