"""The routine lines of a store that are needed become events, the others are only counted."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from forensics.parsers.routine import counts, places, thinned
from forensics.parsers.stores.store import Contents


def with_routine(contents: Contents, kept: pl.DataFrame) -> Contents:
    """The contents with what is read at the kept places, in the order of the file."""
    if contents.routine is None or contents.routine.whole is None:
        return contents
    whole = contents.routine.whole(places(kept))
    several = counts(kept)
    events = (replace(e, count=several[e.line]) if e.line in several else e for e in whole.events)
    return replace(
        contents,
        state=(*contents.state, *whole.state),
        events=tuple(sorted((*contents.events, *events), key=lambda event: event.line)),
        rejects=(*contents.rejects, *whole.rejects),
        event_lines=contents.event_lines - kept.height + whole.event_lines,
        other=contents.other + kept.height - whole.event_lines - sum(reject.lines for reject in whole.rejects),
        secrets=contents.secrets | whole.secrets,
        activity=tuple(thinned(contents.routine.records, kept).select("minute", "lines").iter_rows()),
        routine=None,
    )
