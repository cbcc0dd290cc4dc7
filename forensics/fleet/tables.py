"""The tables of a fleet: one row type each, keyed by the case; `forensics.tables.frame` makes them DataFrames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case that could be looked at."""

    case: str
    content_hash: str  # of every byte of the evidence
    tool_version: str
    release: str  # OpenClaw's, newest of the case; "unknown" where nothing tells
    releases: tuple[str, ...]
    verdict: str  # of the whole case: incident, no incident, cannot tell, …
    incidents: int
    files: int
    lines: int
    rejects: int
    unknown_kinds: int
    first_time: datetime | None
    last_time: datetime | None
    seconds: float  # of work for this case: fetch, hash, read, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One incident of one case."""

    case: str
    release: str  # the one that ran when it began
    incident: str
    provider: str
    true_reason: str
    recorded_reasons: tuple[str, ...]
    agreement: str  # of the recorded reasons with the true one: agrees, misclassified, weak, undecidable
    owner: str
    http_status: int | None
    error_type: str | None
    fingerprint: str  # of the provider's words without what is filled in
    words: str
    confidence: str
    start: datetime | None
    end: datetime | None
    recovery_s: float | None  # from the first failure to the first answer
    failures: int | None
    echoes: int | None
    windows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding of one question of one case."""

    case: str
    release: str
    question: str
    severity: str
    confidence: str
    verdict: str
    summary: str
    first_time: datetime | None
    last_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRow:
    """One interval in which a profile was not used."""

    case: str
    release: str
    kind: str
    provider: str
    reason_recorded: str | None
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownRow:
    """One kind of warning or error that no template knows, in one case."""

    case: str
    release: str
    level: str
    shape: str
    records: int
    example: str  # where its first record stands


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRow:
    """One case that could not be looked at, and why."""

    case: str
    content_hash: str
    tool_version: str
    release: str  # "unknown": nothing was read
    stage: str  # fetch, read, work
    error: str


Row = CaseRow | IncidentRow | FindingRow | WindowRow | UnknownRow | ErrorRow

ROWS: dict[str, type[Row]] = {
    "cases": CaseRow,
    "incidents": IncidentRow,
    "findings": FindingRow,
    "windows": WindowRow,
    "unknown_records": UnknownRow,
    "errors": ErrorRow,
}
"""Table -> its row type: the folders of the dataset."""
