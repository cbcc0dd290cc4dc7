"""Where a run stops trying, and what overflowed (facts 2.1): `agent/embedded`."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import spoken, with_error
from forensics.parsers.logs.templates.fields import adding
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_MODEL = r"(?P<provider>[^\s/]+)/(?P<model>\S+)"
_FIRST_CHARACTERS = 200  # how much of the error the diagnosis prints


def _overflowed(_record: Record, fields: Fields) -> Fields:
    cut = len(str(fields.get("text", ""))) >= _FIRST_CHARACTERS
    return with_error(fields) | ({"text_cut": True} if cut else {})


TEMPLATES = (
    Template(
        kind="embedded_run_timeout_extended",
        role="health",
        literals=("embedded run timeout reached during compaction",),
        identity=("run", "duration_ms"),
        wordings=(
            Wording(
                "3.24+",
                re.compile(
                    r"""embedded\ run\ timeout\ reached\ during\ compaction;\ extending\ deadline:
                    \ runId=(?P<run>\S+)
                    \ sessionId=(?P<session>\S+)
                    \ extraMs=(?P<duration_ms>\d+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.24",
                "2026-03-25T10:00:00.000+00:00 [agent/embedded] embedded run timeout reached during compaction; "
                "extending deadline: runId=r1 sessionId=s1 extraMs=60000",
                {"run": "r1", "session": "s1", "duration_ms": 60000},
            ),
        ),
    ),
    Template(
        kind="idle_timeout_circuit_breaker",
        role="decision",
        literals=("[idle-timeout-circuit-breaker-tripped] ",),
        identity=("session", "provider", "model", "attempt"),
        refine=adding(decision="stop_retrying"),
        wordings=(
            Wording(
                "5.4+",
                re.compile(
                    rf"""\[idle-timeout-circuit-breaker-tripped\]
                    \ sessionKey=(?P<session>\S+)
                    \ provider={_MODEL}
                    \ consecutive=(?P<attempt>\d+)
                    \ cap=(?P<total>\d+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "5.7",
                "2026-05-08T12:43:18.455+00:00 [agent/embedded] [idle-timeout-circuit-breaker-tripped] "
                "sessionKey=agent:main:main provider=openai/gpt-5.4 consecutive=5 cap=5",
                {
                    "session": "agent:main:main",
                    "agent": "main",
                    "provider": "openai",
                    "model": "gpt-5.4",
                    "attempt": 5,
                    "total": 5,
                    "decision": "stop_retrying",
                },
            ),
        ),
    ),
    Template(
        kind="run_retry_limit",
        role="decision",
        literals=("[run-retry-limit] ",),
        identity=("session", "provider", "model", "attempt"),
        refine=adding(decision="stop_retrying"),
        wordings=(
            Wording(
                "2.21+",
                re.compile(
                    rf"""\[run-retry-limit\]\ sessionKey=(?P<session>\S+)
                    \ provider={_MODEL}
                    \ attempts=(?P<attempt>\d+)
                    (?:\ countedAttempts=\d+)?
                    \ maxAttempts=(?P<total>\d+)
                    (?:\ countedAttempts=\d+)?""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.21",
                "2026-02-22T10:00:00.000+00:00 [agent/embedded] [run-retry-limit] sessionKey=agent:main:cron:nightly "
                "provider=anthropic/claude-opus-4-5 attempts=32 maxAttempts=32",
                {
                    "decision": "stop_retrying",
                    "session": "agent:main:cron:nightly",
                    "agent": "main",
                    "trigger": "cron",
                    "provider": "anthropic",
                    "model": "claude-opus-4-5",
                    "attempt": 32,
                    "total": 32,
                },
            ),
        ),
    ),
    Template(
        kind="model_blocked",
        role="failure",
        disclosure=Disclosure("own sentence", detail="word"),
        literals=("blocked model (context window too small)",),
        identity=("provider", "model", "text"),
        refine=spoken(),
        wordings=(
            Wording(
                "all",
                re.compile(
                    rf"""blocked\ model\ \((?P<text>context\ window\ too\ small)\):
                    \ {_MODEL}
                    \ ctx=\d+.*""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.21",
                "2026-02-24T05:40:22.010Z [agent/embedded] blocked model (context window too small): "
                "lmstudio/invented-8b ctx=8192 (min=16000) source=modelsConfig",
                {
                    "provider": "lmstudio",
                    "model": "invented-8b",
                    "text": "context window too small",
                    "detail": "no call made",
                },
            ),
        ),
    ),
    Template(
        kind="context_overflow",
        role="failure",
        disclosure=Disclosure("error", detail="word"),
        literals=("[context-overflow-diag] ",),
        identity=("session", "provider", "model", "text"),
        refine=_overflowed,
        wordings=(
            Wording(
                "2.6-3+",
                re.compile(
                    rf"""\[context-overflow-diag\]\ sessionKey=(?P<session>\S+)
                    \ provider={_MODEL}
                    \ source=(?P<detail>\S+)
                    .*?\ error=(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "2026-02-11T10:00:00.000Z [agent/embedded] [context-overflow-diag] sessionKey=agent:main:main "
                "provider=anthropic/claude-opus-4-5 source=promptError messages=411 "
                "sessionFile=/home/kim/.openclaw/agents/main/sessions/a.jsonl compactionAttempts=0 "
                'error=400 {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}}',
                {
                    "session": "agent:main:main",
                    "agent": "main",
                    "provider": "anthropic",
                    "model": "claude-opus-4-5",
                    "detail": "promptError",
                    "http_status": 400,
                    "error_type": "invalid_request_error",
                    "text": '400 {"type":"error","error":{"type":"invalid_request_error","message":'
                    '"prompt is too long"}}',
                },
            ),
        ),
    ),
    Template(
        kind="session_recovery",
        role="decision",
        disclosure=Disclosure("own sentence"),
        literals=("[session-recovery] ",),
        wordings=(
            Wording(
                "4.2; 5.26+",
                re.compile(
                    r"\[session-recovery\]\ (?P<text>[^:]+?):\ sessionId=(?P<session>\S+)(?P<detail>\ .*)?", VERBOSE
                ),
            ),
            Wording("5.26+", re.compile(r"\[session-recovery\]\ (?P<text>.+)", VERBOSE)),
        ),
        samples=(
            Sample(
                "4.2",
                "2026-04-03T10:00:00.000+00:00 [agent/embedded] [session-recovery] Anthropic thinking request "
                "rejected; retrying once without thinking blocks: sessionId=9db1f1d0",
                {
                    "text": "Anthropic thinking request rejected; retrying once without thinking blocks",
                    "session": "9db1f1d0",
                },
            ),
            Sample(
                "5.26",
                "2026-05-27T10:00:00.000+00:00 [agent/embedded] [session-recovery] dropped unsigned thinking blocks",
                {"text": "dropped unsigned thinking blocks"},
            ),
        ),
    ),
)
