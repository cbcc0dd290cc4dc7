"""`openclaw logs --plain`, and what the same command shows on a terminal (facts 1.7).

A record is `<time> <level> <subsystem or module> <message>`. Up to 7.x the message still begins with the binding and
holds the metadata as JSON; in 9.x it is the text alone and only the word before it names the subsystem.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

from forensics.parsers.logs.envelopes.arguments import part, unfold
from forensics.parsers.logs.envelopes.envelope import Envelope, Record, Sample
from forensics.parsers.logs.envelopes.subsystems import LEVEL, split_name
from forensics.parsers.logs.envelopes.times import CLOCK, STAMP, ZONE, clock, instant

NAME = "logs-plain"
_LINE = re.compile(
    rf"(?:(?P<time>{STAMP}(?:\.\d+)?{ZONE}?)|(?P<clock>{CLOCK})) "
    rf"(?P<level>{LEVEL}) (?P<message>.*)",
    re.S,
)
_LABELLED = re.compile(r'[\w./@-]+ (?=\{")')
_BANNER = re.compile(r"Log file: (?P<file>\S.*)")
_NOTICE = re.compile(r"Log (?:tail truncated|cursor reset) \(")


def read(line: str) -> Record | None:
    """A record, the banner (meta `file`) or a notice of the command."""
    parts = _LINE.match(line)
    if not parts:
        return _own(line)
    time_of_day = clock(parts["clock"]) if parts["clock"] else None
    if parts["clock"] and time_of_day is None:
        return None
    label = _LABELLED.match(parts["message"])
    name, text, meta = unfold(parts["message"][label.end() if label else 0 :])
    if name is None:
        name, text = split_name(parts["message"])
        text, meta = part(text) if name else (text, {})
    moment = instant(parts["time"])
    return Record(NAME, text, time=moment, clock=time_of_day, level=parts["level"], subsystem=name, meta=meta)


def _own(line: str) -> Record | None:
    if banner := _BANNER.fullmatch(line):
        return Record(NAME, line, meta={"file": banner["file"]})
    return Record(NAME, line) if _NOTICE.match(line) else None


SHAPE = Envelope(
    name=NAME,
    rank=3,
    read=read,
    samples=(
        Sample(
            "Log file: /home/u/.openclaw/logs/openclaw-2026-02-11.log",
            {"time": None, "level": None, "meta": {"file": "/home/u/.openclaw/logs/openclaw-2026-02-11.log"}},
        ),
        Sample(  # all to 7.x: binding, metadata, text
            '2026-02-11T08:33:56.358Z info gateway/heartbeat {"subsystem":"gateway/heartbeat"} '
            '{"intervalMs":1800000} heartbeat: started',
            {
                "text": "heartbeat: started",
                "time": datetime(2026, 2, 11, 8, 33, 56, 358000, UTC),
                "level": "info",
                "subsystem": "gateway/heartbeat",
                "meta": {"intervalMs": 1800000},
            },
        ),
        Sample(
            '2026-02-11T08:33:56.368Z warn cron {"module":"cron","storePath":"/home/u/jobs.json"} {"jobId":"j1"} '
            "cron: job failed: boom",
            {"text": "cron: job failed: boom", "level": "warn", "subsystem": "cron", "meta": {"jobId": "j1"}},
        ),
        Sample(  # the metadata behind the text, as in the file; what a provider said stays in the text
            '2026-05-28T10:02:24.229+00:00 warn state/db {"subsystem":"state/db"} slow write {"elapsedMs":1075}',
            {"text": "slow write", "subsystem": "state/db", "meta": {"elapsedMs": 1075}},
        ),
        Sample(
            '2026-05-28T10:02:24.229+00:00 error gateway {"subsystem":"gateway"} failed: 401 {"error":"no"}',
            {"text": 'failed: 401 {"error":"no"}', "subsystem": "gateway", "meta": {}},
        ),
        Sample(  # root lines, whose first word may be a subsystem's
            "2026-04-05T01:05:35.059-05:00 error gateway connect failed: GatewayClientRequestError: pairing required",
            {"text": "gateway connect failed: GatewayClientRequestError: pairing required", "subsystem": ""},
        ),
        Sample(
            "2026-02-11T09:34:28.681Z error Embedded agent failed before reply: All models failed (1): a/b: no",
            {"text": "Embedded agent failed before reply: All models failed (1): a/b: no", "subsystem": ""},
        ),
        Sample(
            "2026-02-11T09:07:23.255Z error [tools] read failed: ENOENT",
            {"text": "[tools] read failed: ENOENT", "level": "error", "subsystem": ""},
        ),
        Sample(  # 9.x
            "2026-09-20T10:02:16.060+00:00 info agents/agent-command [agent] run r1 ended with stopReason=stop",
            {"text": "[agent] run r1 ended with stopReason=stop", "subsystem": "agents/agent-command", "meta": {}},
        ),
        Sample(
            '2026-09-20T10:02:24.229+00:00 warn session-sqlite slow SQLite session write {"elapsedMs":1075}',
            {"text": "slow SQLite session write", "subsystem": "session-sqlite", "meta": {"elapsedMs": 1075}},
        ),
        Sample(  # on a terminal: the time of day alone
            '09:18:57 error gateway {"subsystem":"gateway"} request handler failed: Error: unknown cron job id',
            {"clock": time(9, 18, 57), "time": None, "level": "error", "subsystem": "gateway"},
        ),
        Sample("Log tail truncated (increase --max-bytes).", {"text": "Log tail truncated (increase --max-bytes)."}),
    ),
)
