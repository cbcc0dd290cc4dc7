"""Nothing is heard although a heartbeat or a cron job is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from forensics.incidents.evidence_coverage import coverage_of
from forensics.incidents.heartbeat_schedule import interval_of
from forensics.text import duration, moment
from forensics.watch.condition import Condition, Inquiry, Trouble

_DAY = timedelta(days=1)  # however its active hours lie, within a day a heartbeat is due
_MISSED = 2  # heartbeats in a row that may be skipped because the agent is busy


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    if not coverage_of(inquiry.case.timeline).gateway_log:
        return  # without a log silence says nothing
    last = _last_sign(inquiry)
    due = _due(inquiry, last) if last else None
    if last and due and due + inquiry.hours("late_hours") < inquiry.now:
        yield Trouble(
            condition="gateway_silent",
            urgency="now",
            subject="gateway",
            sentence=f"Nothing was heard since {moment(last)} ({duration((inquiry.now - last).total_seconds())}), "
            f"although a run was due {moment(due)}.",
            advice="See whether the gateway runs: openclaw gateway status",
            since=last,
            due=due,
        )


def _last_sign(inquiry: Inquiry) -> datetime | None:
    timeline = inquiry.case.timeline
    times = [event.time for event in timeline.events if event.time] + [
        row.minute for row in timeline.activity if row.minute
    ]
    return max((time for time in times if time <= inquiry.now), default=None)


def _due(inquiry: Inquiry, last: datetime) -> datetime | None:
    """The first run that should have been after the last sign."""
    records = inquiry.case.timeline.records
    dues = [job.next_run for job in records.cron_jobs if job.enabled is not False and job.next_run]
    if (every := interval_of(records.config.heartbeat_every)) and _beats_show(inquiry, last, every):
        dues.append(last + (max(every, _DAY) if records.config.heartbeat_hours else every))
    return min((due for due in dues if due > last), default=None)


def _beats_show(inquiry: Inquiry, last: datetime, every: timedelta) -> bool:
    """Whether heartbeats left signs of late: with an empty HEARTBEAT.md they are skipped, and nothing tells of that."""
    oldest = last - _MISSED * every
    return any(
        event.trigger == "heartbeat" and event.time and oldest <= event.time <= inquiry.now
        for event in inquiry.case.timeline.events
    )


CONDITION = Condition(
    name="gateway_silent",
    question="Is the gateway silent although something was due?",
    speaks="The configured heartbeat or a cron job's next run is overdue by late_hours, and no line came since; of a "
    "heartbeat with active hours after a day.",
    silent="Nothing is due, heartbeats left no sign before either (an empty HEARTBEAT.md skips them), or there is no "
    "log that could show it.",
    settings={"late_hours": 0.5},
    find=_find,
)
