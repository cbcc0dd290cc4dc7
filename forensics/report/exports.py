"""The public tables of a case as CSV and Parquet, and its answer as JSON; the same case gives the same bytes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from forensics.case.tables import TABLES
from forensics.report.escapes import spreadsheet
from forensics.text import sealed_json, visible_lines

if TYPE_CHECKING:
    from forensics.case import Case


def table_files(case: Case) -> Iterator[tuple[str, bytes]]:
    """(`tables/<name>.csv` or `.parquet`, its bytes) for every public table."""
    for name in TABLES:
        frame = getattr(case, name)
        yield f"tables/{name}.csv", to_csv(frame)
        yield f"tables/{name}.parquet", to_parquet(frame)


def to_csv(frame: pl.DataFrame) -> bytes:
    """UTF-8 with one header line. Times in ISO 8601 with `Z`, lists as JSON, an empty cell for what is not known.

    A text that a spreadsheet would take for a formula begins with an apostrophe; nothing in it is invisible.
    """
    written = StringIO(newline="")
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(frame.columns)
    rows.writerows(map(_cell, row) for row in frame.iter_rows())
    return written.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return sealed_json(msgspec.json.encode(value).decode())
    return spreadsheet(visible_lines(value)) if isinstance(value, str) else value


def to_parquet(frame: pl.DataFrame) -> bytes:
    """The table with its types, as Parquet."""
    written = BytesIO()
    frame.write_parquet(written)
    return written.getvalue()
