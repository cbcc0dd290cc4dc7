"""The gateway's own machine is slow or in its own way (9.x): databases that lock, turns that do not start.

Nobody's provider is involved; what looks like a provider's timeout beside such a line may not be one.
"""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Sample, Template, Wording

TEMPLATES = (
    Template(
        kind="database_slow",
        role="health",
        disclosure=Disclosure("own sentence", detail="word"),
        literals=("slow SQLite ", "slow OpenClaw agent database open"),
        routine=r'"[12]":"(slow SQLite [A-Za-z ]+)"',
        subsystems=("session-sqlite", "sqlite/transaction", "state/db", "state/agent-db"),
        levels=LOUD,
        identity=("text", "duration_ms"),
        wordings=(
            Wording(
                "9.6",
                re.compile(r"(?P<text>slow\ SQLite\ [A-Za-z ]+?)(?=\ \w+=|\Z)", VERBOSE),
                keys={"duration_ms": "elapsedMs", "detail": "operation"},
            ),
            Wording(
                "9.3+",
                re.compile(r"(?P<text>slow\ OpenClaw\ agent\ database\ open)", VERBOSE),
                keys={"duration_ms": "elapsedMs"},
            ),
        ),
        samples=(
            Sample(
                "9.3",
                r'{"0":"{\"subsystem\":\"state/agent-db\"}","1":{"agentId":"main","elapsedMs":1008},"2":"slow OpenClaw '
                r'agent database open","_meta":{"runtime":"node","logLevelName":"WARN","name":'
                r'"{\"subsystem\":\"state/agent-db\"}"},"time":"2026-09-03T09:45:02.990+00:00"}',
                {"text": "slow OpenClaw agent database open", "duration_ms": 1008},
            ),
            Sample(
                "9.6",
                r'{"0":"{\"subsystem\":\"session-sqlite\"}","1":"slow SQLite session write","2":{"agentId":"main",'
                r'"operation":"session.entry-replacements","elapsedMs":1222,"queueWaitMs":1219},"_meta":{"runtime":'
                r'"node","logLevelName":"WARN","name":"{\"subsystem\":\"session-sqlite\"}"},"time":'
                r'"2026-09-20T08:56:55.994+00:00"}',
                {"text": "slow SQLite session write", "duration_ms": 1222, "detail": "session.entry-replacements"},
            ),
            Sample(
                "9.6",
                "08:56:56 [session-sqlite] slow SQLite reclamation Worker operation pid=74 threadId=0 "
                "isMainThread=true reclamationKind=maintenance-plan workerThreadId=13 elapsedMs=1666 outcome=resolved",
                {"text": "slow SQLite reclamation Worker operation", "duration_ms": 1666},
            ),
            Sample(
                "9.6",
                r'{"0":"{\"subsystem\":\"sqlite/transaction\"}","1":{"async":false,"elapsedMs":5999,"thresholdMs":1000},'
                r'"2":"slow SQLite transaction hold","_meta":{"runtime":"node","logLevelName":"WARN","name":'
                r'"{\"subsystem\":\"sqlite/transaction\"}"},"time":"2026-09-20T11:24:35.989+00:00"}',
                {"text": "slow SQLite transaction hold", "duration_ms": 5999},
            ),
        ),
    ),
    Template(
        kind="database_upkeep_failed",
        role="health",
        disclosure=Disclosure("own sentence", detail="own words"),
        literals=("SQLite reclamation Worker failed", "WAL maintenance failed"),
        routine=r'"2":"(SQLite reclamation Worker failed)"',
        subsystems=("session-sqlite", "state/db"),
        levels=LOUD,
        identity=("detail",),
        wordings=(
            Wording(
                "9.6",
                re.compile(
                    r"(?P<detail>SQLite\ reclamation\ Worker\ failed|[\w-]+\ WAL\ maintenance\ failed)", VERBOSE
                ),
                keys={"text": "error", "duration_ms": "elapsedMs"},
            ),
        ),
        samples=(
            Sample(
                "9.6",
                r'{"0":"{\"subsystem\":\"state/db\"}","1":{"error":"another OpenClaw process owns state-lifecycle",'
                r'"path":"/home/u/.openclaw/state/openclaw.sqlite"},"2":"Shared-state WAL maintenance failed","_meta":'
                r'{"runtime":"node","logLevelName":"WARN","name":"{\"subsystem\":\"state/db\"}"},"time":'
                r'"2026-09-20T10:32:26.144+00:00"}',
                {
                    "detail": "Shared-state WAL maintenance failed",
                    "text": "another OpenClaw process owns state-lifecycle",
                },
            ),
            Sample(
                "9.6",
                "2026-09-20T14:22:05.033+00:00 warn session-sqlite SQLite reclamation Worker failed",
                {"detail": "SQLite reclamation Worker failed"},
            ),
        ),
    ),
    Template(
        kind="turn_slow",
        role="health",
        disclosure=Disclosure(detail="word"),
        literals=("agent turn milestone ",),
        subsystems=("auto-reply/agent-turn-timing",),
        levels=LOUD,
        identity=("run", "detail"),
        wordings=(
            Wording(
                "9.6",
                re.compile(
                    r"""agent\ turn\ milestone\ runId=(?P<run>\S+)
                    \ sessionId=\S+
                    \ sessionKey=(?P<session>\S+)
                    \ milestone=(?P<detail>\S+)
                    \ totalMs=(?P<duration_ms>\d+)
                    .*""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.6",
                "2026-09-20T13:01:28.262+00:00 warn auto-reply/agent-turn-timing agent turn milestone runId=r1 "
                "sessionId=s1 sessionKey=agent:main:main milestone=model_resolution totalMs=29297 "
                "stages=fallback_prepare_harness:0ms@27ms",
                {
                    "run": "r1",
                    "session": "agent:main:main",
                    "agent": "main",
                    "detail": "model_resolution",
                    "duration_ms": 29297,
                },
            ),
        ),
    ),
)
