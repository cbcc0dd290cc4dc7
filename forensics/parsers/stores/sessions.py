"""sessions.json: what each session is pinned to and how its last run ended (facts 6.1); `.bak.<ms>` alike.

Observed at the latest updatedAt in the file (each write moves one), else the file's mtime.
"""

from __future__ import annotations

from dataclasses import replace

from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.recognise import ANY, Outline, claimed
from forensics.parsers.stores.reading.session_entry import FIELDS
from forensics.parsers.stores.reading.values import agent_of, latest, records
from forensics.parsers.stores.store import Contents, Sample, Store


def _looks(outline: Outline) -> bool:
    return outline.has(ANY, "sessionId") and outline.has(ANY, "updatedAt")


def _contents(document: Document) -> Contents:
    entries = list(records(document.root))
    at = latest([entry.get("updatedAt") for _, entry in entries]) or document.source.mtime
    return Contents(
        state=tuple(
            replace(row, agent=agent_of(key) or row.agent)
            for key, _ in entries
            for row in document.observe_fields((key,), str(key), FIELDS, at)
        )
    )


STORE = Store(
    name="sessions",
    releases="1.29-7.1",
    claims=claimed(_looks, r"sessions\.json(?:\.bak[^/\\]*)?"),
    read=document_reader("sessions", _contents, records=((),)),
    entities={"sessions": "session"},
    samples=(
        Sample(
            "agents/main/sessions/sessions.json",
            """{
              // OpenClaw reads this file as JSON5
              "agent:main:main": {"sessionId": "0b7c", "updatedAt": 1770796800000, "skillsSnapshot": {"prompt": "x"},
                "authProfileOverride": "anthropic:backup", "authProfileOverrideSource": "auto",
                "modelProvider": "anthropic", "model": "claude-sonnet-4-5",
                "lastHeartbeatText": "the key is sk-ant-api03-CANARY-0005-AAAA",
                "quotaSuspension": {"reason": "quota_exhausted", "summary": "private", "state": "suspended"},},
            }""",
            {
                "observed_at": "2026-02-11T08:00:00+00:00",
                "state": {
                    "agent:main:main sessionId": '"0b7c"',
                    "agent:main:main updatedAt": "1770796800000",
                    "agent:main:main authProfileOverride": '"anthropic:backup"',
                    "agent:main:main authProfileOverrideSource": '"auto"',
                    "agent:main:main modelProvider": '"anthropic"',
                    "agent:main:main model": '"claude-sonnet-4-5"',
                    "agent:main:main quotaSuspension.reason": '"quota_exhausted"',
                    "agent:main:main quotaSuspension.state": '"suspended"',
                },
                "lines": 8,
                "other": 8,
            },
        ),
    ),
)
