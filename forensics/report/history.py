"""The tables of notebook 6: what was so and when, and the times in which copies of a login ran apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.desync_tables import windows as out_of_sync
from forensics.report.recorded_spans import spans
from forensics.report.tables import Shown, shown
from forensics.text import between, clock

if TYPE_CHECKING:
    from forensics.case import Case


def overview(case: Case) -> Shown:
    """One row per span, as a table."""
    rows = [
        {"What": span.kind, "Whose": span.lane, "From": clock(span.start), "Until": clock(span.end),
         "Length": between(span.start, span.end), "It was": span.label}
        for span in spans(case)
    ]  # fmt: skip
    return shown("history", "What was so, and when", rows)


def apart(case: Case) -> Shown:
    """The times in which copies of one login ran apart, each edge with what it is known by."""
    return out_of_sync(case)
