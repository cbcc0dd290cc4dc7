"""What a long reading shows on stderr: how much is read, and about how long it will take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TextIO

from forensics.text import clip, visible

_QUIET = 1.0  # seconds: what is done by then shows nothing
_EVERY = 0.2  # seconds between two looks at a terminal
_PATH = 60  # characters


@dataclass
class ReadingProgress:
    """To be told before each file. A terminal sees one line that changes, anything else one line that stays."""

    out: TextIO
    begun: float = field(default_factory=time.monotonic)
    shown: float | None = None

    def __call__(self, done: int, total: int, path: str) -> None:
        now = time.monotonic()
        if now - self.begun < _QUIET or (
            self.shown is not None and (not self.out.isatty() or now - self.shown < _EVERY)
        ):
            return
        self.shown = now
        left = (now - self.begun) * (total - done) / done if done else None
        to_go = f", about {left:.0f} s to go" if left is not None else ""
        line = f"reading {done / 1e6:,.0f} of {total / 1e6:,.0f} MB{to_go}"
        self.out.write(f"\r{line}: {clip(visible(path), _PATH)}\x1b[K" if self.out.isatty() else f"{line}\n")
        self.out.flush()

    def __enter__(self) -> ReadingProgress:
        return self

    def __exit__(self, *error: object) -> None:
        """Take the line away again."""
        if self.shown is not None and self.out.isatty():
            self.out.write("\r\x1b[K")
            self.out.flush()
