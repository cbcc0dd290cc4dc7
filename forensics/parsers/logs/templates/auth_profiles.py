"""Cooldown state as it is written (facts 2.4), and what goes wrong while it is kept (2.2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import spoken
from forensics.parsers.logs.templates.fields import adding, typed
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording


def _window(record: Record, fields: Fields) -> Fields:
    """`cooldownUntil` or `disabledUntil`, whichever the window is about."""
    key = {"cooldown": "cooldownUntil", "disabled": "disabledUntil", "blocked": "blockedUntil"}
    until = record.meta.get(key.get(str(fields.get("window_kind")), ""))
    return fields | typed({"window_until": until})


TEMPLATES = (
    Template(
        kind="auth_profile_failure_state_updated",
        role="window",
        literals=("auth_profile_failure_state_updated", "auth profile failure state updated: runId="),
        identity=("run", "profile_hash", "recorded_reason", "window_kind", "window_reused"),
        refine=_window,
        wordings=(
            Wording(
                "3.11+",
                event="auth_profile_failure_state_updated",
                keys={
                    "run": "runId",
                    "profile": "profileId",
                    "provider": "provider",
                    "recorded_reason": "reason",
                    "window_kind": "windowType",
                    "window_reused": "windowReused",
                    "error_count": "errorCount",
                    "failure_counts": "failureCounts",
                },
            ),
            Wording(
                "3.11+",
                re.compile(
                    r"""auth\ profile\ failure\ state\ updated:\ runId=(?P<run>\S+)
                    \ profile=(?P<profile>\S+)
                    \ provider=(?P<provider>\S+)
                    \ reason=(?P<recorded_reason>\S+)
                    \ window=(?P<window_kind>\S+)
                    \ reused=(?P<window_reused>\S+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                r'{"0":"{\"subsystem\":\"agent/embedded\"}","1":{"event":"auth_profile_failure_state_updated",'
                r'"tags":["error_handling","auth_profiles","disabled"],"runId":"lab-11-1795167108756",'
                r'"profileId":"sha256:154a23a3efe6","provider":"anthropic","reason":"auth_permanent",'
                r'"windowType":"disabled","windowReused":false,"previousErrorCount":0,"errorCount":1,'
                r'"disabledUntil":1795187794467,"disabledReason":"auth_permanent",'
                r'"failureCounts":{"auth_permanent":1}},"2":"auth profile failure state updated",'
                r'"_meta":{"logLevelName":"WARN"},"time":"2026-11-20T10:16:34.470+00:00"}',
                {
                    "run": "lab-11-1795167108756",
                    "profile_hash": "sha256:154a23a3efe6",
                    "provider": "anthropic",
                    "recorded_reason": "auth_permanent",
                    "window_kind": "disabled",
                    "window_reused": False,
                    "window_until": datetime(2026, 11, 20, 15, 16, 34, 467000, tzinfo=UTC),
                    "error_count": 1,
                    "failure_counts": '{"auth_permanent":1}',
                },
            ),
            Sample(
                "4.5",
                "2026-11-20T10:38:19.695+01:00 [agent] auth profile failure state updated: "
                "runId=labchat-18-1795165638058 profile=sha256:154a23a3efe6 provider=anthropic reason=rate_limit "
                "window=cooldown reused=false",
                {
                    "run": "labchat-18-1795165638058",
                    "profile_hash": "sha256:154a23a3efe6",
                    "provider": "anthropic",
                    "recorded_reason": "rate_limit",
                    "window_kind": "cooldown",
                    "window_reused": False,
                },
            ),
        ),
    ),
    Template(
        kind="auth_profile_wham_auth_classification",
        role="window",
        literals=("auth_profile_wham_auth_classification", "WHAM probe classified auth profile unavailable"),
        identity=("profile",),
        refine=adding(window_kind="cooldown"),
        wordings=(
            Wording(
                "8.1+",
                event="auth_profile_wham_auth_classification",
                keys={
                    "profile": "profileId",
                    "http_status": "status",
                    "recorded_reason": "cooldownClassification",
                    "duration_ms": "cooldownMs",
                },
            ),
            Wording(
                "8.1+",
                re.compile(r"WHAM\ probe\ classified\ auth\ profile\ unavailable", VERBOSE),
                keys={
                    "profile": "profileId",
                    "http_status": "status",
                    "recorded_reason": "cooldownClassification",
                    "duration_ms": "cooldownMs",
                },
            ),
        ),
        samples=(
            Sample(
                "8.1",
                r'{"0":"{\"subsystem\":\"agent/embedded\"}","1":{"event":"auth_profile_wham_auth_classification",'
                r'"profileId":"openai:kim@example.org","status":401,"cooldownClassification":"auth",'
                r'"cooldownMs":43200000},"2":"WHAM probe classified auth profile unavailable",'
                r'"_meta":{"logLevelName":"WARN"},"time":"2026-08-02T09:17:20.370+00:00"}',
                {
                    "window_kind": "cooldown",
                    "profile": "openai:kim@example.org",
                    "http_status": 401,
                    "recorded_reason": "auth",
                    "duration_ms": 43200000,
                },
            ),
            Sample(
                "9.3",
                "09:17:20 [agent/embedded] WHAM probe classified auth profile unavailable "
                "event=auth_profile_wham_auth_classification profileId=openai:kim@example.org status=403 "
                "cooldownClassification=auth_permanent cooldownMs=86400000",
                {
                    "window_kind": "cooldown",
                    "profile": "openai:kim@example.org",
                    "http_status": 403,
                    "recorded_reason": "auth_permanent",
                    "duration_ms": 86400000,
                },
            ),
        ),
    ),
    Template(
        kind="auth_profile_bookkeeping_failed",
        role="health",
        disclosure=Disclosure("error", detail="word"),
        literals=(
            "auth_profile_bookkeeping_dropped",
            "dropped auth profile bookkeeping after locked store update failed",
            "profile failure mark failed: ",
            "post-run auth-profile success bookkeeping failed: ",
            "auth profile failure hook threw",
        ),
        wordings=(
            Wording(
                "8.1+",
                event="auth_profile_bookkeeping_dropped",
                keys={"profile": "profileId", "detail": "kind"},
            ),
            Wording(
                "8.1+",
                re.compile(
                    r"(?P<text>dropped\ auth\ profile\ bookkeeping\ after\ locked\ store\ update\ failed)", VERBOSE
                ),
                keys={"profile": "profileId", "detail": "kind"},
            ),
            Wording("5.12+", re.compile(r"profile\ failure\ mark\ failed:\ (?P<text>.*)", VERBOSE)),
            Wording(
                "7.1+",
                re.compile(
                    r"""post-run\ auth-profile\ success\ bookkeeping\ failed:
                    \ runId=(?P<run>\S+)
                    \ sessionId=(?P<session>\S+)
                    \ provider=(?P<provider>\S+)
                    \ profileId=(?P<profile>\S+)
                    \ error=(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
            Wording("5.22-9.3", re.compile(r"(?P<text>auth\ profile\ failure\ hook\ threw).*", VERBOSE)),
        ),
        samples=(
            Sample(
                "9.1",
                r'{"0":"{\"subsystem\":\"agent/embedded\"}","1":{"event":"auth_profile_bookkeeping_dropped",'
                r'"kind":"success","profileId":"openai:work"},'
                r'"2":"dropped auth profile bookkeeping after locked store update failed",'
                r'"_meta":{"logLevelName":"WARN"},"time":"2026-09-02T09:17:20.370+00:00"}',
                {"profile": "openai:work", "detail": "success"},
            ),
            Sample(
                "9.1",
                "09:17:20 [agent/embedded] dropped auth profile bookkeeping after locked store update failed "
                "event=auth_profile_bookkeeping_dropped kind=success profileId=openai:work",
                {
                    "profile": "openai:work",
                    "detail": "success",
                    "text": "dropped auth profile bookkeeping after locked store update failed",
                },
            ),
            Sample(
                "5.12",
                "2026-05-14T09:17:20.370+00:00 [agent/embedded] profile failure mark failed: EACCES: permission denied",
                {"text": "EACCES: permission denied"},
            ),
            Sample(
                "7.1",
                "2026-07-02T09:17:20.370+00:00 [agent/embedded] post-run auth-profile success bookkeeping failed: "
                "runId=r1 sessionId=s1 provider=openai profileId=sha256:0123456789ab error=database is locked",
                {
                    "run": "r1",
                    "session": "s1",
                    "provider": "openai",
                    "profile_hash": "sha256:0123456789ab",
                    "text": "database is locked",
                },
            ),
            Sample(
                "5.22",
                "2026-05-23T09:17:20.370+00:00 [agents/auth-profiles] auth profile failure hook threw",
                {"text": "auth profile failure hook threw"},
            ),
        ),
    ),
    Template(
        kind="auth_profile_failed",
        role="failure",
        disclosure=Disclosure("error"),
        literals=(" failed for provider ",),
        identity=("profile", "provider", "text"),
        refine=spoken(),
        wordings=(
            Wording(
                "3.11+",
                re.compile(
                    r"""auth\ profile\ "(?P<profile>[^"]+)"
                    \ failed\ for\ provider\ "(?P<provider>[^"]+)":
                    \ (?P<text>.*)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.6",
                '12:35:17 [agent/embedded] auth profile "anthropic:default" failed for provider "anthropic": OAuth '
                "token refresh failed for anthropic: Failed to refresh OAuth token for anthropic | Anthropic token "
                "refresh request failed. url=https://platform.claude.com/v1/oauth/token; details=Error: HTTP request "
                'failed. status=400; body={"error": "invalid_grant", "error_description": "Refresh token not found '
                'or invalid"}. Please try again or re-authenticate.',
                {
                    "profile": "anthropic:default",
                    "provider": "anthropic",
                    "http_status": 400,
                    "error_type": "invalid_grant",
                    "text": "OAuth token refresh failed for anthropic: Failed to refresh OAuth token for anthropic | "
                    "Anthropic token refresh request failed. url=https://platform.claude.com/v1/oauth/token; "
                    'details=Error: HTTP request failed. status=400; body={"error": "invalid_grant", '
                    '"error_description": "Refresh token not found or invalid"}. Please try again or '
                    "re-authenticate.",
                },
            ),
        ),
    ),
)
