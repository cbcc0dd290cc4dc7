"""grep's prefixes: `123:`, `path:123:`, `path:`, and the same with `-` for lines of context."""

from __future__ import annotations

import re

from forensics.parsers.logs.envelopes.envelope import Wrapper

# a path is believed by its ending; a time of day behind it is the line's, not a line number
_PATH = r"[^\s{\[|]{1,4096}\.(?:log|txt|out|err|jsonl?|[0-9])"
_NUMBER = r"(?!\d\d:\d\d:\d\d[ +-])\d{1,9}"
_PREFIX = re.compile(rf"(?:{_PATH}(?::{_NUMBER}:|-{_NUMBER}-|[:-])|\d{{1,9}}[:-])(?P<rest>.*)", re.S)


def peel(line: str) -> tuple[str, None] | None:
    """The line as it stands in the file."""
    parts = _PREFIX.match(line)
    return (parts["rest"], None) if parts else None


_INNER = "2026-02-11T09:18:58.941Z [gateway] ready"

WRAPPER = Wrapper(
    name="grep",
    peel=peel,
    samples=(
        (f"123:{_INNER}", _INNER),
        (f"122-{_INNER}", _INNER),
        (f"logs/openclaw-2026-02-11.log:123:{_INNER}", _INNER),
        (f"logs/openclaw-2026-02-11.1.log-122-{_INNER}", _INNER),
        (f"gateway.log:{_INNER}", _INNER),
        ("console.txt:09:18:58 [gateway] ready", "09:18:58 [gateway] ready"),
        ("console.txt:12:09:18:58 [gateway] ready", "09:18:58 [gateway] ready"),
    ),
)
