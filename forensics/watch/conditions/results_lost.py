"""Results that were computed and never reached anybody, since the last check."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.text import moment
from forensics.watch.condition import Condition, Inquiry, Trouble


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    since = min(inquiry.last_check or inquiry.now, inquiry.now - inquiry.hours("back_hours"))
    for result in inquiry.case.lost_results:
        lost = max((t for t in (result.ended_at, result.given_up_at, result.pruned_at) if t), default=None)
        if lost is None or since <= lost <= inquiry.now:
            where = f"; it can still be read in {result.result_in}" if result.result_in else ""
            when = f" ended {moment(result.ended_at)}" if result.ended_at else ""
            yield Trouble(
                condition="results_lost",
                urgency="now",
                subject=result.run_id,
                sentence=f"The result of the subagent run {result.run_id}{when} never reached its asker{where}.",
                advice="Read it there and hand it on, before the record is pruned.",
                since=lost,
                evidence=result.evidence[:2],
            )


CONDITION = Condition(
    name="results_lost",
    question="Which results were lost since the last check?",
    speaks="A subagent's result was given up or pruned undelivered, within back_hours or since an older last check.",
    silent="It was delivered, or it is older.",
    settings={"back_hours": 24},
    lasts=False,
    find=_find,
)
