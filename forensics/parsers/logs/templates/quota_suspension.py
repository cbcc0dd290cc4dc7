"""Lanes suspended for a quota, and resumed (facts 2.5): `session-suspension`, the sessions store."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import VERBOSE, Sample, Template, Wording

TEMPLATES = (
    Template(
        kind="lane_resumed",
        role="health",
        disclosure=Disclosure(detail="word"),
        literals=("auto-resumed lane after suspension TTL",),
        subsystems=("session-suspension",),
        identity=(),
        wordings=(
            Wording(
                "5.12-7.1",
                re.compile(r"auto-resumed\ lane\ after\ suspension\ TTL", VERBOSE),
                keys={"lane": "laneId", "duration_ms": "delayMs", "detail": "resumeConcurrency"},
            ),
        ),
        samples=(
            Sample(
                "6.1",
                r'{"0":"{\"subsystem\":\"session-suspension\"}","1":{"laneId":"main","delayMs":1800000,'
                r'"resumeConcurrency":4},"2":"auto-resumed lane after suspension TTL",'
                r'"_meta":{"logLevelName":"INFO"},"time":"2026-06-03T10:00:00.000+00:00"}',
                {"lane": "main", "duration_ms": 1800000, "detail": "4"},
            ),
        ),
    ),
    Template(
        kind="quota_suspension_failed",
        role="health",
        disclosure=Disclosure("own sentence", detail="sentence"),
        literals=("failed to persist quota suspension", "failed to clear quota suspension"),
        subsystems=("session-suspension",),
        wordings=(
            Wording(
                "5.12+",
                re.compile(
                    r"""(?P<text>failed\ to\ (?:
                      persist\ quota\ suspension(?:;\ not\ throttling\ lane)?
                    | clear\ quota\ suspension\ after\ shutdown\ cleanup))""",
                    VERBOSE,
                ),
                keys={"session": "sessionId", "lane": "laneId", "detail": "error"},
            ),
        ),
        samples=(
            Sample(
                "5.12",
                r'{"0":"{\"subsystem\":\"session-suspension\"}","1":{"sessionId":"s1","laneId":"main",'
                r'"error":"EACCES"},"2":"failed to persist quota suspension; not throttling lane",'
                r'"_meta":{"logLevelName":"WARN"},"time":"2026-05-14T10:00:00.000+00:00"}',
                {
                    "text": "failed to persist quota suspension; not throttling lane",
                    "session": "s1",
                    "lane": "main",
                    "detail": "EACCES",
                },
            ),
        ),
    ),
    Template(
        kind="quota_suspensions_expired",
        role="health",
        disclosure=Disclosure("own sentence"),
        literals=("processed quota-suspension TTLs",),
        wordings=(Wording("5.12-6.8", re.compile(r"(?P<text>processed\ quota-suspension\ TTLs)", VERBOSE)),),
        samples=(
            Sample(
                "6.1",
                "2026-06-03T10:00:00.000+00:00 [sessions/store] processed quota-suspension TTLs",
                {"text": "processed quota-suspension TTLs"},
            ),
        ),
    ),
)
