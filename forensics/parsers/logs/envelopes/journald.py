"""journalctl's prefixes: short, short-precise, short-iso, short-iso-precise, short-full and with-unit."""

from __future__ import annotations

import re
from datetime import datetime, time

from forensics.parsers.logs.envelopes.envelope import Wrapper
from forensics.parsers.logs.envelopes.times import STAMP, ZONE, clock, instant

_PREFIX = re.compile(
    rf"""(?:
        [^\W\d]{{2,5}}\.?\ {{1,2}}\d{{1,2}}\ (?P<clock>\d\d:\d\d:\d\d)(?:\.\d{{1,6}})?
      | (?P<iso>{STAMP}(?:[.,]\d{{6}})?{ZONE})
      | [^\W\d]{{2,5}}\.?\ (?P<date>\d{{4}}-\d\d-\d\d)\ (?P<time>\d\d:\d\d:\d\d)(?:\.\d{{1,6}})?\ (?P<zone>[\w+-]+)
    )\ [\w.-]+\ [\w./@-]+(?:\[\d+\])?:\ (?P<rest>.*)""",
    re.S | re.X,
)


def peel(line: str) -> tuple[str, datetime | time | None] | None:
    """The rest of the line and when journald got it. The short forms state no year: a time of day is left."""
    parts = _PREFIX.match(line)
    if not parts:
        return None
    if parts["clock"]:
        return parts["rest"], clock(parts["clock"])
    zone = "Z" if parts["zone"] in ("UTC", "GMT") else ""
    return parts["rest"], instant(parts["iso"] or f"{parts['date']}T{parts['time']}{zone}")


_INNER = "2026-02-11T09:18:58.941Z [gateway] ready"

WRAPPER = Wrapper(
    name="journald",
    peel=peel,
    samples=(
        (f"Feb 11 09:18:58 host openclaw[123]: {_INNER}", _INNER),
        (f"Feb  1 09:18:58.941123 host node[9]: {_INNER}", _INNER),
        (f"2026-02-11T09:18:58+0000 host openclaw[123]: {_INNER}", _INNER),
        (f"2026-02-11T10:18:58.941123+01:00 host openclaw[123]: {_INNER}", _INNER),
        (f"Wed 2026-02-11 09:18:58 UTC host openclaw-gateway.service[123]: {_INNER}", _INNER),
    ),
)
