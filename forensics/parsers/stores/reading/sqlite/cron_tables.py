"""Cron (6.1+, facts 8.2): the jobs, and their finished runs as a log (to 7.1) or as receipts (8.1+)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from forensics.parsers.stores.reading.cron_job import FIELDS
from forensics.parsers.stores.reading.cron_run import cron_run
from forensics.parsers.stores.reading.lines import record
from forensics.parsers.stores.reading.sqlite.database import lookup
from forensics.parsers.stores.reading.sqlite.row import Found, Row, Table
from forensics.parsers.stores.reading.values import whole

_JOB = (
    "job_id", "name", "enabled", "agent_id", "owner_agent_id", "job_json", "state_json", "runtime_updated_at_ms",
    "updated_at",
)  # fmt: skip
_RUN = (
    "job_id", "ts", "status", "error", "delivery_status", "session_id", "session_key", "run_id", "run_at_ms",
    "duration_ms", "model", "provider", "entry_json",
)  # fmt: skip
_RECEIPT = (
    "job_id", "agent_id", "request_run_id", "status", "started_at_ms", "finished_at_ms", "error_text",
)  # fmt: skip


def _job(row: Row) -> Iterator[Found]:
    job, state = row.record("job_json"), row.record("state_json")
    entity, agent = row.word("job_id") or "unknown", row.word("agent_id") or row.word("owner_agent_id")
    merged = {**row.named(), **job, "state": {**record(job.get("state")), **state}}
    yield from row.observe(
        "cron_jobs", entity, merged, FIELDS, row.moment("runtime_updated_at_ms", "updated_at"), agent
    )


def _log(row: Row) -> Iterator[Found]:
    """The entry is the line of the run log; the columns repeat it and win, as they do in OpenClaw."""
    yield from _run(row, {"action": "finished", **row.record("entry_json"), **row.named()})


def _receipt(row: Row) -> Iterator[Found]:
    started, finished = whole(row.values.get("started_at_ms")), whole(row.values.get("finished_at_ms"))
    if finished is None:  # still running when the database was copied
        return
    took = finished - started if started is not None else None
    told = {"ts": finished, "runAtMs": started, "durationMs": took, "error": row.text("error_text")}
    yield from _run(row, {"action": "finished", **row.named(), **told})


def _run(row: Row, run: Mapping[str, object]) -> Iterator[Found]:
    """From 8.1 on heartbeats are jobs, too."""
    kinds = lookup(row.database, "cron_jobs", "job_id", "payload_kind")
    heartbeat = kinds.get(row.values.get("job_id")) == "heartbeat"
    for event in cron_run(row.line(run)):
        yield replace(
            event,
            agent=event.agent or row.word("agent_id"),
            run=event.run or row.word("request_run_id"),
            trigger="heartbeat" if heartbeat else event.trigger,
        )


TABLES = (
    Table("cron_jobs", _JOB, _job),
    Table("cron_run_logs", _RUN, _log),
    Table("cron_run_receipts", _RECEIPT, _receipt),
)
