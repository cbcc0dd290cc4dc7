"""Packed files -> plain files in a private folder. Nothing is unpacked outside it, nothing without a limit.

Formats are told by their first bytes. A member that must not or cannot be unpacked is a reject row; what can be
read of a damaged file is read.
"""

from __future__ import annotations

import gzip
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from forensics.evidence.folder import SPECIAL, Parts, grouped, shown
from forensics.evidence.item import Limits, Plain, moment, refused
from forensics.evidence.selection import STATE_DIR, file_left_out, path_left_out
from forensics.tables import Reject
from forensics.wording import visible

_DAMAGED = (
    *(OSError, EOFError, ValueError, RuntimeError, LookupError, OverflowError, struct.error, zlib.error),
    *(lzma.LZMAError, zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, zstandard.ZstdError),
)
_MAGICS = {b"PK\3\4": "zip", b"PK\5\6": "zip", b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_NESTED = 1  # archives inside an archive are opened, those inside them are not
_CHUNK = 1 << 16  # also what may be lost before a damage
_ZSTD_WINDOW = 128 << 20  # bytes of memory; what `zstd --long` needs
_UNIX_TIMES = 0x5455  # zip's extra field with times in UTC; its ordinary times have no zone


@dataclass(slots=True)
class Room:
    """Where to unpack, and how many bytes may still come."""

    folder: Path
    limits: Limits
    left: int
    places: int = 0

    def place(self) -> Path:
        """A new empty folder."""
        self.places += 1
        place = self.folder / str(self.places)
        place.mkdir()
        return place

    def allowance(self, packed: int) -> int:
        """How many bytes may come out of `packed` bytes."""
        return min(self.left, max(self.limits.ratio_from, self.limits.ratio * packed))


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    packed: int
    mtime: datetime | None
    special: bool
    open: Callable[[], BufferedIOBase]


_Members = AbstractContextManager[Iterator[_Member]]


def unpack(plain: Plain, room: Room, prefix: Parts, depth: int = 0) -> Iterator[Plain | Reject]:
    """A file as it is to be read: itself, what is compressed in it, or an archive's members below `prefix`."""
    kind = _kind(plain.real)
    try:
        if kind in _COMPRESSIONS:
            yield from _decompressed(plain, room, _COMPRESSIONS[kind], prefix, depth)
        elif kind in _ARCHIVES:
            yield from _opened(plain, room, _ARCHIVES[kind], prefix, depth)
        else:
            yield plain
    except _DAMAGED as error:
        yield refused(plain.path, f"cannot be unpacked: {_said(error)}")


def _kind(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            head = opened.read(512)
    except OSError:
        return "plain"  # reading it as an item says why
    if head[257:262] == b"ustar":
        return "tar"
    return next((kind for magic, kind in _MAGICS.items() if head.startswith(magic)), "plain")


# --- one compressed file


def _decompressed(
    plain: Plain, room: Room, stream: Callable[[BinaryIO], BufferedIOBase], prefix: Parts, depth: int
) -> Iterator[Plain | Reject]:
    target = room.place() / plain.real.name
    with plain.real.open("rb") as packed:
        written, trouble = _copy(partial(stream, packed), target, room, plain.real.stat().st_size)
    if trouble:
        yield refused(plain.path, trouble)
    if trouble and not written:
        return
    whole = Plain(plain.path, target, _gzip_time(plain.real) or plain.mtime, packed=plain.real)
    kind = _kind(target)
    if kind in _ARCHIVES:
        yield from _opened(whole, room, _ARCHIVES[kind], prefix, depth)
    else:
        yield whole


def _gzip(packed: BinaryIO) -> BufferedIOBase:
    return gzip.GzipFile(fileobj=packed)


def _zstd(packed: BinaryIO) -> BufferedIOBase:
    reader = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    return cast("BufferedIOBase", reader.stream_reader(packed, read_across_frames=True))


def _gzip_time(file: Path) -> datetime | None:
    """When the packed file was last written, if gzip noted it."""
    with file.open("rb") as packed:
        head = packed.read(8)
    return moment(int.from_bytes(head[4:8], "little")) if head.startswith(b"\x1f\x8b") else None


# --- archives


def _opened(
    plain: Plain, room: Room, members: Callable[[Path], _Members], prefix: Parts, depth: int
) -> Iterator[Plain | Reject]:
    if depth > _NESTED:
        yield refused(plain.path, "an archive inside an archive inside an archive: not opened")
        return
    with members(plain.real) as listing:
        listed, trouble = _listed(listing, room.limits.members)
        if trouble:
            yield refused(plain.path, trouble)
        yield from _chosen(listed, room, ("", *prefix), depth)


def _listed(members: Iterator[_Member], limit: int) -> tuple[list[_Member], str | None]:
    """All members that can be listed, and why these are not all."""
    listed: list[_Member] = []
    try:
        for member in members:
            if len(listed) == limit:
                return listed, f"more than {limit:,} files in it: the rest is not read"
            listed.append(member)
    except _DAMAGED as error:
        return listed, f"damaged archive: {_said(error)}"
    return listed, None


def _chosen(members: Sequence[_Member], room: Room, above: Parts, depth: int) -> Iterator[Plain | Reject]:
    place, left_out = room.place(), dict[str, list[Parts]]()
    paths = [(*above, *_names(member.name)) for member in members]
    homes = {parts[:n] for parts in paths for n, name in enumerate(parts) if STATE_DIR.fullmatch(name)}
    for member, parts in zip(members, paths, strict=True):
        if room.left <= 0:
            why = f"more than {room.limits.unpacked:,} bytes unpacked: this member and all behind it are not read"
            yield refused(shown(parts), why)
            break
        if refusal := _refusal(member):
            yield refused(shown(parts), refusal)
        elif reason := path_left_out(parts[:-1], _home(parts, homes)) or file_left_out(parts[:-1], parts[-1]):
            left_out.setdefault(reason, []).append(parts)
        else:
            yield from _extracted(member, parts, place.joinpath(*_names(member.name)), room, depth)
    yield from grouped(left_out)


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in ("", ".")]


def _home(parts: Parts, homes: set[Parts]) -> int | None:
    return max((len(home) for home in homes if parts[: len(home)] == home), default=None)


def _refusal(member: _Member) -> str | None:
    if member.special:
        return f"{SPECIAL}, or a link: not unpacked"
    if member.name.startswith("/") or re.match(r"[A-Za-z]:", member.name):
        return "an absolute path: not unpacked"
    if ".." in _names(member.name) or not _names(member.name):
        return "a path that leads out of the archive: not unpacked"
    return None


def _extracted(member: _Member, parts: Parts, target: Path, room: Room, depth: int) -> Iterator[Plain | Reject]:
    written, trouble = _copy(member.open, target, room, member.packed)
    if trouble:
        yield refused(shown(parts), trouble)
    if written or not trouble:
        yield from unpack(Plain(shown(parts), target, member.mtime), room, parts[1:], depth + 1)


def _copy(opener: Callable[[], BufferedIOBase], target: Path, room: Room, packed: int) -> tuple[int, str | None]:
    """(bytes now in `target`, why that is not all). Keeps what came before the damage."""
    written, allowed = 0, room.allowance(packed)
    try:  # read1, because read would lose all that comes before a damage
        target.parent.mkdir(parents=True, exist_ok=True)
        with opener() as source, target.open("xb") as out:
            while written <= allowed and (chunk := source.read1(_CHUNK)):
                written += len(chunk)
                out.write(chunk)
    except _DAMAGED as error:
        where = f"damaged after {written:,} bytes, read up to there" if written else "cannot be unpacked"
        return written, f"{where}: {_said(error)}"
    finally:
        room.left -= written
    if written <= allowed:
        return written, None
    target.unlink()
    return 0, f"unpacks from {packed:,} to more than {allowed:,} bytes: not unpacked"


def _said(error: BaseException) -> str:
    """The error without the paths of this machine."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return visible(words)[:200] or type(error).__name__


@contextmanager
def _zip_members(file: Path) -> Iterator[Iterator[_Member]]:
    with zipfile.ZipFile(file) as archive:
        yield (_zip_member(archive, info) for info in archive.infolist() if not info.is_dir())


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Member:
    special = stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG)
    name = info.filename.replace("\\", "/")
    opener = cast("Callable[[], BufferedIOBase]", partial(archive.open, info))
    return _Member(name, info.compress_size, _zip_time(info.extra), special, opener)


def _zip_time(extra: bytes) -> datetime | None:
    while len(extra) >= 4:
        tag, size = struct.unpack("<HH", extra[:4])
        if tag == _UNIX_TIMES and len(extra) >= 9 and extra[4] & 1:
            return moment(struct.unpack("<i", extra[5:9])[0])
        extra = extra[4 + size :]
    return None


@contextmanager
def _tar_members(file: Path) -> Iterator[Iterator[_Member]]:
    size = file.stat().st_size
    with tarfile.open(file, "r:") as archive:
        yield (_tar_member(archive, info, size) for info in archive if not info.isdir())


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo, packed: int) -> _Member:
    opener = cast("Callable[[], BufferedIOBase]", partial(archive.extractfile, info))
    return _Member(info.name, packed, moment(info.mtime), not info.isreg(), opener)


_COMPRESSIONS = {"gzip": _gzip, "zstd": _zstd}
_ARCHIVES = {"zip": _zip_members, "tar": _tar_members}
