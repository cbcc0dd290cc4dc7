"""A bundle on disk: a zip that is there as a whole or not at all, its members with their times to the microsecond."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from forensics.errors import BundleError
from forensics.evidence.formats import time_fields

_FINGERPRINT = re.compile(rb"fp:[0-9a-f]{12}")
_LENGTH = re.compile(rb"<\d{1,12} characters")
_EARLIEST, _LATEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2107, 12, 31, tzinfo=UTC)  # of a zip's own times
PERMISSIONS = (stat.S_IFREG | 0o600) << 16


@dataclass(frozen=True, slots=True)
class Member:
    """What was written of one member."""

    sha256: str
    bytes: int
    tokens: int
    bodies: int


@contextmanager
def whole_file(out: Path, *, force: bool) -> Iterator[Path]:
    """A file to write beside `out`, which takes its name when all went well and is gone when not.

    Raises BundleError where `out` exists and must not be replaced, or cannot be written.
    """
    if out.exists() and not force:
        raise BundleError(f"{out} is there already; give another name, or --force to replace it")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
    except OSError as error:
        raise BundleError(f"{out} cannot be written: {error.strerror}") from None
    part = Path(name)
    try:
        os.close(handle)
        yield part
        _settle(part, out, force=force)
    except OSError as error:
        raise BundleError(f"{out} cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            part.unlink()


def _settle(part: Path, out: Path, *, force: bool) -> None:
    """The bytes are on the disk before the name is."""
    _sync(part)
    if not force and out.exists():
        raise BundleError(f"{out} has appeared meanwhile; it was left as it is")
    part.replace(out)
    _sync(out.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def add_member(archive: zipfile.ZipFile, path: str, mtime: datetime | None, chunks: Iterable[bytes]) -> Member:
    """Write one member in pieces."""
    hashed, size, tokens, bodies = hashlib.sha256(), 0, 0, 0
    with archive.open(_info(path, mtime), "w", force_zip64=True) as member:
        for chunk in chunks:
            member.write(chunk)
            hashed.update(chunk)
            size += len(chunk)
            tokens += len(_FINGERPRINT.findall(chunk)) if b"fp:" in chunk else 0
            bodies += len(_LENGTH.findall(chunk)) if b" characters" in chunk else 0
    return Member(hashed.hexdigest(), size, tokens, bodies)


def _info(path: str, mtime: datetime | None) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, zip_time(mtime))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = PERMISSIONS
    info.extra = time_fields(mtime) if mtime else b""
    return info


def zip_time(mtime: datetime | None) -> tuple[int, int, int, int, int, int]:
    """The nearest that a zip's own field can say of a time."""
    return min(max(mtime or _EARLIEST, _EARLIEST), _LATEST).timetuple()[:6]
