"""The lines of a file: as far as it was hashed, for a gateway may be writing more, and none without a limit."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

LONGEST_LINE = 16 << 20  # bytes; of a longer line its beginning is looked at
_BUFFER = 1 << 20


class _AsFarAs(io.RawIOBase):
    """A file that ends where it ended when it was hashed."""

    def __init__(self, file: Path, size: int) -> None:
        self._file, self._size = io.FileIO(file), size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)
        left = max(0, self._size - self._file.tell())
        return self._file.readinto(room[: min(len(room), left)]) or 0

    def close(self) -> None:
        self._file.close()
        super().close()


def opened_as_far_as(file: Path, size: int | None) -> io.BufferedReader:
    """A file to read, without what was written behind its first `size` bytes. Raises OSError."""
    if size is None:
        return file.open("rb")
    return io.BufferedReader(_AsFarAs(file, size), _BUFFER)


def physical_lines(file: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """Every line with its line end; of one longer than that its beginning, without."""
    while raw := file.readline(longest):
        yield raw
        while len(raw) == longest and not raw.endswith(b"\n"):
            raw = file.readline(longest)
