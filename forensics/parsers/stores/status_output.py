"""Output of `openclaw status --json` or `health --json` (facts 8.6), alone or with log lines around it.

Entity: session key, "gateway", "heartbeat" or "status". Observed at the moment of the command (a session's
updatedAt + age, or `ts`), else at the file's mtime. Queued events and channel summaries are private: left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.values import (
    Path,
    agent_of,
    as_json,
    inside,
    latest,
    members,
    records,
    whole,
    word,
)
from forensics.parsers.stores.store import Contents, Sample, Store
from forensics.tables import StateValue

_STATUS = (
    "runtimeVersion", "ok", "durationMs", "defaultAgentId", "heartbeatSeconds", "tasks.byStatus", "tasks.failures",
    "sessions.count", "sessions.defaults.model",
)  # fmt: skip
_GATEWAY = ("mode", "reachable", "connectLatencyMs", "error", "authWarning", "self.version")
_HEARTBEAT = ("enabled", "every", "everyMs")
_SESSION = ("sessionId", "updatedAt", "age", "kind", "model", "modelProvider", "abortedLastRun", "totalTokens")


def _looks(outline: Outline) -> bool:
    status = outline.has("gateway", "reachable") or (outline.has("sessions", "recent") and outline.has("heartbeat"))
    health = outline.has("heartbeatSeconds") and outline.has("channels")
    return status or health


def _contents(document: Document) -> Contents:
    at = _taken(document) or document.source.mtime
    return Contents(
        state=(
            *document.observe_fields((), "status", _STATUS, at),
            *document.observe_fields(("gateway",), "gateway", _GATEWAY, at),
            *_channels(document, at),
            *_heartbeats(document, at),
            *_sessions(document, at),
        )
    )


def _channels(document: Document, at: datetime | None) -> Iterator[StateValue]:
    if names := [str(key) for key, _ in members(inside(document.root, "channels"))]:
        yield replace(document.observe(("channels",), "status", "channels", at), value=as_json(names))


def _heartbeats(document: Document, at: datetime | None) -> Iterator[StateValue]:
    for index, entry in records(inside(document.root, "heartbeat", "agents")):
        for row in document.observe_fields(("heartbeat", "agents", index), "heartbeat", _HEARTBEAT, at):
            yield replace(row, agent=word(entry.get("agentId")))


def _recent(document: Document) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """The sessions listed, by agent where the release lists them so (it then repeats them in `recent`)."""
    agents = records(inside(document.root, "sessions", "byAgent"))
    lists: list[Path] = [("sessions", "byAgent", index, "recent") for index, _ in agents]
    for path in lists or [("sessions", "recent")]:
        for index, entry in records(inside(document.root, *path)):
            yield (*path, index), entry


def _sessions(document: Document, at: datetime | None) -> Iterator[StateValue]:
    for path, entry in _recent(document):
        key = word(entry.get("key")) or str(path[-1])
        for row in document.observe_fields(path, key, _SESSION, at):
            yield replace(row, agent=agent_of(key) or row.agent)


def _taken(document: Document) -> datetime | None:
    return latest([_now(entry) for _, entry in _recent(document)] + [inside(document.root, "ts")])


def _now(entry: Mapping[str, object]) -> int | None:
    updated, age = whole(entry.get("updatedAt")), whole(entry.get("age"))
    return None if updated is None or age is None else updated + age


STORE = Store(
    name="status_output",
    releases="all",
    claims=claimed(_looks),
    read=document_reader("status_output", _contents),
    entities={"status_output": "session"},
    samples=(
        Sample(
            "status.out",
            """{"runtimeVersion": "2026.3.11", "heartbeat": {"defaultAgentId": "main",
              "agents": [{"agentId": "main", "enabled": true, "every": "30m", "everyMs": 1800000}]},
             "queuedSystemEvents": ["the key is sk-ant-api03-CANARY-0025-AAAA"],
             "sessions": {"count": 1, "recent": [{"agentId": "main", "key": "agent:main:main",
               "updatedAt": 1770796800000, "age": 60000, "model": "claude-opus-4-5"}]},
             "gateway": {"mode": "local", "reachable": false, "error": "connect ECONNREFUSED"}}
            """,
            {
                "observed_at": "2026-02-11T08:01:00+00:00",
                "state": {
                    "status runtimeVersion": '"2026.3.11"',
                    "status sessions.count": "1",
                    "gateway mode": '"local"',
                    "gateway reachable": "false",
                    "gateway error": '"connect ECONNREFUSED"',
                    "heartbeat enabled": "true",
                    "heartbeat every": '"30m"',
                    "heartbeat everyMs": "1800000",
                    "agent:main:main updatedAt": "1770796800000",
                    "agent:main:main age": "60000",
                    "agent:main:main model": '"claude-opus-4-5"',
                },
                "lines": 7,
                "other": 7,
            },
        ),
        Sample(
            "health.out",
            '{"ok": true, "ts": 1770796800000, "durationMs": 12, "channels": {"telegram": {"configured": true}}, '
            '"heartbeatSeconds": 1800, "defaultAgentId": "main", "token": "CANARY-0026-token"}',
            {
                "observed_at": "2026-02-11T08:00:00+00:00",
                "state": {
                    "status ok": "true",
                    "status durationMs": "12",
                    "status defaultAgentId": '"main"',
                    "status heartbeatSeconds": "1800",
                    "status channels": '["telegram"]',
                },
                "lines": 1,
                "other": 1,
            },
        ),
    ),
)
