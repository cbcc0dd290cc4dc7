"""`<sessionId>.trajectory.jsonl` (4.24-7.1): how each run began and ended, and which timer fired (facts 8.4).

What an event gives stands in `reading.trajectory`.
"""

from __future__ import annotations

from forensics.stores.reading.lines import line_reader
from forensics.stores.reading.recognise import Outline, claimed
from forensics.stores.reading.trajectory import trajectory
from forensics.stores.store import Store


def _looks(outline: Outline) -> bool:
    return outline.has("traceSchema") and outline.has("runId")


STORE = Store(
    name="trajectories",
    releases="4.24-7.1",
    claims=claimed(_looks, r"[^/\\]+\.trajectory\.jsonl(?:\.[^/\\]+)?"),
    read=line_reader("trajectories", trajectory, shown=0),
    line_oriented=True,
    samples=(),
)
