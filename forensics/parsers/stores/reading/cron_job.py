"""What is kept of one cron job, from jobs.json or from a database (facts 8.2). Prompts stay behind."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.parsers.stores.reading.record import Record, instant, number, text, truth

FIELDS = (
    "name", "enabled", "agentId", "createdAtMs", "updatedAtMs", "deleteAfterRun",
    "schedule.kind", "schedule.everyMs", "schedule.anchorMs", "schedule.expr", "schedule.tz", "schedule.at",
    "sessionTarget", "wakeMode", "payload.kind", "payload.model", "payload.timeoutSeconds",
    "delivery.mode", "delivery.channel",
    "state.nextRunAtMs", "state.runningAtMs", "state.lastRunAtMs", "state.lastStatus", "state.lastRunStatus",
    "state.lastError", "state.lastErrorReason", "state.lastDurationMs", "state.consecutiveErrors",
    "state.consecutiveSkipped", "state.scheduleErrorCount", "state.lastDelivered", "state.lastDeliveryStatus",
    "state.lastDeliveryError", "state.lastFailureAlertAtMs",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CronJob(Record):
    """One job; its entity is the job id. `jobs-state.json` (4.21+) keeps the `state.` part in a file of its own."""

    stores = ("cron_jobs",)

    name = text("name")
    enabled = truth("enabled")
    schedule = text("schedule.kind")
    every_ms = number("schedule.everyMs")
    anchor = instant("schedule.anchorMs")
    expression = text("schedule.expr")
    zone = text("schedule.tz")
    created = instant("createdAtMs")
    payload = text("payload.kind")
    model = text("payload.model")
    delivery_mode = text("delivery.mode")
    delivery_channel = text("delivery.channel")
    next_run = instant("state.nextRunAtMs")
    last_run = instant("state.lastRunAtMs")
    last_duration_ms = number("state.lastDurationMs")
    last_status = text("state.lastRunStatus", "state.lastStatus")
    last_error = text("state.lastError")
    last_error_reason = text("state.lastErrorReason")
    consecutive_errors = number("state.consecutiveErrors")
    last_delivered = truth("state.lastDelivered")
    last_delivery_status = text("state.lastDeliveryStatus")
    last_delivery_error = text("state.lastDeliveryError")
