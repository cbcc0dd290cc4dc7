"""report.md: the text for a GitHub issue."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

from forensics.report.issue_text import issue_text
from forensics.report.outputs.output import Output
from forensics.sharing.redact import Redacted


def _write(redacted: Redacted) -> Iterator[tuple[str, bytes]]:
    yield (
        "report.md",
        issue_text(redacted.case, redacted.removed, version("openclaw-forensics"), redacted.subject).encode(),
    )


OUTPUT = Output(path="report.md", what="the text for a GitHub issue", write=_write, rank=1)
