"""Somebody cannot work, and nothing shows that it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from forensics.incidents.evidence_coverage import coverage_of
from forensics.incidents.incident import Incident, next_chance
from forensics.incidents.stored_counters import NO_COUNTERS
from forensics.remediation.plan import KEEP
from forensics.text import moment
from forensics.watch.condition import Condition, Inquiry, Trouble, Urgency


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    for incident in inquiry.case.incidents:
        urgency = _urgency(incident, inquiry)
        if urgency and incident.end is None and _is_recent(incident, inquiry):
            yield Trouble(
                condition="open_incident",
                urgency=urgency,
                subject=_subject(incident),
                sentence=incident.sentence + _chance(incident),
                advice=_advice(incident, inquiry),
                since=incident.start,
                due=next_chance(incident),
                evidence=(incident.first_failure.source,),
            )


def _subject(incident: Incident) -> str:
    """The same while further agents and profiles are drawn in: what it began with."""
    first = incident.first_failure
    return f"{incident.provider}/{incident.true_reason}/{first.profile or ','.join(incident.agents) or '-'}"


def _is_recent(incident: Incident, inquiry: Inquiry) -> bool:
    """A sign of it, or a window that still lasts, is younger than the limit."""
    last = max((link.time for link in incident.chain if link.time), default=incident.start)
    ends = max((window.end for window in incident.windows if window.end), default=None)
    signs = [time for time in (last, ends) if time is not None]
    return not signs or max(signs) >= inquiry.now - inquiry.hours("quiet_after_hours")


def _urgency(incident: Incident, inquiry: Inquiry) -> Urgency | None:
    """None while OpenClaw helps itself: it may still try again, or another profile or model answers instead.

    A login or an account that only a person can mend is told of although another stands in for it.
    """
    helps_itself = incident.waiting_helps is not False
    settled = inquiry.now - timedelta(minutes=inquiry.settings["settle_minutes"])
    if helps_itself and incident.start and incident.start > settled:
        return None
    if not _is_absorbed(incident, inquiry):
        return "now"
    return None if helps_itself or incident.owner not in ("credential", "account") else "soon"


def _is_absorbed(incident: Incident, inquiry: Inquiry) -> bool:
    """No run was lost, as far as there is a record of runs."""
    seen = coverage_of(inquiry.case.timeline)
    return (seen.gateway_log or seen.transcripts) and not (
        incident.impact.runs_failed or incident.impact.messages_unanswered or incident.counters != NO_COUNTERS
    )


def _chance(incident: Incident) -> str:
    """Beside the sentence, which tells whether waiting helps: until when."""
    chance = next_chance(incident) if incident.waiting_helps else None
    return f" Next chance {moment(chance)}." if chance else ""


def _advice(incident: Incident, inquiry: Inquiry) -> str:
    """The first step that mends something."""
    actions = inquiry.case.plans[incident.id].actions if incident.id in inquiry.case.plans else ()
    return next((step.sentence for step in actions if step != KEEP), "Read the whole answer with forensics triage.")


CONDITION = Condition(
    name="open_incident",
    question="Who cannot work, since when, and does waiting help?",
    speaks="A provider refused, nothing shows that it is over, and a sign of it or a window is younger than "
    "quiet_after_hours. Where trying again may help it waits for settle_minutes. Soon: another profile or model "
    "answers instead, but only a person can mend what failed.",
    silent="The provider answered again, another one answers instead and waiting helps, or nothing was heard of it for "
    "longer than that.",
    settings={"quiet_after_hours": 72, "settle_minutes": 2},
    find=_find,
)
