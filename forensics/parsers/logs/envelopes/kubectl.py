"""`kubectl logs --prefix`: `[pod/name/container] rest`."""

from __future__ import annotations

import re

from forensics.parsers.logs.envelopes.envelope import Wrapper

_PREFIX = re.compile(r"\[pod/[\w./-]{1,500}\] (?P<rest>.*)", re.S)


def peel(line: str) -> tuple[str, None] | None:
    """The line as the container printed it."""
    parts = _PREFIX.match(line)
    return (parts["rest"], None) if parts else None


_INNER = "2026-02-11T09:18:58.941Z [gateway] ready"

WRAPPER = Wrapper(name="kubectl", peel=peel, samples=((f"[pod/openclaw-0/gateway] {_INNER}", _INNER),))
