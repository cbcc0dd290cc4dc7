"""One file in an archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BufferedIOBase


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive. `packed` is the number of bytes it is unpacked from."""

    name: str
    packed: int
    mtime: datetime | None
    special: bool  # a link, pipe or device
    open: Callable[[], BufferedIOBase]
