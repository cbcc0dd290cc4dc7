"""What people and models wrote: never shared, only how long it was.

An event's text leaves only where its kind says that it is an error text or a sentence of OpenClaw; a kind that
nobody decided on is closed. Inside an open text a quoted body is closed, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.sharing.redact.vocabulary import words

ERROR_TEXTS = words(  # what a provider, a channel or the gateway said went wrong
    """
    announce_queue_failed auth_profile_bookkeeping_failed auth_profile_failed cli_turn_failed
    client_connect_failed config_reload_skipped context_overflow cron_job_disabled cron_job_failed cron_run
    delivery_failed cron_delivery_undecided pricing_failed embedded_agent_failed embedded_run_agent_end http_turn_failed
    embedded_run_failover_decision followup_agent_failed gateway_startup_failed gateway_ws_error heartbeat_failed
    lane_task_error message_failed model_fallback_decision model_fetch_error process_error request_handler_failed
    requester_wake_failed responses_error runtime_auth_refresh_failed sdk_stream_error stability_bundle
    stability_call_error stability_failover stability_run_error subagent_announce_failed
    subagent_announce_given_up subagent_run surfaced_error_sentence surfaced_provider_error task_run
    token_refresh_failed trajectory_aborted trajectory_error trajectory_refused trajectory_fallback_step
    transcript_aborted transcript_error transcript_prompt_error transcript_run_failed transient_http_error
    webhook_error database_quarantined
    """
)
OWN_SENTENCES = words(  # OpenClaw's own wording, with names, paths and numbers in it
    """
    agent_model cli_empty_response config_applied config_changed config_needs_restart config_overwritten
    config_patched credential_store_trouble credentials_inherited credentials_kept credentials_read
    credentials_refused credentials_synced credentials_written cron_interrupted fallbacks_disabled
    gateway_draining gateway_listening gateway_ready gateway_restart_log gateway_restarted gateway_shutdown
    gateway_signal gateway_starting heartbeat_deferred host_frozen liveness_delayed liveness_warning
    llm_idle_timeout log_file log_queue_overflow log_size_cap oauth_cached_token_used oauth_refresh_fenced
    profile_request_rejected profile_rotated quota_suspension_failed quota_suspensions_expired
    runtime_auth_refresh_skipped session_recovered session_recovery session_stuck database_slow database_upkeep_failed
    orphaned_prompt_kept owner_lease_stopped process_warning url_blocked signal_received
    subagent_orphaned update_available
    """
)
OWN_WORDS_ONLY = frozenset({"gateway_boot", "gateway_boot_end"})  # a reason that whoever asked may have written
CLOSED = words(  # decided: their text, should they ever have one, may be anything
    """
    agent_run_answered audit_run_finished pending_input trajectory_completed trajectory_ended trajectory_started
    transcript_answer transcript_turn
    """
)

_LENGTH = re.compile(r"<\d+ characters>")
_QUOTED = re.compile(
    r"""(?P<quote>\\{0,3}["'])(?:text|content|input|output|arguments|partial_json|thinking|prompt|completion|delta|body|reply
    |stdout|stderr|summary|task|raw_params|params|instructions|system|thought|signature)(?P=quote)\s{0,3}:\s{0,3}(?P=quote)
    (?P<it>.{1,100000}?)(?:(?<!\\)(?P=quote)|\Z)""".replace("\n", "").replace("    ", ""),
    re.S,
)
_BEHIND = re.compile(
    r"(?s)(?:parse message into JSON|raw_params|raw_text|partial (?:reply|output|text)"
    r"|\b(?:stdout|stderr|output|reply|prompt|message text|(?:user|assistant) said|last message|tool output))"
    r"\s{0,2}[=:]\s{0,2}(?P<it>.{4,})"
)


def length_of(text: str) -> str:
    """What stands for a text that does not leave."""
    return text if not text or _LENGTH.fullmatch(text) else f"<{len(text)} characters>"


def body_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where an error text quotes what a person or a model wrote."""
    for pattern in (_QUOTED, _BEHIND):
        for found in pattern.finditer(text):
            if not _LENGTH.fullmatch(found["it"]) and not _is_label(found["it"]):
                yield found.span("it")


def _is_label(text: str) -> bool:
    """One plain word is a name of something, not a message."""
    return bool(re.fullmatch(r"[a-z_.\d]{1,32}", text))
