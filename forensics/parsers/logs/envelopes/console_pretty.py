"""The console in style `pretty`: the time of day only (facts 1.6)."""

from __future__ import annotations

import re
from datetime import time, timedelta, timezone

from forensics.parsers.logs.envelopes.envelope import Envelope, Record, Sample
from forensics.parsers.logs.envelopes.subsystems import LEVEL, split_tag
from forensics.parsers.logs.envelopes.times import CLOCK, clock

NAME = "console-pretty"
_TIMED = re.compile(rf"(?P<clock>{CLOCK}) (?!{LEVEL} )(?P<rest>.*)", re.S)


def read(line: str) -> Record | None:
    """`HH:MM:SS[+HH:MM] [sub] text` or `HH:MM:SS text`."""
    timed = _TIMED.match(line)
    time_of_day = clock(timed["clock"]) if timed else None
    if not timed or time_of_day is None:
        return None
    name, text = split_tag(timed["rest"])
    return Record(NAME, text, clock=time_of_day, subsystem=name)


SHAPE = Envelope(
    name=NAME,
    rank=6,
    read=read,
    samples=(
        Sample(  # 1.29-2.9: UTC; 2.12-3.13 and 4.12+: local. The line does not say which
            '09:18:58 [diagnostic] lane task error: lane=main durationMs=122 error="FailoverError: no scope"',
            {
                "text": 'lane task error: lane=main durationMs=122 error="FailoverError: no scope"',
                "time": None,
                "clock": time(9, 18, 58),
                "level": None,
                "subsystem": "diagnostic",
            },
        ),
        Sample(  # 3.24-4.9
            "10:18:58+01:00 [model-fallback] model fallback decision: decision=candidate_failed",
            {"clock": time(10, 18, 58, tzinfo=timezone(timedelta(hours=1))), "subsystem": "model-fallback"},
        ),
        Sample("09:34:28 The workspace is nearly empty.", {"text": "The workspace is nearly empty.", "subsystem": ""}),
        Sample(
            "09:07:23 [tools] read failed: ENOENT",
            {"text": "[tools] read failed: ENOENT", "subsystem": ""},
        ),
        Sample("24:05:00 [gateway] ready", {"text": "ready", "clock": time(0, 5)}),
    ),
)
