"""A timeline with a record in it, as it was at an earlier moment: the stores as they were recorded by then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from forensics.instants import from_iso
from forensics.parsers.timeline import Timeline
from forensics.record_format import FOLDER
from forensics.tables import Credential, File, StateValue

_SNAPSHOT = re.compile(rf"(?:^|/){FOLDER}/(\d{{4}}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{{3}})Z/")
_RECORDED = ("auth_profiles", "auth_state", "sessions", "claude_credentials", "codex_auth", "cli_oauth")
R = TypeVar("R", StateValue, Credential)
Owner = tuple[str, str | None]


def as_recorded(timeline: Timeline, now: datetime | None) -> Timeline:
    """Without what came after `now`, where a record can tell what the stores held then; else the same timeline.

    What a store holds today says nothing of then, so it gives way to its last snapshot.
    """
    if now is None or not any(taken_at(file.path) for file in timeline.files):
        return timeline
    return replace(
        timeline,
        files=tuple(_of_then(file, now) for file in timeline.files if not _is_after(file.path, now)),
        events=tuple(event for event in timeline.events if event.time is None or event.time <= now),
        activity=tuple(row for row in timeline.activity if row.minute is None or row.minute <= now),
        state=tuple(_kept(timeline.state, now)),
        credentials=tuple(_kept(timeline.credentials, now)),
    )


def taken_at(path: str) -> datetime | None:
    """The moment of the recorded snapshot that a path lies in; None outside of a record."""
    found = _SNAPSHOT.search(path)
    try:
        return from_iso(f"{found[1]}T{found[2]}:{found[3]}:{found[4]}Z") if found else None
    except ValueError:
        return None


def _is_after(path: str, now: datetime) -> bool:
    taken = taken_at(path)
    return taken is not None and taken > now


def _of_then(file: File, now: datetime) -> File:
    return replace(file, last_time=min(file.last_time, now)) if file.last_time else file


def _kept(rows: Iterable[R], now: datetime) -> Iterator[R]:
    rows = tuple(rows)
    recorded: set[Owner] = {(row.store, row.agent) for row in rows if taken_at(row.source)}
    for row in rows:
        current = taken_at(row.source) is None and row.store in _RECORDED and (row.store, row.agent) in recorded
        if not current and not _is_after(row.source, now):
            yield row
