"""A bundle's own bytes: nothing in the archive but the members its list names, each as `collect` writes it.

Other programs read a zip by other rules (from its front, by the second of two lists): what only they would see is an
alteration too.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from forensics.evidence.formats import TIME_FIELDS, extra_fields, time_fields
from forensics.sharing.bundle.bundle import PERMISSIONS, zip_time
from forensics.text import counted, visible

_LOCAL = struct.Struct("<4s5H3L2H")
_END, _END64, _LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_LISTED = 46  # bytes of a member in the list, without its name and fields
_LIMIT32 = (1 << 31) - 1  # where the `zipfile` module turns to 64 bits
_MOST_LISTED = (1 << 16) - 1
_ZIP64 = 0x0001
_UTF8 = 0x800
_VERSIONS = (20, 45)  # of the zip format: 45 where sizes have 64 bits
_UNIX = 3
_CHUNK = 1 << 20


def alterations(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[str]:
    """What is in the file besides the members and their list, and what the two say differently of a member."""
    position = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        yield from _between(position, info.header_offset, f"before {visible(info.filename)}")
        start = data_start(file, info)
        yield from _differences(file, info)
        position = start + info.compress_size
    yield from _between(position, archive.start_dir, "before the list of members")
    yield from _behind(file, archive)


def _between(end: int, start: int, where: str) -> Iterator[str]:
    if start > end:
        yield f"hidden: {counted(start - end, 'byte')} {where} belong to no member"
    elif start < end:
        yield f"archive altered: {counted(end - start, 'byte')} {where} are of two members at once"


def data_start(file: BinaryIO, info: zipfile.ZipInfo) -> int:
    """Where a member's data begins. Raises struct.error where the file ends before."""
    file.seek(info.header_offset)
    *_, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    return info.header_offset + _LOCAL.size + int(name) + int(extra)


def _differences(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[str]:
    """A member's own header against the list, and both against what `collect` writes."""
    file.seek(info.header_offset)
    mark, version, flags, method, clock, day, crc, packed, size, *lengths = _LOCAL.unpack(file.read(_LOCAL.size))
    name, extra = (file.read(length) for length in lengths)
    fields = list(extra_fields(extra))
    wide = next((struct.unpack("<QQ", data) for tag, data in fields if tag == _ZIP64 and len(data) == 16), None)
    if wide and (packed, size) not in ((0xFFFFFFFF, 0xFFFFFFFF), (info.compress_size, info.file_size)):
        wide = (packed, size)
    size, packed = wide or (size, packed)
    own = (mark, name, flags, method, (day, clock), crc, packed, size, _without_zip64(fields))
    listed = (
        b"PK\3\4",
        info.filename.encode("utf-8", "surrogateescape"),
        0 if info.filename.isascii() else _UTF8,
        zipfile.ZIP_DEFLATED,
        _dos(info.date_time),
        info.CRC,
        info.compress_size,
        info.file_size,
        _without_zip64(extra_fields(info.extra)),
    )
    if own != listed or (info.flag_bits, info.compress_type) != listed[2:4] or version not in _VERSIONS:
        yield f"header altered: {visible(info.filename)} is described in two ways, or not as `collect` does"
    if any(tag not in TIME_FIELDS for tag, _ in listed[-1]):
        yield f"header altered: {visible(info.filename)} has a field that `collect` does not write"
    about = (info.create_system, info.external_attr, info.internal_attr, info.volume, info.reserved, info.comment)
    if about != (_UNIX, PERMISSIONS, 0, 0, 0, b"") or info.orig_filename != info.filename:
        yield f"header altered: {visible(info.filename)} has a comment, kind or permissions `collect` does not give"


def _without_zip64(fields: Iterable[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    return [field for field in fields if field[0] != _ZIP64]


def _dos(time: tuple[int, int, int, int, int, int]) -> tuple[int, int]:
    return (time[0] - 1980) << 9 | time[1] << 5 | time[2], time[3] << 11 | time[4] << 5 | time[5] // 2


def _behind(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[str]:
    """The list must end the file with nothing but its own length behind it."""
    infos, start = archive.infolist(), archive.start_dir
    listed = sum(_LISTED + len(_raw_name(info)) + len(info.extra) + len(info.comment) for info in infos)
    file.seek(start + listed)
    expected = _end(len(infos), listed, start)
    behind = file.read(len(expected) + _CHUNK)
    if behind == expected:
        return
    if archive.comment:
        yield f"archive altered: it has a comment of {counted(len(archive.comment), 'byte')}"
    elif behind.startswith(expected):
        yield f"appended: {counted(len(behind) - len(expected), 'byte')} behind the end of the archive"
    else:
        yield "archive altered: its end is not as `collect` writes it"


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437", "surrogateescape")


def _end(members: int, size: int, start: int) -> bytes:
    """The bytes behind the list, as the `zipfile` module writes them."""
    wide = b""
    if members > _MOST_LISTED or max(start, size) > _LIMIT32:
        wide = _END64.pack(b"PK\6\6", 44, 45, 45, 0, 0, members, members, size, start)
        wide += _LOCATOR.pack(b"PK\6\7", 0, start + size, 1)
    few, small, near = min(members, 0xFFFF), min(size, 0xFFFFFFFF), min(start, 0xFFFFFFFF)
    return wide + _END.pack(b"PK\5\6", 0, 0, few, few, small, near, 0)


def other_time(info: zipfile.ZipInfo, mtime: datetime | None) -> bool:
    """Whether a member states another time than the manifest."""
    fields = [field for field in extra_fields(info.extra) if field[0] in TIME_FIELDS]
    stated = list(extra_fields(time_fields(mtime))) if mtime else []
    return fields != stated or _dos(info.date_time) != _dos(zip_time(mtime))


def content(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's bytes, of its packed data only. Raises zlib.error or ValueError where there is more or less in it."""
    file.seek(data_start(file, info))
    left, unpacking = info.compress_size, zlib.decompressobj(-zlib.MAX_WBITS)
    while left and not unpacking.eof:
        packed = file.read(min(left, _CHUNK))
        if not packed:
            raise ValueError("it ends in its midst")
        left -= len(packed)
        while packed and not unpacking.eof:
            yield unpacking.decompress(packed, _CHUNK)
            packed = unpacking.unconsumed_tail
    if left or not unpacking.eof or unpacking.unused_data:
        raise ValueError("its data ends elsewhere than it says")
