"""Sessions (8.1+, facts 6.2): what each is pinned to, and the windows, that is session ids, it went through."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.parsers.stores.reading.session_entry import FIELDS, WINDOW_FIELDS
from forensics.parsers.stores.reading.sqlite.row import Found, Row, Table
from forensics.parsers.stores.reading.values import agent_of

_NODE = (
    "session_key", "entry_json", "updated_at", "status", "created_at", "spawned_by", "last_interaction_at",
    "last_activity_at",
)  # fmt: skip
_WINDOW = (
    "session_id", "session_key", "previous_session_id", "reason", "created_at", "updated_at", "started_at",
    "ended_at", "status", "chat_type", "channel", "model_provider", "model", "agent_harness_id",
    "parent_session_key", "spawned_by",
)  # fmt: skip


def _node(row: Row) -> Iterator[Found]:
    """The entry, completed by the columns that repeat or replace its members."""
    entry = {**row.named(), **row.record("entry_json")}
    key = row.word("session_key") or "unknown"
    yield from row.observe("sessions", key, entry, FIELDS, row.moment("updated_at"), agent_of(key))


def _window(row: Row) -> Iterator[Found]:
    session = row.word("session_id") or "unknown"
    agent = agent_of(row.values.get("session_key"))
    yield from row.observe("session_windows", session, row.named(), WINDOW_FIELDS, row.moment("updated_at"), agent)


TABLES = (
    Table("session_nodes", _NODE, _node),
    Table("session_windows", _WINDOW, _window),
)
