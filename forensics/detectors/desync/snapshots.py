"""Snapshots: which files were taken together, when, and which of their own times can be believed.

Several folders or bundles with the same stores in them are several moments of one history. When each was taken tells
its name, where that holds a time with its zone (`openclaw-2026-03-02T11-00Z`), else the latest of its times.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from forensics.tables import File

_AT_ONCE = timedelta(seconds=10)  # files all written within it were copied or unpacked: their mtimes tell nothing
_TOP = re.compile(
    r"(?:^|/)(?=\.(?:openclaw|clawdbot|moltbot|moldbot|claude|codex|qwen|minimax|gemini)(?:-[^/]*)?/"
    r"|agents/|state/|credentials/|\.credentials\.json|auth\.json|oauth_creds\.json|auth-profiles\.json)"
)
_TAKEN = re.compile(r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)[T_](\d\d)[:.-]?(\d\d)(?:[:.-]?(\d\d)(?:[.,-]\d+)?)?Z(?![a-z])")


class Snapshots:
    """The snapshots that the files belong to. `stores` are the paths of the files that hold credentials."""

    def __init__(self, files: Sequence[File], stores: Collection[str], now: datetime | None) -> None:
        roots = {root_of(path) for path in stores}
        self._roots = sorted(roots, key=len, reverse=True)
        self._now = now
        self._mtimes = {file.path: file.mtime for file in files if file.mtime}
        times = sorted(self._mtimes.values())
        self._copied = not times or times[-1] - times[0] <= _AT_ONCE
        several = max(Counter(path.removeprefix(root_of(path)).lstrip("/") for path in stores).values(), default=0) > 1
        self._moments = self._read(files) if several else {}

    def _read(self, files: Iterable[File]) -> dict[str, datetime]:
        """Root of a snapshot -> its last moment."""
        moments: dict[str, list[datetime]] = defaultdict(list)
        for file in files:
            root = self._root(file.path)
            moments[root] += [t for t in (taken(root), file.last_time, self.written(file.path)) if t]
        return {root: max(times) for root, times in moments.items() if times}

    def _root(self, path: str) -> str:
        """The snapshot a file lies in, also where only its stores show where the snapshot begins."""
        return next((root for root in self._roots if not root or path.startswith(f"{root}/")), root_of(path))

    def written(self, path: str) -> datetime | None:
        """When a file was written, unless a copy or an unpacking may have set that time."""
        mtime = None if self._copied else self._mtimes.get(path)
        last = taken(self._root(path)) or self._now
        return mtime if mtime and last and mtime <= last else None

    def moment(self, path: str) -> datetime | None:
        """Until when a current file is known to have held what it holds."""
        return self._moments.get(self._root(path), self._now)


def root_of(path: str) -> str:
    """`monday/.openclaw/agents/…` -> `monday`."""
    top = _TOP.search(path)
    return path[: top.start()] if top else ""


def taken(root: str) -> datetime | None:
    """When a snapshot was taken, where the name of its folder or bundle tells it together with the zone."""
    for *date, hour, minute, second in reversed(_TAKEN.findall(root)):
        try:
            return datetime.fromisoformat(f"{'-'.join(date)}T{hour}:{minute}:{second or '00'}").replace(tzinfo=UTC)
        except ValueError:  # digits that are no time
            continue
    return None


def last_taken(files: Iterable[File]) -> datetime | None:
    """When the last of the snapshots was taken, as far as their names tell."""
    times = (taken(root) for root in {root_of(file.path) for file in files})
    return max((time for time in times if time), default=None)
