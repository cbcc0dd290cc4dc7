"""What else was found: the consequence first, then the whole of it, the gravest on top."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.report.terminal.layout import Line, section, wrapped

if TYPE_CHECKING:
    from forensics.case import Case
    from forensics.tables import Finding

_MOST = 4
_SEVERITIES = ("high", "medium", "low", "info")
_CONSEQUENCES = {  # detector -> what it means for the reader
    "credential_desync": "Two programs share one login",
    "lost_results": "A result did not arrive",
    "restart_storms": "The gateway keeps restarting",
    "retry_loops": "Calls that could only fail",
    "stale_blocks": "Kept out of use, perhaps for nothing",
    "stale_overrides": "A session stays on its second choice",
    "usage_endpoint": "Only the display of the usage failed",
}


def findings(case: Case, columns: int, all_of_them: str) -> Iterator[Line]:
    """The gravest in whole words; `all_of_them` is the command that shows the rest."""
    ordered = sorted(case.answers.findings, key=lambda finding: _SEVERITIES.index(finding.severity))
    lines = [line for finding in ordered[:_MOST] for line in _item(finding, columns)]
    if more := len(ordered) - len(ordered[:_MOST]):
        lines += [Line(f"  … and {more} more:"), Line(f"    {all_of_them}", "bold")]
    yield from section("Also found", lines)


def _item(finding: Finding, columns: int) -> Iterator[Line]:
    """A false alarm and a mere remark have no consequence."""
    grave = finding.severity in ("high", "medium")
    consequence = _CONSEQUENCES.get(finding.detector) if grave else None
    words = f"{consequence}. {finding.summary}" if consequence else finding.summary
    yield from wrapped(words, columns, indent="  - ", hang="    ")
