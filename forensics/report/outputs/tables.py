"""tables/: every public table as CSV and Parquet."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.report.exports import table_files
from forensics.report.outputs.output import Output
from forensics.sharing.redact import Redacted


def _write(redacted: Redacted) -> Iterator[tuple[str, bytes]]:
    yield from table_files(redacted.case)


OUTPUT = Output(path="tables", what="every public table as CSV and Parquet", write=_write, rank=40)
