"""A transcript in cold storage (9.x): one record per line, `{"kind": "event", "row": {seq, event_json, created_at}}`.

Records of other kinds are rows of the tables around it, and of its full-text index.
"""

from __future__ import annotations

from forensics.parsers.stores.reading.lines import record
from forensics.parsers.stores.reading.parse import parse_strict


def cold_event(value: object) -> tuple[object, object, object]:
    """Seq, entry and time of writing (ms) of an event; no entry for any other record. Raises ValueError."""
    stored = record(value)
    row = record(stored.get("row"))
    text = row.get("event_json") if stored.get("kind") == "event" else None
    return row.get("seq"), parse_strict(text) if isinstance(text, str) else None, row.get("created_at")
