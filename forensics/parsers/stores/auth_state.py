"""auth-state.json: order, lastGood and usageStats of an agent, split off from the credentials (facts 3.1, 3.2).

A pasted `usageStats` object (profile id -> stats) is recognised too.
Observed at the latest lastUsed or lastFailureAt in the file, else the file's mtime.
"""

from __future__ import annotations

from forensics.parsers.stores.reading import auth
from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.recognise import ANY, ARCHIVED, Outline, claimed
from forensics.parsers.stores.reading.values import Path
from forensics.parsers.stores.store import Contents, Sample, Store

_FILE = frozenset({"version", "order", "lastGood", "usageStats"})
_MARKS = ("lastFailureAt", "errorCount", "cooldownUntil", "disabledUntil", "blockedUntil")


def _looks(outline: Outline) -> bool:
    root = outline.root()
    if root & (_FILE - {"version"}) and root <= _FILE:
        return True
    return all(":" in key for key in root) and any(outline.has(ANY, mark) for mark in _MARKS)


def _contents(document: Document) -> Contents:
    root = document.root
    stats: Path = ("usageStats",) if isinstance(root, dict) and root.keys() & _FILE else ()
    return Contents(state=tuple(auth.state(document, auth.written(root, document.source, stats), stats)))


STORE = Store(
    name="auth_state",
    releases="4.9-6.1",
    claims=claimed(_looks, rf"auth-state\.json{ARCHIVED}"),
    read=document_reader("auth_state", _contents, records=(("usageStats",),)),
    entities={"auth_state": "profile"},
    samples=(
        Sample(
            "agents/main/agent/auth-state.json",
            """{"version": 1, "lastGood": {"openai-codex": "openai-codex:default"},
             "usageStats": {"openai-codex:default": {"lastUsed": 1770796800000, "blockedUntil": 1771315200000,
               "blockedReason": "subscription_limit", "blockedSource": "wham", "errorCount": 1,
               "failureCounts": {"rate_limit": 1}, "lastFailureAt": 1770796860000}}}
            """,
            {
                "observed_at": "2026-02-11T08:01:00+00:00",
                "state": {
                    "openai-codex:default lastUsed": "1770796800000",
                    "openai-codex:default errorCount": "1",
                    "openai-codex:default lastFailureAt": "1770796860000",
                    "openai-codex:default failureCounts": '{"rate_limit":1}',
                    "openai-codex:default blockedUntil": "1771315200000",
                    "openai-codex:default blockedReason": '"subscription_limit"',
                    "openai-codex:default blockedSource": '"wham"',
                    "openai-codex lastGood": '"openai-codex:default"',
                },
                "lines": 5,
                "other": 5,
            },
        ),
        Sample(
            "pasted.txt",
            '{"anthropic:default": {"errorCount": 2, "disabledUntil": 1770814800000, "disabledReason": "billing"}}',
            {
                "state": {
                    "anthropic:default errorCount": "2",
                    "anthropic:default disabledUntil": "1770814800000",
                    "anthropic:default disabledReason": '"billing"',
                },
                "lines": 1,
                "other": 1,
            },
        ),
    ),
)
