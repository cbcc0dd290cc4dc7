"""What was read of an original while it was copied: a gateway may write to it meanwhile."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Taken:
    """Hash and size of the bytes that were copied, the lines among them, and what there is to say of it."""

    sha256: str
    bytes: int
    lines: int = 0
    open_end: bool = False  # the last line has no line end
    notes: list[str] = field(default_factory=list)

    def settle(self, sha256: str, size: int) -> None:
        """What a file was when it was copied goes before what it was when it was found."""
        if sha256 != self.sha256:
            self.notes.append("it changed while it was collected: hash and size are those of the bytes copied")
            self.sha256, self.bytes = sha256, size

    def of_copy(self, file: Path, *, live: bool) -> None:
        """The same for a private copy."""
        if live:
            with file.open("rb") as copy:
                self.settle(hashlib.file_digest(copy, "sha256").hexdigest(), copy.tell())
