"""A line of a paste -> the record it is, whatever stands around it; None where it is none of OpenClaw's."""

from __future__ import annotations

import re
from dataclasses import replace

from forensics.parsers.logs import envelopes, templates
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.pastes.decorations import Bare, bare, inside
from forensics.parsers.pastes.objects import event_record
from forensics.parsers.pastes.sentences import as_event, closed_placeholders, sentence_record, with_colons

LONGEST = 16_384  # characters of one line that are looked at
_HINT = re.compile(  # nothing else can be a record
    rf"{templates.PREFILTER}|\d:\d\d|\[[a-z]|\"event\"|\bevent\b|_meta|[Ff]ailover|agent[ _]failed|[ _]decision|"
    r"candidate|agent[ _]end|models failed|cooldown|auth profile|API key|OAuth|subsystem|System:|Cron job|"
    r"\"errorMessage\"|lane task error|unavailable|Error:"
)


def mended(record: Record, *, root: bool = True) -> Record:
    """The record with the fields that somebody cut or replaced read as far as they are there.

    A line of the root logger may be a reply that quotes such a line: without `root` it stays what it is.
    """
    quiet = record.level in ("info", "debug", "trace", "silly") or record.shape in envelopes.STRUCTURED
    if quiet:
        return record
    text = with_colons(record.text)
    record = record if text == record.text else replace(record, text=text)
    if not (root or record.subsystem) or templates.match(record) is not None:
        return record
    closed = replace(record, text=closed_placeholders(record.text))
    if templates.match(closed) is not None:
        return closed
    return as_event(closed) or record


def is_known(record: Record) -> bool:
    """True for a record of a kind that OpenClaw writes: a template's, or one under a name of its subsystems."""
    return templates.match(record) is not None or (bool(record.subsystem) and record.subsystem in templates.SUBSYSTEMS)


def record_of(line: str) -> tuple[Record, Bare] | None:
    """The record in a decorated line, and what the decoration was."""
    if len(line) > LONGEST or not _HINT.search(line):
        return None
    unmarked = bare(line)
    if record := _read(unmarked.text):
        return record, unmarked
    for ending in inside(line):
        if (record := _read(ending.text)) and templates.match(record) is not None:
            return _first_sentence(record), ending
    return None


def _read(text: str) -> Record | None:
    if not text:
        return None
    timed = envelopes.read_line(text)
    if timed is not None:
        timed = mended(timed)
        if is_known(timed) or timed.shape in envelopes.STRUCTURED:
            return timed
        return _timed_sentence(timed)
    return sentence_record(text) or event_record([text])


def _timed_sentence(record: Record) -> Record | None:
    """`18:00:45 embedded run agent end …` without the tag, `14:02 Error: No API key found …`."""
    if record.subsystem:
        return None
    found = sentence_record(record.text)
    return replace(found, time=record.time, clock=record.clock, shape=record.shape) if found else None


def _first_sentence(record: Record) -> Record:
    """Of a line without a time inside somebody's own sentence only the first: what follows may be theirs."""
    if record.time or record.clock:  # a whole line was pasted behind the words
        return record
    head, stop, _ = record.text.partition(". ")
    cut = replace(record, text=head + stop.rstrip()) if stop else record
    return cut if templates.match(cut) is not None else record
