"""Cron as a witness: what a job's run log, or the job itself, tells of a failed run that nothing else shows.

After a day the gateway log is gone, and these are often all that is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from forensics.incidents.event_index import EventIndex
from forensics.instants import lasting
from forensics.openclaw import reasons
from forensics.parsers.logs.templates.error_texts import error_fields
from forensics.parsers.stores.reading.cron_job import CronJob
from forensics.tables import Event

_SETTLED = timedelta(seconds=5)  # nothing of a run comes later than this after its end
_TELLING = ("failure", "echo", "decision")


def with_cron_witnesses(events: Sequence[Event], jobs: Iterable[CronJob]) -> tuple[Event, ...]:
    """The events, in order of time; failed cron runs that no other record shows are failures, or echoes, themselves."""
    told = EventIndex(e for e in events if e.role in _TELLING)
    logged = tuple(_as_witness(e, told) if e.kind == "cron_run" and e.role == "schedule" else e for e in events)
    runs = EventIndex(e for e in logged if e.kind == "cron_run")
    last = [e for e in map(_last_run, jobs) if e and not _is_known(e, runs)]
    witnesses = [e for run in last if (e := _as_witness(run, told)).role in _TELLING]
    return tuple(sorted((*logged, *witnesses), key=_order)) if witnesses else logged


def _order(event: Event) -> tuple[bool, datetime | None, str, int]:
    return event.time is not None, event.time, event.source, event.line


def _as_witness(run: Event, told: EventIndex) -> Event:
    """A failed run as what its error says it is; as it was, where another record shows it or it failed otherwise."""
    if not run.text or run.decision in ("ok", "skipped"):
        return run
    fields = error_fields(run.text, "noise")
    if fields.get("role") == "noise" and _is_of_provider(run):
        fields["role"] = "failure"
    if fields.get("role") not in _TELLING or _is_shown(run, told):
        return run
    kept = {column: getattr(run, column) for column in ("provider", "model", "recorded_reason", "text")}
    named = {column: value for column, value in kept.items() if value and column not in fields}
    return replace(run, **{"level": "error"} | named | fields)


def _is_of_provider(run: Event) -> bool:
    """Words that no pattern of OpenClaw's own fits, but a provider's."""
    reason = reasons.classify(run.text, provider=run.provider, http_status=run.http_status).reason
    return reason.true_reason not in ("unknown", "local")


def _is_shown(run: Event, told: EventIndex) -> bool:
    if run.time is None:
        return False
    start = run.started or run.time
    return any(e.agent in (None, run.agent) or run.agent is None for e in told.between(start, run.time + _SETTLED))


def _is_known(run: Event, runs: EventIndex) -> bool:
    assert run.time  # noqa: S101 - made with one below; tells mypy
    near = runs.between(run.started or run.time, run.time + _SETTLED)
    return any(e.detail == run.detail for e in near)


def _last_run(job: CronJob) -> Event | None:
    """The last run of a job, where it ended in an error, as the job itself tells of it."""
    if job.last_run is None or job.last_status != "error" or not job.last_error:
        return None
    lasted = job.last_duration_ms or 0
    place = job.sources["state.lastError"]
    return Event(
        kind="cron_run", role="schedule", source=place, line=0, sources=(place,), detail=job.entity,
        time=job.last_run + lasting(lasted), started=job.last_run, duration_ms=lasted, agent=job.agent,
        trigger="cron", decision="error", text=job.last_error, recorded_reason=job.last_error_reason,
    )  # fmt: skip
