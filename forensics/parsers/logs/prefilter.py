"""The first pass over a big file log: finds the lines worth decoding and counts all others by minute.

Reads blocks that end with a whole line, looks at them with vectorised expressions on a few threads, and keeps
nothing of a block but the picked lines. Line numbers are physical, as `sed -n Np` sees them.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

import polars as pl

from forensics.evidence.lines import LONGEST_LINE, opened_as_far_as
from forensics.instants import FIRST, LAST, from_iso
from forensics.parsers.routine import NO_RECORDS, RECORDS
from forensics.tables import UTC_INSTANT

BLOCK = 8 << 20
WORKERS = 3  # one reads ahead while two look

PICKED = {"line": pl.Int64(), "text": pl.String()}
LOUD = {"line": pl.Int64(), "text": pl.String(), "records": pl.Int64()}
ACTIVITY = {"minute": UTC_INSTANT, "level": pl.String(), "subsystem": pl.String(), "lines": pl.Int64()}

# `_meta` is written behind all arguments and begins with the runtime; a bare `_meta` may also be MCP's.
META = '"_meta":{"runtime":"'

_BINDING = r'^\{"0":"\{\\"(?:subsystem|module|plugin)\\":\\"([^"\\]*)'
_TEXT = pl.col("text")
_SUBSYSTEM = pl.col("subsystem")
_LOUD_LEVELS = [b'WARN"', b"ERROR", b"FATAL"]  # as many bytes as are cut out
_MOST_KINDS = 256  # of loud lines in a block that are handed on, for each is decoded
_FILLED_IN = "[0-9A-Fa-f]*[0-9][0-9A-Za-z_.:-]*"  # what makes two lines of one kind differ, mostly
_GROUP = ("minute", "offset", "level", "subsystem")
_LOST = "\ufffd"  # what stands for bytes that are no text
_SEPARATORS = tuple(chr(code) for code in range(1, 32) if chr(code) not in "\n\r")


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


RoutineKinds = Sequence[tuple[str, str, Collection[str]]]
"""Kind, regular expression with one group, and the subsystems that write such records."""


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
    lines = 0
    with opened_as_far_as(real, size) as file:
        look = partial(_scan_block, prefilter=prefilter, kinds=kinds)
        for start, part in _looked_at(_blocks(file, block_bytes), look):
            numbered = pl.col("line") + lines
            yield replace(
                part,
                picked=part.picked.with_columns(numbered),
                loud=part.loud.with_columns(numbered),
                routine=part.routine.with_columns(numbered, pl.col("offset") + start),
            )
            lines += part.lines


def _blocks(file: BinaryIO, size: int) -> Iterator[tuple[int, bytes]]:
    """Each block and how many bytes are before it."""
    start = 0
    while True:
        end = _line_end(file, start + size)
        file.seek(start)
        block = file.read(min(end - start, size + LONGEST_LINE))
        if not block:
            return
        # polars drops a byte order mark at the start of what it reads; only the file's own is one
        marked = bool(start) and block.startswith(codecs.BOM_UTF8)
        yield (start - len(codecs.BOM_UTF8), codecs.BOM_UTF8 + block) if marked else (start, block)
        start = end


def _line_end(file: BinaryIO, offset: int) -> int:
    """The offset behind the first newline at or after `offset`."""
    file.seek(offset)
    while piece := file.readline(1 << 16):
        offset += len(piece)
        if piece.endswith(b"\n"):
            break
    return offset


def _looked_at(blocks: Iterable[tuple[int, bytes]], look: Callable[[bytes], Scan]) -> Iterator[tuple[int, Scan]]:
    """Each block's start and Scan in order, its lines numbered from 1; never more than WORKERS + 1 blocks in memory."""
    pending: deque[tuple[int, Future[Scan]]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for start, block in blocks:
            pending.append((start, pool.submit(look, block)))
            if len(pending) >= WORKERS:
                first, part = pending.popleft()
                yield first, part.result()
        while pending:
            first, part = pending.popleft()
            yield first, part.result()


def _scan_block(block: bytes, prefilter: str, kinds: RoutineKinds) -> Scan:
    # in two steps: a frame is looked at in pieces that fit the processor's cache, what the reader gives is not
    lines = _lines(block.replace(b"\0", b"") if b"\0" in block else block).collect(engine="streaming").lazy()
    wanted = _picked(prefilter) if _is_utf8(block) else _picked(prefilter) | _TEXT.str.contains(_LOST, literal=True)
    facts = lines.select("line", "text", wanted.alias("picked"), *_when_and_where()).collect(engine="streaming")
    picked, routine = _without_routine(facts.filter("picked"), kinds)
    rest = facts.filter(~pl.col("picked"))
    counted = rest.group_by(_GROUP).agg(lines=pl.len().cast(pl.Int64))
    # a filtered String column keeps the whole block alive; joining copies just these lines
    whole = picked.select("line", pl.concat_str("text", pl.lit("")).alias("text"))
    return Scan(facts.height, whole, _activity(counted), _loud(rest), _placed(routine, block))


def _without_routine(picked: pl.DataFrame, kinds: RoutineKinds) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is to be decoded, and the columns of what is routine."""
    named = [
        pl.when(_SUBSYSTEM.is_in(list(names))).then(pl.lit(f"{kind} ") + _arguments().str.extract(pattern))
        for kind, pattern, names in kinds
    ]
    kind = pl.coalesce([*named, pl.lit(None, pl.String)])
    told = picked.with_columns(kind.alias("kind"), _instant().alias("time"))
    is_routine = pl.col("kind").is_not_null() & pl.col("time").is_not_null()
    return told.filter(~is_routine), told.filter(is_routine)


def _placed(routine: pl.DataFrame, block: bytes) -> pl.DataFrame:
    """The columns of RECORDS; offsets are into the block."""
    if routine.is_empty():
        return NO_RECORDS
    starts = pl.Series(list(accumulate((len(line) + 1 for line in block.split(b"\n")), initial=0)), dtype=pl.Int64)
    named = _TEXT.str.splitn('"logLevelName":"', 2).struct.field("field_1")
    level = named.str.extract(r"^([A-Za-z]{1,5})").str.to_lowercase()
    told = routine.with_columns(
        level.alias("level"), offset=starts.gather(routine["line"] - 1), is_prompt=pl.lit(value=False)
    )
    return told.select(pl.col(name).cast(dtype) for name, dtype in RECORDS.items())


def _lines(block: bytes) -> pl.LazyFrame:
    """Columns line, text. With a separator that does not occur and no quotes, the CSV reader is the fastest line
    splitter polars has, and the only one that survives bad UTF-8."""
    absent = next((c for c in _SEPARATORS if c.encode() not in block), None)
    if absent is None:
        return _lines_of_binary(block)
    rows = pl.scan_csv(
        block,
        has_header=False,
        separator=absent,
        quote_char=None,
        encoding="utf8-lossy",
        schema={"text": pl.String},
        row_index_name="line",
        row_index_offset=1,
        empty_string_is_null=False,
        raise_if_empty=False,
    )
    return rows.with_columns(pl.col("line").cast(pl.Int64))


def _lines_of_binary(block: bytes) -> pl.LazyFrame:
    """The same for a block in which every control character occurs: slow, and never seen in a log."""
    rows = block.removeprefix(codecs.BOM_UTF8).removesuffix(b"\n").split(b"\n")
    texts = [row.removesuffix(b"\r").decode(errors="replace") for row in rows]
    return pl.LazyFrame({"line": range(1, len(texts) + 1), "text": texts}, schema=PICKED)


def _picked(prefilter: str) -> pl.Expr:
    whole = _TEXT.str.starts_with('{"') & _TEXT.str.ends_with("}") & _meta().is_not_null()
    return _arguments().str.contains(prefilter) | ~whole


def _is_utf8(block: bytes) -> bool:
    try:
        return block.isascii() or bool(block.decode())
    except UnicodeDecodeError:
        return False


def _meta() -> pl.Expr:
    return _TEXT.str.find(META, literal=True)


def _arguments() -> pl.Expr:
    return _TEXT.cast(pl.Binary).bin.slice(0, _meta()).cast(pl.String)


def _when_and_where() -> list[pl.Expr]:
    """The grouping columns as raw bytes: finding a mark and cutting behind it costs half of a regex."""
    time = _behind('},"time":"', len("2026-11-20T00:00:00.000+05:45"))
    return [
        time.bin.slice(0, len("2026-11-20T00:00")).alias("minute"),
        time.bin.slice(len("2026-11-20T00:00:00.000")).alias("offset"),
        _behind('"logLevelName":"', len("ERROR")).alias("level"),
        _TEXT.str.extract(_BINDING).fill_null("").alias("subsystem"),
    ]


def _instant() -> pl.Expr:
    """The full time of a record, null where it cannot be read."""
    whole = (
        _TEXT.str.splitn('},"time":"', 2)
        .struct.field("field_1")
        .str.extract(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d))")
    )
    moment = whole.str.replace("Z", "+00:00").str.to_datetime("%Y-%m-%dT%H:%M:%S%.3f%:z", time_unit="us", strict=False)
    return pl.when(moment.is_between(FIRST, LAST, closed="left")).then(moment)


def _behind(mark: str, width: int) -> pl.Expr:
    return _TEXT.cast(pl.Binary).bin.slice(_TEXT.str.find(mark, literal=True) + len(mark), width)


def _loud(rest: pl.DataFrame) -> pl.DataFrame:
    """Few lines of a log are loud, so that their kinds may be told apart by a costly comparison."""
    kind = _arguments().str.replace_all(_FILLED_IN, "").alias("kind")
    first = (pl.first("line"), pl.concat_str(pl.first("text"), pl.lit("")), pl.len().cast(pl.Int64).alias("records"))
    found = rest.filter(pl.col("level").is_in(_LOUD_LEVELS)).group_by("level", kind).agg(first).select(*LOUD)
    found = found.sort("records", "line", descending=[True, False])
    rarest = found[_MOST_KINDS:].select(pl.min("line"), pl.lit(None, pl.String).alias("text"), pl.sum("records"))
    return pl.concat([found[:_MOST_KINDS], rarest.filter(pl.col("records") > 0)]).sort("line")


def _activity(groups: pl.DataFrame) -> pl.DataFrame:
    """Groups of raw bytes -> the columns of ACTIVITY."""
    rows = [(_minute(at, zone), _level(level), *rest) for at, zone, level, *rest in groups.iter_rows()]
    return _summed(pl.DataFrame(rows, schema=ACTIVITY, orient="row"))


def _summed(activity: pl.DataFrame) -> pl.DataFrame:
    keys = ["minute", "level", "subsystem"]
    return activity.group_by(keys).agg(pl.sum("lines")).sort(keys)


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
