"""What evidence is made of: plain read-only files, each with what a reader must know before opening it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from forensics.evidence.lines import opened_as_far_as
from forensics.tables import Reject

HEAD = 64 << 10
Stamp = tuple[int, int]
"""Size in bytes and last write in ns of a file that somebody may be writing."""
Bytes = bytes  # a name for the type inside Item, where `bytes` is a column


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken. What lies beyond becomes reject rows, never an error."""

    files: int = 50_000
    members: int = 20_000  # of one archive
    unpacked: int = 8 << 30  # bytes, all archives together
    ratio: int = 200  # unpacked to packed size of one file ...
    ratio_from: int = 256 << 20  # ... asked only beyond this many unpacked bytes


@dataclass(frozen=True, slots=True)
class Plain:
    """A file found, its bytes on disk as they are to be read. `packed` is what lies in the evidence instead."""

    path: str
    real: Path
    mtime: datetime | None
    packed: Path | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One readable file. `sha256` and `bytes` are of the file as it lies in the evidence (of a member: its bytes)."""

    path: str  # shown: relative, forward slashes, `bundle.zip/member`, nothing invisible in it; unique
    real: Path  # plain bytes, never to be written; siblings keep their names (`x.sqlite`, `x.sqlite-wal`)
    bytes: int
    sha256: str
    mtime: datetime | None  # aware UTC
    head: Bytes  # the first 64 KiB of `real`
    seen: Stamp | None = field(default=None, compare=False)  # what `real` was before it was hashed

    @property
    def size(self) -> int | None:
        """How many bytes of `real` are read, whatever is written behind them."""
        return self.seen[0] if self.seen else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All readable files in order of path, and a row for everything that was left out or could not be read."""

    items: tuple[Item, ...]
    rejects: tuple[Reject, ...]


def read_item(plain: Plain) -> Item | Reject:
    """Hash a file and take its head; a reject row where it cannot be read."""
    try:
        seen = stamp(plain.real)
        with opened_as_far_as(plain.packed or plain.real, None if plain.packed else seen[0]) as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
        with plain.real.open("rb") as file:
            head = file.read(min(HEAD, seen[0]))
    except OSError as error:
        return refused(plain.path, unreadable(error))
    return Item(plain.path, plain.real, size, sha256, plain.mtime, head, seen)


def stamp(file: Path) -> Stamp:
    """Raises OSError."""
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


def changed_since(item: Item) -> Reject | None:
    """What became of a file between its hash and now; None where nothing did."""
    if item.seen is None:
        return None
    try:
        size, written = stamp(item.real)
    except OSError as error:
        return refused(item.path, f"gone while it was read: {unreadable(error)}")
    if size < item.seen[0]:
        return refused(item.path, "cut while it was read: what stood behind may be missing")
    if size > item.seen[0]:
        return Reject(source=item.path, line=1, lines=0, why="grew while it was read: taken as far as it was hashed")
    if written != item.seen[1]:
        return Reject(source=item.path, line=1, lines=0, why="written anew while it was read: its hash may be older")
    return None


def refused(path: str, why: str, text: str = "") -> Reject:
    """A reject row for something that has no lines."""
    return Reject(source=path, lines=0, why=why, text=text)


def unreadable(error: OSError) -> str:
    return f"cannot be read: {error.strerror or type(error).__name__}"


def moment(seconds: float) -> datetime | None:
    """Seconds since 1970 -> UTC; None where a clock that was never set (or a liar) wrote it."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, ValueError, OSError):
        return None
