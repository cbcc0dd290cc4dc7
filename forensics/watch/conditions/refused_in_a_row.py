"""Heartbeats or cron jobs that are refused again and again, with nobody there to see it."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.parsers.stores.reading.cron_job import CronJob
from forensics.text import clip, counted, moment
from forensics.watch.condition import Condition, Inquiry, Trouble


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    least, oldest = inquiry.settings["count"], inquiry.now - inquiry.hours("quiet_after_hours")
    ended = {(i.provider, i.end) for i in inquiry.case.incidents if i.end}
    for loop in inquiry.case.retry_loops:
        over = any(provider == loop.provider and end >= loop.end for provider, end in ended)
        if loop.trigger in ("cron", "heartbeat") and loop.count >= least and loop.end >= oldest and not over:
            yield Trouble(
                condition="refused_in_a_row",
                urgency="now",
                subject=f"{loop.trigger}/{loop.provider}/{','.join(loop.jobs or loop.agents)}",
                sentence=f"{counted(loop.count, f'{loop.trigger} run')} in a row failed on {loop.provider}, "
                f"the last {moment(loop.end)}.",
                advice="Mend the cause (forensics triage), or pause the job so that it stops asking.",
                since=loop.start,
                evidence=loop.evidence[:2],
            )
    looping = {job for loop in inquiry.case.retry_loops for job in loop.jobs}
    for job in inquiry.case.timeline.records.cron_jobs:
        last = job.last_run
        if job.entity in looping or _has_nobody_to_tell(job, inquiry):
            continue
        if job.enabled is not False and (job.consecutive_errors or 0) >= least and last and last >= oldest:
            yield Trouble(
                condition="refused_in_a_row",
                urgency="now",
                subject=f"job/{job.entity}",
                sentence=f"The cron job {job.name or job.entity} failed {job.consecutive_errors} times in a row, "
                f"the last {moment(last)}: {clip(job.last_error or 'no error is recorded', 160)}",
                advice="Mend the cause (forensics triage), or pause the job.",
            )


def _has_nobody_to_tell(job: CronJob, inquiry: Inquiry) -> bool:
    """A job that announces its answer where no channel is set up ends with an error each time, however well it ran."""
    config = inquiry.case.timeline.records.config
    return job.delivery_mode == "announce" and bool(config.file) and not config.channels


CONDITION = Condition(
    name="refused_in_a_row",
    question="Which heartbeats or cron jobs fail again and again?",
    speaks="`count` or more runs of one kind failed in a row, and the last is younger than quiet_after_hours.",
    silent="Fewer, or the provider answered since; or a job announces where no channel is set up.",
    settings={"count": 3, "quiet_after_hours": 24},
    find=_find,
)
