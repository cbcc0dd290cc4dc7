"""Work that stands still, and a host that stood still (facts 2.7): `diagnostic`, `gateway/health`.

A local freeze inside an attempt speaks against "the provider timed out".
"""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_HERE = ("diagnostic",)
_AGE = re.compile(r"\bage=(\d{1,9})s")


def _aged(record: Record, fields: Fields) -> Fields:
    """Ages are printed in whole seconds."""
    age = _AGE.search(record.text)
    return fields | ({"duration_ms": int(age[1]) * 1000} if age else {})


TEMPLATES = (
    Template(
        kind="session_stuck",
        role="health",
        disclosure=Disclosure("own sentence", detail="word"),
        literals=("stuck session: sessionId=", "stalled session: sessionId=", "long-running session: sessionId="),
        subsystems=_HERE,
        identity=("session", "detail", "duration_ms"),
        refine=_aged,
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""(?P<detail>stuck|stalled|long-running)\ session:
                    \ sessionId=\S+
                    \ sessionKey=(?P<session>\S+)
                    \ state=(?P<stage>\S+)
                    \ age=\d+s
                    (?:\ queueDepth=\d+)?
                    (?:\ reason=(?P<text>\S+))?""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "2026-02-11T10:00:00.000Z [diagnostic] stuck session: sessionId=s1 sessionKey=agent:main:main "
                "state=processing age=240s queueDepth=1",
                {
                    "detail": "stuck",
                    "session": "agent:main:main",
                    "agent": "main",
                    "stage": "processing",
                    "duration_ms": 240000,
                },
            ),
            Sample(
                "5.28",
                "12:33:18 [diagnostic] stalled session: sessionId=cac59138-f85f-403f-b4d3-111704a1d8c6 "
                "sessionKey=agent:main:main state=processing age=124s queueDepth=0 "
                "reason=active_work_without_progress classification=stalled_agent_run activeWorkKind=model_call "
                "lastProgress=model_call:stream_progress lastProgressAge=124s recovery=none",
                {
                    "detail": "stalled",
                    "session": "agent:main:main",
                    "agent": "main",
                    "stage": "processing",
                    "text": "active_work_without_progress",
                    "duration_ms": 124000,
                },
            ),
        ),
    ),
    Template(
        kind="session_recovered",
        role="health",
        disclosure=Disclosure("own sentence"),
        literals=("stuck session recovery",),
        subsystems=_HERE,
        identity=("session", "text"),
        refine=_aged,
        wordings=(
            Wording(
                "4.29+",
                re.compile(
                    r"""stuck\ session\ recovery:\ sessionId=\S+
                    \ sessionKey=(?P<session>\S+)
                    \ age=\d+s
                    \ action=(?P<decision>\S+)
                    \ (?P<text>.*)""",
                    VERBOSE,
                ),
            ),
            Wording("5.12+", re.compile(r"stuck\ session\ recovery\ outcome:\ (?P<text>.*)", VERBOSE)),
        ),
        samples=(
            Sample(
                "5.2",
                "2026-05-03T10:00:00.000+00:00 [diagnostic] stuck session recovery: sessionId=s1 "
                "sessionKey=agent:main:main age=400s action=abort aborted=true drained=true released=1",
                {
                    "session": "agent:main:main",
                    "agent": "main",
                    "duration_ms": 400000,
                    "decision": "abort",
                    "text": "aborted=true drained=true released=1",
                },
            ),
            Sample(
                "5.12",
                "2026-05-14T10:00:00.000+00:00 [diagnostic] stuck session recovery outcome: status=released "
                "sessionId=s1",
                {"text": "status=released sessionId=s1"},
            ),
        ),
    ),
    Template(
        kind="liveness_warning",
        role="health",
        disclosure=Disclosure("own sentence", detail="word"),
        literals=("liveness warning: reasons=",),
        subsystems=_HERE,
        identity=("detail", "text"),
        wordings=(
            Wording(
                "4.27+",
                re.compile(r"liveness\ warning:\ reasons=(?P<detail>\S+)\ (?P<text>interval=.*)", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "5.2",
                "2026-05-03T10:00:00.000+00:00 [diagnostic] liveness warning: reasons=event_loop_delay interval=30s "
                "eventLoopDelayP99Ms=2210",
                {"detail": "event_loop_delay", "text": "interval=30s eventLoopDelayP99Ms=2210"},
            ),
        ),
    ),
    Template(
        kind="liveness_delayed",
        role="health",
        disclosure=Disclosure("own sentence"),
        literals=("liveness heartbeat delayed: overdue=",),
        subsystems=_HERE,
        identity=("duration_ms",),
        wordings=(
            Wording(
                "8.1+",
                re.compile(
                    r"""(?P<text>liveness\ heartbeat\ delayed:\ overdue=(?P<duration_ms>\d+)ms
                    \ elapsed=\d+ms);
                    \ deferring\ recovery\ decisions""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.6",
                "10:02:26 [diagnostic] liveness heartbeat delayed: overdue=210079ms elapsed=240079ms; deferring "
                "recovery decisions",
                {"text": "liveness heartbeat delayed: overdue=210079ms elapsed=240079ms", "duration_ms": 210079},
            ),
        ),
    ),
    Template(
        kind="host_frozen",
        role="health",
        disclosure=Disclosure("own sentence"),
        literals=("host timing gap detected: process was frozen",),
        subsystems=("gateway/health",),
        identity=("duration_ms",),
        wordings=(
            Wording(
                "9.6",
                re.compile(
                    r"""(?P<text>host\ timing\ gap\ detected:\ process\ was\ frozen\ ~(?P<duration_ms>\d+)ms);.*""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.6",
                "10:02:26 [health] host timing gap detected: process was frozen ~208102ms; restarting channels when "
                "idle and refreshing health",
                {"text": "host timing gap detected: process was frozen ~208102ms", "duration_ms": 208102},
            ),
        ),
    ),
)
