"""`<sessionId>.trajectory.jsonl` (4.24-7.1): how each run began and ended, and which timer fired (facts 8.4).

What an event gives stands in `reading.trajectory`.
"""

from __future__ import annotations

from forensics.parsers.stores.reading.lines import line_reader
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.trajectory import EVENTS, trajectory
from forensics.parsers.stores.store import Sample, Store


def _looks(outline: Outline) -> bool:
    return outline.has("traceSchema") and outline.has("runId")


STORE = Store(
    name="trajectories",
    releases="4.24-7.1",
    claims=claimed(_looks, r"[^/\\]+\.trajectory\.jsonl(?:\.[^/\\]+)?"),
    read=line_reader("trajectories", trajectory, shown=0),
    events=EVENTS,
    line_oriented=True,
    samples=(
        Sample(
            "agents/main/sessions/5f0c.trajectory.jsonl",
            '{"traceSchema":"openclaw-trajectory","type":"session.started","ts":"2026-05-28T08:00:00.000Z",'
            '"sessionKey":"agent:ops:main","runId":"r1","provider":"anthropic","modelId":"claude-opus-4-7",'
            '"data":{"trigger":"heartbeat"}}\n'
            '{"traceSchema":"openclaw-trajectory","type":"prompt.submitted","ts":"2026-05-28T08:00:00.100Z",'
            '"runId":"r1","data":{"prompt":"my key is sk-ant-api03-CANARY-0031-AAAA"}}\n'
            '{"traceSchema":"openclaw-trajectory","type":"model.completed","ts":"2026-05-28T08:02:00.000Z",'
            '"sessionKey":"agent:ops:main","runId":"r1","provider":"anthropic","modelId":"claude-opus-4-7",'
            '"data":{"aborted":true,"idleTimedOut":true,"promptError":"This operation was aborted"}}\n',
            {
                "events": [
                    {
                        "kind": "trajectory_started",
                        "role": "schedule",
                        "time": "2026-05-28T08:00:00+00:00",
                        "agent": "ops",
                        "session": "agent:ops:main",
                        "run": "r1",
                        "trigger": "heartbeat",
                        "provider": "anthropic",
                        "model": "claude-opus-4-7",
                        "detail": "heartbeat",
                    },
                    {
                        "kind": "trajectory_error",
                        "role": "failure",
                        "time": "2026-05-28T08:02:00+00:00",
                        "agent": "ops",
                        "session": "agent:ops:main",
                        "run": "r1",
                        "provider": "anthropic",
                        "model": "claude-opus-4-7",
                        "text": "This operation was aborted",
                        "detail": "timed out",
                    },
                ],
                "lines": 3,
                "other": 1,
            },
        ),
    ),
)
