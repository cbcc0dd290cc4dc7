"""What the arguments of log records tell, asked once of all that are the same: lines of a log repeat each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

RoutineKinds = Sequence[tuple[str, str, Collection[str]]]
"""Kind, regular expression with one group, and the subsystems that write such records."""

KINDS = {
    "arguments": pl.String(),
    "is_record": pl.Boolean(),
    "is_telling": pl.Boolean(),  # they match the prefilter
    "subsystem": pl.String(),  # "" for the root logger
    "kind": pl.String(),  # of what is routine
}

_ARGUMENTS = pl.col("arguments")
_BINDING = r'^\{"0":"\{\\"(?:subsystem|module|plugin)\\":\\"([^"\\]*)'
_MOST_KNOWN = 4_000  # arguments that are remembered from block to block, of so many characters
_MOST_CHARACTERS = 1 << 20


class ArgumentKinds:
    """Remembers some of what it was asked; may be asked by several threads."""

    def __init__(self, prefilter: str, kinds: RoutineKinds) -> None:
        self._prefilter, self._kinds = prefilter, kinds
        self._named = sorted({name for _, _, names in kinds for name in names})
        self._known = pl.DataFrame(schema=KINDS)

    def of(self, arguments: pl.DataFrame) -> pl.DataFrame:
        """The columns of KINDS for (at least) each of the arguments."""
        known = self._known
        new = arguments.drop_nulls().unique().join(known, on="arguments", how="anti")
        if new.is_empty():
            return known
        answered = pl.concat([known, self._answered(new)])
        if answered.height <= _MOST_KNOWN and new["arguments"].str.len_bytes().sum() <= _MOST_CHARACTERS:
            # a copy of the texts: a filtered String column keeps the whole block alive
            self._known = answered.with_columns(pl.concat_str("arguments", pl.lit("")).alias("arguments"))
        return answered

    def _answered(self, arguments: pl.DataFrame) -> pl.DataFrame:
        asked = arguments.select(
            _ARGUMENTS,
            is_record=_ARGUMENTS.str.starts_with('{"'),
            is_telling=_ARGUMENTS.str.contains(self._prefilter),
            subsystem=_ARGUMENTS.str.extract(_BINDING).fill_null(""),
        )
        may_be_routine = pl.col("is_telling") & pl.col("subsystem").is_in(self._named)
        others = asked.filter(~may_be_routine).with_columns(kind=pl.lit(None, pl.String))
        by_subsystem = asked.filter(may_be_routine).partition_by("subsystem")
        return pl.concat([others, *(self._with_kind(part, part["subsystem"][0]) for part in by_subsystem)])

    def _with_kind(self, part: pl.DataFrame, subsystem: str) -> pl.DataFrame:
        own = [
            pl.lit(f"{kind} ") + _ARGUMENTS.str.extract(pattern)
            for kind, pattern, names in self._kinds
            if subsystem in names
        ]
        return part.with_columns(kind=pl.coalesce(own))
