"""What the detectors found in one case and in the other, by detector and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.tables import Finding

if TYPE_CHECKING:
    from forensics.case import Case


@dataclass(frozen=True, slots=True)
class FindingChange:
    """How often a detector came to a verdict in A and in B; None where it had nothing to look at."""

    detector: str
    verdict: str
    a: int | None
    b: int | None
    summary: str  # of the first, in B where it is there
    severity: str

    @property
    def worse(self) -> bool:
        """True where B has more of what is not mere information."""
        return (self.b or 0) > (self.a or 0) and self.severity != "info"


def finding_changes(a: Case, b: Case) -> tuple[FindingChange, ...]:
    """One row per (detector, verdict) that either case has."""
    found = (*b.answers.findings, *a.answers.findings)
    return tuple(_change(a, b, example) for example in _examples(found))


def _examples(found: Sequence[Finding]) -> Sequence[Finding]:
    first: dict[tuple[str, str], Finding] = {}
    for finding in found:
        first.setdefault((finding.detector, finding.verdict), finding)
    return [first[key] for key in sorted(first)]


def _change(a: Case, b: Case, example: Finding) -> FindingChange:
    detector, verdict = example.detector, example.verdict
    before, after = (_count(case, detector, verdict) for case in (a, b))
    return FindingChange(detector, verdict, before, after, example.summary, example.severity)


def _count(case: Case, detector: str, verdict: str) -> int | None:
    ran = any(c.detector == detector and c.status == "ran" for c in case.answers.checks)
    found = sum((f.detector, f.verdict) == (detector, verdict) for f in case.answers.findings)
    return found if ran or found else None
