"""What commands print: the answer on stdout, progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from forensics.text import json_text, visible


def progress(done: int, total: int, heading: str) -> None:
    """Told before each part of the work."""
    sys.stderr.write(f"[{done}/{total}] {visible(heading)}\n")


def print_paths(paths: Sequence[Path]) -> None:
    """A path a line."""
    sys.stdout.write("".join(f"{path}\n" for path in paths))


def tell(line: str) -> None:
    """A line for the person who waits."""
    sys.stderr.write(f"{visible(line)}\n")


def print_json(document: object) -> None:
    """A document for programs."""
    sys.stdout.write(json_text(document) + "\n")
