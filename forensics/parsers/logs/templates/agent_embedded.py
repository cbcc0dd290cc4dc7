"""The end of an embedded run and what it decided then (facts 2.1, 2.2): `agent/embedded`.

A console of 9.x may show the channel's name instead of the subsystem, so these sentences accept any name.
"""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import with_error
from forensics.parsers.logs.templates.fields import with_start
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_END = r"embedded\ run\ agent\ end:\ runId=(?P<run>\S+)\ isError=true"
_DECISION = r"""
    embedded\ run\ failover\ decision:\ runId=(?P<run>\S+)
    \ stage=(?P<stage>\S+)
    \ decision=(?P<decision>\S+)
    \ reason=(?P<recorded_reason>\S+)
"""
_OBSERVED = {  # the keys every observation of a raw error carries
    "run": "runId",
    "recorded_reason": "failoverReason",
    "text": "rawErrorPreview",
    "raw_hash": "rawErrorHash",
    "http_status": "httpCode",
    "error_type": "providerErrorType",
}


def _ended(record: Record, fields: Fields) -> Fields:
    friendly = record.meta.get("error")
    return with_error({"text": friendly if isinstance(friendly, str) else None} | fields)


def _decided(record: Record, fields: Fields) -> Fields:
    """The failing model is the source; the decision is what is recorded, whatever its text says."""
    asked = {column: record.meta.get(column) for column in ("provider", "model")}
    named = {column: value for column, value in asked.items() if isinstance(value, str)}
    filed = record.meta.get("profileFailureReason")
    fields = with_error(named | fields) | {"role": "decision"}
    fields.setdefault("recorded_reason", filed if isinstance(filed, str) else None)
    return fields | ({"detail": "timed out"} if record.meta.get("timedOut") is True else {})


def _hung(record: Record, fields: Fields) -> Fields:
    return with_start(record, fields) | {"error_type": "timeout"}


TEMPLATES = (
    Template(
        kind="embedded_run_agent_end",
        role="failure",
        disclosure=Disclosure("error", detail="word"),
        literals=("embedded_run_agent_end", "isError=true"),
        identity=("run",),
        refine=_ended,
        wordings=(
            Wording(
                "3.11+",
                event="embedded_run_agent_end",
                keys=_OBSERVED | {"provider": "provider", "model": "model", "detail": "providerRuntimeFailureKind"},
            ),
            Wording(
                "3.11+",
                re.compile(
                    rf"""{_END}
                    \ model=(?P<model>\S+)
                    \ provider=(?P<provider>\S+)
                    \ error=.*?\ rawError=(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
            Wording(
                "3.11+",
                re.compile(
                    rf"""{_END}
                    \ model=(?P<model>\S+)
                    \ provider=(?P<provider>\S+)
                    \ error=(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
            Wording("2.23-3.8", re.compile(rf"{_END}\ error=(?P<text>.*)", VERBOSE)),
        ),
        samples=(
            Sample(
                "3.11",
                r'{"0":"{\"subsystem\":\"agent/embedded\"}","1":{"event":"embedded_run_agent_end",'
                r'"tags":["error_handling","lifecycle","agent_end","assistant_error"],"runId":"lab-11-1795167108756",'
                r'"isError":true,"error":"HTTP 403 permission_error: OAuth token does not meet scope requirement '
                r'user:profile (request_id: sha256:004011f8235e)","failoverReason":"auth_permanent",'
                r'"model":"claude-opus-4-5","provider":"anthropic","rawErrorPreview":"403 {\"type\":\"error\",'
                r"\"error\":{\"type\":\"permission_error\",\"message\":\"OAuth token does not meet scope requirement "
                r'user:profile\"},\"request_id\":\"sha256:004011f8235e\"}","rawErrorHash":"sha256:704a0d12f763",'
                r'"httpCode":"403","providerErrorType":"permission_error"},"2":"embedded run agent end",'
                r'"_meta":{"logLevelName":"WARN"},"time":"2026-11-20T10:16:34.461+00:00"}',
                {
                    "run": "lab-11-1795167108756",
                    "provider": "anthropic",
                    "model": "claude-opus-4-5",
                    "recorded_reason": "auth_permanent",
                    "http_status": 403,
                    "error_type": "permission_error",
                    "text": '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token does not '
                    'meet scope requirement user:profile"},"request_id":"sha256:004011f8235e"}',
                    "request_id": "sha256:004011f8235e",
                    "raw_hash": "sha256:704a0d12f763",
                },
            ),
            Sample(
                "9.6",
                "10:15:25 [agent/embedded] embedded run agent end: runId=lab-7-1795167993917 isError=true "
                "model=claude-sonnet-4-6 provider=anthropic error=The AI service is temporarily overloaded. Please "
                'try again in a moment. rawError=529: {"error":{"message":"Overloaded","type":"overloaded_error"},'
                '"request_id":"sha256:2f1d773ed57e","type":"error"}',
                {
                    "run": "lab-7-1795167993917",
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "http_status": 529,
                    "error_type": "overloaded_error",
                    "text": '529: {"error":{"message":"Overloaded","type":"overloaded_error"},'
                    '"request_id":"sha256:2f1d773ed57e","type":"error"}',
                    "request_id": "sha256:2f1d773ed57e",
                },
            ),
            Sample(
                "9.3",
                "10:15:25 [telegram] embedded run agent end: runId=r1 isError=true model=gpt-5.4 provider=openai "
                "error=LLM request timed out.",
                {"run": "r1", "provider": "openai", "model": "gpt-5.4", "text": "LLM request timed out."},
            ),
            Sample(
                "3.2",
                "2026-03-03T10:16:34.463+00:00 [agent/embedded] embedded run agent end: runId=r2 isError=true "
                "error=⚠️ API rate limit reached. Please try again later.",
                {"run": "r2", "text": "⚠️ API rate limit reached. Please try again later."},
            ),
        ),
    ),
    Template(
        kind="embedded_run_answered",
        role="answer",
        literals=("isError=false",),
        identity=("run",),
        wordings=(
            Wording(
                "2.17+",
                re.compile(r"embedded\ run\ agent\ end:\ runId=(?P<run>\S+)\ isError=false", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "2.17",
                "2026-02-18T10:16:34.463Z [agent/embedded] embedded run agent end: runId=r1 isError=false",
                {"run": "r1"},
            ),
        ),
    ),
    Template(
        kind="embedded_run_failover_decision",
        role="decision",
        disclosure=Disclosure("error", detail="word"),
        literals=("embedded_run_failover_decision", "embedded run failover decision: runId="),
        identity=("run", "stage", "decision"),
        refine=_decided,
        wordings=(
            Wording(
                "3.11+",
                event="embedded_run_failover_decision",
                keys=_OBSERVED
                | {
                    "stage": "stage",
                    "decision": "decision",
                    "provider": "sourceProvider",
                    "model": "sourceModel",
                    "profile": "profileId",
                    "recorded_status": "status",
                    "attempt": "attemptCount",
                },
            ),
            Wording(
                "4.15+",
                re.compile(
                    rf"""{_DECISION}
                    (?:\ attempt=(?P<attempt>\d+)\ retry=\d+\ rotations=\d+)?
                    \ from=(?P<provider>[^\s/]+)/(?P<model>\S+)
                    (?:\ to=\S+)?
                    \ profile=(?P<profile>\S+)
                    (?:\ rawError=(?P<text>.*))?""",
                    VERBOSE,
                ),
            ),
            Wording(
                "3.11-4.12",
                re.compile(
                    rf"""{_DECISION}
                    \ provider=(?P<provider>[^\s/]+)/(?P<model>\S+)
                    \ profile=(?P<profile>\S+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "5.28",
                r'{"0":"{\"subsystem\":\"agent/embedded\"}","1":{"event":"embedded_run_failover_decision",'
                r'"runId":"lab-15-1","stage":"assistant","decision":"fallback_model","failoverReason":"timeout",'
                r'"profileFailureReason":"timeout","provider":"anthropic","model":"claude-sonnet-4-6",'
                r'"sourceProvider":"anthropic","sourceModel":"claude-sonnet-4-6","profileId":"sha256:154a23a3efe6",'
                r'"fallbackConfigured":true,"timedOut":true,"aborted":true,"status":408,'
                r'"rawErrorPreview":"LLM idle timeout (120s): no response from model"},'
                r'"2":"embedded run failover decision","_meta":{"logLevelName":"WARN"},'
                r'"time":"2026-11-20T12:33:18.610+00:00"}',
                {
                    "run": "lab-15-1",
                    "stage": "assistant",
                    "decision": "fallback_model",
                    "recorded_reason": "timeout",
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "profile_hash": "sha256:154a23a3efe6",
                    "recorded_status": 408,
                    "text": "LLM idle timeout (120s): no response from model",
                    "detail": "timed out",
                },
            ),
            Sample(
                "9.6",
                "09:17:20 [agent/embedded] embedded run failover decision: runId=lab-8-1795165038194 stage=assistant "
                "decision=rotate_profile reason=auth attempt=1 retry=0 rotations=0 from=anthropic/claude-opus-4-7 "
                'profile=sha256:154a23a3efe6 rawError=403: {"error":{"message":"OAuth token does not meet scope '
                'requirement user:profile","type":"permission_error"},"type":"error"}',
                {
                    "run": "lab-8-1795165038194",
                    "stage": "assistant",
                    "decision": "rotate_profile",
                    "recorded_reason": "auth",
                    "attempt": 1,
                    "provider": "anthropic",
                    "model": "claude-opus-4-7",
                    "profile_hash": "sha256:154a23a3efe6",
                    "http_status": 403,
                    "error_type": "permission_error",
                    "text": '403: {"error":{"message":"OAuth token does not meet scope requirement user:profile",'
                    '"type":"permission_error"},"type":"error"}',
                },
            ),
            Sample(
                "3.11",
                "10:16:34 [agent/embedded] embedded run failover decision: runId=lab-11-1795167108756 "
                "stage=assistant decision=surface_error reason=none provider=anthropic/claude-opus-4-5 profile=-",
                {
                    "run": "lab-11-1795167108756",
                    "stage": "assistant",
                    "decision": "surface_error",
                    "provider": "anthropic",
                    "model": "claude-opus-4-5",
                },
            ),
        ),
    ),
    Template(
        kind="embedded_run_timeout",
        role="failure",
        literals=("embedded run timeout: ",),
        identity=("run", "duration_ms"),
        refine=_hung,
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""embedded\ run\ timeout:(?:\ runId=(?P<run>\S+))?
                    (?:\ sessionId=(?P<session>\S+))?
                    \ timeoutMs=(?P<duration_ms>\d+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                "12:12:51 [agent/embedded] embedded run timeout: runId=lab-19-1795165273917 "
                "sessionId=736f5589-441b-4b20-a1ef-10e2d53b494a timeoutMs=120000",
                {
                    "run": "lab-19-1795165273917",
                    "session": "736f5589-441b-4b20-a1ef-10e2d53b494a",
                    "duration_ms": 120000,
                    "error_type": "timeout",
                },
            ),
        ),
    ),
)
