"""Packed files -> plain files in a private folder. Nothing is unpacked outside it, nothing without a limit.

A member that must not or cannot be unpacked is a reject row; what can be read of a damaged file is read.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO

from forensics.evidence.folder import SPECIAL, Parts, grouped, shown
from forensics.evidence.formats import ARCHIVES, COMPRESSIONS, DAMAGED, gzip_time, kind
from forensics.evidence.item import Limits, Plain, refused
from forensics.evidence.member import Member
from forensics.evidence.selection import DEEPEST, file_left_out, path_left_out
from forensics.evidence.text_forms import HOLE, HOLES
from forensics.openclaw.home_layout import STATE_DIR, UNKNOWN_NAME, name_rank
from forensics.tables import Reject
from forensics.text import visible

_NESTED = 1  # archives inside an archive are opened, those inside them are not
_KEPT_FREE = 1 << 30  # bytes of the disk that are left to others
_CHUNK = 1 << 16  # also what may be lost before a damage


@dataclass(slots=True)
class Room:
    """Where to unpack, and how many bytes may still come."""

    folder: Path
    limits: Limits
    left: int = field(init=False)
    places: int = 0

    def __post_init__(self) -> None:
        free = shutil.disk_usage(self.folder).free
        self.left = min(self.limits.unpacked, max(0, free - _KEPT_FREE))

    def place(self) -> Path:
        """A new empty folder."""
        self.places += 1
        place = self.folder / str(self.places)
        place.mkdir()
        return place

    def allowance(self, packed: int, path: str) -> int:
        """How many bytes may come out of `packed` bytes; what has no name of a log or store never gets all the room."""
        left = self.left if name_rank(path) < UNKNOWN_NAME else self.left // 2
        return min(left, max(self.limits.ratio_from, self.limits.ratio * packed))


def unpack(plain: Plain, room: Room, prefix: Parts, depth: int = 0) -> Iterator[Plain | Reject]:
    """A file as it is to be read: itself, what is compressed in it, or an archive's members below `prefix`."""
    found = kind(plain.real)
    try:
        if found in COMPRESSIONS:
            yield from _decompressed(plain, room, COMPRESSIONS[found], prefix, depth)
        elif found in ARCHIVES:
            yield from _opened(plain, room, ARCHIVES[found], prefix, depth)
        else:
            yield plain
    except DAMAGED as error:
        yield refused(plain.path, f"cannot be unpacked: {_said(error)}")


def _decompressed(
    plain: Plain, room: Room, stream: Callable[[BinaryIO], BufferedIOBase], prefix: Parts, depth: int
) -> Iterator[Plain | Reject]:
    target = room.place() / plain.real.name
    with plain.real.open("rb") as packed:
        size = plain.real.stat().st_size
        written, trouble = _copy(partial(stream, packed), target, room, size, room.allowance(size, plain.path))
    if trouble:
        yield refused(plain.path, trouble)
    if trouble and not written:
        return
    if stream is COMPRESSIONS[HOLES]:
        yield Reject(source=plain.path, line=1, lines=0, why=HOLE)
    whole = Plain(plain.path, target, gzip_time(plain.real) or plain.mtime, packed=plain.real)
    inner = kind(target)
    if inner in ARCHIVES:
        yield from _opened(whole, room, ARCHIVES[inner], prefix, depth)
    else:
        yield whole


def _opened(
    plain: Plain,
    room: Room,
    members: Callable[[Path], AbstractContextManager[Iterator[Member]]],
    prefix: Parts,
    depth: int,
) -> Iterator[Plain | Reject]:
    if depth > _NESTED:
        yield refused(plain.path, "an archive inside an archive inside an archive: not opened")
        return
    with members(plain.real) as listing:
        listed, trouble = _listed(listing, room.limits.members)
        if trouble:
            yield refused(plain.path, trouble)
        yield from _chosen(listed, room, ("", *prefix), depth)


def _listed(members: Iterator[Member], limit: int) -> tuple[list[Member], str | None]:
    """All members that can be listed, and why these are not all."""
    listed: list[Member] = []
    try:
        for member in members:
            if len(listed) == limit:
                return listed, f"more than {limit:,} files in it: the rest is not read"
            listed.append(member)
    except DAMAGED as error:
        return listed, f"damaged archive: {_said(error)}"
    return listed, None


def _chosen(members: Sequence[Member], room: Room, above: Parts, depth: int) -> Iterator[Plain | Reject]:
    place, left_out = room.place(), dict[str, list[Parts]]()
    paths = [(*above, *_names(member.name)) for member in members]
    homes = {parts[:n] for parts in paths for n, name in enumerate(parts[:DEEPEST]) if STATE_DIR.fullmatch(name)}
    telling = sorted(zip(members, paths, strict=True), key=lambda one: name_rank(shown(one[1])))
    for number, (member, parts) in enumerate(telling):
        if room.left <= 0:
            why = f"no room to unpack more: this and {len(telling) - number - 1:,} files with less telling names"
            yield refused(shown(parts), f"{why} are not read")
            break
        if refusal := _refusal(member):
            yield refused(shown(parts), refusal)
        elif reason := path_left_out(parts[:-1], home := _home(parts, homes)) or file_left_out(
            parts[:-1], parts[-1], home
        ):
            left_out.setdefault(reason, []).append(parts)
        else:
            yield from _extracted(member, parts, place.joinpath(*_names(member.name)), room, depth)
    yield from grouped(left_out)


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in ("", ".")]


def _home(parts: Parts, homes: set[Parts]) -> int | None:
    return max((n for n in range(len(parts[:DEEPEST])) if parts[:n] in homes), default=None)


def _refusal(member: Member) -> str | None:
    if member.special:
        return f"{SPECIAL}, or a link: not unpacked"
    if member.name.startswith("/") or re.match(r"[A-Za-z]:", member.name):
        return "an absolute path: not unpacked"
    if ".." in _names(member.name) or not _names(member.name):
        return "a path that leads out of the archive: not unpacked"
    return None


def _extracted(member: Member, parts: Parts, target: Path, room: Room, depth: int) -> Iterator[Plain | Reject]:
    allowed = room.allowance(member.packed, shown(parts))
    written, trouble = _copy(member.open, target, room, member.packed, allowed)
    if trouble:
        yield refused(shown(parts), trouble)
    if written or not trouble:
        yield from unpack(Plain(shown(parts), target, member.mtime), room, parts[1:], depth + 1)


def _copy(
    opener: Callable[[], BufferedIOBase], target: Path, room: Room, packed: int, allowed: int
) -> tuple[int, str | None]:
    """(bytes now in `target`, why that is not all). Keeps what came before the damage."""
    written = 0
    try:  # read1, because read would lose all that comes before a damage
        target.parent.mkdir(parents=True, exist_ok=True)
        with opener() as stream, target.open("xb") as out:
            while written <= allowed and (chunk := stream.read1(_CHUNK)):
                out.write(chunk)
                written += len(chunk)
    except DAMAGED as error:
        where = f"damaged after {written:,} bytes, read up to there" if written else "cannot be unpacked"
        return written, f"{where}: {_said(error)}"
    finally:
        room.left -= written
    if written <= allowed:
        return written, None
    target.unlink()
    room.left += written
    return 0, f"unpacks from {packed:,} to more than {allowed:,} bytes: not unpacked"


def _said(error: BaseException) -> str:
    """The error without the paths of this machine."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return visible(words)[:200] or type(error).__name__
