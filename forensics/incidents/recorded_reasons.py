"""Filings: every place where OpenClaw filed a cause under a reason, and whether that reason is right.

Followed through: the failure itself (events, decisions, the parenthesis of a summary), the echoes it made, the
windows, `failureCounts`, `cooldownReason`/`disabledReason`, cron's `lastErrorReason` and the session's fallback notice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.causes import Cause
from forensics.incidents.failures import place
from forensics.instants import lasting
from forensics.openclaw import reasons
from forensics.openclaw.reasons import Agreement, Classification
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores.reading.cron_job import CronJob
from forensics.parsers.stores.reading.session_entry import SessionEntry

_LATE = timedelta(seconds=5)  # the state is written after the failure it counts
_WORD = re.compile(r"[a-z][a-z_]{0,40}")  # a reason of OpenClaw's; anything else is no reason


@dataclass(frozen=True, slots=True)
class RecordedReason:
    """One reason at one place of the evidence, and whether it agrees with the true one."""

    reason: str
    where: str  # failure, echo, window, failureCounts, cron, session notice
    source: str
    verdict: Agreement
    times: int = 1  # how many places of this kind hold it; `source` is the first


def recorded_reasons_of(
    cause: Cause, verdict: Classification | None, profiles: Profiles, notes: Iterable[Note], causes: Sequence[Cause]
) -> tuple[RecordedReason, ...]:
    """All filings of a cause, the first of each (reason, where) only, in the order of trust.

    `causes` are all there are: what is noted of a run that met several is about the last of them.
    """
    places = [*_at_failures(cause), *_at_windows(cause, profiles), *_counted(cause, profiles), *_at_echoes(cause)]
    places += [note.place for note in notes if _is_about(cause, causes, note)]
    times = Counter((reason, where) for reason, where, _ in places)
    first: dict[tuple[str, str], RecordedReason] = {}
    for reason, where, source in places:
        judged = reasons.compare_recorded(reason, verdict) if verdict else "undecidable"
        first.setdefault((reason, where), RecordedReason(reason, where, source, judged, times[reason, where]))
    return tuple(first.values())


_Place = tuple[str, str, str]  # reason, where, source


@dataclass(frozen=True, slots=True)
class Note:
    """A reason kept beside a job or session: of the run that lasted from `start` to `end`."""

    start: datetime
    end: datetime
    place: _Place


def _is_about(cause: Cause, causes: Iterable[Cause], note: Note) -> bool:
    """Whether the run met the cause, and no other one after it: a fallback that failed too."""
    if not _touches(cause, note):
        return False
    mine = max(_signs(cause, note), default=note.start)
    others = (other for other in causes if other is not cause and _touches(other, note))
    return not any(time > mine for other in others for time in _signs(other, note))


def _touches(cause: Cause, note: Note) -> bool:
    return note.start <= cause.until + _LATE and cause.start <= note.end


def _signs(cause: Cause, note: Note) -> Iterator[datetime]:
    times = (*(a.failure.time for a in cause.attempts), *(e.time for e in cause.echoes if e.time))
    return (time for time in times if note.start <= time <= note.end + _LATE)


def _at_failures(cause: Cause) -> Iterator[_Place]:
    for attempt in cause.attempts:
        for reason, source in attempt.failure.recorded:
            yield reason, "failure", source


def _at_windows(cause: Cause, profiles: Profiles) -> Iterator[_Place]:
    """What a window was written with, in an event or in the state; one of the arithmetic alone was written nowhere."""
    told = {place(e): e.recorded_reason for a in cause.attempts for e in a.failure.events}
    for window in cause.windows:
        reason, places = window.reason_recorded, (window.opened_by, *window.sources)
        if not reason:
            continue
        logged = [p for p in places if window.start_basis == "event" and told.get(p) == reason]
        stored = [
            stats.sources[f"{window.kind}Reason"]
            for stats in profiles.stats_of(window.profile or "")
            if stats.values.get(f"{window.kind}Reason") == reason and stats.sources.get(f"{window.kind}Until") in places
        ]
        reported = [window.opened_by] if window.start_basis == "reported" else []
        if written := [*stored, *logged, *reported]:
            yield reason, "window", written[0]


def _counted(cause: Cause, profiles: Profiles) -> Iterator[_Place]:
    """failureCounts of the profiles whose last failure belongs to this cause."""
    used = {attempt.profile for attempt in cause.attempts} | {window.profile for window in cause.windows}
    for profile in sorted(filter(None, used)):
        for stats in profiles.stats_of(profile):
            failed, counts = stats.instant("lastFailureAt"), stats.values.get("failureCounts")
            if failed and cause.start <= failed <= cause.last + _LATE and isinstance(counts, dict):
                for reason in counts:
                    yield str(reason), "failureCounts", stats.sources["failureCounts"]


def _at_echoes(cause: Cause) -> Iterator[_Place]:
    for event in cause.echoes:
        if event.recorded_reason:
            yield event.recorded_reason, "echo", place(event)


def read_notes(records: StateRecords) -> tuple[Note, ...]:
    """Reasons kept beside a cron job or session, with the time of its last run."""
    return (*_of_sessions(records.sessions), *_of_jobs(records.of(CronJob)))


def _of_jobs(jobs: Iterable[CronJob]) -> Iterator[Note]:
    for job in jobs:
        reason, place = job.last_error_reason, job.source(*CronJob.last_error_reason.keys)
        if job.last_run and place and reason and _WORD.fullmatch(reason):
            end = job.last_run + lasting(job.last_duration_ms or 0)
            yield Note(job.last_run, end, (reason, "cron", place))


def _of_sessions(entries: Iterable[SessionEntry]) -> Iterator[Note]:
    for entry in entries:
        reason, place = entry.notice_reason, entry.source(*SessionEntry.notice_reason.keys)
        if entry.updated_at and place and reason and _WORD.fullmatch(reason):
            yield Note(entry.updated_at, entry.updated_at, (reason, "session notice", place))
