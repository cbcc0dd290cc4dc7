"""Looks at a home again and again, and keeps what changed."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from forensics.recording.log_lines import logs, tail
from forensics.recording.record_file import RecordFile
from forensics.recording.stores import Watched, watched

EVERY = 5.0  # seconds between two looks
_RELOOK = 60.0  # seconds between two looks for new stores and logs
_DAY = 86_400.0

T = TypeVar("T")


class Recorder:
    """One home and its record. `tell` gets a line about each trouble, once until it is another one."""

    def __init__(
        self, home: Path, temporary: Path, record: RecordFile, keep_days: float, tell: Callable[[str], None]
    ) -> None:
        self._home, self._temporary, self._record, self._keep_days = home, temporary, record, keep_days
        self._tell = tell
        self.trouble = ""  # of the last look
        self._stores: tuple[Watched, ...] = ()
        self._logs: tuple[Path, ...] = ()
        self._stamps: dict[Path, object] = {}
        self._shown: dict[Path, tuple[str, ...]] = {}  # what each store held when it was last read
        self._present: frozenset[str] = frozenset()
        self._looked = self._forgot = float("-inf")

    def look(self, now: float | None = None) -> None:
        """Keep what changed since the last look. What fails is tried again at the next one."""
        now = time.time() if now is None else now
        due = abs(now - self._forgot) >= _DAY
        newest = self._record.newest() if due else None
        troubles = [self._try(self._relook, self._home, now) if abs(now - self._looked) >= _RELOOK else None]
        troubles += [self._try(self._store, store, now) for store in self._stores]
        if not any(troubles):
            troubles.append(self._try(self._vanished, None, now))
        troubles += [self._try(self._log, log, now) for log in self._logs]
        if due:
            troubles.append(self._try(self._forget, newest, now))
        trouble = next(filter(None, troubles), "")
        if trouble != self.trouble:
            self._tell(trouble or "All is recorded again.")
        self.trouble = trouble

    def _try(self, step: Callable[[T, float], None], what: T, now: float) -> str | None:
        try:
            step(what, now)
        except sqlite3.Error as error:
            return f"{self._record.file}: {error}; tried again"
        except (OSError, ValueError, RecursionError) as error:
            return f"{getattr(what, 'file', what)}: cannot be read ({error}); tried again"
        return None

    def _relook(self, home: Path, now: float) -> None:
        """Find stores and logs anew; where a folder cannot be listed those known stay."""
        self._stores, self._logs = tuple(watched(home)), tuple(dict.fromkeys(logs(home, self._temporary)))
        if not (self._stores or self._logs):
            raise FileNotFoundError("no state directory of OpenClaw in it, and no log")
        self._looked = now

    def _store(self, store: Watched, now: float) -> None:
        stamp = store.stamp()
        if self._stamps.get(store.file) == stamp:
            return
        documents = store.read(store.file, store.shown) if store.file.exists() else {}
        with self._record.change():
            self._record.keep(documents, round(now * 1000))
        self._stamps[store.file], self._shown[store.file] = stamp, tuple(documents)

    def _vanished(self, _: None, now: float) -> None:
        """Every store was looked at: what none of them holds is there no more, also where it went between two runs."""
        shown = frozenset(path for store in self._stores for path in self._shown.get(store.file, ()))
        if shown and shown != self._present:
            with self._record.change():
                self._record.keep_only(shown, round(now * 1000))
            self._present = shown

    def _log(self, log: Path, now: float) -> None:
        try:
            stat = log.stat()
        except FileNotFoundError:  # pruned or renamed
            self._looked = float("-inf")
            return
        stamp = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        if self._stamps.get(log) == stamp:
            return
        name = str(log.relative_to(self._home) if log.is_relative_to(self._home) else log)
        start = self._record.read_to(name, stat.st_ino)
        if not start:  # maybe another file under its name; the one before has lines behind what was read
            self._looked = float("-inf")
        self._keep_lines(log, name, stat, start if start <= stat.st_size else 0, now)
        self._stamps[log] = stamp

    def _keep_lines(self, log: Path, name: str, stat: os.stat_result, start: int, now: float) -> None:
        """Up to the end the log had when it was looked at, a part at a time: it may be of gigabytes, and grow."""
        while start < stat.st_size:
            found = tail(log, start)
            if found.read_to == start:  # a line that is being written
                return
            with self._record.change():
                self._record.keep_lines(name, stat.st_ino, found.read_to, found.lines, round(now * 1000))
            start = found.read_to

    def _forget(self, newest_ms: int | None, now: float) -> None:
        """Counted from the newest thing kept before this look: a clock that jumps ahead drops nothing by that."""
        end_ms = min(round(now * 1000), newest_ms or 0)
        with self._record.change():
            self._record.forget(end_ms - round(self._keep_days * _DAY * 1000))
        self._forgot = now
