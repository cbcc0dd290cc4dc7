"""triage.json: the answer for other programs."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.report.outputs.output import Output
from forensics.sharing.redact import Redacted
from forensics.text import json_text


def _write(redacted: Redacted) -> Iterator[tuple[str, bytes]]:
    yield "triage.json", f"{json_text(redacted.case.triage())}\n".encode()


OUTPUT = Output(path="triage.json", what="the answer for other programs", write=_write, rank=30)
