"""What is kept of one session's entry, from sessions.json or from a database (facts 6.1).

Free text (skills, system prompts, pending replies, suspension summaries, labels) stays behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.parsers.stores.reading.record import Record, instant, number, text, truth

FIELDS = (
    "sessionId", "updatedAt", "sessionStartedAt", "lastInteractionAt", "lastActivityAt",
    "providerOverride", "modelOverride", "modelOverrideSource",
    "modelOverrideFallbackOriginProvider", "modelOverrideFallbackOriginModel",
    "authProfileOverride", "authProfileOverrideSource", "authProfileOverrideCompactionCount",
    "modelProvider", "model", "liveModelSwitchPending",
    "fallbackNoticeSelectedModel", "fallbackNoticeActiveModel", "fallbackNoticeReason",
    "fallbackNotice.kind", "fallbackNotice.selectedModel", "fallbackNotice.activeModel", "fallbackNotice.reason",
    "quotaSuspension.suspendedAt", "quotaSuspension.reason", "quotaSuspension.failedProvider",
    "quotaSuspension.failedModel", "quotaSuspension.laneId", "quotaSuspension.expectedResumeBy",
    "quotaSuspension.state",
    "abortedLastRun", "compactionCount", "status", "startedAt", "endedAt", "runtimeMs", "lastRunError",
    "spawnedBy", "spawnDepth", "chatType", "channel", "lastChannel", "origin.provider", "deliveryContext.channel",
    "agentHarnessId", "agentRuntimeOverride",
    "pendingFinalDelivery", "pendingFinalDeliveryCreatedAt", "pendingFinalDeliveryLastAttemptAt",
    "pendingFinalDeliveryAttemptCount", "pendingFinalDeliveryLastError",
    "contextTokens", "totalTokens",
)  # fmt: skip

WINDOW_FIELDS = (
    "sessionKey", "previousSessionId", "reason", "createdAt", "updatedAt", "startedAt", "endedAt", "status", "chatType",
    "channel", "modelProvider", "model", "agentHarnessId", "parentSessionKey", "spawnedBy",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEntry(Record):
    """One session of a sessions store; its entity is the session key."""

    stores = ("sessions",)

    @property
    def key(self) -> str:
        return self.entity

    session_id = text("sessionId")
    updated_at = instant("updatedAt")
    started_at = instant("sessionStartedAt", "startedAt")
    last_interaction_at = instant("lastInteractionAt")
    last_activity_at = instant("lastActivityAt")
    ended_at = instant("endedAt")
    status = text("status")
    aborted_last_run = truth("abortedLastRun")
    last_run_error = text("lastRunError")
    provider_override = text("providerOverride")
    model_override = text("modelOverride")
    model_override_source = text("modelOverrideSource")
    model_override_origin_provider = text("modelOverrideFallbackOriginProvider")
    model_override_origin_model = text("modelOverrideFallbackOriginModel")
    profile_override = text("authProfileOverride")
    profile_override_source = text("authProfileOverrideSource")
    profile_override_compactions = number("authProfileOverrideCompactionCount")
    provider = text("modelProvider")
    model = text("model")
    live_switch_pending = truth("liveModelSwitchPending")
    notice_selected_model = text("fallbackNotice.selectedModel", "fallbackNoticeSelectedModel")
    notice_active_model = text("fallbackNotice.activeModel", "fallbackNoticeActiveModel")
    notice_reason = text("fallbackNotice.reason", "fallbackNoticeReason")
    suspended_at = instant("quotaSuspension.suspendedAt")
    suspension_reason = text("quotaSuspension.reason")
    suspension_provider = text("quotaSuspension.failedProvider")
    suspension_model = text("quotaSuspension.failedModel")
    suspension_state = text("quotaSuspension.state")
    resume_by = instant("quotaSuspension.expectedResumeBy")
    spawned_by = text("spawnedBy")
    channel = text("channel", "lastChannel", "deliveryContext.channel", "origin.provider")
    runtime_override = text("agentRuntimeOverride")
    harness = text("agentHarnessId")
    pending_delivery = truth("pendingFinalDelivery")
    pending_delivery_attempts = number("pendingFinalDeliveryAttemptCount")
    pending_delivery_error = text("pendingFinalDeliveryLastError")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionWindow(Record):
    """One session id that a session went through (8.1+); its entity is the session id."""

    stores = ("session_windows",)

    session_key = text("sessionKey")
    previous_id = text("previousSessionId")
    reason = text("reason")
    started_at = instant("startedAt")
    ended_at = instant("endedAt")
    status = text("status")
