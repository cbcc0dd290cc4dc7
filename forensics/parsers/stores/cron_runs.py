"""cron/runs/<jobId>.jsonl: one line per finished cron run, an independent record of failures (facts 8.2)."""

from __future__ import annotations

from forensics.parsers.stores.reading.cron_run import EVENTS, cron_run
from forensics.parsers.stores.reading.lines import line_reader
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.store import Sample, Store


def _looks(outline: Outline) -> bool:
    return outline.has("jobId") and outline.has("action") and outline.has("ts")


STORE = Store(
    name="cron_runs",
    releases="1.29-5.28",
    claims=claimed(_looks, r"cron[/\\]runs[/\\][^/\\]+\.jsonl"),
    read=line_reader("cron_runs", cron_run),
    events=EVENTS,
    line_oriented=True,
    samples=(
        Sample(
            "cron/runs/3a52.jsonl",
            '{"ts":1770796812000,"jobId":"3a52","action":"finished","status":"error",'
            '"error":"401 Incorrect API key provided (request_id: req_0002)","errorReason":"auth",'
            '"summary":"use sk-ant-api03-CANARY-0007-AAAA","sessionId":"77",'
            '"sessionKey":"agent:ops:cron:3a52:run:77","runAtMs":1770796800000,"durationMs":12000,'
            '"model":"gpt-5.5","provider":"openai-codex"}\n'
            '{"ts":1770800400000,"jobId":"3a52","action":"started"}\n'
            '{"ts":1770800412000,"jobId":"3a52","act',
            {
                "events": [
                    {
                        "kind": "cron_run",
                        "role": "schedule",
                        "time": "2026-02-11T08:00:12+00:00",
                        "started": "2026-02-11T08:00:00+00:00",
                        "agent": "ops",
                        "session": "agent:ops:cron:3a52:run:77",
                        "trigger": "cron",
                        "provider": "openai-codex",
                        "model": "gpt-5.5",
                        "http_status": 401,
                        "recorded_reason": "auth",
                        "text": "401 Incorrect API key provided (request_id: req_0002)",
                        "request_id": "req_0002",
                        "decision": "error",
                        "duration_ms": 12000,
                        "detail": "3a52",
                    }
                ],
                "rejects": ["3: not JSON: Unterminated string starting at: line 1 column 36 (char 35)"],
                "lines": 3,
                "other": 1,
            },
        ),
    ),
)
