"""Lanes and their errors (facts 2.1, 2.7): `diagnostic`."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import with_error
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_HERE = ("diagnostic",)


def _failed(record: Record, fields: Fields) -> Fields:
    """A lane's error. On a console the text may go on in the next line: then its closing quote is missing here."""
    closed = f'{fields.get("text", "")}"' in record.text
    return with_error(fields) | ({} if closed else {"text_cut": True})


def _turn_failed(_record: Record, fields: Fields) -> Fields:
    return with_error(fields, otherwise="health")


TEMPLATES = (
    Template(
        kind="lane_task_error",
        role="failure",
        disclosure=Disclosure("error", detail="word"),
        literals=("lane task error: ",),
        subsystems=_HERE,
        identity=("lane", "duration_ms", "text"),
        refine=_failed,
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""lane\ task\ error:\ lane=(?P<lane>.{1,300}?)
                    \ durationMs=(?:(?P<duration_ms>\d+)|-\d+)
                    \ error="(?P<text>.*)"
                    (?=(?:\ \w+=\S+){0,8}\s*(?:\n|\Z))""",
                    VERBOSE,
                ),
            ),
            Wording(
                "all",
                re.compile(
                    r"""lane\ task\ error:\ lane=(?P<lane>.{1,300}?)
                    \ durationMs=(?:(?P<duration_ms>\d+)|-\d+)
                    \ error="(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
            Wording(  # what is left where somebody cut fields out
                "all",
                re.compile(
                    r"""lane\ task\ error:\ +(?:lane=(?P<lane>\S{1,300})\ +)?
                    (?:durationMs=(?P<duration_ms>\d+)\ +)?
                    (?:error=)?"?(?P<text>[^"\s].*?)"?\s*\Z""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(  # the clock was set back meanwhile
                "3.28",
                "2026-03-28T09:18:58.941+00:00 [diagnostic] lane task error: lane=main durationMs=-3599012 "
                'error="Error: fetch failed"',
                {"lane": "main", "text": "fetch failed"},
            ),
            Sample(
                "2.9",
                "2026-02-11T09:18:58.941Z [diagnostic] lane task error: lane=session:agent:main:main durationMs=122 "
                'error="FailoverError: HTTP 403 permission_error: OAuth token does not meet scope requirement '
                'user:profile (request_id: req_011LAB9d42c26a22de4cffb6)"',
                {
                    "lane": "session:agent:main:main",
                    "session": "agent:main:main",
                    "agent": "main",
                    "duration_ms": 122,
                    "http_status": 403,
                    "error_type": "permission_error",
                    "text": "HTTP 403 permission_error: OAuth token does not meet scope requirement user:profile "
                    "(request_id: req_011LAB9d42c26a22de4cffb6)",
                    "request_id": "req_011LAB9d42c26a22de4cffb6",
                },
            ),
            Sample(
                "3.11",
                "12:00:01 [diagnostic] lane task error: lane=main durationMs=9 "
                'error="FailoverError: No available auth profile for anthropic (all in cooldown or unavailable)."',
                {
                    "role": "echo",
                    "lane": "main",
                    "duration_ms": 9,
                    "provider": "anthropic",
                    "text": "No available auth profile for anthropic (all in cooldown or unavailable).",
                },
            ),
            Sample(
                "9.6",
                "12:26:28 [diagnostic] lane task error: lane=main durationMs=435 "
                'error="⚠️ anthropic/claude-sonnet-4-6 request failed (authentication failed, HTTP 401). '
                'Re-authenticate the provider and try again." errorName=FailoverError',
                {
                    "lane": "main",
                    "duration_ms": 435,
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "recorded_status": 401,
                    "text": "⚠️ anthropic/claude-sonnet-4-6 request failed (authentication failed, HTTP 401). "
                    "Re-authenticate the provider and try again.",
                },
            ),
            Sample(
                "4.2",
                "2026-04-03T10:00:00.000+00:00 [diagnostic] lane task error: lane=cron-nested durationMs=12 "
                'error="OAuthRefreshFailureError: OAuth token refresh failed for anthropic: HTTP request failed.',
                {
                    "lane": "cron-nested",
                    "trigger": "cron",
                    "duration_ms": 12,
                    "provider": "anthropic",
                    "error_type": "oauth_refresh",
                    "text": "OAuth token refresh failed for anthropic: HTTP request failed.",
                    "text_cut": True,
                },
            ),
        ),
    ),
    Template(
        kind="lane_wait_exceeded",
        role="health",
        disclosure=Disclosure(detail="word"),
        literals=("lane wait exceeded: lane=",),
        subsystems=_HERE,
        identity=("lane", "duration_ms"),
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""lane\ wait\ exceeded:\ lane=(?P<lane>.{1,300}?)
                    \ waitedMs=(?P<duration_ms>\d+)
                    \ (?P<detail>queueAhead=\d+.*)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "2026-02-11T09:18:58.941Z [diagnostic] lane wait exceeded: lane=session:agent:ops:main "
                "waitedMs=1800012 queueAhead=2",
                {
                    "lane": "session:agent:ops:main",
                    "session": "agent:ops:main",
                    "agent": "ops",
                    "duration_ms": 1800012,
                    "detail": "queueAhead=2",
                },
            ),
        ),
    ),
    Template(
        kind="message_failed",
        role="health",
        disclosure=Disclosure("error", detail="word"),
        literals=(" outcome=error duration=",),
        subsystems=_HERE,
        identity=("session", "duration_ms"),
        refine=_turn_failed,
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""message\ processed:\ channel=(?P<detail>\S+)
                    \ chatId=(?:(?P<trigger>heartbeat)|\S+)
                    \ messageId=\S+
                    (?:\ sessionId=\S+)?
                    (?:\ sessionKey=(?P<session>\S+))?
                    \ outcome=error
                    \ duration=(?P<duration_ms>\d+)ms
                    (?:\ error="(?P<text>.*)")?""",
                    VERBOSE,
                ),
            ),
            Wording(
                "9.6",
                re.compile(
                    r"""message\ dispatch\ completed:\ channel=(?P<detail>\S+)
                    (?:\ sessionId=\S+)?
                    (?:\ sessionKey=(?P<session>\S+))?
                    \ source=\S+
                    \ outcome=error
                    \ duration=(?P<duration_ms>\d+)ms
                    (?:\ error="(?P<text>.*)")?""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "5.28",
                "11:26:50 [diagnostic] message processed: channel=cron chatId=unknown messageId=unknown "
                "sessionId=518ee725 sessionKey=agent:main:cron:a852d2ba:run:518ee725 outcome=error duration=8267ms "
                'error="Channel is required (no configured channels detected)."',
                {
                    "role": "noise",
                    "detail": "cron",
                    "session": "agent:main:cron:a852d2ba:run:518ee725",
                    "agent": "main",
                    "trigger": "cron",
                    "duration_ms": 8267,
                    "text": "Channel is required (no configured channels detected).",
                },
            ),
            Sample(
                "9.6",
                "13:01:28 [diagnostic] message processed: channel=unknown chatId=heartbeat messageId=unknown "
                "sessionId=15829f0c sessionKey=agent:main:main outcome=error duration=29436ms",
                {
                    "detail": "unknown",
                    "trigger": "heartbeat",
                    "session": "agent:main:main",
                    "agent": "main",
                    "duration_ms": 29436,
                },
            ),
            Sample(
                "9.6",
                "13:01:28 [diagnostic] message dispatch completed: channel=unknown sessionId=unknown "
                "sessionKey=agent:main:main source=replyResolver outcome=error duration=29414ms",
                {
                    "detail": "unknown",
                    "session": "agent:main:main",
                    "agent": "main",
                    "duration_ms": 29414,
                },
            ),
        ),
    ),
    Template(
        kind="webhook_error",
        role="noise",
        disclosure=Disclosure("error", detail="word"),
        literals=("webhook error: channel=",),
        subsystems=_HERE,
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""webhook\ error:\ channel=(?P<detail>\S+)
                    \ type=\S+
                    \ chatId=\S+
                    \ error="(?P<text>.*)"
                    \ errors=\d+""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                "2026-03-12T10:00:00.000+00:00 [diagnostic] webhook error: channel=telegram type=message chatId=4711 "
                'error="ETIMEDOUT" errors=3',
                {"detail": "telegram", "text": "ETIMEDOUT"},
            ),
        ),
    ),
)
