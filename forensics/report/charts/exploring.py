"""What an explorer looks at: a stretch of time, which kinds, agents and profiles of it, and what matches a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from forensics.errors import ParameterError
from forensics.places.search import compiled
from forensics.report.event_list import with_names
from forensics.tables import UTC_INSTANT
from forensics.text import visible
from forensics.timeless import EPOCH

if TYPE_CHECKING:
    from forensics.case import Case

FACETS = ("role", "agent", "profile")
MOST_MARKS = 2_000  # events drawn one by one; more are counted in bins
BINS = 240
_BORDER = datetime(EPOCH.year + 10, 1, 1, tzinfo=UTC)  # before it, days stand in for unknown ones
_LEAST = timedelta(seconds=2)
_COLUMNS = ("time", "role", "kind", "agent", "profile", "model", "http_status", "recorded_reason", "text", "place")


def events_of(case: Case) -> pl.DataFrame:
    """The events (and notes) of a case with a place and a number `n`, in order of time; facets are never null."""
    events = with_names(case).with_columns(pl.format("{}:{}", "source", "line").alias("place")).select(_COLUMNS)
    noted = [(n.time, "note", n.tag, n.text, n.about) for n in case.notes if n.time]
    notes = pl.DataFrame(
        noted,
        {"time": UTC_INSTANT, "role": pl.String, "kind": pl.String, "text": pl.String, "place": pl.String},
        orient="row",
    )
    both = pl.concat([events, notes], how="diagonal").sort("time", nulls_last=True, maintain_order=True)
    return both.with_columns(pl.col("agent", "profile").fill_null("none")).with_row_index("n")


@dataclass
class Selection:
    """What is looked at of some events (see `events_of`); `events` of it follows every change."""

    everything: pl.DataFrame = field(repr=False)
    start: datetime | None = None
    end: datetime | None = None
    hidden: dict[str, frozenset[str]] = field(default_factory=dict)
    pattern: str = ""

    def __post_init__(self) -> None:
        self.dated = self.everything.filter(pl.col("time") >= _BORDER)
        first, last = self.dated["time"].min(), self.dated["time"].max()
        self.first = first if isinstance(first, datetime) else datetime.now(UTC)
        self.last = max(last if isinstance(last, datetime) else self.first, self.first + _LEAST)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when to when, both within."""
        return self.start or self.first, self.end or self.last

    @property
    def events(self) -> pl.DataFrame:
        """What is selected, in order of time. Those without a known day are in it while no time is chosen."""
        frame = self.matching
        return frame if self.start is None and self.end is None else frame.filter(pl.col("time").is_between(*self.span))

    @property
    def matching(self) -> pl.DataFrame:
        """What is not hidden and matches the search, of all times."""
        frame = self.everything
        for facet, values in self.hidden.items():
            if values:
                frame = frame.filter(~pl.col(facet).is_in(sorted(values)))
        if not self.pattern:
            return frame
        asked = compiled(self.pattern)
        words = frame.select(pl.concat_str("text", "kind", "profile", "place", separator="\n", ignore_nulls=True))
        return frame.filter(pl.Series([bool(asked.search(text)) for text in words.to_series()], dtype=pl.Boolean))

    def choose(self, start: datetime | None, end: datetime | None) -> None:
        """A stretch of time; None for both: all of it."""
        if start and end and end - start < _LEAST:
            end = start + _LEAST
        self.start, self.end = start, end

    def hide(self, facet: str, values: Sequence[str]) -> None:
        """Leave out these roles, agents or profiles; an empty list shows all again."""
        if facet not in FACETS:
            raise ParameterError(f"{facet!r} cannot be hidden; there are {', '.join(FACETS)}")
        self.hidden[facet] = frozenset(values)

    def values(self, facet: str) -> list[tuple[str, int]]:
        """What a facet holds in all of the evidence, and how often: the commonest first."""
        counted = self.everything.group_by(facet).len().sort("len", facet, descending=[True, False])
        return [(str(value), int(count)) for value, count in counted.iter_rows()]


def binned(events: pl.DataFrame, start: datetime, end: datetime, lanes: str) -> pl.DataFrame:
    """Counts by bin, lane and role: `time` and `until` of the bin, `events`, and the kind that is commonest in it."""
    width = max((end - start) / BINS, timedelta(milliseconds=1))
    step = int(width.total_seconds() * 1_000_000)
    offset = (pl.col("time") - pl.lit(start).cast(UTC_INSTANT)).dt.total_microseconds()
    keys = list(dict.fromkeys([lanes, "role"]))
    counted = (
        events.with_columns((offset // step).alias("bin"))
        .group_by("bin", *keys)
        .agg(pl.len().alias("events"), pl.col("kind").mode().sort().first().alias("mostly"))
    )
    begins = pl.lit(start).cast(UTC_INSTANT) + pl.duration(microseconds=pl.col("bin") * step)
    return counted.with_columns(begins.alias("time"), (begins + pl.duration(microseconds=step)).alias("until")).sort(
        "time", *keys
    )


def shown_text(text: object, most: int) -> str:
    """One line of evidence for a tooltip or a cell."""
    line = visible(str(text or "").strip())
    return line if len(line) <= most else line[: most - 1] + "…"
