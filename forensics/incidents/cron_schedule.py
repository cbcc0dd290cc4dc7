"""When jobs were due, by which a run that names no trigger can be told from somebody's message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from forensics.parsers.stores.reading.cron_job import CronJob

_LATE = timedelta(seconds=10)  # a timer is late by this at most …
_EARLY = timedelta(seconds=1)  # where a line tells whole seconds, a run seems to begin before it was due
_PART = 20  # … and by this fraction of the interval: chance would meet a wider gate too often
_LEAST = 3  # runs that keep one schedule; fewer may be chance
_BACKOFF = tuple(timedelta(seconds=s) for s in (30, 60, 300, 900, 3600))  # after the end of 1, 2, … failed runs
_EVERY_MS = range(1_000, 366 * 86_400_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One run: when it began and when it ended."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class _Interval:
    anchor: datetime
    every: timedelta

    def is_due(self, time: datetime) -> bool:
        since = time + _EARLY - self.anchor
        return since >= timedelta(0) and since % self.every <= min(_LATE, self.every / _PART) + _EARLY


@dataclass(frozen=True, slots=True)
class _Expression:
    expression: str
    zone: ZoneInfo | None  # None: that of the machine, which nothing tells

    def is_due(self, time: datetime) -> bool:
        """Within the gate after a moment of the expression; a time of day without its zone fits nothing."""
        fires = self._from(time - _LATE)
        due, following = next(fires, None), next(fires, None)
        if due is None or due > time + _EARLY:
            return False
        return time - due <= min(_LATE, (following - due) / _PART if following else _LATE)

    def _from(self, time: datetime) -> Iterator[datetime]:
        if self.zone is None and not _is_of_any_zone(self.expression):
            return iter(())
        try:
            return (fire.astimezone(UTC) for fire in CronSim(self.expression, time.astimezone(self.zone or UTC)))
        except CronSimError:
            return iter(())


Schedules = Mapping[str, _Interval | _Expression]


def schedules_of(jobs: Iterable[CronJob]) -> Schedules:
    """Job id -> its schedule, of those that come again and again."""
    return {job.entity: schedule for job in jobs if (schedule := _schedule(job))}


def jobs_by_schedule(runs: Sequence[Span], schedules: Schedules) -> dict[int, str]:
    """Place of a run among `runs` -> the job in whose schedule it comes; a job with fewer than three has none."""
    due = {n: job for n, run in enumerate(runs) if (job := _due_at(run.start, schedules))}
    for n, run in enumerate(runs[1:], 1):
        if n not in due and n - 1 in due and _comes_after_backoff(runs[n - 1], run):
            due[n] = due[n - 1]
    counts = Counter(due.values())
    return {n: job for n, job in due.items() if counts[job] >= _LEAST}


def _due_at(time: datetime, schedules: Schedules) -> str | None:
    return next((job for job, schedule in schedules.items() if schedule.is_due(time)), None)


def _comes_after_backoff(before: Span, run: Span) -> bool:
    """A job that failed waits before it is tried again, however often its schedule asks."""
    waited = run.start - before.end
    return any(timedelta(0) <= waited - backoff <= min(_LATE, backoff / _PART) for backoff in _BACKOFF)


def _schedule(job: CronJob) -> _Interval | _Expression | None:
    if job.every_ms and job.every_ms in _EVERY_MS and (anchor := job.anchor or job.created):
        return _Interval(anchor, timedelta(milliseconds=job.every_ms))
    return _Expression(job.expression, _zone(job.zone)) if job.expression else None


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError):  # not found is one of the latter
        return None


def _is_of_any_zone(expression: str) -> bool:
    """Whether its minutes and seconds alone say when; zones of half an hour are left out of account."""
    return all(field in ("*", "?") for field in expression.split()[-4:])
