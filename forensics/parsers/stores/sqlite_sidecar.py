"""A `-wal`, `-shm` or `-journal` beside a database: it is read with the database it belongs to, or not at all."""

from __future__ import annotations

import re
from pathlib import Path

from forensics.parsers.stores.store import Contents, Source, Store
from forensics.tables import Reject

_NAME = re.compile(r"\.sqlite[^/\\]*-(?:wal|shm|journal)$")
_WAL = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")


def _claims(path: str, head: bytes) -> bool:
    return head.startswith(_WAL) or bool(_NAME.search(path))


def _read(source: Source) -> Contents:
    try:
        empty = source.real.stat().st_size == 0
    except OSError as error:
        return Contents(rejects=(_reject(source, f"cannot be read: {error.strerror}"),))
    database = Path(str(source.real).removesuffix("-wal"))
    why = "the database it belongs to is not beside it: what is only in here cannot be read"
    return Contents(rejects=() if empty or database.is_file() else (_reject(source, why),))


def _reject(source: Source, why: str) -> Reject:
    return Reject(source=source.path, lines=0, why=why)


STORE = Store(
    name="sqlite_sidecar",
    releases="3.31+",
    claims=_claims,
    read=_read,
    samples=(),  # binary: the tests build theirs
)
