"""timeline.jsonl: every event for Timesketch."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.report.outputs.output import Output
from forensics.report.timesketch import timeline_jsonl
from forensics.sharing.redact import Redacted


def _write(redacted: Redacted) -> Iterator[tuple[str, bytes]]:
    yield "timeline.jsonl", timeline_jsonl(redacted.case)


OUTPUT = Output(path="timeline.jsonl", what="every event, for Timesketch", write=_write, rank=20)
