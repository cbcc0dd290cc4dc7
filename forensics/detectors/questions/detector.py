"""A detector: one question, what it needs, and how it answers. "Could not look" is not "found nothing"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.causes import Cause
from forensics.incidents.evidence_coverage import EvidenceCoverage
from forensics.incidents.incident import Incident
from forensics.incidents.run_builder import FailedRun
from forensics.openclaw.releases import Running
from forensics.parsers.state_records import StateRecords
from forensics.tables import Activity, Credential, Event, File, Finding, Reject, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """Everything a detector may look at."""

    now: datetime  # last moment of the evidence, or --now
    running: Running
    seen: EvidenceCoverage
    files: tuple[File, ...] = ()
    events: tuple[Event, ...] = ()
    rejects: tuple[Reject, ...] = ()
    activity: tuple[Activity, ...] = ()
    attempts: tuple[AttributedFailure, ...] = ()
    records: StateRecords = field(default_factory=StateRecords)
    credentials: tuple[Credential, ...] = ()
    profiles: Profiles
    windows: tuple[Window, ...] = ()
    failed: tuple[tuple[Cause, tuple[FailedRun, ...]], ...] = ()  # what incidents were made of, whatever was asked for
    incidents: tuple[Incident, ...] = ()


class Answer(Protocol):
    """Any frozen dataclass; `provider`, `agent` or `agents` in it say whom it is about."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, and the typed answer behind it where the contract has a list for such answers.

    An answer is a frozen dataclass whose fields are the keys of its row in the contract, in their order.
    """

    finding: Finding
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Detector:
    """One question. `sees` tells whether there is anything to look at; `detect` answers from it."""

    name: str  # = file name = heading in the report = test
    question: str
    evidence: str  # what it looks at, for people
    blind: str  # what it cannot see
    section: str | None  # the contract's list its answers go to
    sees: Callable[[CaseFacts], bool]
    detect: Callable[[CaseFacts], tuple[Found, ...]]
    fires: Callable[[], CaseFacts]  # an example that fires …
    silent: Callable[[], CaseFacts]  # … and one that stays silent
    rank: int = 50  # of its list among the contract's, the lowest first
