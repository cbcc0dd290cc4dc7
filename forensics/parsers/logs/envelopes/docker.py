"""What docker puts before a line: `docker compose logs` names, `docker logs -t` times (also kubectl and CRI files)."""

from __future__ import annotations

import re
from datetime import datetime

from forensics.parsers.logs.envelopes.envelope import Wrapper
from forensics.parsers.logs.envelopes.times import STAMP, ZONE, instant

_NAMED = re.compile(r"[A-Za-z0-9][\w.-]{0,200} *\| (?P<rest>.*)", re.S)
# nanoseconds, some tools drop trailing zeros; OpenClaw's own times have exactly three digits
_TIMED = re.compile(rf"(?P<time>{STAMP}\.\d{{4,9}}{ZONE}) (?:std(?:out|err) [FP] )?(?P<rest>.*)", re.S)


def peel_name(line: str) -> tuple[str, None] | None:
    """`openclaw-gateway-1  | rest`."""
    parts = _NAMED.match(line)
    return (parts["rest"], None) if parts else None


def peel_time(line: str) -> tuple[str, datetime | None] | None:
    """`2026-11-20T09:18:58.941123456Z rest`."""
    parts = _TIMED.match(line)
    return (parts["rest"], instant(parts["time"])) if parts else None


_INNER = "2026-02-11T09:18:58.941Z [gateway] ready"

WRAPPERS = (
    Wrapper(
        name="compose",
        peel=peel_name,
        samples=(
            (f"openclaw-gateway-1  | {_INNER}", _INNER),
            (f"gateway | 2026-02-11T09:18:58.941123456Z {_INNER}", f"2026-02-11T09:18:58.941123456Z {_INNER}"),
        ),
    ),
    Wrapper(
        name="docker-time",
        peel=peel_time,
        samples=(
            (f"2026-02-11T09:18:58.941123456Z {_INNER}", _INNER),
            (f"2026-02-11T10:18:58.9411+01:00 stdout F {_INNER}", _INNER),
        ),
    ),
)
