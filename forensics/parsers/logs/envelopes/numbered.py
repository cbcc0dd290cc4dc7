"""Line numbers of `nl`, `cat -n` and `less -N`."""

from __future__ import annotations

import re

from forensics.parsers.logs.envelopes.envelope import Wrapper

_PREFIX = re.compile(r"(?: {0,8}\d{1,9}\t| {1,8}\d{1,9} {1,2})(?P<rest>\S.*)", re.S)


def peel(line: str) -> tuple[str, None] | None:
    """The line without its number."""
    parts = _PREFIX.match(line)
    return (parts["rest"], None) if parts else None


_INNER = "2026-02-11T09:18:58.941Z [gateway] ready"

WRAPPER = Wrapper(
    name="numbered",
    peel=peel,
    samples=((f"   123\t{_INNER}", _INNER), (f"1\t{_INNER}", _INNER), (f"    12  {_INNER}", _INNER)),
)
