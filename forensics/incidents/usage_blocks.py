"""Failures that opened a block by a usage endpoint instead of a cooldown (5.12+; facts 5.2).

Its end stands in the store only. The event of such a failure names a cooldown without an end: there is none beside it.
"""

from __future__ import annotations

from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.window_inputs import WRITTEN, WindowInputs
from forensics.openclaw import releases
from forensics.tables import Event


def opened_block(attempt: AttributedFailure, history: WindowInputs) -> bool:
    return stored_block(attempt, history) or logged_block(attempt, history) is not None


def stored_block(attempt: AttributedFailure, history: WindowInputs) -> bool:
    """Whether a store holds the block that this failure opened."""
    rows = (s for s in history.profiles.stats_of(attempt.profile or "") if s.blocked_until and s.last_failure)
    return any(row.last_failure and abs(row.last_failure - attempt.failure.time) <= WRITTEN for row in rows)


def logged_block(attempt: AttributedFailure, history: WindowInputs) -> Event | None:
    """The structured event of a block; a console prints no end of any window, so it tells nothing."""
    if not releases.logs_blocks_without_end(history.running.at(attempt.failure.time)):
        return None
    structured = (e for e in attempt.failure.events if e.role == "window" and e.failure_counts)
    return next((e for e in structured if e.window_kind and not e.window_until), None)
