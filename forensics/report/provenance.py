"""What a report was made from and what was taken out of it: the tables at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.tables import Shown, shown

if TYPE_CHECKING:
    from forensics.case import Case
    from forensics.sharing.redact import Redacted


def removed(redacted: Redacted | None) -> Shown:
    """One row per class of things that stand-ins replace; none where the report was not made to be shared."""
    counts = redacted.removed if redacted else {}
    rows = [{"Removed": kind, "How many": count} for kind, count in sorted(counts.items()) if count]
    return shown("removed", "What was removed", rows)


def hashes(case: Case) -> Shown:
    """One row per evidence file, with the hash of the file as it was found."""
    rows = [
        {
            "File": file.path,
            "Kind": file.kind,
            "Bytes": file.bytes,
            "SHA-256": file.sha256 or "could not be read",
        }
        for file in case.timeline.files
    ]
    return shown("hashes", "Evidence hashes", rows)
