"""The console in style `compact`, which journald, docker and launchd get because they are no terminal (facts 1.6)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from forensics.parsers.logs.envelopes.envelope import Envelope, Record, Sample
from forensics.parsers.logs.envelopes.subsystems import LEVEL, is_known_tag, split_tag
from forensics.parsers.logs.envelopes.times import CONSOLE_STAMP, instant

NAME = "console-compact"
_TIMED = re.compile(rf"(?P<time>{CONSOLE_STAMP}) (?!{LEVEL} )(?P<rest>.*)", re.S)


def read(line: str) -> Record | None:
    """`<ISO> [sub] text` or `<ISO> text`; commands other than the gateway print `[sub] text` without a time."""
    timed = _TIMED.match(line)
    if not timed and not is_known_tag(line):
        return None
    name, text = split_tag(timed["rest"] if timed else line)
    return Record(NAME, text, time=instant(timed["time"]) if timed else None, subsystem=name)


SHAPE = Envelope(
    name=NAME,
    rank=5,
    read=read,
    samples=(
        Sample(  # 1.29-2.9: UTC
            "2026-02-11T10:19:12.369Z [heartbeat] disabled",
            {
                "text": "disabled",
                "time": datetime(2026, 2, 11, 10, 19, 12, 369000, UTC),
                "level": None,
                "subsystem": "heartbeat",
                "meta": {},
            },
        ),
        Sample(  # 2.12+: local
            "2026-04-05T12:12:06.964+02:00 [model-fallback/decision] model fallback decision: decision=skip_candidate",
            {
                "text": "model fallback decision: decision=skip_candidate",
                "time": datetime(2026, 4, 5, 12, 12, 6, 964000, timezone(timedelta(hours=2))),
                "subsystem": "model-fallback/decision",
            },
        ),
        Sample(  # root lines, with and without a tag of their own
            "2026-02-11T10:19:12.657Z HTTP 401 authentication_error: invalid x-api-key (request_id: req_1)",
            {"text": "HTTP 401 authentication_error: invalid x-api-key (request_id: req_1)", "subsystem": ""},
        ),
        Sample(
            "2026-04-05T12:12:20.311+00:00 [warn] Subagent announce give up (retry-limit) run=r1",
            {"text": "[warn] Subagent announce give up (retry-limit) run=r1", "subsystem": ""},
        ),
        Sample(
            '2026-04-05T12:12:20.311+00:00 [openai-codex] Token refresh failed: 401 {"error":"no"}',
            {"text": '[openai-codex] Token refresh failed: 401 {"error":"no"}', "subsystem": ""},
        ),
        Sample(
            "2026-04-05T12:12:20.311+00:00 [Note] a reply of the model",
            {"text": "[Note] a reply of the model", "subsystem": ""},
        ),
        Sample(  # before the gateway turns its timestamps on, and other commands
            "[openclaw] tightened permissions on temp dir: /tmp/openclaw",
            {"text": "[openclaw] tightened permissions on temp dir: /tmp/openclaw", "time": None, "subsystem": ""},
        ),
        Sample(
            "[agent/embedded] Profile p timed out. Trying next account...",
            {"text": "Profile p timed out. Trying next account...", "subsystem": "agent/embedded"},
        ),
    ),
)
