"""tasks/runs.sqlite and flows/registry.sqlite (3.31-5.28): every task's run and how it ended (facts 8.3)."""

from __future__ import annotations

from forensics.parsers.stores.reading.sqlite.reader import database_claims, database_reader
from forensics.parsers.stores.reading.sqlite.tables import ENTITIES, EVENTS, TABLES
from forensics.parsers.stores.store import Store

STORE = Store(
    name="tasks_database",
    releases="3.31-5.28",
    claims=database_claims("tasks_database", r"tasks[/\\]runs\.sqlite(?:\.[^/\\]+)?|flows[/\\]registry\.sqlite"),
    read=database_reader(TABLES),
    events=EVENTS,
    entities=ENTITIES,
    samples=(),  # binary: the tests build theirs
)
