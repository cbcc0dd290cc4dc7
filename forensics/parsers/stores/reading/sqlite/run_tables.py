"""Runs (6.1+, tasks 3.31+; facts 8.1, 8.3): subagents, tasks of every runtime, the audit ledger, queued deliveries.

What a task was asked and what it answered stays behind; its error is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.error_texts import error_fields
from forensics.parsers.stores.reading.sqlite.row import Found, Row, Table
from forensics.parsers.stores.reading.subagent_run import FIELDS, RESULTS, subagent_run, unfolded, written
from forensics.parsers.stores.reading.values import agent_of, as_json, inside, whole
from forensics.secrets.placeholders import length

EVENTS: Mapping[str, Disclosure] = {  # what comes of it, and what of that may leave
    "audit_run_finished": Disclosure("closed", detail="word"),
    "delivery_failed": Disclosure("error", detail="word"),
    "task_run": Disclosure("error", detail="word"),
}

_SUBAGENT = (
    "run_id", "child_session_key", "controller_session_key", "requester_session_key", "cleanup", "label", "model",
    "spawn_mode", "created_at", "started_at", "ended_at", "outcome_json", "archive_at_ms", "cleanup_completed_at",
    "cleanup_handled", "suppress_announce_reason", "expects_completion_message", "announce_retry_count",
    "last_announce_retry_at", "last_announce_delivery_error", "ended_reason", "frozen_result_text",
    "frozen_result_captured_at", "pending_final_delivery", "completion_announced_at", "payload_json",
)  # fmt: skip
_BOOLEANS = ("cleanupHandled", "expectsCompletionMessage", "pendingFinalDelivery")
_TASK = (
    "task_id", "runtime", "requester_session_key", "child_session_key", "agent_id", "run_id", "status", "created_at",
    "started_at", "ended_at", "last_event_at", "error", "terminal_outcome",
)  # fmt: skip
_FAILED = ("failed", "timed_out")
_TRIGGERS = {"cron": "cron", "subagent": "subagent"}
_AUDIT = (
    "occurred_at", "action", "status", "error_code", "agent_id", "session_key", "session_id", "run_id", "duration_ms",
)  # fmt: skip
_DELIVERY = (
    "queue_name", "status", "session_key", "channel", "retry_count", "last_attempt_at", "last_error", "enqueued_at",
    "failed_at",
)  # fmt: skip


def _subagent(row: Row) -> Iterator[Found]:
    run = unfolded(_subagent_record(row))
    key, at = row.word("run_id") or "unknown", written(run)
    agent = agent_of(run.get("childSessionKey"))
    yield from row.observe("subagent_runs", key, run, FIELDS, at, agent)
    for result in row.observe("subagent_runs", key, run, RESULTS, at, agent):
        text = inside(run, *result.key.split("."))
        yield replace(result, value=as_json(length(text) if isinstance(text, str) else 0))
    yield subagent_run(row.line(run), key)


def _subagent_record(row: Row) -> Mapping[str, object]:
    """The columns win over the payload, as they do in OpenClaw."""
    columns = row.named()
    columns |= {key: bool(columns[key]) for key in _BOOLEANS if key in columns}
    if outcome := row.record("outcome_json"):
        columns["outcome"] = outcome
    return {**row.record("payload_json"), **columns}


def _task(row: Row) -> Iterator[Found]:
    """A failed task tells the last word on its run, as the log does; one that succeeded, its delivery's."""
    runtime, child = row.word("runtime"), row.word("child_session_key")
    make = row.make("ended_at", "last_event_at", "started_at", "created_at")
    yield make(
        kind="task_run", started=row.moment("started_at"), agent=row.word("agent_id") or agent_of(child),
        session=child or row.word("requester_session_key"), run=row.word("run_id"),
        trigger=_TRIGGERS.get(runtime or ""), decision=row.word("status"), stage=row.word("terminal_outcome"),
        **{"detail": runtime, **_last_word(row.text("error") or "", row.word("status"), runtime)},
    )  # fmt: skip


def _last_word(error: str, status: str | None, runtime: str | None) -> dict[str, Any]:
    if runtime == "cron":  # the cron log and its receipts have it too
        return {"role": "schedule", "text": error}
    if status not in _FAILED:
        return {"role": "delivery" if error else "health", "text": error}
    told = error_fields(error, otherwise="health")
    proven = status == "timed_out" or "http_status" in told or "error_type" in told
    if told["role"] == "failure" and not proven:  # a friendly sentence alone does not prove that anybody was called
        told["role"] = "health"
    return told


def _audit(row: Row) -> Iterator[Found]:
    """How a run ended, without its text. It names no provider, so it is no answer of one."""
    if row.values.get("action") == "agent.run.finished":
        yield row.make("occurred_at")(
            kind="audit_run_finished", role="health", duration_ms=whole(row.values.get("duration_ms")),
            agent=row.word("agent_id"), session=row.word("session_key") or row.word("session_id"),
            run=row.word("run_id"), decision=row.word("status"), detail=row.word("error_code"),
        )  # fmt: skip


def _delivery(row: Row) -> Iterator[Found]:
    """A message that did not reach its channel."""
    session = row.word("session_key")
    if error := row.text("last_error"):
        yield row.make("failed_at", "last_attempt_at", "enqueued_at")(
            kind="delivery_failed", role="delivery", agent=agent_of(session), session=session,
            decision=row.word("status"), text=error, attempt=whole(row.values.get("retry_count")),
            detail=row.word("channel"),
        )  # fmt: skip


TABLES = (
    Table("subagent_runs", _SUBAGENT, _subagent),
    Table("task_runs", _TASK, _task),
    Table("audit_events", _AUDIT, _audit),
    Table("delivery_queue_entries", _DELIVERY, _delivery),
)
