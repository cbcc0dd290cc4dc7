"""Routine records: told apart in a first pass, counted, and made whole events only where reasoning may need them.

All of them while they are few. Of many: those near anything that is no routine, the first and the last of each kind
in every stretch between two such moments, and in each file; of an answer also the prompt that it is to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import polars as pl

from forensics.tables import UTC_INSTANT

FEW = 10_000  # records: so many are made whole without a choice
_NEAR = (timedelta(hours=2), timedelta(minutes=30), timedelta(minutes=5), timedelta(minutes=1))
_MOST_NEAR = 20_000  # records: where more are that near, a shorter time is near

RECORDS = {
    "line": pl.Int64(),
    "offset": pl.Int64(),  # bytes before the line
    "time": UTC_INSTANT,
    "kind": pl.Categorical(),  # all that tells routine records of one file apart
    "level": pl.Categorical(),
    "subsystem": pl.Categorical(),
    "is_prompt": pl.Boolean(),
}
"""Columns of the routine records of one file, in the order of its lines."""

_NOTHING = pl.DataFrame(
    schema={"minute": UTC_INSTANT, "level": pl.String(), "subsystem": pl.String(), "lines": pl.UInt32()}
)
NO_RECORDS = pl.DataFrame(schema=RECORDS)

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Routine(Generic[R]):
    """The routine records of one file, and what reads those at given (line, offset) whole."""

    records: pl.DataFrame = field(default_factory=lambda: NO_RECORDS)
    whole: Callable[[Sequence[tuple[int, int]]], R] | None = None


def places(records: pl.DataFrame) -> Sequence[tuple[int, int]]:
    """(line, offset) of each record."""
    return list(zip(records["line"].to_list(), records["offset"].to_list(), strict=True))


def counts(kept: pl.DataFrame) -> Mapping[int, int]:
    """Line -> how many records it stands for, of those that stand for several."""
    told = zip(kept["line"].to_list(), kept["count"].to_list(), strict=True)
    return {line: count for line, count in told if count > 1}


def needed(routine: Sequence[tuple[str | None, pl.DataFrame]], moments: Iterable[datetime]) -> list[pl.DataFrame]:
    """The records of each file to be made whole; `routine` are (agent, records) of the files.

    Their further column `count` says how many of their kind each of them stands for, itself included. `moments` are
    those at which anything happened that is no routine.
    """
    if sum(records.height for _, records in routine) <= FEW:
        return [records.with_columns(count=pl.lit(1, pl.Int64)) for _, records in routine]
    every = pl.concat(
        records.select(pl.lit(n, pl.UInt32).alias("file"), pl.lit(agent, pl.String).alias("agent"), *RECORDS)
        for n, (agent, records) in enumerate(routine)
    )
    kept = _with_counts(every, _with_prompts(every, every.filter(_is_needed(every, sorted(set(moments))))))
    by_file = kept.select("file", *RECORDS, "count").partition_by("file", as_dict=True, include_key=False)
    none = NO_RECORDS.with_columns(count=pl.lit(1, pl.Int64))
    return [by_file.get((n,), none).sort("line") for n in range(len(routine))]


def _is_needed(every: pl.DataFrame, moments: Sequence[datetime]) -> pl.Series:
    """True for each record that is near a moment, or first or last of its kind; without a time always."""
    near, stretch = _near(every, moments)
    ends = every.select(
        "file", "agent", "kind", "time", stretch=stretch, row=pl.int_range(pl.len()), first=pl.int_range(pl.len())
    )
    of_stretch, of_file = ["agent", "kind", "stretch"], ["file", "kind"]
    by_time = ends.filter(~near).sort("time")
    rows = [
        part.get_column("row")
        for keys in (of_stretch, of_file)
        for part in (by_time.group_by(keys).agg(pl.first("row")), by_time.group_by(keys).agg(pl.last("row")))
    ]
    return near | pl.int_range(every.height, eager=True).is_in(pl.concat(rows).implode()) | every["time"].is_null()


def _near(every: pl.DataFrame, moments: Sequence[datetime]) -> tuple[pl.Series, pl.Series]:
    """Whether each record lies near a moment, and how many moments are before it."""
    if not moments:
        return pl.repeat(False, every.height, eager=True), pl.repeat(0, every.height, eager=True)
    known = pl.Series("moment", moments, UTC_INSTANT)
    at = known.search_sorted(every["time"].fill_null(moments[0]), side="right").cast(pl.Int64)
    before, after = known.gather((at - 1).clip(0)), known.gather(at.clip(0, len(moments) - 1))
    distance = pl.select(
        pl.min_horizontal((every["time"] - before).abs(), (every["time"] - after).abs()).fill_null(timedelta())
    ).to_series()
    for reach in _NEAR:
        near = distance <= reach
        if near.sum() <= _MOST_NEAR:
            break
    return near, at


def _with_prompts(every: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """The kept records, and the prompt before each of them."""
    prompt = pl.when("is_prompt").then("line").forward_fill().over("file").alias("prompt")
    asked = every.with_columns(prompt).join(kept.select("file", "line"), on=["file", "line"], how="semi")
    wanted = asked.select("file", line="prompt").unique()
    return pl.concat([kept, every.join(wanted, on=["file", "line"], how="semi")]).unique(["file", "line"])


def _with_counts(every: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """The kept records, each with the number of those of its kind up to the next one of them that is kept."""
    marked = every.join(kept.select("file", "line", is_kept=pl.lit(value=True)), on=["file", "line"], how="left")
    number = pl.col("is_kept").fill_null(value=False).cum_sum().over("file", "kind", order_by="line").clip(1)
    counts = (
        marked.with_columns(number=number)
        .group_by("file", "kind", "number")
        .agg(pl.len().cast(pl.Int64).alias("count"))
    )
    own = marked.with_columns(number=number).filter("is_kept")
    return own.join(counts, on=["file", "kind", "number"])


def thinned(records: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """What is only counted: minute, level, subsystem, lines."""
    if kept.height == records.height:
        return _NOTHING
    rest = records.join(kept.select("line"), on="line", how="anti")
    minute = pl.col("time").dt.truncate("1m").alias("minute")
    return (
        rest.group_by(minute, pl.col("level", "subsystem").cast(pl.String)).agg(pl.len().alias("lines")).sort("minute")
    )
