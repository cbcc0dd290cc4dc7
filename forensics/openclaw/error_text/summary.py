"""`All models failed (n): …`: the candidates of a summary, each with its own error text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SUMMARY = re.compile(r"(?:^|: )All (?:image )?models failed \((?P<n>\d+)\): (?P<list>.*)$", re.S)
_CANDIDATE = re.compile(
    r"(?:^| \| )(?P<provider>[^\s/|]+)/(?P<model>\S+?): (?P<error>.*?)(?: \((?P<reason>[a-z_]+)\))?"
    r"(?=(?: \| [^\s/|]+/\S+?: )|(?:\. Re-authenticate with: [^|]*)?$)",
    re.S,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry of `All models failed (n): …`."""

    provider: str
    model: str
    error: str
    reason: str | None


def split_summary(text: str) -> tuple[Candidate, ...]:
    """The candidates of an `All models failed (n): …` text, in order; empty where it is not one."""
    summary = _SUMMARY.search(text)
    if not summary:
        return ()
    return tuple(
        Candidate(m["provider"], m["model"], m["error"], m["reason"]) for m in _CANDIDATE.finditer(summary["list"])
    )
