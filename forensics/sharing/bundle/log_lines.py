"""A log, line by line -> as many lines, in which events keep their record and all others only their envelope.

A line that cannot be read becomes its length, and so does what continues a record, unless the event needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from forensics.parsers.logs import templates
from forensics.parsers.logs.envelopes import read_line, unwrap
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.sharing.bundle.json_values import masked_value
from forensics.sharing.bundle.log_records import rewritten
from forensics.sharing.bundle.masker import Masker
from forensics.sharing.bundle.unmatched_lines import quiet_line

_RECORD = 65_536  # characters of one record that are looked at, as in `readings`
_TAG = re.compile(r"Log (?:file: |tail truncated \(|cursor reset \()|\[[\w./-]{1,64}\] ")

Fields = Mapping[str, object]


def collected_lines(lines: Iterable[bytes], picked: Iterator[int] | None, masker: Masker) -> Iterator[bytes]:
    """The collected line of every line, in order, without their line ends.

    `picked` are the numbers of the lines that the first pass over a file log looks at (there a record is one line);
    None for a log of another shape, where lines without an envelope continue the record before them.
    """
    log = _Log(masker, torn=picked is not None)
    wanted = next(picked, None) if picked is not None else None
    for number, raw in enumerate(lines, 1):
        if picked is not None and number != wanted:
            yield quiet_line(raw, masker)
            continue
        wanted = next(picked, None) if picked is not None else None
        for line in log.feed(raw.decode("utf-8", "replace").rstrip("\r\n")):
            yield line.encode("utf-8", "replace")
        if picked is not None:
            yield from (line.encode("utf-8", "replace") for line in log.close())
    yield from (line.encode("utf-8", "replace") for line in log.close())


@dataclass(slots=True)
class _Log:
    """The record at hand with the lines behind it, until it is known to be whole."""

    masker: Masker
    torn: bool
    record: Record | None = None
    first: str = ""
    more: list[str] = field(default_factory=list)
    length: int = 0

    def feed(self, text: str) -> Iterator[str]:
        record = read_line(text)
        if record is not None:
            yield from self.close()
            self.record, self.first, self.more, self.length = record, text, [], 0
        elif self.record is None or self.torn:
            yield from self.close()
            yield self.masker.line(text)
        elif self.length > _RECORD:  # too far behind its beginning to be looked at
            yield from self.close(keep=True)
            yield self.masker.line(text)
        else:
            self.more.append(text)
            self.length += len(text)

    def close(self, keep: bool = False) -> Iterator[str]:
        """The lines of the record; it goes on after `keep`, as nobody's."""
        if self.record is not None and self.first:
            yield from self._closed(self.record)
        self.first, self.more = "", []
        self.record = self.record if keep else None

    def _closed(self, record: Record) -> list[str]:
        behind = [self.masker.line(line) for line in self.more]
        found = _matched(record, [unwrap(line, self.first) for line in self.more if line.strip()])
        if found and (event := self._event(record, found, behind)):
            return event
        text, meta = self.masker.body(record.text), self._meta(record)
        tries: tuple[tuple[str, Fields], ...] = ((text, {}), (text, meta), (self._tagged(record.text), meta))
        bare = next((line for said, beside in tries if (line := self._rewritten(said, beside))), None)
        keeps = bare and _fields(bare, []) is None and self.masker.clean(bare) == bare
        return [bare if bare and keeps else self.masker.line(self.first), *behind]

    def _event(self, record: Record, wanted: Fields, behind: list[str]) -> list[str] | None:
        """As little of an event as it takes to read the same from it; None where not even its envelope can be kept."""
        clean = self.masker.clean
        lines = clean("\n".join([record.text, *self.more])).split("\n")
        if len(lines) != record.text.count("\n") + 1 + len(self.more):  # a secret of several lines
            return None
        text, more = "\n".join(lines[: len(lines) - len(self.more)]), lines[len(lines) - len(self.more) :]
        first = self._rewritten(text, self._meta(record))
        if first is None and not record.meta:
            first = clean(self.first)
        if first is None or clean(first) != first:  # a name in the envelope is, or holds, a token
            return None
        wanted = {name: clean(value) if isinstance(value, str) else value for name, value in wanted.items()}
        return [first, *behind] if _fields(first, behind) == wanted else [first, *more]

    def _rewritten(self, text: str, meta: Mapping[str, object]) -> str | None:
        return rewritten(self.first, self.record, text, meta, self.masker.clean) if self.record else None

    def _meta(self, record: Record) -> dict[str, object]:
        try:
            value = masked_value(record.meta, self.masker)
        except RecursionError:
            return {}
        return value if isinstance(value, dict) else {}

    def _tagged(self, text: str) -> str:
        """The length of a text, behind the tag that makes a line without a time a record."""
        tag = _TAG.match(text)
        return tag[0] + self.masker.body(text[tag.end() :]) if tag else self.masker.body(text)


def _fields(line: str, more: list[str]) -> Fields | None:
    record = read_line(line)
    return _matched(record, [unwrap(text, line) for text in more if text.strip()]) if record else None


def _matched(record: Record, more: list[str]) -> Fields | None:
    """The kind of event and its columns; None where no template needs the record."""
    text = "\n".join([record.text, *more])[:_RECORD] if more else record.text
    found = templates.match(replace(record, text=text))
    return {"kind": found[0].kind, **found[1]} if found and found[0].is_event else None
