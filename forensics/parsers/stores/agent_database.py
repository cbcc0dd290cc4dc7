"""openclaw-agent.sqlite: an agent's credentials and their state (6.5+), its sessions and transcripts (8.1+).

Facts 3.1-3.3, 6.2. What each table gives stands in `reading.sqlite`; its rows are those of the JSON stores before it.
"""

from __future__ import annotations

from forensics.parsers.stores.reading.sqlite.reader import database_claims, database_reader
from forensics.parsers.stores.reading.sqlite.tables import ENTITIES, EVENTS, TABLES
from forensics.parsers.stores.store import Store

STORE = Store(
    name="agent_database",
    releases="6.5+",
    claims=database_claims("agent_database", r"openclaw-agent[^/\\]*\.sqlite(?:\.[^/\\]+)?"),
    read=database_reader(TABLES, may_be_empty=False),
    events=EVENTS,
    entities=ENTITIES,
    samples=(),  # binary: the tests build theirs
)
