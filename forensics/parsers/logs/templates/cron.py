"""Cron (facts 2.8): module `cron`. Metadata tell the job; a console before 9.x prints none of them."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import with_error
from forensics.parsers.logs.templates.fields import adding
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_HERE = ("cron",)


def _failed(_record: Record, fields: Fields) -> Fields:
    return with_error({"trigger": "cron"} | fields, otherwise="schedule")


TEMPLATES = (
    Template(
        kind="cron_asked_for_restart",
        role="lifecycle",
        literals=("requested safe gateway restart",),
        subsystems=_HERE,
        identity=(),
        wordings=(
            Wording(
                "6.11+",
                re.compile(
                    r"(?:cron:\ )?isolated\ agent\ setup\ timed\ out.*requested\ safe\ gateway\ restart", VERBOSE
                ),
            ),
        ),
        samples=(
            Sample(
                "6.11",
                "10:00:00 [cron] cron: isolated agent setup timed out before runner start; "
                "requested safe gateway restart",
                {},
            ),
        ),
    ),
    Template(
        kind="cron_scheduler",
        role="schedule",
        disclosure=Disclosure(detail="word"),
        literals=("cron: started", "cron: disabled", "[cron] started", "[cron] disabled", "scheduler disabled; jobs "),
        routine=r'"2":"(cron: started)"',
        subsystems=_HERE,
        identity=("detail",),
        wordings=(
            Wording("all", re.compile(r"(?:cron:\ )?(?P<detail>started|disabled)", VERBOSE)),
            Wording(
                "all",
                re.compile(
                    r"(?:cron:\ )?scheduler\ (?P<detail>disabled);\ jobs\ will\ not\ run\ automatically", VERBOSE
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                r'{"0":"{\"module\":\"cron\",\"storePath\":\"/home/kim/.openclaw/cron/jobs.json\"}","1":{"enabled":true,'
                r'"jobs":0,"nextWakeAtMs":null},"2":"cron: started","_meta":{"logLevelName":"INFO"},'
                r'"time":"2026-11-20T09:31:38.459+00:00"}',
                {"detail": "started"},
            ),
            Sample(
                "2.9",
                r'{"0":"{\"module\":\"cron\"}","1":{},"2":"cron: scheduler disabled; jobs will not run automatically",'
                r'"_meta":{"logLevelName":"WARN"},"time":"2026-02-11T09:31:38.459Z"}',
                {"detail": "disabled"},
            ),
        ),
    ),
    Template(
        kind="cron_job_failed",
        role="schedule",
        disclosure=Disclosure("error", detail="job"),
        literals=("job failed: ", "job run returned error status"),
        subsystems=_HERE,
        identity=("text",),
        refine=_failed,
        wordings=(
            Wording(
                "2.9+",
                re.compile(r"(?:cron:\ )?job\ failed:\ (?P<text>.*)", VERBOSE),
                keys={"detail": "jobId", "duration_ms": "timeoutMs"},
            ),
            Wording(
                "5.12+",
                re.compile(r"(?:cron:\ )?job\ run\ returned\ error\ status", VERBOSE),
                keys={"detail": "jobId", "text": "error"},
            ),
        ),
        samples=(
            Sample(
                "3.11",
                r'{"0":"{\"module\":\"cron\"}","1":{"jobId":"j1","jobName":"nightly","timeoutMs":600000},'
                r'"2":"cron: job failed: FailoverError: The AI service is temporarily overloaded. Please try again in '
                r'a moment.","_meta":{"logLevelName":"WARN"},"time":"2026-03-12T09:31:38.459+00:00"}',
                {
                    "role": "failure",
                    "trigger": "cron",
                    "detail": "j1",
                    "duration_ms": 600000,
                    "text": "The AI service is temporarily overloaded. Please try again in a moment.",
                },
            ),
            Sample(
                "9.3",
                "10:00:00 [cron] job run returned error status jobId=j1 jobName=nightly "
                'error="Channel is required (no configured channels detected)."',
                {
                    "role": "noise",
                    "trigger": "cron",
                    "detail": "j1",
                    "text": "Channel is required (no configured channels detected).",
                },
            ),
        ),
    ),
    Template(
        kind="cron_backoff",
        role="schedule",
        disclosure=Disclosure(detail="job"),
        literals=("applying error backoff", "retry after transient error"),
        subsystems=_HERE,
        identity=(),
        refine=adding(trigger="cron"),
        wordings=(
            Wording(
                "2.9+",
                re.compile(
                    r"""(?:cron:\ )?(?:
                      applying\ error\ backoff
                    | scheduling\ (?:one-shot|recurring)\ retry\ after\ transient\ error)""",
                    VERBOSE,
                ),
                keys={
                    "detail": "jobId",
                    "error_count": "consecutiveErrors",
                    "duration_ms": "backoffMs",
                    "window_until": "nextRunAtMs",
                    "recorded_reason": "retryCategory",
                },
            ),
        ),
        samples=(
            Sample(
                "5.28",
                "2026-11-20T11:26:50.490+00:00 [cron] applying error backoff jobId=a852d2ba consecutiveErrors=1 "
                "backoffMs=30000",
                {"trigger": "cron", "detail": "a852d2ba", "error_count": 1, "duration_ms": 30000},
            ),
            Sample(
                "5.28",
                r'{"0":"{\"module\":\"cron\"}","1":{"jobId":"ff900ec6","jobName":"queue-check","consecutiveErrors":2,'
                r'"backoffMs":60000,"retryCategory":"rate_limit"},'
                r'"2":"cron: scheduling recurring retry after transient error","_meta":{"logLevelName":"INFO"},'
                r'"time":"2026-11-20T10:54:25.205+00:00"}',
                {
                    "trigger": "cron",
                    "detail": "ff900ec6",
                    "error_count": 2,
                    "duration_ms": 60000,
                    "recorded_reason": "rate_limit",
                },
            ),
        ),
    ),
    Template(
        kind="cron_job_disabled",
        role="schedule",
        disclosure=Disclosure("error", detail="job"),
        literals=("disabling one-shot job after error", "auto-disabled job after "),
        subsystems=_HERE,
        refine=_failed,
        wordings=(
            Wording(
                "2.9+",
                re.compile(
                    r"""(?:cron:\ )?(?:
                      disabling\ one-shot\ job\ after\ error
                    | auto-disabled\ job\ after\ (?:repeated\ schedule\ errors|consecutive\ run\ failures))""",
                    VERBOSE,
                ),
                keys={
                    "detail": "jobId",
                    "error_count": "consecutiveErrors",
                    "text": "error",
                    "recorded_reason": "reason",
                },
            ),
        ),
        samples=(
            Sample(
                "3.11",
                r'{"0":"{\"module\":\"cron\"}","1":{"jobId":"j1","jobName":"once","consecutiveErrors":3,'
                r'"error":"HTTP 401 authentication_error: invalid x-api-key","reason":"permanent"},'
                r'"2":"cron: disabling one-shot job after error","_meta":{"logLevelName":"WARN"},'
                r'"time":"2026-03-12T09:31:38.459+00:00"}',
                {
                    "role": "failure",
                    "trigger": "cron",
                    "detail": "j1",
                    "error_count": 3,
                    "recorded_reason": "permanent",
                    "http_status": 401,
                    "error_type": "authentication_error",
                    "text": "HTTP 401 authentication_error: invalid x-api-key",
                },
            ),
        ),
    ),
    Template(
        kind="cron_interrupted",
        role="schedule",
        disclosure=Disclosure("own sentence", detail="job"),
        literals=(
            "clearing stuck running marker",
            "marking interrupted running job failed on startup",
            "running missed jobs after restart",
            "timer tick failed",
        ),
        subsystems=_HERE,
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""(?:cron:\ )?(?P<text>
                      clearing\ stuck\ running\ marker
                    | marking\ interrupted\ running\ job\ failed\ on\ startup
                    | running\ missed\ jobs\ after\ restart
                    | timer\ tick\ failed)""",
                    VERBOSE,
                ),
                keys={"detail": "jobId"},
            ),
        ),
        samples=(
            Sample(
                "2.9",
                r'{"0":"{\"module\":\"cron\"}","1":{"jobId":"j1","runningAtMs":1770000000000},'
                r'"2":"cron: clearing stuck running marker","_meta":{"logLevelName":"WARN"},'
                r'"time":"2026-02-11T09:31:38.459Z"}',
                {"text": "clearing stuck running marker", "detail": "j1"},
            ),
            Sample(
                "4.27",
                "2026-04-28T09:31:38.459+00:00 [cron] timer tick failed",
                {"text": "timer tick failed"},
            ),
        ),
    ),
)
