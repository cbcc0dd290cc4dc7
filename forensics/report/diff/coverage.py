"""What a case can show at all: could not look is not found nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from forensics.incidents.evidence_coverage import coverage_of
from forensics.incidents.incident import Incident

if TYPE_CHECKING:
    from forensics.case import Case

LOG, TRANSCRIPTS, AUTH_STATE = "the gateway log", "the session transcripts", "the auth state"
KINDS = (LOG, TRANSCRIPTS, AUTH_STATE)


def covered(case: Case) -> frozenset[str]:
    """Which of `KINDS` a case has."""
    seen = coverage_of(case.timeline)
    there = {LOG: seen.gateway_log, TRANSCRIPTS: seen.transcripts, AUTH_STATE: seen.auth_state}
    return frozenset(kind for kind, has in there.items() if has)


def told_by(case: Case, incident: Incident) -> frozenset[str]:
    """Which of `KINDS` an incident is known from."""
    files = sorted(case.timeline.files, key=lambda file: len(file.path), reverse=True)
    kinds = (next((f.kind for f in files if place.startswith(f.path)), "") for place in _places(incident))
    return frozenset(_kind(kind) for kind in kinds if kind)


def _places(incident: Incident) -> Iterator[str]:
    yield from (*incident.first_failure.sources, incident.first_failure.source)
    yield from (link.source for link in incident.chain if link.role in ("failure", "echo", "window"))


def _kind(kind: str) -> str:
    if kind == "log":
        return LOG
    return TRANSCRIPTS if "transcript" in kind else AUTH_STATE


def calls(case: Case, provider: str) -> int:
    """How often the provider was called and answered."""
    return sum(e.count for e in case.timeline.events if e.role == "answer" and e.provider == provider)


def unlooked(incident: Incident, known_in: Case, other: Case, name: str) -> str | None:
    """Why the other case could not have shown this incident; None where it could."""
    told, has = told_by(known_in, incident), covered(other)
    if told and not told & has:
        return f"{name} lacks {' and '.join(kind for kind in KINDS if kind in told)}, where it would stand"
    return None
