"""Cases that many tests look at and none changes: each is opened, and redacted, once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from forensics.case import Case, open_case
from forensics.sharing.redact import Redacted, redact


@cache
def opened(evidence: Path) -> Case:
    return open_case(evidence)


@cache
def redacted(evidence: Path) -> Redacted:
    return redact(opened(evidence))
