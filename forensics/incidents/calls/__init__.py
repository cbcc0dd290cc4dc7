"""Calls that failed: the sightings of each, gathered from everything that was read.

A sighting is an *attempt* where it stands for exactly one call (a transcript entry, `embedded run agent end`, a
`[model-fetch]` line) and a *report* where it only tells of one (lane errors, fallback decisions, window updates,
gateway/ws errors, cron and announce errors). Attempts never swallow each other, reports attach to the attempt
they tell of; a report without one is all that is left of its call and becomes a weaker failure of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from forensics.incidents.calls.attempts import Attempts
from forensics.incidents.calls.call import SLOTS, TIMERS, WINDOW_UPDATE, RequestBuilder, is_abort
from forensics.incidents.calls.reports import Reports
from forensics.tables import Event

__all__ = ["SLOTS", "TIMERS", "RequestBuilder", "gather_calls", "is_abort"]


def gather_calls(events: Iterable[Event]) -> list[RequestBuilder]:
    """All events of a case -> its failed calls. Echoes and noise tell of none."""
    told = sorted((e for e in events if e.time and _tells_of_failure(e)), key=lambda e: (e.time, e.source, e.line))
    attempts = Attempts([e for e in told if e.kind in SLOTS])
    reports = Reports(attempts)
    for event in told:
        if event.kind not in SLOTS:
            reports.add(event)
    return reports.calls


def _tells_of_failure(event: Event) -> bool:
    if event.role == "failure":
        return True
    if event.role == "decision":
        return event.decision not in ("skip_candidate", "probe_cooldown_candidate", "candidate_succeeded", None)
    return event.role == "window" and event.kind == WINDOW_UPDATE
