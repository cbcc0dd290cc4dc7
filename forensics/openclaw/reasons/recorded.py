"""What a release would have filed an answer under, and how that changed: the counterfactual.

From the rows' own facts (4.3), else the status table (4.2), else the single words that a release takes anywhere
in a text (4.5), in that order of trust.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.openclaw.reasons.classifier import classify
from forensics.openclaw.reasons.reason import Classification
from forensics.openclaw.releases import BY_STATUS, BY_WORD, Filed, Release, at, holds


@dataclass(frozen=True, slots=True)
class Recorded:
    """`reason` None: the classifier said nothing, and the failure became unknown or was not failed over.

    `rule` names the row, status or word that decided; empty where no fact is known. `with_status` is what the
    same answer gives where an error object with a status carried it (prompt stage, CLI backends).
    """

    reason: str | None
    rule: str
    with_status: str | None


def recorded(
    release: Release,
    status: int | None,
    error_type: str | None,
    text: str,
    provider: str | None,
) -> Recorded:
    """What this release's classifier makes of that answer."""
    verdict = classify(text, provider=provider, http_status=status, error_type=error_type)
    known = [(filed, rule) for filed, rule in _facts(verdict, text) if holds(filed, release)]
    if not known:
        return Recorded(None, "", None)
    filed, rule = known[0]
    reason = at(filed, release)
    with_status = verdict.reason.recorded_with_status
    return Recorded(reason, rule, at(with_status, release) if holds(with_status, release) else reason)


def counterfactual(
    status: int | None, error_type: str | None, text: str, provider: str | None
) -> tuple[tuple[str, str | None], ...]:
    """The same answer through the releases: `(("1.29-2.26", "auth"), ("3.2-4.2", "auth_permanent"), …)`."""
    verdict = classify(text, provider=provider, http_status=status, error_type=error_type)
    return next((filed for filed, _ in _facts(verdict, text)), ())


def _facts(verdict: Classification, text: str) -> Iterator[tuple[Filed, str]]:
    found = verdict.reason
    if found.recorded:
        yield found.recorded, f"{found.id}, facts {found.fact}"
    if found.recorded_with_status and verdict.http_status:
        yield found.recorded_with_status, f"{found.id} with status {verdict.http_status}, facts {found.fact}"
    if verdict.http_status in BY_STATUS:
        yield BY_STATUS[verdict.http_status], f"status {verdict.http_status}, facts 4.2"
    for rule, pattern, filed in BY_WORD if found.said_by == "provider" else ():  # its own sentence is no answer
        if pattern.search(text):
            yield filed, rule
