"""Which model is tried next, skipped or given up (facts 2.3): `model-fallback/decision`, `model-fallback`."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import with_error
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_DECISION = r"""
    model\ fallback\ decision:\ decision=(?P<decision>\S+)
    \ requested=\S+
    \ candidate=(?P<provider>[^\s/]+)/(?P<model>\S+)
    \ reason=(?P<recorded_reason>\S+)
    (?:\ providerErrorType=(?P<error_type>\S+))?
    \ next=(?P<detail>\S+)
"""
_SUPPRESSED = r"(?:\ \((?P<count>\d+)\ duplicates?\ suppressed\b[^)]*\))?"


def _decided(record: Record, fields: Fields) -> Fields:
    """`candidate_failed` is the failure itself, if its text is an answer; a success is an answer; the rest decides."""
    local = fields.get("detail")
    fields = with_error(fields)
    told = fields.pop("role", "decision")
    roles = {"candidate_failed": told, "candidate_succeeded": "answer"}
    repeats = fields.get("count")
    return fields | {
        "role": roles.get(str(fields.get("decision")), "decision"),
        "detail": local or _next(record),
        "count": repeats + 1 if isinstance(repeats, int) else None,
    }


def _next(record: Record) -> str | None:
    provider, model = record.meta.get("nextCandidateProvider"), record.meta.get("nextCandidateModel")
    return f"{provider}/{model}" if isinstance(provider, str) and isinstance(model, str) else None


TEMPLATES = (
    Template(
        kind="model_fallback_decision",
        role="decision",
        disclosure=Disclosure("error", detail="word"),
        literals=("model_fallback_decision", "model fallback decision: decision="),
        identity=("decision", "provider", "model"),
        refine=_decided,
        wordings=(
            Wording(
                "3.11+",
                event="model_fallback_decision",
                keys={
                    "run": "runId",
                    "session": "sessionId",
                    "lane": "lane",
                    "decision": "decision",
                    "provider": "candidateProvider",
                    "model": "candidateModel",
                    "attempt": "attempt",
                    "total": "total",
                    "recorded_reason": "reason",
                    "recorded_status": "status",
                    "http_status": "httpCode",
                    "error_type": "providerErrorType",
                    "text": "errorPreview",
                    "raw_hash": "errorHash",
                    "stage": "fallbackStepFinalOutcome",
                    "count": "suppressedDuplicateCount",
                },
            ),
            Wording("4.27+", re.compile(rf"{_DECISION} \ detail=(?P<text>.*?) {_SUPPRESSED} \Z", VERBOSE)),
            Wording("3.11+", re.compile(rf"{_DECISION} {_SUPPRESSED}", VERBOSE)),
        ),
        samples=(
            Sample(
                "9.6",
                r'{"0":"{\"subsystem\":\"model-fallback/decision\"}","1":{"event":"model_fallback_decision",'
                r'"runId":"lab-8-1795165038194","sessionId":"9db1f1d0-7d02-4ce2-ad37-00b66ac30a1e",'
                r'"decision":"candidate_failed","requestedProvider":"anthropic","requestedModel":"claude-opus-4-7",'
                r'"candidateProvider":"anthropic","candidateModel":"claude-opus-4-7","attempt":1,"total":3,'
                r'"reason":"auth","status":403,"errorPreview":"403: {\"error\":{\"message\":\"OAuth token does not '
                r'meet scope requirement user:profile\",\"type\":\"permission_error\"},\"type\":\"error\"}",'
                r'"errorHash":"sha256:a07fbadba9f1","httpCode":"403","providerErrorType":"permission_error",'
                r'"fallbackStepFinalOutcome":"next_fallback","nextCandidateProvider":"anthropic",'
                r'"nextCandidateModel":"claude-sonnet-4-6","suppressedDuplicateCount":2},'
                r'"2":"model fallback decision","_meta":{"logLevelName":"WARN"},'
                r'"time":"2026-11-20T09:17:20.854+00:00"}',
                {
                    "role": "failure",
                    "run": "lab-8-1795165038194",
                    "session": "9db1f1d0-7d02-4ce2-ad37-00b66ac30a1e",
                    "decision": "candidate_failed",
                    "provider": "anthropic",
                    "model": "claude-opus-4-7",
                    "attempt": 1,
                    "total": 3,
                    "recorded_reason": "auth",
                    "recorded_status": 403,
                    "http_status": 403,
                    "error_type": "permission_error",
                    "text": '403: {"error":{"message":"OAuth token does not meet scope requirement user:profile",'
                    '"type":"permission_error"},"type":"error"}',
                    "raw_hash": "sha256:a07fbadba9f1",
                    "stage": "next_fallback",
                    "detail": "anthropic/claude-sonnet-4-6",
                    "count": 3,
                },
            ),
            Sample(
                "7.1",
                "2026-11-20T06:20:24.205-05:00 [model-fallback/decision] model fallback decision: "
                "decision=skip_candidate requested=anthropic/claude-sonnet-4-6 candidate=anthropic/claude-sonnet-4-6 "
                "reason=billing next=anthropic/claude-opus-4-6 detail=Provider anthropic is in cooldown "
                "(suspending lanes) (3 duplicates suppressed in last 30s)",
                {
                    "decision": "skip_candidate",
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "recorded_reason": "billing",
                    "text": "Provider anthropic is in cooldown (suspending lanes)",
                    "detail": "anthropic/claude-opus-4-6",
                    "count": 4,
                },
            ),
            Sample(
                "3.11",
                "10:16:34 [model-fallback/decision] model fallback decision: decision=candidate_failed "
                "requested=anthropic/claude-opus-4-5 candidate=anthropic/claude-opus-4-5 reason=auth_permanent "
                "next=anthropic/claude-sonnet-4-5",
                {
                    "decision": "candidate_failed",
                    "provider": "anthropic",
                    "model": "claude-opus-4-5",
                    "recorded_reason": "auth_permanent",
                    "detail": "anthropic/claude-sonnet-4-5",
                },
            ),
            Sample(
                "5.28",
                "09:40:22 [model-fallback/decision] model fallback decision: decision=candidate_failed "
                "requested=anthropic/claude-opus-4-7 candidate=anthropic/claude-sonnet-4-6 reason=auth next=none "
                "detail=No available auth profile for anthropic (all in cooldown or unavailable).",
                {
                    "role": "echo",
                    "decision": "candidate_failed",
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "recorded_reason": "auth",
                    "text": "No available auth profile for anthropic (all in cooldown or unavailable).",
                },
            ),
        ),
    ),
    Template(
        kind="model_fallback_chain_stopped",
        role="decision",
        literals=("model_fallback_chain_stopped", "model fallback chain stopped: reason="),
        identity=("recorded_reason", "provider", "model"),
        wordings=(
            Wording(
                "9.5+",
                event="model_fallback_chain_stopped",
                keys={
                    "session": "sessionId",
                    "lane": "lane",
                    "recorded_reason": "reason",
                    "provider": "candidateProvider",
                    "model": "candidateModel",
                    "detail": "errorName",
                },
            ),
            Wording(
                "9.5+",
                re.compile(
                    r"""model\ fallback\ chain\ stopped:\ reason=(?P<recorded_reason>\S+)
                    \ candidate=(?P<provider>[^\s/]+)/(?P<model>\S+)
                    (?:\ errorName=(?P<detail>\S+))?""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.6",
                r'{"0":"{\"subsystem\":\"model-fallback/decision\"}","1":{"event":"model_fallback_chain_stopped",'
                r'"sessionId":"bdbc66cb","reason":"agent_run_terminal_timeout","candidateProvider":"anthropic",'
                r'"candidateModel":"claude-sonnet-4-6"},"2":"model fallback chain stopped",'
                r'"_meta":{"logLevelName":"WARN"},"time":"2026-11-20T12:20:22.119+00:00"}',
                {
                    "session": "bdbc66cb",
                    "recorded_reason": "agent_run_terminal_timeout",
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                },
            ),
            Sample(
                "9.6",
                "12:20:22 [model-fallback/decision] model fallback chain stopped: "
                "reason=agent_run_terminal_timeout candidate=anthropic/claude-sonnet-4-6",
                {
                    "recorded_reason": "agent_run_terminal_timeout",
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                },
            ),
        ),
    ),
    Template(
        kind="model_not_found_fallback",
        role="decision",
        disclosure=Disclosure(detail="word"),
        literals=(" not found. Fell back to ",),
        subsystems=("model-fallback",),
        identity=("provider", "model", "detail"),
        wordings=(
            Wording(
                "3.8+",
                re.compile(
                    r"""Model\ "(?P<provider>[^"/]+)/(?P<model>[^"]+)"\ not\ found\.
                    \ Fell\ back\ to\ "(?P<detail>[^"]+)"\.""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.8",
                "2026-03-09T10:00:00.000+00:00 [model-fallback] "
                'Model "anthropic/claude-opus-9" not found. Fell back to "anthropic/claude-opus-4-5".',
                {"provider": "anthropic", "model": "claude-opus-9", "detail": "anthropic/claude-opus-4-5"},
            ),
        ),
    ),
)
