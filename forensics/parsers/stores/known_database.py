"""Databases that say little about a failure, so that they are known and not "unknown": locks, the memory index.

`openclaw-quarantine.sqlite` (9.x) is one of them: it names the databases that OpenClaw found damaged.
"""

from __future__ import annotations

from forensics.parsers.stores.reading.sqlite.reader import database_claims, database_reader
from forensics.parsers.stores.reading.sqlite.tables import ENTITIES, EVENTS, TABLES
from forensics.parsers.stores.store import Store

STORE = Store(
    name="known_database",
    releases="all",
    claims=database_claims(
        "known_database", r"openclaw-quarantine\.sqlite|[^/\\]+\.lock\.sqlite|memory[/\\][^/\\]+\.sqlite"
    ),
    read=database_reader(TABLES),
    events=EVENTS,
    entities=ENTITIES,
    samples=(),  # binary: the tests build theirs
)
