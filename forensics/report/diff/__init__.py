"""Two cases side by side, before and after a fix or of two hosts: what went, what came, what stayed and changed.

`compare` gives the values, `words.page` says them, `contract` is the same for other programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from forensics.errors import EvidenceError
from forensics.incidents.incident import Incident
from forensics.report.diff.changes import Change, changes
from forensics.report.diff.coverage import KINDS, calls, covered, unlooked
from forensics.report.diff.findings import FindingChange, finding_changes
from forensics.report.diff.pairing import Pair, pair_up
from forensics.triage import stamp

if TYPE_CHECKING:
    from forensics.case import Case

SCHEMA = "openclaw-forensics/diff/1"
GONE, NEW, STAYED = ("went", "not looked"), ("came",), ("same", "again")


@dataclass(frozen=True, slots=True)
class Compared:
    """One incident in both cases, or in one. `relation`: same, again, went, came, or "not looked": B could not."""

    relation: str
    a: Incident | None
    b: Incident | None
    changes: tuple[Change, ...] = ()
    note: str | None = None  # what the relation rests on

    @property
    def incident(self) -> Incident:
        """The one that tells more: B's, unless only A saw the failure itself."""
        there = [incident for incident in (self.b, self.a) if incident]
        return max(there, key=lambda incident: bool(incident.first_failure.text))

    @property
    def worse(self) -> bool:
        """True where B is worse off with it."""
        return self.relation in NEW or any(change.worse for change in self.changes)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that two cases have in common or not."""

    a: Case = field(repr=False)
    b: Case = field(repr=False)
    incidents: tuple[Compared, ...]
    findings: tuple[FindingChange, ...]
    same_files: int  # files of B that A has too, by their hash

    @property
    def worse(self) -> bool:
        """True where something came or got worse."""
        return any(pair.worse for pair in self.incidents) or any(finding.worse for finding in self.findings)


def compare(a: Case, b: Case) -> Comparison:
    """Incidents and findings of two cases. EvidenceError where one of them could not show any incident."""
    for name, case in (("A", a), ("B", b)):
        if not covered(case):
            raise EvidenceError(f"{name} ({case.name}) lacks {', '.join(KINDS)}: nothing in it could show an incident")
    hashes = {file.sha256 for file in a.timeline.files if file.sha256}
    return Comparison(
        a,
        b,
        tuple(_compared(pair, a, b) for pair in pair_up(a.incidents, b.incidents)),
        finding_changes(a, b),
        sum(file.sha256 in hashes for file in b.timeline.files),
    )


def _compared(pair: Pair, a: Case, b: Case) -> Compared:
    if pair.a and pair.b:
        in_a, in_b = covered(a), covered(b)
        changed = changes(pair.a, pair.b, a_sees_all=in_a >= in_b, b_sees_all=in_b >= in_a)
        return Compared(pair.relation, pair.a, pair.b, changed, _beyond(in_a, in_b))
    if pair.a:
        why = unlooked(pair.a, a, b, "B")
        return Compared("not looked" if why else "went", pair.a, None, note=why or _tested(pair.a, b))
    return Compared("came", None, pair.b, note=unlooked(pair.b, b, a, "A") if pair.b else None)


def _beyond(in_a: frozenset[str], in_b: frozenset[str]) -> str | None:
    """Why not every difference is one of the incident itself."""
    less = [(name, there - here) for name, here, there in (("A", in_a, in_b), ("B", in_b, in_a)) if there - here]
    lacks = " and ".join(f"{name} lacks {' and '.join(k for k in KINDS if k in kinds)}" for name, kinds in less)
    return f"{lacks}, so it shows less than there was" if lacks else None


def _tested(incident: Incident, b: Case) -> str:
    """Whether its absence means anything: only a provider that is called can fail."""
    answered = calls(b, incident.provider)
    if answered:
        return f"in B, {incident.provider} answered {answered}× and failed in no such way"
    return f"B holds no answer of {incident.provider}, so it was not put to the test"


def contract(comparison: Comparison, answer: str) -> dict[str, object]:
    """The comparison as JSON values; `answer` is its first sentence."""
    return {
        "schema": SCHEMA,
        "answer": answer,
        "worse": comparison.worse,
        "a": _side(comparison.a),
        "b": _side(comparison.b),
        "same_files": comparison.same_files,
        "incidents": [_pair(pair) for pair in comparison.incidents],
        "findings": [_finding(finding) for finding in comparison.findings],
    }


def _side(case: Case) -> Mapping[str, object]:
    has = covered(case)
    return {
        "name": case.name,
        "releases": list(case.releases),
        "first_time": stamp(case.timeline.first_time),
        "last_time": stamp(case.timeline.last_time),
        "files": len(case.timeline.files),
        "incidents": len(case.incidents),
        "has": [_token(kind) for kind in KINDS if kind in has],
        "lacks": [_token(kind) for kind in KINDS if kind not in has],
    }


def _token(words: str) -> str:
    return words.removeprefix("the ").replace(" ", "_")


def _pair(pair: Compared) -> Mapping[str, object]:
    return {
        "relation": _token(pair.relation),
        "provider": pair.incident.provider,
        "true_reason": pair.incident.true_reason,
        "worse": pair.worse,
        "note": pair.note,
        "a": _stretch(pair.a),
        "b": _stretch(pair.b),
        "changes": [{"what": c.what, "unit": c.unit, "a": c.a, "b": c.b, "worse": c.worse} for c in pair.changes],
    }


def _stretch(incident: Incident | None) -> Mapping[str, object] | None:
    return {"id": incident.id, "start": stamp(incident.start), "end": stamp(incident.end)} if incident else None


def _finding(found: FindingChange) -> Mapping[str, object]:
    return {
        "detector": found.detector,
        "verdict": found.verdict,
        "severity": found.severity,
        "a": found.a,
        "b": found.b,
        "worse": found.worse,
        "summary": found.summary,
    }
