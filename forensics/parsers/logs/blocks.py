"""A file in blocks that end with a whole line, looked at on a few threads, in order."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate
from typing import BinaryIO, TypeVar

import polars as pl

from forensics.evidence.lines import LONGEST_LINE

_LOST = "\ufffd"  # what stands for bytes that are no text
WORKERS = 2  # one looks while the next block is read

T = TypeVar("T")


def blocks(file: BinaryIO, size: int) -> Iterator[tuple[int, bytes]]:
    """Each block and how many bytes are before it; a byte order mark at the start of the file is left out.

    Of a line longer than LONGEST_LINE at least that much is kept.
    """
    start = mark = len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0
    while True:
        end = _line_end(file, start + size)
        file.seek(start)
        block = file.read(min(end - start, size + LONGEST_LINE))
        if not block:
            if mark and start == mark:
                yield start, b"\n"  # the mark alone is an empty line
            return
        yield start, block
        start = end


def _line_end(file: BinaryIO, offset: int) -> int:
    """The offset behind the first newline at or after `offset`."""
    file.seek(offset)
    while piece := file.readline(1 << 16):
        offset += len(piece)
        if piece.endswith(b"\n"):
            break
    return offset


def looked_at(parts: Iterable[tuple[int, bytes]], look: Callable[[bytes], T]) -> Iterator[tuple[int, T]]:
    """Each block's start and what `look` makes of it, in order; never more than WORKERS + 1 blocks in memory."""
    pending: deque[tuple[int, Future[T]]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for start, block in parts:
            pending.append((start, pool.submit(look, block)))
            if len(pending) >= WORKERS:
                first, part = pending.popleft()
                yield first, part.result()
        while pending:
            first, part = pending.popleft()
            yield first, part.result()


def lines(block: bytes) -> pl.DataFrame:
    """Columns line (Int64 from 1), text (without line ends and NUL), is_damaged (it had bad UTF-8, now U+FFFD)."""
    filled = block.replace(b"\0", b"") if b"\0" in block else block
    try:
        return _lines(filled, pl.lit(value=False))
    except pl.exceptions.ComputeError:
        return _lines(filled.decode(errors="replace").encode(), pl.col("text").str.contains(_LOST, literal=True))


def _lines(block: bytes, is_damaged: pl.Expr) -> pl.DataFrame:
    rows = pl.scan_lines(block, name="text", row_index_name="line", row_index_offset=1)
    typed = rows.with_columns(pl.col("line").cast(pl.Int64), is_damaged.alias("is_damaged"))
    return typed.collect(engine="streaming")


def line_starts(rows: pl.DataFrame, block: bytes) -> pl.Series:
    """The offset in the block of each of its `lines`."""
    if b"\r" in block or b"\0" in block or rows["is_damaged"].any():  # the texts are not what was written
        return pl.Series(list(accumulate((len(line) + 1 for line in block.split(b"\n")), initial=0))[: rows.height])
    sizes = rows["text"].str.len_bytes().cast(pl.Int64) + 1
    return sizes.cum_sum() - sizes
