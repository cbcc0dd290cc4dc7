"""subagents/runs.json: which subagent ran for whom, and whether its result was delivered (facts 8.1).

Each run gives its fields (entity: run id) and one event. The task is left out, a result is only its length.
Observed at the latest time in the file, else the file's mtime.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.lines import Line
from forensics.parsers.stores.reading.recognise import ANY, ARCHIVED, Outline, claimed
from forensics.parsers.stores.reading.subagent_run import EVENTS, FIELDS, RESULTS, Run, subagent_run, written
from forensics.parsers.stores.reading.values import agent_of, as_json, inside, records
from forensics.parsers.stores.store import Contents, Sample, Store
from forensics.secrets.placeholders import length
from forensics.tables import Event, StateValue

_FILE = frozenset({"version", "runs"})


def _looks(outline: Outline) -> bool:
    return outline.has("runs", ANY, "childSessionKey") or (outline.root() == _FILE and not outline.has("runs", ANY))


def _contents(document: Document) -> Contents:
    runs = [(str(key), run) for key, run in records(inside(document.root, "runs"))]
    at = max(filter(None, [written(run) for _, run in runs]), default=None) or document.source.mtime
    lines = _lines_of(document.text, [key for key, _ in runs])
    return Contents(
        state=tuple(
            replace(row, agent=agent_of(run.get("childSessionKey")) or row.agent)
            for key, run in runs
            for row in _state(document, key, at)
        ),
        events=tuple(_event(document, key, run, lines.get(key, 1)) for key, run in runs),
    )


def _state(document: Document, key: str, at: datetime | None) -> Iterator[StateValue]:
    path = ("runs", key)
    yield from document.observe_fields(path, key, FIELDS, at)
    for row in document.observe_fields(path, key, RESULTS, at):
        text = inside(document.root, *path, *row.key.split("."))
        yield replace(row, value=as_json(length(text) if isinstance(text, str) else 0))


def _event(document: Document, key: str, run: Run, line: int) -> Event:
    event = subagent_run(Line("subagent_runs", document.source, line, run, None), key)
    return replace(event, sources=(document.place(("runs", key)),))


def _lines_of(text: str, keys: list[str]) -> dict[str, int]:
    """Key -> line it stands on. One pass: the keys come in the order of the file, and a miss ends the search."""
    lines: dict[str, int] = {}
    at, line = 0, 1
    for key in keys:
        found = text.find(f'"{key}"', at)
        if found < 0:
            break
        line, at = line + text.count("\n", at, found), found
        lines[key] = line
    return lines


STORE = Store(
    name="subagent_runs",
    releases="1.29-5.28",
    claims=claimed(_looks, rf"subagents[/\\]runs\.json{ARCHIVED}"),
    read=document_reader("subagent_runs", _contents, records=(("runs",),)),
    events=EVENTS,
    entities={"subagent_runs": "run"},
    samples=(
        Sample(
            "subagents/runs.json",
            """{"version": 2, "runs": {
              "b4ce65f7": {"runId": "b4ce65f7", "childSessionKey": "agent:main:subagent:82b3",
                "requesterSessionKey": "agent:main:main", "task": "sk-ant-api03-CANARY-0011-AAAA",
                "startedAt": 1770796800000, "endedAt": 1770796812000, "outcome": {"status": "ok"},
                "frozenResultText": "All done.", "announceRetryCount": 3,
                "lastAnnounceDeliveryError": "gateway timeout", "cleanupHandled": true},
              "c5df76a8": {"runId": "c5df76a8", "childSessionKey": "agent:main:subagent:93c4",
                "createdAt": 1770796820000, "delivery": {"status": "delivered", "attemptCount": 1}}}}
            """,
            {
                "observed_at": "2026-02-11T08:00:20+00:00",
                "state": {
                    "b4ce65f7 childSessionKey": '"agent:main:subagent:82b3"',
                    "b4ce65f7 requesterSessionKey": '"agent:main:main"',
                    "b4ce65f7 startedAt": "1770796800000",
                    "b4ce65f7 endedAt": "1770796812000",
                    "b4ce65f7 outcome.status": '"ok"',
                    "b4ce65f7 announceRetryCount": "3",
                    "b4ce65f7 lastAnnounceDeliveryError": '"gateway timeout"',
                    "b4ce65f7 cleanupHandled": "true",
                    "b4ce65f7 frozenResultText": "9",
                    "c5df76a8 childSessionKey": '"agent:main:subagent:93c4"',
                    "c5df76a8 createdAt": "1770796820000",
                    "c5df76a8 delivery.status": '"delivered"',
                    "c5df76a8 delivery.attemptCount": "1",
                },
                "events": [
                    {
                        "kind": "subagent_run",
                        "role": "delivery",
                        "time": "2026-02-11T08:00:12+00:00",
                        "started": "2026-02-11T08:00:00+00:00",
                        "agent": "main",
                        "run": "b4ce65f7",
                        "trigger": "subagent",
                        "text": "gateway timeout",
                        "decision": "ok",
                        "attempt": 3,
                        "child_session": "agent:main:subagent:82b3",
                        "requester": "agent:main:main",
                        "detail": "cleanupHandled",
                    },
                    {
                        "kind": "subagent_run",
                        "role": "delivery",
                        "time": "2026-02-11T08:00:20+00:00",
                        "agent": "main",
                        "run": "c5df76a8",
                        "trigger": "subagent",
                        "attempt": 1,
                        "child_session": "agent:main:subagent:93c4",
                        "detail": "delivered",
                    },
                ],
                "lines": 9,
                "other": 9,
            },
        ),
    ),
)
