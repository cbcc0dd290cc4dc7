"""Two copies of one login ran apart: the older one will be refused when it ends."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.detectors.desync import Desync
from forensics.text import moment
from forensics.watch.condition import Condition, Inquiry, Trouble


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    for desync in inquiry.case.desyncs:
        if desync.end is None and (desync.bites_at is not None or desync.refusals):
            yield _trouble(desync, inquiry)


def _trouble(desync: Desync, inquiry: Inquiry) -> Trouble:
    who = f"agent {', '.join(desync.agents)}" if desync.agents else "the gateway"
    where = f"; the good pair lies in {desync.newest.source}" if desync.newest else ""
    bites = desync.bites_at
    if bites is None:
        told = f"The {desync.provider} login of {who} was renewed elsewhere and is refused{where}."
    else:
        told = f"The {desync.provider} login of {who} was renewed elsewhere; the old copy ends {moment(bites)}{where}."
    urgent = bites is None or bites <= inquiry.now
    return Trouble(
        condition="armed_desync",
        urgency="now" if urgent else "soon",
        subject=f"{desync.provider}/{','.join(desync.agents)}",
        sentence=told,
        advice="Bring the good pair over before the old one ends; forensics triage says how.",
        since=desync.start,
        due=bites,
        evidence=desync.evidence[:2],
    )


CONDITION = Condition(
    name="armed_desync",
    question="Which copies of one login ran apart, and when will it bite?",
    speaks="An agent holds a copy of a login that was renewed by somebody else: soon while the copy lasts, now once it "
    "ended or was refused.",
    silent="All copies are the same pair, or each is a login of its own.",
    find=_find,
)
