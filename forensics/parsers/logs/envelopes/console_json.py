"""The console in style `json`: one object per subsystem line; root lines come in compact style (facts 1.6)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from forensics.parsers.logs.envelopes.arguments import decode
from forensics.parsers.logs.envelopes.envelope import Envelope, Record, Sample
from forensics.parsers.logs.envelopes.subsystems import LEVEL
from forensics.parsers.logs.envelopes.times import instant
from forensics.parsers.logs.envelopes.tslog import is_size_cap

NAME = "console-json"
_LEVEL = re.compile(LEVEL)
_OWN = frozenset({"time", "level", "subsystem", "message"})


def read(line: str) -> Record | None:
    """`{"time","level","subsystem","message", …metadata}` in any order."""
    if '"level"' not in line or '"message"' not in line or '"_meta"' in line:
        return None
    printed = decode(line) or {}
    level, name, text = printed.get("level"), printed.get("subsystem"), printed.get("message")
    if not (isinstance(level, str) and _LEVEL.fullmatch(level) and isinstance(name, str) and isinstance(text, str)):
        return None
    if is_size_cap(text) or "time" not in printed or printed.get("type") == "log":
        return None
    meta = {key: value for key, value in printed.items() if key not in _OWN}
    return Record(NAME, text, time=instant(printed["time"]), level=level, subsystem=name, meta=meta)


SHAPE = Envelope(
    name=NAME,
    rank=4,
    read=read,
    samples=(
        Sample(  # all releases: the full subsystem name
            '{"time":"2026-02-11T08:43:56.678Z","level":"info","subsystem":"gateway/heartbeat","message":'
            '"heartbeat: disabled","enabled":false}',
            {
                "text": "heartbeat: disabled",
                "time": datetime(2026, 2, 11, 8, 43, 56, 678000, UTC),
                "level": "info",
                "subsystem": "gateway/heartbeat",
                "meta": {"enabled": False},
            },
        ),
        Sample(  # 3.11+: events with all their keys
            '{"time":"2026-07-01T11:03:36.257+01:00","level":"warn","subsystem":"agent/embedded","message":'
            '"embedded run agent end","event":"embedded_run_agent_end","isError":true,"error":"slow down"}',
            {
                "text": "embedded run agent end",
                "time": datetime(2026, 7, 1, 10, 3, 36, 257000, UTC),
                "meta": {"event": "embedded_run_agent_end", "isError": True, "error": "slow down"},
            },
        ),
        Sample(  # 9.x: metadata first
            '{"elapsedMs":1075,"time":"2026-09-20T10:02:24.229+00:00","level":"warn","subsystem":"session-sqlite",'
            '"message":"slow SQLite session write"}',
            {"text": "slow SQLite session write", "level": "warn", "meta": {"elapsedMs": 1075}},
        ),
    ),
)
