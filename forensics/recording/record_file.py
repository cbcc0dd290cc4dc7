"""The record itself: one SQLite file, written in whole transactions, by one process at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from forensics.errors import ReportError
from forensics.record_format import APPLICATION_ID, SCHEMA, VERSION
from forensics.recording.facts import shape

try:
    import fcntl
except ImportError:  # Windows has none
    fcntl = None  # type: ignore[assignment]

_PATIENCE = 10  # seconds for a reader's lock


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Hold the lock of a record. Raises ReportError where another process holds it, or its folder cannot be written."""
    with _lock(file):
        yield


def _lock(file: Path) -> BinaryIO:
    """Gone with the process, however that ends; not on the record itself, whose locks are SQLite's."""
    if fcntl is None:
        raise ReportError("record needs the file locks of Linux or macOS")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = file.with_name(f"{file.name}.lock").open("ab")
    except OSError as error:
        raise ReportError(f"{file}: cannot be written ({error.strerror}); give another place with --out") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise ReportError(f"{file}: another process records into it; nothing to do") from error
    return lock


class RecordFile:
    """A record open for writing. Raises ReportError where the file is none, or of a later version."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self.connection = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise ReportError(f"{file}: cannot be used as a record ({error})") from error
        file.chmod(0o600)
        self._latest = dict(self._read_latest())

    def _prepare(self) -> None:
        ((application,),) = self.connection.execute("PRAGMA application_id")
        ((version,),) = self.connection.execute("PRAGMA user_version")
        ((tables,),) = self.connection.execute("SELECT count(*) FROM sqlite_master")
        if tables and (application != APPLICATION_ID or version > VERSION):
            raise ReportError(f"{self.file}: is no record of this version of the program; give another file with --out")
        if not tables:
            pragmas = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
            self.connection.executescript(f"PRAGMA auto_vacuum = INCREMENTAL; BEGIN; {pragmas} {SCHEMA} COMMIT;")
        self.connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")

    def _read_latest(self) -> Iterator[tuple[str, str | None]]:
        query = (
            "SELECT path, body FROM snapshot LEFT JOIN document ON document.id = snapshot.document "
            "WHERE snapshot.id IN (SELECT max(id) FROM snapshot GROUP BY path)"
        )
        for path, body in self.connection.execute(query):
            yield path, _digest(shape(json.loads(body))) if body else None

    @contextmanager
    def change(self) -> Iterator[None]:
        """All or nothing. Raises sqlite3.Error, as where the disk is full; then nothing of it is kept."""
        latest = dict(self._latest)
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            self._latest = latest
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def keep(self, documents: Mapping[str, object], taken_ms: int) -> int:
        """A snapshot of each document that is not as it was before; how many that were."""
        changed = 0
        for path, document in documents.items():
            seen = _digest(shape(document))
            if self._latest.get(path) != seen:
                self._snapshot(path, taken_ms, self._document(document))
                self._latest[path] = seen
                changed += 1
        return changed

    def keep_only(self, paths: Collection[str], taken_ms: int) -> None:
        """Every other store is there no more."""
        gone = [path for path, digest in self._latest.items() if digest is not None and path not in paths]
        for path in gone:
            self._snapshot(path, taken_ms, None)
            self._latest[path] = None

    def _snapshot(self, path: str, taken_ms: int, document: int | None) -> None:
        row = (taken_ms, path, document)
        self.connection.execute("INSERT INTO snapshot (taken_ms, path, document) VALUES (?, ?, ?)", row)

    def _document(self, document: object) -> int:
        body = json.dumps(document, separators=(",", ":"))
        digest = sha256(body.encode()).hexdigest()
        self.connection.execute("INSERT OR IGNORE INTO document (sha256, body) VALUES (?, ?)", (digest, body))
        ((number,),) = self.connection.execute("SELECT id FROM document WHERE sha256 = ?", (digest,))
        return int(number)

    def read_to(self, log: str, inode: int) -> int:
        """How far a log was read; 0 where another file has its name now."""
        found = self.connection.execute("SELECT inode, read_to FROM log WHERE path = ?", (log,)).fetchone()
        return int(found[1]) if found and found[0] == inode else 0

    def keep_lines(self, log: str, inode: int, read_to: int, lines: Iterable[str], taken_ms: int) -> None:
        """Lines of a log; one that is kept already, maybe under the log's name before rotation, is not kept twice."""
        rows = [(taken_ms, log, sha256(line.encode()).hexdigest(), line) for line in lines]
        insert = "INSERT OR IGNORE INTO line (taken_ms, log, sha256, text) VALUES (?, ?, ?, ?)"
        self.connection.executemany(insert, rows)
        self.connection.execute("INSERT OR REPLACE INTO log VALUES (?, ?, ?)", (log, inode, read_to))

    def forget(self, before_ms: int) -> None:
        """Drop what is older, but of each store its last state before that moment."""
        last = "SELECT max(id) FROM snapshot WHERE taken_ms < ? GROUP BY path"
        old = f"DELETE FROM snapshot WHERE taken_ms < ? AND id NOT IN ({last})"
        self.connection.execute(old, (before_ms, before_ms))
        self.connection.execute("DELETE FROM line WHERE taken_ms < ?", (before_ms,))
        used = "SELECT document FROM snapshot WHERE document IS NOT NULL"
        self.connection.execute(f"DELETE FROM document WHERE id NOT IN ({used})")

    def newest(self) -> int | None:
        """When something was kept last, in milliseconds since 1970."""
        newest = "SELECT max(taken_ms) FROM (SELECT taken_ms FROM snapshot UNION ALL SELECT taken_ms FROM line)"
        ((taken_ms,),) = self.connection.execute(newest)
        return int(taken_ms) if taken_ms is not None else None

    def close(self) -> None:
        self.connection.close()


def _digest(document: object) -> str:
    return sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
