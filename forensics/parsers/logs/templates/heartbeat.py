"""Heartbeats (facts 2.8): `gateway/heartbeat`. A console leaves out the leading word."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import with_error
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_HERE = ("gateway/heartbeat", "heartbeat", "web-heartbeat")


def _failed(_record: Record, fields: Fields) -> Fields:
    return with_error({"trigger": "heartbeat"} | fields, otherwise="schedule")


TEMPLATES = (
    Template(
        kind="heartbeat_configured",
        role="schedule",
        disclosure=Disclosure(detail="word"),
        literals=("heartbeat: started", "heartbeat: disabled", "[heartbeat] started", "[heartbeat] disabled"),
        routine=r'"1":\{("intervalMs":\d+\},"2":"heartbeat: started)"',
        subsystems=_HERE,
        identity=("detail",),
        wordings=(
            Wording(
                "all",
                re.compile(r"(?:heartbeat:\ )?(?P<detail>started|disabled)", VERBOSE),
                keys={"duration_ms": "intervalMs"},
            ),
        ),
        samples=(
            Sample(
                "2.9",
                r'{"0":"{\"subsystem\":\"gateway/heartbeat\"}","1":{"intervalMs":1800000},"2":"heartbeat: started",'
                r'"_meta":{"logLevelName":"INFO"},"time":"2026-11-20T08:33:56.358Z"}',
                {"detail": "started", "duration_ms": 1800000},
            ),
            Sample("4.5", "2026-11-20T10:16:52.168+01:00 [heartbeat] disabled", {"detail": "disabled"}),
        ),
    ),
    Template(
        kind="heartbeat_failed",
        role="schedule",
        disclosure=Disclosure("error"),
        literals=("heartbeat failed: ", "[heartbeat] failed: ", "runOnce threw unexpectedly: "),
        subsystems=_HERE,
        refine=_failed,
        wordings=(
            Wording("all", re.compile(r"(?:heartbeat\ )?failed:\ (?P<text>.*)", VERBOSE)),
            Wording(
                "2.12+",
                re.compile(r"(?:heartbeat\ )?runner:\ runOnce\ threw\ unexpectedly:\ (?P<text>.*)", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "09:33:56 [heartbeat] failed: All models failed (1): anthropic/claude-opus-4-5: Provider anthropic is "
                "in cooldown (all profiles unavailable) (rate_limit)",
                {
                    "role": "echo",
                    "trigger": "heartbeat",
                    "provider": "anthropic",
                    "model": "claude-opus-4-5",
                    "recorded_reason": "rate_limit",
                    "text": "All models failed (1): anthropic/claude-opus-4-5: Provider anthropic is in cooldown (all "
                    "profiles unavailable) (rate_limit)",
                },
            ),
            Sample(
                "3.2",
                r'{"0":"{\"subsystem\":\"gateway/heartbeat\"}","1":"heartbeat runner: runOnce threw unexpectedly: '
                r'ENOENT: no such file","_meta":{"logLevelName":"ERROR"},"time":"2026-03-03T08:33:56.358+00:00"}',
                {"trigger": "heartbeat", "text": "ENOENT: no such file"},
            ),
        ),
    ),
    Template(
        kind="heartbeat_deferred",
        role="schedule",
        disclosure=Disclosure("own sentence"),
        literals=("flood guard tripped, deferring wake",),
        subsystems=_HERE,
        wordings=(
            Wording(
                "5.2+",
                re.compile(r"(?:heartbeat:\ )?(?P<text>flood\ guard\ tripped,\ deferring\ wake)", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "5.2",
                "2026-05-03T08:33:56.358+00:00 [heartbeat] flood guard tripped, deferring wake",
                {"text": "flood guard tripped, deferring wake"},
            ),
        ),
    ),
)
