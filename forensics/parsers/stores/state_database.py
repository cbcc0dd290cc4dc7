"""state/openclaw.sqlite (6.1+): cron, subagents, tasks, boots, audit; from 8.1 the credentials all agents share.

Facts 3.1-3.3, 8.1-8.3. What each table gives stands in `reading.sqlite`.
"""

from __future__ import annotations

from forensics.parsers.stores.reading.sqlite.reader import database_claims, database_reader
from forensics.parsers.stores.reading.sqlite.tables import ENTITIES, EVENTS, TABLES
from forensics.parsers.stores.store import Store

STORE = Store(
    name="state_database",
    releases="6.1+",
    claims=database_claims("state_database", r"openclaw\.sqlite(?:\.[^/\\]+)?"),
    read=database_reader(TABLES, may_be_empty=False),
    events=EVENTS,
    entities=ENTITIES,
    samples=(),  # binary: the tests build theirs
)
