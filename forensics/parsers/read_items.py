"""Evidence files -> what each turned out to be and holds; of routine records those that reasoning needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl

from forensics.evidence import Item
from forensics.evidence.item import changed_since, refused, unreadable
from forensics.parsers import stores
from forensics.parsers.clocks import is_dateless
from forensics.parsers.log_file import LogFile
from forensics.parsers.log_reader import is_log, is_paste, read_chat, read_log, settle_routine, unknown
from forensics.parsers.quoted_stores import quoted_stores
from forensics.parsers.routine import NO_RECORDS, needed
from forensics.parsers.stores.reading.document import count_lines
from forensics.parsers.stores.reading.routine import with_routine
from forensics.parsers.stores.store import Contents, Source, Store
from forensics.tables import Reject

_TELLING = frozenset({"failure", "echo", "decision", "window", "credential", "delivery"})
_FEW = 1_000  # other events: so many are looked around
NOT_RECOGNISED = "not recognised as anything of OpenClaw"


@dataclass(frozen=True, slots=True)
class ReadItem:
    """One item and what it turned out to be."""

    item: Item
    kind: str
    reading: LogFile | None = None
    contents: Contents | None = None
    changed: Reject | None = None  # what became of the file meanwhile


Progress = Callable[[int, int, str], None]
"""Told before each file: bytes read so far, bytes of all, the file's path."""


def read_items(items: Sequence[Item], progress: Progress | None = None) -> list[ReadItem]:
    """Each file, in order. One broken file never hides the others."""
    total, done, read = sum(item.bytes for item in items), 0, []
    for item in items:
        if progress:
            progress(done, total, item.path)
        read.append(_read_whole(item))
        done += item.bytes
    if not any(r.contents or r.kind == "log" for r in read):
        read = [_as_page(r) for r in read]
    return _with_routine(read)


def _as_page(read: ReadItem) -> ReadItem:
    """Prose where nothing else is: beside logs and stores, what notes quote is of some other time."""
    if read.kind != "unknown" or read.changed:
        return read
    if quoted := _quoted(read.item):
        return ReadItem(read.item, "auth_state", contents=quoted)
    chat = read_chat(read.item)
    return ReadItem(read.item, "log", reading=chat) if chat else read


def _read_whole(item: Item) -> ReadItem:
    """One file; where it cannot be read any more, a row that says so."""
    try:
        read = _read(item)
    except OSError as error:
        reading = LogFile(kind="unknown", rejects=[refused(item.path, unreadable(error))])
        return ReadItem(item, "unknown", reading=reading)
    # a database is copied before it is read, and the copy tells whether it was whole
    return read if read.kind.endswith("_database") else replace(read, changed=changed_since(item))


def _read(item: Item) -> ReadItem:
    if item.bytes == 0:
        return ReadItem(item, "empty", reading=LogFile(kind="empty"))
    store = stores.known_at_once(item.path, item.head)
    if store is None and is_log(item):
        return ReadItem(item, "log", reading=read_log(item))
    store = store or stores.claim(item.path, item.head)
    if store:
        return ReadItem(item, store.name, contents=_contents(item, store))
    if is_paste(item):
        return ReadItem(item, "log", reading=read_log(item, pasted=True), contents=_quoted(item))
    return ReadItem(item, "unknown", reading=unknown(item, NOT_RECOGNISED))


def _quoted(item: Item) -> Contents | None:
    """State in a page of prose. A log quotes what commands and tools printed, at some time: no log is a page."""
    if b"\0" in item.head or item.bytes > len(item.head):
        return None
    source = Source(item.path, item.real, item.mtime, agent_in(item.path), item.size)
    page = item.head.decode("utf-8", "replace")
    quoted = quoted_stores(source, page)
    lines = count_lines(page)
    return replace(quoted, lines=lines, other=lines) if quoted else None


def _with_routine(read: Sequence[ReadItem]) -> list[ReadItem]:
    """The same, the routine records that reasoning may need made whole and the others counted."""
    routine = [(agent_in(r.item.path), _records(r)) for r in read]
    chosen = needed(routine, _moments(read))
    return [
        _settled(r, kept) if kept.height or records.height else r
        for r, (_, records), kept in zip(read, routine, chosen, strict=True)
    ]


def _records(read: ReadItem) -> pl.DataFrame:
    routine = read.reading.routine if read.reading else read.contents.routine if read.contents else None
    return routine.records if routine else NO_RECORDS


def _settled(read: ReadItem, kept: pl.DataFrame) -> ReadItem:
    if read.reading:
        settle_routine(read.reading, kept)
    return replace(read, contents=with_routine(read.contents, kept)) if read.contents else read


def _moments(read: Sequence[ReadItem]) -> list[datetime]:
    """When anything happened that is no routine; the gateway's own life only while it is quiet."""
    told: list[tuple[object, datetime | None]]
    told = [(e.role, e.time) for r in read if r.contents for e in r.contents.events]
    told += [(s.fields.get("role", s.template.role), s.stated) for r in read if r.reading for s in r.reading.sightings]
    dated = [(role in _TELLING, time) for role, time in told if time and is_full(time)]
    quiet = sum(not telling for telling, _ in dated) <= _FEW
    return [time.astimezone(UTC) for telling, time in dated if telling or quiet]


def _contents(item: Item, store: Store) -> Contents:
    return (store.skim or store.read)(Source(item.path, item.real, item.mtime, agent_in(item.path), item.size))


def agent_in(path: str) -> str | None:
    """`…/agents/<id>/…` -> id."""
    parts = path.split("/")
    places = [n for n, part in enumerate(parts[:-2]) if part == "agents"]
    return parts[places[-1] + 1] if places else None


def is_full(stated: datetime) -> bool:
    """Whether a stated time is an instant: with its date and zone."""
    return stated.tzinfo is not None and not is_dateless(stated)
