"""The gateway starts again and again."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.detectors.restart_storms import restart_storms
from forensics.text import counted, duration, moment
from forensics.watch.condition import Condition, Inquiry, Trouble


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    for storm in restart_storms(inquiry.case.timeline.events):
        if storm.end >= inquiry.now - inquiry.hours("quiet_after_hours"):
            rhythm = f", every {duration(storm.every.total_seconds())}" if storm.every else ""
            yield Trouble(
                condition="restart_storm",
                urgency="now",
                subject="gateway",
                sentence=f"{counted(storm.count, 'start')} of the gateway since {moment(storm.start)}{rhythm}, "
                f"the last {moment(storm.end)}.",
                advice="Look for two supervisors of one gateway, or for what ends it right after its start.",
                since=storm.start,
                evidence=storm.places[:2],
            )


CONDITION = Condition(
    name="restart_storm",
    question="Does the gateway start again and again?",
    speaks="Many starts in a short time, the last younger than quiet_after_hours.",
    silent="A restart now and then.",
    settings={"quiet_after_hours": 1},
    find=_find,
)
