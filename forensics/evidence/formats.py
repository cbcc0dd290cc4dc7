"""The packed formats people send: how to tell them by their first bytes, and what is in them.

UTF-16, as Windows consoles write, counts as one: what is in it is the same text in UTF-8.
"""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BufferedIOBase
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import zstandard

from forensics.evidence.item import moment
from forensics.evidence.member import Member
from forensics.evidence.records import is_record
from forensics.evidence.records import members as record_members

DAMAGED = (
    *(OSError, EOFError, ValueError, RuntimeError, LookupError, OverflowError, struct.error, zlib.error),
    *(lzma.LZMAError, zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, zstandard.ZstdError),
)
"""What the readers below raise on bytes that are not as they should be."""

_MAGICS = {b"PK\3\4": "zip", b"PK\5\6": "zip", b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF16_PROBE = 256  # bytes
_ZSTD_WINDOW = 128 << 20  # bytes of memory; what `zstd --long` needs
_ZIP_LIST = 64 << 20  # bytes of a zip's list of files, which zipfile holds in memory
_ENCRYPTED = 1  # of a member's flags
_UNIX_TIMES = 0x5455  # zip's extra fields with times in UTC, in whole seconds ...
_NTFS_TIMES = 0x000A  # ... and in 100 ns; its ordinary times have no zone
TIME_FIELDS = frozenset({_UNIX_TIMES, _NTFS_TIMES})
_NTFS_EPOCH = 11_644_473_600_000_000  # microseconds from 1601 to 1970
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def kind(file: Path) -> str:
    """gzip, zstd, utf-16, zip, tar, record, or plain; plain also where the file cannot be read."""
    try:
        with file.open("rb") as opened:
            head = opened.read(512)
    except OSError:
        return "plain"
    if head[257:262] == b"ustar":
        return "tar"
    if is_record(head):
        return "record"
    if head.startswith(_UTF16_MARKS) or _utf16_order(head[:_UTF16_PROBE]):
        return "utf-16"
    return next((name for magic, name in _MAGICS.items() if head.startswith(magic)), "plain")


def _utf16_order(head: bytes) -> str | None:
    """The codec of Latin text in UTF-16 without a mark: every other byte is NUL, and no other one is."""
    even, odd = head[0::2], head[1::2]
    for codec, letters, nuls in (("utf-16-le", even, odd), ("utf-16-be", odd, even)):
        if len(nuls) > 3 and not nuls.strip(b"\0") and 0 not in letters:
            return codec
    return None


def _gzip(packed: BinaryIO) -> BufferedIOBase:
    return gzip.GzipFile(fileobj=packed)


def _zstd(packed: BinaryIO) -> BufferedIOBase:
    reader = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    return cast("BufferedIOBase", reader.stream_reader(packed, read_across_frames=True))


class _Utf8(io.RawIOBase):
    """Reads UTF-16 as UTF-8; half a character at the end becomes U+FFFD."""

    def __init__(self, packed: BinaryIO) -> None:
        head = packed.read(_UTF16_PROBE)
        packed.seek(0)
        codec = "utf-16" if head.startswith(_UTF16_MARKS) else _utf16_order(head) or "utf-16"
        self._text = codecs.getreader(codec)(packed, "replace")
        self._ahead = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)
        if not self._ahead:
            self._ahead = self._text.read(len(room)).encode("utf-8", "replace")
        part, self._ahead = self._ahead[: len(room)], self._ahead[len(room) :]
        room[: len(part)] = part
        return len(part)


def _utf16(packed: BinaryIO) -> BufferedIOBase:
    return io.BufferedReader(_Utf8(packed))


def gzip_time(file: Path) -> datetime | None:
    """When the packed file was last written, if it is gzip and gzip noted it."""
    with file.open("rb") as packed:
        head = packed.read(8)
    return moment(int.from_bytes(head[4:8], "little")) if head.startswith(b"\x1f\x8b") else None


@contextmanager
def _zip_members(file: Path) -> Iterator[Iterator[Member]]:
    if _zip_list_size(file) > _ZIP_LIST:
        raise zipfile.BadZipFile("its list of files is too long")
    with zipfile.ZipFile(file) as archive:
        yield (_zip_member(archive, info) for info in archive.infolist() if not info.is_dir())


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    special = stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG)
    name = info.filename.replace("\\", "/")
    opener = cast("Callable[[], BufferedIOBase]", partial(_zip_open, archive, info))
    return Member(name, info.compress_size, _zip_time(info.extra), special, opener)


def _zip_open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    if info.flag_bits & _ENCRYPTED:
        raise ValueError("it is encrypted; give it unpacked")
    return archive.open(info)


def _zip_list_size(file: Path) -> int:
    """What the end of a zip says of the size of its list of files; 0 where it says nothing."""
    with file.open("rb") as packed:
        packed.seek(max(0, file.stat().st_size - (1 << 16) - 200))
        tail = packed.read()
    end, end64 = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    size = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    return max(size, int.from_bytes(tail[end64 + 40 : end64 + 48], "little")) if end64 >= 0 else size


def time_fields(mtime: datetime) -> bytes:
    """The two extra fields that keep the time of a file in a zip."""
    micros = (mtime - _EPOCH) // timedelta(microseconds=1)
    unix = struct.pack("<HHBi", _UNIX_TIMES, 5, 1, max(-1 << 31, min(micros // 1_000_000, (1 << 31) - 1)))
    ticks = (micros + _NTFS_EPOCH) * 10
    return unix + struct.pack("<HHIHHQQQ", _NTFS_TIMES, 32, 0, 1, 24, ticks, ticks, ticks)


def _zip_time(extra: bytes) -> datetime | None:
    fields = dict(extra_fields(extra))
    ntfs, unix = fields.get(_NTFS_TIMES, b""), fields.get(_UNIX_TIMES, b"")
    if len(ntfs) >= 16 and ntfs[4:8] == b"\1\0\x18\0":
        return moment((struct.unpack("<Q", ntfs[8:16])[0] // 10 - _NTFS_EPOCH) / 1_000_000)
    return moment(struct.unpack("<i", unix[1:5])[0]) if len(unix) >= 5 and unix[0] & 1 else None


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The tags and data of a zip's extra field."""
    while len(extra) >= 4:
        tag, size = struct.unpack("<HH", extra[:4])
        yield tag, extra[4 : 4 + size]
        extra = extra[4 + size :]


@contextmanager
def _tar_members(file: Path) -> Iterator[Iterator[Member]]:
    size = file.stat().st_size
    with tarfile.open(file, "r:") as archive:
        yield (_tar_member(archive, info, size) for info in archive if not info.isdir())


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo, packed: int) -> Member:
    opener = cast("Callable[[], BufferedIOBase]", partial(archive.extractfile, info))
    return Member(info.name, packed, moment(info.mtime), not info.isreg(), opener)


COMPRESSIONS: Mapping[str, Callable[[BinaryIO], BufferedIOBase]] = {"gzip": _gzip, "zstd": _zstd, "utf-16": _utf16}
ARCHIVES: Mapping[str, Callable[[Path], AbstractContextManager[Iterator[Member]]]] = {
    "zip": _zip_members,
    "tar": _tar_members,
    "record": record_members,
}
