"""The one way out: a Case without secrets and persons, and a last look at finished bytes before they are written."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.sharing.redact import scan
from forensics.sharing.redact.redacted import Redacted, redact
from forensics.sharing.redact.scan import Known, Leak, leaks, scan_tokens

__all__ = ["Known", "Leak", "Redacted", "leaks", "redact", "refuse_leaks", "scan_tokens"]


def refuse_leaks(artefacts: Mapping[str, bytes], redacted: Redacted) -> None:
    """Raise RedactionError where any of the artefacts (name -> finished bytes) holds what must not leave."""
    scan.refuse_leaks(artefacts, redacted.known)
