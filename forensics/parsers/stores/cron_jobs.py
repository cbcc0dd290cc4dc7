"""cron/jobs.json and, from 2026.4.21, jobs-state.json beside it: what is scheduled and how it last went (facts 8.2).

Entity: job id. Prompts (payload.message, payload.text) stay behind; a job's name is kept.
Observed at the latest end of a run or change of a job in the file, else the file's mtime.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from forensics.parsers.stores.reading.cron_job import FIELDS
from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.recognise import ANY, ARCHIVED, Outline, claimed
from forensics.parsers.stores.reading.values import inside, latest, records, whole, word
from forensics.parsers.stores.store import Contents, Sample, Store

_FILE = frozenset({"version", "jobs"})


def _looks(outline: Outline) -> bool:
    jobs = outline.has("jobs", "[]", "schedule") or outline.has("jobs", ANY, "state")
    return jobs or (outline.root() == _FILE and not outline.has("jobs", ANY))


def _contents(document: Document) -> Contents:
    jobs = list(records(inside(document.root, "jobs")))
    at = latest([time for _, job in jobs for time in _times(job)]) or document.source.mtime
    return Contents(
        state=tuple(
            replace(row, agent=word(job.get("agentId")) or row.agent)
            for key, job in jobs
            for row in document.observe_fields(("jobs", key), word(job.get("id")) or str(key), FIELDS, at)
        )
    )


def _times(job: Mapping[str, object]) -> tuple[object, ...]:
    started, length = whole(inside(job, "state", "lastRunAtMs")), whole(inside(job, "state", "lastDurationMs"))
    return job.get("createdAtMs"), job.get("updatedAtMs"), started and started + (length or 0)


STORE = Store(
    name="cron_jobs",
    releases="1.29-5.28",
    claims=claimed(_looks, rf"cron[/\\]jobs(?:-state)?\.json{ARCHIVED}"),
    read=document_reader("cron_jobs", _contents, records=(("jobs",),)),
    entities={"cron_jobs": "job"},
    samples=(
        Sample(
            "cron/jobs.json.bak",
            """{"version": 1, "jobs": [{"id": "3a52", "name": "queue-check", "enabled": true, "agentId": "ops",
              "schedule": {"kind": "every", "everyMs": 900000}, "sessionTarget": "isolated",
              "payload": {"kind": "agentTurn", "message": "use sk-ant-api03-CANARY-0009-AAAA"}, "state": {}}]}
            """,
            {
                "state": {
                    "3a52 name": '"queue-check"',
                    "3a52 enabled": "true",
                    "3a52 agentId": '"ops"',
                    "3a52 schedule.kind": '"every"',
                    "3a52 schedule.everyMs": "900000",
                    "3a52 sessionTarget": '"isolated"',
                    "3a52 payload.kind": '"agentTurn"',
                },
                "lines": 4,
                "other": 4,
            },
        ),
        Sample(
            "cron/jobs-state.json",
            """{"version": 1, "jobs": {"3a52": {"updatedAtMs": 1770796812345, "state": {
              "lastRunAtMs": 1770796812000, "lastDurationMs": 500, "lastStatus": "error", "consecutiveErrors": 3,
              "lastError": "401 Incorrect API key provided: sk-proj-CANARY-0010-AAAA"}}}}
            """,
            {
                "observed_at": "2026-02-11T08:00:12.500000+00:00",
                "state": {
                    "3a52 updatedAtMs": "1770796812345",
                    "3a52 state.lastRunAtMs": "1770796812000",
                    "3a52 state.lastStatus": '"error"',
                    "3a52 state.lastError": '"401 Incorrect API key provided: fp:a4983557aaff"',
                    "3a52 state.lastDurationMs": "500",
                    "3a52 state.consecutiveErrors": "3",
                },
                "lines": 4,
                "other": 4,
            },
        ),
        Sample("jobs.json", '{"version": 1, "jobs": []}', {"lines": 1, "other": 1}),
    ),
)
