"""The packed formats people send: how to tell them by their first bytes, and what is in them.

Texts in another form than lines of UTF-8 count as packed: what is in them is the same text in that form.
"""

from __future__ import annotations

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
from typing import IO, BinaryIO, cast

import zstandard

from forensics.evidence import text_forms
from forensics.evidence.item import moment
from forensics.evidence.member import Member
from forensics.evidence.records import is_record
from forensics.evidence.records import members as record_members
from forensics.evidence.text_forms import text_form

DAMAGED = (
    *(OSError, EOFError, ValueError, RuntimeError, LookupError, OverflowError, struct.error, zlib.error),
    *(lzma.LZMAError, zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, zstandard.ZstdError),
)
"""What the readers below raise on bytes that are not as they should be."""

_MAGICS = {b"PK\3\4": "zip", b"PK\5\6": "zip", b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_ZSTD_WINDOW = 128 << 20  # bytes of memory; what `zstd --long` needs
_ZIP_LIST = 64 << 20  # bytes of a zip's list of files, which zipfile holds in memory
_HEAD = 4 << 10  # bytes that tell what a file is
_ZIP_END = 22  # bytes of a zip's end, where it has no comment
_ENCRYPTED = 1  # of a member's flags
_UNIX_TIMES = 0x5455  # zip's extra fields with times in UTC, in whole seconds ...
_NTFS_TIMES = 0x000A  # ... and in 100 ns; its ordinary times have no zone
TIME_FIELDS = frozenset({_UNIX_TIMES, _NTFS_TIMES})
_NTFS_EPOCH = 11_644_473_600_000_000  # microseconds from 1601 to 1970
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def kind(file: Path) -> str:
    """The name of one of the formats and forms below; plain for all others, and where the file cannot be read."""
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
            return _by_head(head) or text_form(opened, head) or ("zip" if _ends_as_zip(opened) else "plain")
    except OSError:
        return "plain"


def _by_head(head: bytes) -> str | None:
    if head[257:262] == b"ustar":
        return "tar"
    if is_record(head):
        return "record"
    return next((name for magic, name in _MAGICS.items() if head.startswith(magic)), None)


def _ends_as_zip(file: BinaryIO) -> bool:
    """A zip with something before it, such as a program that unpacks it: its end tells."""
    file.seek(max(0, file.seek(0, io.SEEK_END) - _ZIP_END))
    return file.read(4) == b"PK\5\6"


def _gzip(packed: BinaryIO) -> BufferedIOBase:
    return gzip.GzipFile(fileobj=packed)


def _zstd(packed: BinaryIO) -> BufferedIOBase:
    reader = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    return cast("BufferedIOBase", reader.stream_reader(packed, read_across_frames=True))


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


TEXT_FORMS: Mapping[str, Callable[[BinaryIO], BufferedIOBase]] = {
    text_forms.UTF16: text_forms.utf16_as_utf8,
    text_forms.CR: text_forms.with_newlines,
    text_forms.HOLES: text_forms.without_nuls,
}
COMPRESSIONS: Mapping[str, Callable[[BinaryIO], BufferedIOBase]] = {"gzip": _gzip, "zstd": _zstd, **TEXT_FORMS}
ARCHIVES: Mapping[str, Callable[[Path], AbstractContextManager[Iterator[Member]]]] = {
    "zip": _zip_members,
    "tar": _tar_members,
    "record": record_members,
}
