"""What the detectors answered on logins and lost results, typed again: the rows of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from forensics.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class DesyncRow:
    """One window in which agents held a login that was dead, or would be at its next renewal."""

    provider: str
    kind: str  # stale_copy, refresh_race, expired_external, overwritten
    agents: tuple[str, ...]
    profiles: tuple[str, ...]
    start: datetime
    start_basis: str
    start_not_before: datetime | None
    start_not_after: datetime | None
    start_source: str | None
    first_failure: datetime | None
    refusals: int
    end: datetime | None
    end_basis: str | None
    end_not_before: datetime | None
    end_not_after: datetime | None
    end_source: str | None
    renewed_by: str | None
    confidence: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LostRow:
    """One result that was computed and never delivered."""

    run_id: str
    child_session: str | None
    requester: str | None
    ended_at: datetime | None
    result_in: str | None
    retries: int
    error: str | None
    given_up_at: datetime | None
    evidence: tuple[str, ...]


def desync_rows(case: Case) -> tuple[DesyncRow, ...]:
    """The windows in order of start."""
    return msgspec.convert(case.answers.sections.get("desync", ()), tuple[DesyncRow, ...])


def lost_rows(case: Case) -> tuple[LostRow, ...]:
    """The lost results in order of the runs' first sign."""
    return msgspec.convert(case.answers.sections.get("lost_results", ()), tuple[LostRow, ...])
