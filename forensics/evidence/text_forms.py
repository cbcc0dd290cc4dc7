"""Texts that are not written as lines of UTF-8: in UTF-16, with CR as line end, with holes of NUL in them.

Windows consoles write UTF-16, old Macs and their editors CR; a log that logrotate cut while it was written
(`copytruncate`) begins with a hole, one that a failing machine left ends with one. What is read is the same text as
UTF-8, with as many lines.
"""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Callable
from io import BufferedIOBase
from typing import Any, BinaryIO

from forensics.evidence.private_copy import SQLITE

UTF16, CR, HOLES = "utf-16", "cr-lines", "holes"
HOLE = "holes of NUL bytes in it are left out: it was cut while it was written, or the machine went down"

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF16_PROBE = 256  # bytes
_PROBE = 4 << 10
_CHUNK = 1 << 20
_SPARSE = 1 << 20  # bytes that a file must be longer than the room it takes
_CONTROLS = bytes({*range(1, 32)} - {*b"\t\n\f\r\b\x1b"}) + b"\x7f"
_CONTROL_SHARE = 40  # one byte of so many may be a control character: in packed or binary data it is one of nine
_FEWEST = 3  # CRs that are line ends and no accident


def text_form(file: BinaryIO, head: bytes) -> str | None:
    """Which of the forms above a file is in; None for plain lines, and for what is no text."""
    if head.startswith(_MARKS) or utf16_order(head[:_UTF16_PROBE]):
        return UTF16
    if head.startswith(SQLITE):  # its pages are text among NULs
        return None
    begins = b"\0" in head
    text = _behind_hole(file) if head.startswith(b"\0") else head.replace(b"\0", b"")
    if not _is_text(text):
        return None
    if begins or _is_sparse(file) or _ends_with_nul(file):
        return HOLES
    return CR if b"\n" not in text and text.count(b"\r") >= _FEWEST else None


def utf16_order(head: bytes) -> str | None:
    """The codec of Latin text in UTF-16 without a mark: every other byte is NUL, and no other one is."""
    even, odd = head[0::2], head[1::2]
    for codec, letters, nuls in (("utf-16-le", even, odd), ("utf-16-be", odd, even)):
        if len(nuls) > 3 and not nuls.strip(b"\0") and 0 not in letters:
            return codec
    return None


def _is_text(sample: bytes) -> bool:
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return bool(sample) and controls * _CONTROL_SHARE <= len(sample)


def _behind_hole(file: BinaryIO) -> bytes:
    """The first bytes behind the NULs that a file begins with."""
    file.seek(0)
    while chunk := _next_data(file):
        if rest := chunk.lstrip(b"\0"):
            return (rest + file.read(_PROBE))[:_PROBE].replace(b"\0", b"")
    return b""


def _next_data(file: BinaryIO) -> bytes:
    """The next piece of a file that the file system keeps: a hole of gigabytes is passed at once."""
    at = file.tell()
    chunk = file.read(_CHUNK)
    if chunk.count(b"\0") < len(chunk) or not hasattr(os, "SEEK_DATA"):
        return chunk
    try:
        file.seek(max(os.lseek(file.fileno(), at, os.SEEK_DATA), at + len(chunk)))
    except OSError:  # nothing but hole to the end; or a file system that does not tell
        file.seek(at + len(chunk))
        return b"" if _all_hole(file, at) else chunk
    return chunk


def _all_hole(file: BinaryIO, at: int) -> bool:
    try:
        return os.lseek(file.fileno(), at, os.SEEK_HOLE) == at
    except OSError:
        return False
    finally:
        file.seek(at + _CHUNK)


def _is_sparse(file: BinaryIO) -> bool:
    stat = os.fstat(file.fileno())
    return stat.st_size - getattr(stat, "st_blocks", stat.st_size) * 512 > _SPARSE


def _ends_with_nul(file: BinaryIO) -> bool:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _PROBE))
    return b"\0" in file.read(_PROBE)


class _Rewritten(io.RawIOBase):
    """A file read through a function that gives the next bytes of the text, b"" at its end."""

    def __init__(self, following: Callable[[], bytes]) -> None:
        self._following, self._ahead = following, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)
        if not self._ahead:
            self._ahead = self._following()
        part, self._ahead = self._ahead[: len(room)], self._ahead[len(room) :]
        room[: len(part)] = part
        return len(part)


def utf16_as_utf8(packed: BinaryIO) -> BufferedIOBase:
    """Half a character at the end becomes U+FFFD."""
    head = packed.read(_UTF16_PROBE)
    packed.seek(0)
    codec = "utf-16" if head.startswith(_MARKS) else utf16_order(head) or "utf-16"
    text = codecs.getreader(codec)(packed, "replace")
    return io.BufferedReader(_Rewritten(lambda: text.read(_PROBE).encode("utf-8", "replace")))


def with_newlines(packed: BinaryIO) -> BufferedIOBase:
    """CR becomes LF."""
    return io.BufferedReader(_Rewritten(lambda: packed.read(_CHUNK).replace(b"\r", b"\n")))


def without_nuls(packed: BinaryIO) -> BufferedIOBase:
    """All but the NUL bytes."""

    def following() -> bytes:
        while chunk := _next_data(packed):
            if text := chunk.replace(b"\0", b""):
                return text
        return b""

    return io.BufferedReader(_Rewritten(following))
