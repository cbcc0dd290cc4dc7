"""Credentials and their state: in the agent's database (6.5+) or, shared by all agents, in the state database (8.1+).

Facts 3.1-3.3. The rows are those of auth-profiles.json and auth-state.json, so that nobody need know where they lay.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.parsers.stores.reading import auth
from forensics.parsers.stores.reading.document import Document
from forensics.parsers.stores.reading.sqlite.row import Found, Row, Table
from forensics.parsers.stores.reading.unreadable import unexpected
from forensics.parsers.stores.reading.values import inside, members, records

_WRITTEN = ("updated_at", "updated_at_ms")
_SHARED_OWNER = "main"  # the shared store took over what was the main agent's, and stands for it


def _agent_store(row: Row) -> Iterator[Found]:
    yield from _store(row, "store_json", row.database.source.agent)


def _agent_state(row: Row) -> Iterator[Found]:
    yield from _state(row, "state_json", row.database.source.agent)


def _machine_state(row: Row) -> Iterator[Found]:
    key = row.values.get("state_key")
    if key == "authProfiles.store":
        yield from _store(row, "value_json", _SHARED_OWNER)
    elif key == "authProfiles.state":
        yield from _state(row, "value_json", _SHARED_OWNER)
    elif key == "auth.sharedStore":
        yield from row.observe("machine_state", key, row.record("value_json"), ("location",), row.moment(*_WRITTEN))
    else:
        row.text("value_json")  # for its secrets


def _store(row: Row, column: str, agent: str | None) -> Iterator[Found]:
    document = row.document("auth_profiles", column, agent)
    yield from _odd(document, "profiles")
    for key, _ in records(inside(document.root, "profiles")):
        path, profile = ("profiles", key), str(key)
        yield auth.credential(document, path, profile, profile.partition(":")[0])
        yield from auth.facts(document, path, profile, row.moment(*_WRITTEN))


def _state(row: Row, column: str, agent: str | None) -> Iterator[Found]:
    document = row.document("auth_state", column, agent)
    yield from _odd(document, "usageStats")
    yield from auth.state(document, row.moment(*_WRITTEN))


def _odd(document: Document, key: str) -> Iterator[Found]:
    """Members that ought to be objects."""
    for name, member in members(inside(document.root, key)):
        if not isinstance(member, dict):
            yield unexpected(document.source, (key, name), member)


TABLES = (
    Table("auth_profile_store", ("store_json", "updated_at"), _agent_store),
    Table("auth_profile_stores", ("store_json", "updated_at"), _agent_store),
    Table("auth_profile_state", ("state_json", "updated_at"), _agent_state),
    Table("config_machine_state", ("state_key", "value_json", "updated_at_ms"), _machine_state),
)
