"""What is kept of one session's entry, from sessions.json or from a database (facts 6.1).

Free text (skills, system prompts, pending replies, suspension summaries, labels) stays behind.
"""

from __future__ import annotations

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
