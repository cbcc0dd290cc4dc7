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
        **_each("word", "kind role time_basis level trigger provider model error_type recorded_reason decision stage"),
        **_each("word", "window_kind release"),
        **_each("session", "session child_session requester"),
        **_each("hash", "raw_hash"),
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

DETAILS: Mapping[str, str] = {  # event kind -> what its `detail` is
    **_each("job", "cron_backoff cron_interrupted cron_job_disabled cron_job_failed cron_run"),
    **_each("path", "config_overwritten log_file log_size_cap"),
    **_each("blind hash", "transcript_turn pending_input"),
    **_each("settings", "config_applied config_changed config_needs_restart"),
    **_each("hash", "fallbacks_disabled"),
    **_each(
        "word",
        "agent_model agent_run_answered audit_run_finished auth_profile_bookkeeping_failed cli_session_reset "
        "client_access_upgrade client_unauthorized context_overflow cron_scheduler database_quarantined "
        "delivery_failed embedded_run_agent_end embedded_run_failover_decision empty_error_retry "
        "followup_agent_failed gateway_boot gateway_boot_end gateway_restart_log gateway_signal "
        "gateway_ws_error heartbeat_configured http_turn_failed lane_resumed lane_task_error lane_wait_exceeded "
        "liveness_warning message_failed model_fallback_decision model_fetch_error model_not_found_fallback "
        "model_switch profile_rotation_cap same_model_retries_stopped session_stuck signal_received "
        "stability_bundle stability_call_error stability_failover stability_run_error "
        "stability_session_stalled stability_session_stuck subagent_announce_failed "
        "subagent_announce_given_up subagent_orphaned subagent_run surfaced_error_sentence task_run "
        "trajectory_error trajectory_fallback_step trajectory_refused trajectory_started transcript_aborted "
        "transcript_answer transcript_error transcript_prompt_error update_available webhook_error",
    ),
    **_each(
        "sentence",
        "client_closed_early config_patched credentials_inherited credentials_synced gateway_listening "
        "gateway_ready gateway_restarted "
        "quota_suspension_failed",
    ),
    **_each("word", "database_slow orphaned_prompt_kept tool_failed turn_slow url_blocked"),
    **_each("own words", "gateway_shutdown database_upkeep_failed"),
}

ENTITIES: Mapping[str, str] = {  # store -> what its entities are, where they are none of vocabulary.ENTITIES
    **_each(
        "profile", "auth_profiles auth_state models_status models_status_text codex_auth claude_credentials cli_oauth"
    ),
    **_each("session", "sessions session_windows status_output"),
    "cron_jobs": "job",
    "subagent_runs": "run",
    "config": "word",
    "sqlite_meta": "word",
    "machine_state": "word",
}

VALUES: Mapping[str, str] = {  # last part of an observation's key -> what a string in its value is
    **_each("profile", "authProfileOverride lastGood order"),
    **_each(
        "session",
        "sessionId sessionKey spawnedBy parentSessionKey previousSessionId childSessionKey "
        "controllerSessionKey requesterSessionKey",
    ),
    **_each("agent", "agentId defaultAgentId id"),
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
        "providerOverride modelOverride modelOverrideSource modelOverrideFallbackOriginProvider "
        "modelOverrideFallbackOriginModel authProfileOverrideSource modelProvider model "
        "fallbackNoticeSelectedModel fallbackNoticeActiveModel fallbackNoticeReason selectedModel activeModel "
        "reason kind failedProvider failedModel state status chatType channel lastChannel agentHarnessId "
        "agentRuntimeOverride cooldownReason cooldownModel cooldownClassification disabledReason "
        "blockedReason blockedSource blockedModel blockedScope managedBy authFlow subscriptionType "
        "rateLimitTier chatgptPlanType auth_mode scopes mode provider sessionTarget wakeMode lastStatus "
        "lastRunStatus lastErrorReason lastDeliveryStatus cleanup spawnMode endedReason interruptionReason "
        "suppressAnnounceReason suspendedReason discardReason location app_version schema_version "
        "runtimeVersion version lastTouchedVersion defaultModel resolvedDefault fallbacks allowed "
        "missingProvidersInUse appliedKeys primary source reasonCode type classification level consoleLevel "
        "consoleStyle redactSensitive models channels env every api expr every",
    ),
}
