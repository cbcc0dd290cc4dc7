"""Somebody cannot work, and nothing shows that it is over."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.incidents.incident import Incident, next_chance
from forensics.text import moment
from forensics.watch.condition import Condition, Inquiry, Trouble


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    for incident in inquiry.case.incidents:
        if incident.end is None and _is_recent(incident, inquiry):
            yield Trouble(
                condition="open_incident",
                urgency="now",
                subject=f"{incident.provider}/{incident.true_reason}/{','.join(incident.agents)}",
                sentence=f"{incident.sentence} {_waiting(incident)}",
                advice=incident.remedy[0] if incident.remedy else "Read the whole answer with forensics triage.",
                since=incident.start,
                due=next_chance(incident),
                evidence=(incident.first_failure.source,),
            )


def _is_recent(incident: Incident, inquiry: Inquiry) -> bool:
    """A sign of it, or a window that still lasts, is younger than the limit."""
    last = max((link.time for link in incident.chain if link.time), default=incident.start)
    ends = max((window.end for window in incident.windows if window.end), default=None)
    signs = [time for time in (last, ends) if time is not None]
    return not signs or max(signs) >= inquiry.now - inquiry.hours("quiet_after_hours")


def _waiting(incident: Incident) -> str:
    if incident.waiting_helps is None:
        return "Whether waiting helps is not known."
    if not incident.waiting_helps:
        return "Waiting does not help."
    chance = next_chance(incident)
    return f"Waiting helps; next chance {moment(chance)}." if chance else "Waiting helps; nobody says until when."


CONDITION = Condition(
    name="open_incident",
    question="Who cannot work, since when, and does waiting help?",
    speaks="A provider refused, nothing shows that it is over, and a sign of it or a window is younger than "
    "quiet_after_hours.",
    silent="The provider answered again, or nothing was heard of it for longer than that.",
    settings={"quiet_after_hours": 72},
    find=_find,
)
