"""Looks at a home again and again, and keeps what changed."""

from __future__ import annotations

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
        self._tell, self._told = tell, ""
        self._stores: tuple[Watched, ...] = ()
        self._logs: tuple[Path, ...] = ()
        self._stamps: dict[Path, object] = {}
        self._shown: dict[Path, tuple[str, ...]] = {}  # what each store held when it was last read
        self._looked = self._forgot = float("-inf")

    def look(self, now: float | None = None) -> None:
        """Keep what changed since the last look. What fails is tried again at the next one."""
        now = time.time() if now is None else now
        if now - self._looked >= _RELOOK:
            self._stores = tuple(watched(self._home))
            self._logs = tuple(dict.fromkeys(logs(self._home, self._temporary)))
            self._looked = now
        troubles = [t for store in self._stores if (t := self._try(self._store, store, now))]
        troubles += [t for log in self._logs if (t := self._try(self._log, log, now))]
        if now - self._forgot >= _DAY:
            troubles += [t for t in (self._try(self._forget, None, now),) if t]
        trouble = "; ".join(troubles[:1])
        if trouble != self._told:
            self._tell(trouble or "All is recorded again.")
        self._told = trouble

    def _try(self, step: Callable[[T, float], None], what: T, now: float) -> str | None:
        try:
            step(what, now)
        except sqlite3.Error as error:
            return f"{self._record.file}: {error}; tried again"
        except (OSError, ValueError, RecursionError) as error:
            return f"{getattr(what, 'file', what)}: cannot be read ({error}); tried again"
        return None

    def _store(self, store: Watched, now: float) -> None:
        stamp = store.stamp()
        if self._stamps.get(store.file) == stamp:
            return
        documents = store.read(store.file, store.shown) if store.file.exists() else {}
        with self._record.change():
            self._record.keep(documents, round(now * 1000))
            for path in self._shown.get(store.file, ()):
                if path not in documents:
                    self._record.gone(path, round(now * 1000))
        self._stamps[store.file], self._shown[store.file] = stamp, tuple(documents)

    def _log(self, log: Path, now: float) -> None:
        stat = log.stat()
        stamp = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        if self._stamps.get(log) == stamp:
            return
        name = str(log.relative_to(self._home) if log.is_relative_to(self._home) else log)
        start = self._record.read_to(name, stat.st_ino)
        found = tail(log, start if start <= stat.st_size else 0)
        with self._record.change():
            self._record.keep_lines(name, stat.st_ino, found.read_to, found.lines, round(now * 1000))
        self._stamps[log] = stamp

    def _forget(self, _: None, now: float) -> None:
        with self._record.change():
            self._record.forget(round((now - self._keep_days * _DAY) * 1000))
        self._forgot = now
