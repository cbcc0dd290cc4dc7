"""What `forensics record` kept, as the files it came from: snapshots in folders of their moments, lines as logs."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from io import BufferedIOBase
from pathlib import Path
from typing import cast

from forensics.evidence.item import moment
from forensics.evidence.member import Member
from forensics.evidence.private_copy import SQLITE, private_copy
from forensics.record_format import APPLICATION_ID, FOLDER, VERSION

_PLACE = slice(68, 72)  # of the application id
_SNAPSHOTS = "SELECT s.taken_ms, s.path, d.body FROM snapshot s JOIN document d ON d.id = s.document ORDER BY s.id"
_LINES = (
    "SELECT log, group_concat(text, char(10)) || char(10), max(taken_ms) "
    "FROM (SELECT * FROM line ORDER BY id) GROUP BY log"
)


def is_record(head: bytes) -> bool:
    """Whether a file that begins so is a record."""
    return head.startswith(SQLITE) and head[_PLACE] == APPLICATION_ID.to_bytes(4, "big")


@contextmanager
def members(file: Path) -> Iterator[Iterator[Member]]:
    """Read a private copy: a record may be written to meanwhile. Raises OSError or ValueError where it is damaged."""
    with private_copy(file) as copy, closing(sqlite3.connect(copy.file)) as connection:
        try:
            ((version,),) = connection.execute("PRAGMA user_version")
            if version > VERSION:
                raise ValueError("written by a later version of this program; update it")
            yield iter([*_snapshots(connection), *_logs(connection)])
        except sqlite3.Error as error:
            raise ValueError(f"damaged: {error}") from error


def _snapshots(connection: sqlite3.Connection) -> Iterator[Member]:
    for taken, path, body in connection.execute(_SNAPSHOTS):
        yield _member(f"{FOLDER}/{_folder(taken)}/{path}", body, taken)


def _logs(connection: sqlite3.Connection) -> Iterator[Member]:
    for log, text, taken in connection.execute(_LINES):
        yield _member(f"{FOLDER}/{log.lstrip('/')}", text, taken)


def _member(name: str, text: str, taken: int) -> Member:
    body = text.encode("utf-8", "replace")
    opener = partial(io.BytesIO, body)
    return Member(
        name, len(body), moment(taken / 1000), special=False, open=cast("Callable[[], BufferedIOBase]", opener)
    )


def _folder(taken: int) -> str:
    """A moment as a name that tells it: `2026-03-02T11-00-05.250Z`."""
    time = datetime.fromtimestamp(taken / 1000, UTC)
    return f"{time:%Y-%m-%dT%H-%M-%S}.{time.microsecond // 1000:03}Z"
