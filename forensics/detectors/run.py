"""Runs every detector and keeps what came of it: findings, typed answers, and one check per detector."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from forensics.detectors.questions import DETECTORS, CaseFacts, Detector
from forensics.detectors.questions.detector import Answer
from forensics.tables import Check, Finding

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Findings:
    """All answers of a case; `sections`: the contract's lists, in their order."""

    findings: tuple[Finding, ...]
    sections: Mapping[str, tuple[Answer, ...]]
    checks: tuple[Check, ...]

    def of(self, kind: type[A]) -> tuple[A, ...]:
        """The answers of one type, such as `StaleBlock`."""
        return tuple(answer for answers in self.sections.values() for answer in answers if isinstance(answer, kind))


def run_detectors(
    facts: CaseFacts,
    asked: Callable[[Answer | None], bool] = lambda answer: True,
    detectors: Sequence[Detector] = DETECTORS,
) -> Findings:
    """Every detector once. One without anything to look at says "no input". `asked` keeps an answer and its finding."""
    findings: list[Finding] = []
    answers: dict[str, tuple[Answer, ...]] = {}
    checks = []
    for detector in detectors:
        looked = detector.sees(facts)
        found = tuple(f for f in detector.detect(facts) if asked(f.answer)) if looked else ()
        findings += [f.finding for f in found]
        if detector.section:
            answers[detector.section] = tuple(f.answer for f in found if f.answer is not None)
        checks.append(
            Check(
                detector=detector.name,
                status="ran" if looked else "no input",
                looked_at=detector.evidence,
                findings=len(found),
            )
        )
    sections = [d.section for d in sorted(detectors, key=lambda d: (d.rank, d.name)) if d.section]
    return Findings(tuple(findings), {section: answers[section] for section in sections}, tuple(checks))
