"""What is kept of one cron job, from jobs.json or from a database (facts 8.2). Prompts stay behind."""

from __future__ import annotations

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
