"""The lines that no envelope knows: each goes to the record before it, is a record of its own, or is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from forensics.parsers.logs import envelopes, templates
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.pastes import wraps
from forensics.parsers.pastes.decorations import Bare, bare, ends_block, is_empty
from forensics.parsers.pastes.objects import LONGEST, balance, event_record, is_part, may_hold_an_event
from forensics.parsers.pastes.records import mended, record_of
from forensics.parsers.pastes.sentences import NAME as SENTENCE

Kind = Literal["record", "empty", "reject"]
Numbered = tuple[int, str]
_UNQUOTED = ("noise",)  # roles of records whose text is nobody's answer


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together. A record's further lines are its continuations."""

    kind: Kind
    lines: tuple[int, ...]
    record: Record | None = None
    text: str = ""  # of a reject


@dataclass(slots=True)
class _Open:
    """A record that further lines may belong to."""

    record: Record
    line: str
    lead: str
    lines: list[int]
    takes_all: bool = False  # a text in free form: a reply, the output of a command
    closed: bool = False  # its end was seen

    def piece(self) -> Piece:
        return Piece("record", tuple(self.lines), self.record)


def divide(head: Record | None, head_line: str, lines: Sequence[Numbered]) -> Iterator[Piece]:
    """A record with what belongs to it, and all other lines behind it; where there is one, `lines[0]` is its own."""
    yield from _Divider(lines).pieces(head, head_line)


class _Divider:
    def __init__(self, lines: Sequence[Numbered]) -> None:
        self._lines = lines
        self._at = 0
        self._no_object_before = 0
        self._records: dict[int, tuple[Record, Bare] | None] = {}  # of the lines that were looked at
        self._open: _Open | None = None

    def pieces(self, head: Record | None, head_line: str) -> Iterator[Piece]:
        if head is not None:
            self._at = 1
            self._begin(head, envelopes.strip(head_line), "", [self._lines[0][0]])
        while self._at < len(self._lines):
            yield from self._step()
        if self._open:
            yield self._open.piece()

    def _step(self) -> Iterator[Piece]:
        number, line = self._lines[self._at]
        open_ = self._open
        if not line.strip():
            self._at += 1
            if open_ and not open_.takes_all:
                open_.closed = True
            yield Piece("empty", (number,))
            return
        if open_ and open_.takes_all:
            yield from self._in_free_text(number, line)
            return
        begun = self._record_here(line)
        if begun:
            if open_:
                yield open_.piece()
            self._begin(*begun)
            return
        self._at += 1
        if is_empty(line) or ends_block(line):
            if open_:
                open_.closed = True
            yield Piece("empty" if is_empty(line) else "reject", (number,), text=line)
        elif open_ and not open_.closed and not _quotes(open_.record):
            self._append(open_, number, line)
        else:
            if open_:
                open_.closed = True
            yield Piece("reject", (number,), text=line)

    def _in_free_text(self, number: int, line: str) -> Iterator[Piece]:
        """A reply may quote what a log said; a line of a log that a reply stands in is never earlier than the reply."""
        assert self._open  # noqa: S101 - asked for by _step; tells mypy
        found = record_of(line)
        if found and _later(found[0], self._open.record) and templates.match(found[0]) is not None:
            yield self._open.piece()
            self._at += 1
            self._begin(found[0], found[1].text, found[1].lead, [number])
            return
        self._append(self._open, number, line)
        self._at += 1

    def _append(self, open_: _Open, number: int, line: str) -> None:
        text = f"{open_.record.text}\n{envelopes.unwrap(line, open_.line)}"
        open_.record = _with_text(open_.record, text)
        open_.lines.append(number)

    def _record_here(self, line: str) -> tuple[Record, str, str, list[int]] | None:
        found = record_of(line)
        if found:
            number = self._lines[self._at][0]
            self._at += 1
            return found[0], _unclosed(line, found[1]), found[1].lead, [number]
        return self._object_here() or self._broken_here(line)

    def _broken_here(self, line: str) -> tuple[Record, str, str, list[int]] | None:
        """A record broken within its opening words."""
        unmarked = bare(line)
        head = _unclosed(line, unmarked)
        if not wraps.is_opening(head):
            return None
        self._at += 1
        joined = wraps.begun(head, self._behind(None, head, unmarked.lead), _read)
        self._at += joined.used if joined else -1
        if joined is None:
            return None
        first = self._at - joined.used - 1
        return joined.record, "", unmarked.lead, [number for number, _ in self._lines[first : self._at]]

    def _object_here(self) -> tuple[Record, str, str, list[int]] | None:
        """An event written over several lines."""
        if self._at < self._no_object_before:
            return None
        texts: list[str] = []
        depth = 0
        for _, line in self._lines[self._at : self._at + LONGEST]:
            text = bare(line).text
            if not is_part(text) and depth <= 0:
                break
            texts.append(text)
            depth += balance(text)
            if texts[0].startswith("{") and depth <= 0:
                break
        if len(texts) < 2:
            return None
        record = event_record(texts) if may_hold_an_event("\n".join(texts)) else None
        if record is None or templates.match(record) is None:
            self._no_object_before = self._at + len(texts)
            return None
        numbers = [number for number, _ in self._lines[self._at : self._at + len(texts)]]
        self._at += len(texts)
        return record, "", "", numbers

    def _begin(self, record: Record, line: str, lead: str, numbers: list[int]) -> None:
        """The record is open; what its own form, or a terminal's width, says belongs to it is taken at once."""
        record = mended(record, root=bool(lead) or not line)
        joined = wraps.join(line, record, self._behind(record, line, lead), _read) if line else wraps.Joined(record)
        numbers += [number for number, _ in self._lines[self._at : self._at + joined.used]]
        self._at += joined.used
        self._open = _Open(joined.record, line, lead, numbers, takes_all=_is_free(joined.record))

    def _record_at(self, at: int) -> tuple[Record, Bare] | None:
        """Several records may ask of the lines behind them whether these begin one."""
        if at not in self._records:
            self._records[at] = record_of(self._lines[at][1])
        return self._records[at]

    def _behind(self, record: Record | None, head: str, lead: str) -> list[str]:
        """The lines that may be parts of the record: up to a blank one, a fence, or the next record."""
        parts: list[str] = []
        for at in range(self._at, min(self._at + wraps.MOST, len(self._lines))):
            line = self._lines[at][1]
            if is_empty(line) or ends_block(line):
                break
            found = self._record_at(at)
            if found and not _may_be_part(found[0], record):
                break
            parts.append(envelopes.unwrap(_unled(line, lead), head))
        return parts


def _may_be_part(found: Record, of: Record | None) -> bool:
    """True for what reads like a record and may still be the rest of one that was broken before it."""
    if of is None:
        return found.shape == SENTENCE or templates.match(found) is None
    return found.shape == SENTENCE and wraps.is_unfinished(of)


def _unclosed(line: str, found: Bare) -> str:
    """The line behind its lead with the blanks at its end, which tell how wide it was, where nothing else was there."""
    rest = envelopes.strip(line)[len(found.lead) :]
    return rest if rest.rstrip() == found.text.rstrip() else found.text


def _unled(line: str, lead: str) -> str:
    line = envelopes.strip(line)
    if lead and line.startswith(lead):
        return line[len(lead) :]
    indent = len(lead.expandtabs())
    return line[indent:] if lead and line[:indent].isspace() else line


def _read(line: str) -> Record | None:
    record = envelopes.read_line(line)
    if record is not None:
        return mended(record)
    found = record_of(line)
    return found[0] if found else None


def _with_text(record: Record, text: str) -> Record:
    from dataclasses import replace

    return replace(record, text=text)


def _quotes(record: Record) -> bool:
    """True for a record whose text is quoted as an answer: nothing but its own form tells where it ends."""
    matched = templates.match(record)
    return matched is not None and matched[0].role not in _UNQUOTED


def _is_free(record: Record) -> bool:
    """True for a text of the root logger in no known form: a reply, or what a command printed."""
    return not record.subsystem and record.shape != SENTENCE and not _quotes(record)


def _later(record: Record, than: Record) -> bool:
    if record.time and than.time and bool(record.time.tzinfo) is bool(than.time.tzinfo):
        return record.time >= than.time
    if record.clock and than.clock:
        return record.clock.replace(tzinfo=None) >= than.clock.replace(tzinfo=None)
    return than.time is None and than.clock is None and bool(record.time or record.clock)


__all__ = ["Bare", "Piece", "divide"]
