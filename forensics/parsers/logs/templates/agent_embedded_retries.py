"""Retries of the same model (facts 2.1): `agent/embedded`."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.fields import adding
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_MODEL = r"(?P<provider>[^\s/]+)/(?P<model>\S+)"


def _retrying(record: Record, fields: Fields) -> Fields:
    filed = {"recorded_reason": "rate_limit"} if record.text.startswith("rate-limit ") else {}
    return {"decision": "retry_same_model"} | filed | fields


TEMPLATES = (
    Template(
        kind="same_model_retry",
        role="decision",
        literals=(" same-model retry ",),
        identity=("provider", "model", "attempt", "duration_ms"),
        refine=_retrying,
        wordings=(
            Wording(
                "9.1+",
                re.compile(
                    rf"""transient\ same-model\ retry\ (?P<attempt>\d+)/(?P<total>\d+)
                    \ for\ {_MODEL}
                    \ reason=(?P<recorded_reason>\S+):
                    \ delayMs=(?P<duration_ms>\d+)""",
                    VERBOSE,
                ),
            ),
            Wording(
                "6.8-8.2",
                re.compile(
                    rf"""rate-limit\ same-model\ retry\ (?P<attempt>\d+)/(?P<total>\d+)
                    \ for\ {_MODEL}:
                    \ delayMs=(?P<duration_ms>\d+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.6",
                "10:15:25 [agent/embedded] transient same-model retry 1/8 for anthropic/claude-sonnet-4-6 "
                "reason=overloaded: delayMs=664",
                {
                    "decision": "retry_same_model",
                    "attempt": 1,
                    "total": 8,
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "recorded_reason": "overloaded",
                    "duration_ms": 664,
                },
            ),
            Sample(
                "7.1",
                "2026-07-03T10:15:25.100+02:00 [agent/embedded] rate-limit same-model retry 2/3 for "
                "openai/gpt-5.4: delayMs=4000",
                {
                    "decision": "retry_same_model",
                    "attempt": 2,
                    "total": 3,
                    "provider": "openai",
                    "model": "gpt-5.4",
                    "recorded_reason": "rate_limit",
                    "duration_ms": 4000,
                },
            ),
        ),
    ),
    Template(
        kind="same_model_retries_stopped",
        role="decision",
        disclosure=Disclosure(detail="word"),
        literals=("transient retry window elapsed for ", "floor exceeds representable time"),
        identity=("provider", "model", "attempt"),
        refine=adding(decision="stop_retrying"),
        wordings=(
            Wording(
                "9.1+",
                re.compile(
                    rf"""transient\ retry\ window\ elapsed\ for\ {_MODEL}
                    \ after\ (?P<attempt>\d+)/(?P<total>\d+)\ retries;
                    \ (?P<detail>[^\n]+)""",
                    VERBOSE,
                ),
            ),
            Wording(
                "9.6",
                re.compile(
                    r"transient\ .*?(?P<detail>floor\ exceeds\ representable\ time).*",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.6",
                "10:32:07 [agent/embedded] transient retry window elapsed for anthropic/claude-sonnet-4-6 after "
                "6/8 retries; stopping same-model retries",
                {
                    "decision": "stop_retrying",
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "attempt": 6,
                    "total": 8,
                    "detail": "stopping same-model retries",
                },
            ),
            Sample(
                "9.6",
                "10:32:07 [agent/embedded] transient retry floor exceeds representable time; stopping same-model "
                "retries",
                {
                    "decision": "stop_retrying",
                    "detail": "floor exceeds representable time",
                },
            ),
        ),
    ),
    Template(
        kind="llm_idle_timeout",
        role="failure",
        disclosure=Disclosure("own sentence"),
        literals=("[llm-idle-timeout] ",),
        identity=("provider", "model"),
        refine=adding(decision="retry_same_model", error_type="timeout"),
        wordings=(
            Wording(
                "4.12-8.2",
                re.compile(
                    rf"""\[llm-idle-timeout\]\ {_MODEL}
                    \ (?P<text>produced\ no\ reply\ before\ the\ idle\ watchdog);\ retrying\ same\ model""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "5.7",
                "2026-05-08T12:33:18.455+00:00 [agent/embedded] [llm-idle-timeout] openai/gpt-5.4 produced no reply "
                "before the idle watchdog; retrying same model",
                {
                    "provider": "openai",
                    "model": "gpt-5.4",
                    "text": "produced no reply before the idle watchdog",
                    "error_type": "timeout",
                    "decision": "retry_same_model",
                },
            ),
        ),
    ),
    Template(
        kind="empty_error_retry",
        role="decision",
        disclosure=Disclosure(detail="word"),
        literals=("[empty-error-retry] ",),
        identity=("session", "provider", "model", "attempt"),
        refine=_retrying,
        wordings=(
            Wording(
                "4.21+",
                re.compile(
                    r"""\[empty-error-retry\]\ stopReason=error
                    \ (?P<detail>output=0|non-visible-output);
                    \ resubmitting\ attempt=(?P<attempt>\d+)/(?P<total>\d+)
                    \ provider=(?P<provider>\S+)
                    \ model=(?P<model>\S+)
                    \ sessionKey=(?P<session>\S+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "6.10",
                "2026-06-20T10:00:00.000+00:00 [agent/embedded] [empty-error-retry] stopReason=error "
                "non-visible-output; resubmitting attempt=1/3 provider=openai model=gpt-5.4 sessionKey=agent:ops:main",
                {
                    "decision": "retry_same_model",
                    "detail": "non-visible-output",
                    "attempt": 1,
                    "total": 3,
                    "provider": "openai",
                    "model": "gpt-5.4",
                    "session": "agent:ops:main",
                    "agent": "ops",
                },
            ),
        ),
    ),
)
