"""More files than are read: the names that OpenClaw gives come before all others, the newest of them first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from heapq import nsmallest

from forensics.evidence.item import Plain
from forensics.openclaw.home_layout import name_rank

_1970 = datetime(1970, 1, 1, tzinfo=UTC)
Urgency = tuple[int, float, str]


def urgency(path: str, mtime: datetime | None) -> Urgency:
    """What to sort by; files of which nothing tells their time are the oldest."""
    return name_rank(path), -(mtime - _1970).total_seconds() if mtime else 0.0, path


def most_telling(files: Iterable[Plain], limit: int) -> Sequence[Plain]:
    """As many of them, the most telling first."""
    return nsmallest(limit, files, key=lambda file: urgency(file.path, file.mtime))
