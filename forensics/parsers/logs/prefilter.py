"""The first pass over a big file log: finds the lines worth decoding and counts all others by minute.

Reads blocks that end with a whole line, looks at them with vectorised expressions on a few threads, and keeps
nothing of a block but the picked lines. Line numbers are physical, as `sed -n Np` sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path

import polars as pl

from forensics.evidence.lines import opened_as_far_as
from forensics.instants import FIRST, LAST, from_iso
from forensics.parsers.logs.argument_kinds import ArgumentKinds, RoutineKinds
from forensics.parsers.logs.blocks import blocks, line_starts, lines, looked_at
from forensics.parsers.routine import NO_RECORDS, RECORDS
from forensics.tables import UTC_INSTANT

BLOCK = 8 << 20

PICKED = {"line": pl.Int64(), "text": pl.String()}
LOUD = {"line": pl.Int64(), "text": pl.String(), "records": pl.Int64()}
ACTIVITY = {"minute": UTC_INSTANT, "level": pl.String(), "subsystem": pl.String(), "lines": pl.Int64()}

# `_meta` is written behind all arguments and begins with the runtime; a bare `_meta` may also be MCP's.
META = '"_meta":{"runtime":"'

_TEXT = pl.col("text")
_LOUD_LEVELS = ["warn", "error", "fatal"]
_MILLISECONDS = {1: 10_000, 2: 1_000, 4: 100, 5: 10, 6: 1}  # what the digits of `:00.000` are worth
_MOST_KINDS = 256  # of loud lines in a block that are handed on, for each is decoded
_FILLED_IN = "[0-9A-Fa-f]*[0-9][0-9A-Za-z_.:-]*"  # what makes two lines of one kind differ, mostly
_LINES = pl.len().cast(pl.Int64).alias("lines")


@dataclass(frozen=True)
class Scan:
    """What one pass over a file log gives: `lines = len(picked) + len(routine) + activity["lines"].sum()`.

    `picked` (line Int64 from 1, text String) are the lines to decode, in file order, without their line end.
    `activity` (minute Datetime[us, UTC], null where a record's time cannot be read; level String, lower case;
    subsystem String, "" for the root logger; lines Int64) counts the lines not picked, sorted.
    `routine` (columns of `routine.RECORDS`) are the records that belong to every day, in file order.
    `loud` are the warnings and errors among those: one line (line, text) for all that differ in numbers and ids only,
    and how many there are (records Int64), in file order; of too many kinds the rarest together, without a text.
    """

    lines: int
    picked: pl.DataFrame
    activity: pl.DataFrame
    loud: pl.DataFrame
    routine: pl.DataFrame = field(default_factory=lambda: NO_RECORDS)


def looks_like_file_log(head: bytes) -> bool:
    """True where most lines of the head are records of OpenClaw's JSONL file log: `scan` is for those.

    Not where another program has put the keys of a record in an order of its own: those lines are read one by one.
    """
    lines = [line for line in head.split(b"\n") if line.strip()]
    return 2 * sum(map(_is_record, lines)) > len(lines) and not any(map(_is_reordered, lines))


def _is_record(line: bytes) -> bool:
    arguments, _, meta = line.partition(b'"_meta":{')
    return arguments.startswith(b'{"') and b'"logLevelName":"' in meta


def _is_reordered(line: bytes) -> bool:
    _, _, behind = line.partition(META.encode())
    return any(key in behind for key in (b',"0":', b',"1":', b',"2":'))


def scan(real: Path, prefilter: str, block_bytes: int = BLOCK, kinds: RoutineKinds = ()) -> Scan:
    """Pick the lines of a file log that match `prefilter`, or are no whole record; count the others.

    What is of one of the routine `kinds` is not picked. `prefilter` is one Rust regular expression, asked of a
    record's arguments: what stands before `_meta`, because what stands behind it (`message`, trace ids) repeats them.
    Bad UTF-8 becomes U+FFFD, and its lines are picked. Of a line longer than LONGEST_LINE at least that much is kept.
    Raises OSError, and polars' ComputeError on a bad pattern.
    """
    parts = list(scan_parts(real, prefilter, block_bytes, kinds))
    picked = [pl.DataFrame(schema=PICKED), *(part.picked for part in parts)]
    activity = [pl.DataFrame(schema=ACTIVITY), *(part.activity for part in parts)]
    loud = [pl.DataFrame(schema=LOUD), *(part.loud for part in parts)]
    routine = [NO_RECORDS, *(part.routine for part in parts)]
    lines, counted = sum(part.lines for part in parts), _summed(pl.concat(activity))
    return Scan(lines, pl.concat(picked), counted, pl.concat(loud), pl.concat(routine))


def scan_parts(
    real: Path, prefilter: str, block_bytes: int = BLOCK, kinds: RoutineKinds = (), size: int | None = None
) -> Iterator[Scan]:
    """The same in parts, in file order and numbered through: for callers who need not hold all picked lines at once.

    The next parts are made while the caller looks at one. Nothing is read behind the first `size` bytes.
    """
    before = 0
    with opened_as_far_as(real, size) as file:
        look = partial(_scan_block, kinds=ArgumentKinds(prefilter, kinds))
        for start, part in looked_at(blocks(file, block_bytes), look):
            numbered = pl.col("line") + before
            yield replace(
                part,
                picked=part.picked.with_columns(numbered),
                loud=part.loud.with_columns(numbered),
                routine=part.routine.with_columns(numbered, pl.col("offset") + start),
            )
            before += part.lines


def _scan_block(block: bytes, kinds: ArgumentKinds) -> Scan:
    # a frame is looked at in pieces that fit the processor's cache
    raw = lines(block).lazy().with_columns(_arguments()).with_columns(_when_and_how_loud()).collect(engine="streaming")
    facts = _with_names(raw).join(kinds.of(raw.select("arguments")), "arguments", "left", maintain_order="left")
    is_whole = (_TEXT.str.ends_with("}") & pl.col("is_record") & ~pl.col("is_damaged")).fill_null(value=False)
    is_picked = pl.col("is_telling") | ~is_whole
    is_routine = (is_picked & pl.col("kind").is_not_null() & _instant().is_not_null()).fill_null(value=False)
    picked, rest = facts.filter(is_picked & ~is_routine), facts.filter(~is_picked)
    # a filtered String column keeps the whole block alive; joining copies just these lines
    whole = picked.select("line", pl.concat_str("text", pl.lit("")).alias("text"))
    return Scan(facts.height, whole, _activity(rest), _loud(rest), _placed(facts, is_routine, block))


def _with_names(raw: pl.DataFrame) -> pl.DataFrame:
    """Further columns `at`, the minute in UTC, and `level`, as letters; read once of all lines that share them."""
    minutes = raw.select("minute", "offset").unique()
    levels = raw.select("loudness").unique()
    at = pl.Series("at", [_minute(*row) for row in minutes.iter_rows()], UTC_INSTANT)
    level = pl.Series("level", [_level(name) for name in levels["loudness"]], pl.String)
    with_minute = raw.join(
        minutes.with_columns(at), ["minute", "offset"], "left", nulls_equal=True, maintain_order="left"
    )
    return with_minute.join(levels.with_columns(level), "loudness", "left", nulls_equal=True, maintain_order="left")


def _placed(facts: pl.DataFrame, is_routine: pl.Expr, block: bytes) -> pl.DataFrame:
    """The columns of RECORDS; offsets are into the block."""
    routine = facts.with_columns(line_starts(facts, block).alias("start")).filter(is_routine)
    placed = routine.with_columns(time=_instant(), offset="start", is_prompt=pl.lit(value=False))
    return placed.select(pl.col(name).cast(dtype) for name, dtype in RECORDS.items()) if placed.height else NO_RECORDS


def _arguments() -> pl.Expr:
    """What stands before `_meta`, null where that is missing."""
    end = _TEXT.str.find(META, literal=True)
    return pl.when(end.is_not_null()).then(_TEXT.cast(pl.Binary).bin.slice(0, end).cast(pl.String)).alias("arguments")


def _when_and_how_loud() -> list[pl.Expr]:
    """Raw bytes: finding a mark and cutting behind it costs half of a regex."""
    time = _behind('},"time":"', len("2026-11-20T00:00:00.000+05:45"))
    return [
        time.bin.slice(0, len("2026-11-20T00:00")).alias("minute"),
        time.bin.slice(len("2026-11-20T00:00"), len(":00.000")).alias("second"),
        time.bin.slice(len("2026-11-20T00:00:00.000")).alias("offset"),
        _behind('"logLevelName":"', len("ERROR")).alias("loudness"),
    ]


def _instant() -> pl.Expr:
    """The full time of a record, null where it is not written to the millisecond."""
    second = pl.col("second").bin  # as bytes: cut by its width it may end within a letter, which is no String
    digits = {at: second.get(at, null_on_oob=True).cast(pl.Int64) - ord("0") for at in _MILLISECONDS}
    are_digits = pl.all_horizontal(digit.is_between(0, 9) for digit in digits.values())
    is_written = second.starts_with(b":") & (second.slice(3, 1) == b".") & are_digits & (digits[1] < 6)
    is_zoned = pl.col("offset").bin.starts_with(b"Z") | (pl.col("offset").bin.size() == len("+05:45"))
    is_midnight = pl.col("minute").bin.slice(len("2026-11-20T"), 2) == b"24"  # as old ICU prints it
    milliseconds = pl.sum_horizontal(digits[at] * worth for at, worth in _MILLISECONDS.items())
    moment = pl.col("at") + pl.duration(milliseconds=milliseconds, time_unit="us")
    return pl.when(is_written & is_zoned & ~is_midnight & moment.is_between(FIRST, LAST, closed="left")).then(moment)


def _behind(mark: str, width: int) -> pl.Expr:
    return _TEXT.cast(pl.Binary).bin.slice(_TEXT.str.find(mark, literal=True) + len(mark), width)


def _loud(rest: pl.DataFrame) -> pl.DataFrame:
    """Few lines of a log are loud, so that their kinds may be told apart by a costly comparison."""
    kind = pl.col("arguments").str.replace_all(_FILLED_IN, "").alias("kind")
    first = (pl.first("line"), pl.concat_str(pl.first("text"), pl.lit("")), pl.len().cast(pl.Int64).alias("records"))
    found = rest.filter(pl.col("level").is_in(_LOUD_LEVELS)).group_by("level", kind).agg(first).select(*LOUD)
    found = found.sort("records", "line", descending=[True, False])
    rarest = found[_MOST_KINDS:].select(pl.min("line"), pl.lit(None, pl.String).alias("text"), pl.sum("records"))
    return pl.concat([found[:_MOST_KINDS], rarest.filter(pl.col("records") > 0)]).sort("line")


def _activity(rest: pl.DataFrame) -> pl.DataFrame:
    """The columns of ACTIVITY."""
    keys = ["minute", "level", "subsystem"]
    return rest.select(pl.col("at").alias("minute"), "level", "subsystem").group_by(keys).agg(_LINES).sort(keys)


def _summed(activity: pl.DataFrame) -> pl.DataFrame:
    keys = ["minute", "level", "subsystem"]
    return activity.group_by(keys).agg(pl.sum("lines")).sort(keys)


@lru_cache(1 << 12)
def _minute(at: bytes | None, zone: bytes | None) -> datetime | None:
    """`2026-11-20T14:00` and `+05:45` or `Z…` -> UTC. Hour 24 is midnight as old ICU prints it."""
    offset = "+00:00" if zone and zone.startswith(b"Z") else (zone or b"").decode(errors="replace")
    stamp = (at or b"").decode(errors="replace").replace("T24:", "T00:") + offset
    try:
        minute = from_iso(stamp)
        return minute.astimezone(UTC) if minute and minute.tzinfo else None
    except ValueError:
        return None


def _level(name: bytes | None) -> str | None:
    letters = re.match(rb"[A-Za-z]+", name or b"")
    return letters[0].decode().lower() if letters else None
