"""Runs every detector and keeps what came of it: findings, contract rows, and one check per detector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from forensics.detectors.questions import DETECTORS, CaseFacts
from forensics.tables import Check, Finding


@dataclass(frozen=True, slots=True)
class Findings:
    """All answers of a case."""

    findings: tuple[Finding, ...]
    sections: Mapping[str, tuple[Mapping[str, object], ...]]
    checks: tuple[Check, ...]


def run_detectors(facts: CaseFacts, asked: Callable[[Mapping[str, object]], bool] = lambda row: True) -> Findings:
    """Every detector once. One without anything to look at says "no input". `asked` keeps a row and its finding."""
    findings: list[Finding] = []
    sections: dict[str, tuple[Mapping[str, object], ...]] = {}
    checks = []
    for detector in DETECTORS:
        looked = detector.sees(facts)
        found = tuple(f for f in detector.detect(facts) if asked(f.row)) if looked else ()
        findings += [f.finding for f in found]
        if detector.section:
            sections[detector.section] = tuple(f.row for f in found if f.row)
        checks.append(
            Check(
                detector=detector.name,
                status="ran" if looked else "no input",
                looked_at=detector.evidence,
                findings=len(found),
            )
        )
    return Findings(tuple(findings), sections, tuple(checks))
