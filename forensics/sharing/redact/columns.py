"""What leaves of every column of every table. A column that is not listed does not leave, and a test fails.

kept     numbers, times, truth values, hashes of whole files: they name nobody
word     an enumeration of OpenClaw's or a provider's: kept where it looks like one word and holds no secret
text     free text: kinds that may hold what people or models wrote are closed, the rest is scrubbed
sentence our own sentences: scrubbed
length   only how long it was
the rest names of that kind, see `names` and `paths`
"""

from __future__ import annotations

from collections.abc import Mapping

from forensics.tables import Activity, Credential, Drift, Event, File, Reject, StateValue

Row = File | Event | Reject | Activity | Drift | StateValue | Credential


def _each(treatment: str, columns: str) -> dict[str, str]:
    return dict.fromkeys(columns.split(), treatment)


COLUMNS: Mapping[type[Row], Mapping[str, str]] = {
    File: {
        **_each("kept", "bytes lines events continuations other rejects first_time last_time mtime sha256"),
        **_each("word", "kind shape release release_from"),
        "path": "path",
    },
    Event: {
        **_each("kept", "line time started text_cut http_status recorded_status attempt total count duration_ms"),
        **_each("kept", "window_until window_reused error_count"),
        **_each("word", "kind role time_basis level trigger provider error_type recorded_reason decision stage"),
        **_each("word", "window_kind release"),
        **_each("session", "session child_session requester"),
        **_each("hash", "raw_hash"),
        "model": "model",
        "profile_hash": "blind hash",
        "source": "place",
        "sources": "place",
        "subsystem": "subsystem",
        "agent": "agent",
        "run": "run",
        "lane": "lane",
        "profile": "profile",
        "text": "text",
        "request_id": "request",
        "failure_counts": "json",
        "detail": "detail",
    },
    Reject: {
        **_each("kept", "line lines offset"),
        "source": "place",
        "why": "sentence",
        "text": "length",
    },
    Activity: {**_each("kept", "minute lines"), "source": "place", "level": "word", "subsystem": "subsystem"},
    Drift: {
        **_each("kept", "line records"),
        "source": "place",
        "level": "word",
        "subsystem": "subsystem",
        "shape": "shape",
    },
    StateValue: {
        "observed_at": "kept",
        "source": "place",
        "store": "word",
        "agent": "agent",
        "entity": "entity",
        "key": "key",
        "value": "value",
    },
    Credential: {
        **_each("kept", "expires_at mtime"),
        **_each("word", "store provider type scopes"),
        **_each("fingerprint", "access refresh"),
        "source": "place",
        "agent": "agent",
        "profile": "profile",
    },
}

LATER = frozenset({"text", "sentence", "shape", "length", "detail", "value", "hash", "blind hash", "word", "json"})
"""Treated in the second pass, once every name of every column is known."""

VALUES: Mapping[str, str] = {  # last part of an observation's key -> what a string in its value is
    **_each("profile", "authProfileOverride lastGood order"),
    **_each(
        "session",
        "sessionId sessionKey spawnedBy parentSessionKey previousSessionId childSessionKey "
        "controllerSessionKey requesterSessionKey",
    ),
    **_each("agent", "agentId defaultAgentId id"),
    **_each(
        "model",
        "modelOverride modelOverrideFallbackOriginModel model fallbackNoticeSelectedModel fallbackNoticeActiveModel "
        "selectedModel activeModel failedModel cooldownModel blockedModel defaultModel resolvedDefault fallbacks "
        "allowed primary",
    ),
    **_each("path", "file store storePath agentDir"),
    **_each("lane", "laneId"),
    **_each("blind hash", "email accountId account_id"),
    **_each(
        "sentence",
        "lastRunError pendingFinalDeliveryLastError lastError lastDeliveryError error "
        "lastAnnounceDeliveryError authWarning usage baseUrl",
    ),
    **_each(
        "word",
        "providerOverride modelOverrideSource modelOverrideFallbackOriginProvider authProfileOverrideSource "
        "modelProvider fallbackNoticeReason reason kind failedProvider state status chatType channel "
        "lastChannel agentHarnessId agentRuntimeOverride cooldownReason cooldownClassification disabledReason "
        "blockedReason blockedSource blockedScope managedBy authFlow subscriptionType rateLimitTier "
        "chatgptPlanType auth_mode scopes mode provider sessionTarget wakeMode lastStatus lastRunStatus "
        "lastErrorReason lastDeliveryStatus cleanup spawnMode endedReason interruptionReason "
        "suppressAnnounceReason suspendedReason discardReason location app_version schema_version "
        "runtimeVersion version lastTouchedVersion missingProvidersInUse appliedKeys source reasonCode type "
        "classification level consoleLevel consoleStyle redactSensitive models channels env every api expr "
        "every",
    ),
}
