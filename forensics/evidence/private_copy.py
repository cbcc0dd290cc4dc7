"""A private copy of a database and its -wal: opening a database writes beside it, and evidence is not written to."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SQLITE = b"SQLite format 3\0"  # how a database begins ...
SQLITE_WAL = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")  # ... and a -wal
MOST_BYTES = 4 << 30  # database and -wal together

_PARTS = ("", "-wal")  # the -shm is only an index of the -wal: SQLite makes a new one
_TRIES = 3
_NEEDED_JOURNAL = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"  # how a rollback journal begins until its transaction is over


@dataclass(frozen=True, slots=True)
class Copy:
    """The copied database; `troubles` say why it may not hold everything."""

    file: Path
    troubles: tuple[str, ...]


@contextmanager
def private_copy(real: Path) -> Iterator[Copy]:
    """Copy a database into a folder of our own that is gone afterwards. Raises OSError where that cannot be done."""
    with tempfile.TemporaryDirectory(prefix="forensics-", ignore_cleanup_errors=True) as folder:
        target = Path(folder, "copy.sqlite")
        troubles = [*_changed(real, target), *_under_way(real)]
        yield Copy(target, tuple(troubles))


def beside(real: Path, suffix: str) -> Path | None:
    """The plain file that lies beside a database under its name and a suffix; no link, which might lead anywhere."""
    file = real.with_name(real.name + suffix)
    return file if file.is_file() and not file.is_symlink() else None


def _changed(real: Path, target: Path) -> Iterator[str]:
    """Copy, and again where a gateway wrote meanwhile: a -wal must fit its database."""
    for _ in range(_TRIES):
        before = _stamps(real)
        for suffix in _PARTS:
            _copy_part(real, target, suffix)
        if _stamps(real) == before:
            return
    yield "was being written while it was copied: the newest rows may be missing"


def _copy_part(real: Path, target: Path, suffix: str) -> None:
    copy = target.with_name(target.name + suffix)
    part = beside(real, suffix) if suffix else real
    if part:
        shutil.copyfile(part, copy)
    else:
        copy.unlink(missing_ok=True)


def _stamps(real: Path) -> list[tuple[int, int]]:
    parts = [real, *filter(None, [beside(real, "-wal")])]
    stamps = [(stat.st_size, stat.st_mtime_ns) for stat in (part.stat() for part in parts)]
    if sum(size for size, _ in stamps) > MOST_BYTES:
        raise OSError(errno.EFBIG, f"larger than {MOST_BYTES >> 30} GiB with its -wal")
    return stamps


def _under_way(real: Path) -> Iterator[str]:
    # Applying a journal may delete a file that the journal names: never done with a stranger's journal.
    if journal := beside(real, "-journal"):
        with journal.open("rb") as file:
            if file.read(len(_NEEDED_JOURNAL)) == _NEEDED_JOURNAL:
                yield "a transaction was under way (its -journal is not applied): some rows may be half written"
