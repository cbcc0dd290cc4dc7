"""One run of a subagent, from runs.json or from a database: its fields and its event (facts 8.1).

The task is left out, a result is only its length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.stores.reading.lines import Line, record
from forensics.parsers.stores.reading.record import Record, instant, number, text, truth
from forensics.parsers.stores.reading.values import agent_of, inside, latest, moment_ms, whole, word
from forensics.tables import Event

EVENTS: Mapping[str, Disclosure] = {  # what comes of it, and what of that may leave
    "subagent_run": Disclosure("error", detail="word"),
}

Run = Mapping[str, object]

FIELDS = (
    "childSessionKey", "controllerSessionKey", "requesterSessionKey", "label", "model", "cleanup", "spawnMode",
    "createdAt", "startedAt", "endedAt", "endedReason", "archiveAtMs",
    "outcome.status", "outcome.error", "outcome.elapsedMs", "execution.status", "execution.interruptionReason",
    "expectsCompletionMessage", "completion.required", "completion.capturedAt", "frozenResultCapturedAt",
    "announceRetryCount", "lastAnnounceRetryAt", "lastAnnounceDeliveryError", "suppressAnnounceReason",
    "delivery.status", "delivery.deliveredAt", "delivery.announcedAt", "delivery.attemptCount",
    "delivery.lastAttemptAt", "delivery.lastError", "delivery.suspendedReason", "delivery.discardReason",
    "pendingFinalDelivery", "completionAnnouncedAt", "cleanupHandled", "cleanupCompletedAt",
)  # fmt: skip
RESULTS = ("frozenResultText", "completion.resultText")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubagentRecord(Record):
    """One run of a subagent; its entity is the run id."""

    stores = ("subagent_runs",)

    child_session = text("childSessionKey")
    requester = text("requesterSessionKey")
    label = text("label")
    model = text("model")
    created_at = instant("createdAt")
    started_at = instant("startedAt")
    ended_at = instant("endedAt")
    outcome = text("outcome.status")
    suppressed = text("suppressAnnounceReason")
    expects_message = truth("expectsCompletionMessage")
    announced_at = instant("completionAnnouncedAt")
    delivery_status = text("delivery.status")
    delivered_at = instant("delivery.deliveredAt")
    delivery_attempts = number("announceRetryCount", "delivery.attemptCount")
    delivery_error = text("lastAnnounceDeliveryError", "delivery.lastError")
    result_length = number(*RESULTS)


_TIMES = (
    "createdAt", "startedAt", "endedAt", "lastAnnounceRetryAt", "completionAnnouncedAt", "cleanupCompletedAt",
)  # fmt: skip
_MOVED = ("startedAt", "endedAt", "outcome")


def unfolded(run: Run) -> Run:
    """9.x keeps start, end and outcome inside `execution`: back to where they were before."""
    execution = record(run.get("execution"))
    return {**{key: execution[key] for key in _MOVED if key in execution}, **run}


def written(run: Run) -> datetime | None:
    """When the record was written last, as far as its own times tell."""
    return latest([*(run.get(key) for key in _TIMES), inside(run, "delivery", "lastAttemptAt")])


def subagent_run(line: Line, run_id: str) -> Event:
    """The event of a run: when it ended (or began), how, and what became of its result."""
    run = record(line.value)
    ended, started = moment_ms(run.get("endedAt")), moment_ms(run.get("startedAt"))
    time = ended or started or moment_ms(run.get("createdAt"))
    child = word(run.get("childSessionKey"))
    return Event(
        kind="subagent_run", role="delivery",
        source=line.source.path, line=line.number, sources=(line.place,),
        time=time, time_basis="exact" if time else "none", started=started,
        duration_ms=whole(inside(run, "outcome", "elapsedMs")),
        agent=agent_of(child) or line.source.agent, run=word(run.get("runId")) or run_id,
        trigger="subagent", model=word(run.get("model")),
        child_session=child, requester=word(run.get("requesterSessionKey")),
        decision=word(inside(run, "outcome", "status")),
        text=word(run.get("lastAnnounceDeliveryError")) or word(inside(run, "delivery", "lastError")) or "",
        attempt=_first_whole(run.get("announceRetryCount"), inside(run, "delivery", "attemptCount")),
        detail=_delivery(run),
    )  # fmt: skip


def _delivery(run: Run) -> str:
    """delivery.status where the release writes one; before, what the older fields amount to."""
    if status := word(inside(run, "delivery", "status")):
        return status
    if run.get("completionAnnouncedAt"):
        return "delivered"
    return "cleanupHandled" if run.get("cleanupHandled") is True else "pending"


def _first_whole(*values: object) -> int | None:
    return next((number for value in values if (number := whole(value)) is not None), None)
