"""logs/stability/openclaw-stability-<time>-<pid>-<reason>.json (4.24+): written when the gateway fell (facts 8.5).

What a bundle gives stands in `reading.stability`.
"""

from __future__ import annotations

import re

from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.lines import Line, record
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.stability import EVENTS, bundle_events
from forensics.parsers.stores.store import Contents, Sample, Store

_SEQ = re.compile(r'"seq":\s*(\d{1,15})\b')


def _looks(outline: Outline) -> bool:
    return outline.has("generatedAt") and outline.has("snapshot") and outline.has("reason")


def _contents(document: Document) -> Contents:
    lines = _lines_of(document.text)

    def line_of(seq: int) -> Line:
        return Line("stability", document.source, lines.get(seq, 1), None, None)

    return Contents(events=tuple(bundle_events(record(document.root), line_of)))


def _lines_of(text: str) -> dict[int, int]:
    """Number of a record -> line it stands on."""
    lines: dict[int, int] = {}
    at, line = 0, 1
    for match in _SEQ.finditer(text):
        line, at = line + text.count("\n", at, match.start()), match.start()
        lines.setdefault(int(match[1]), line)
    return lines


STORE = Store(
    name="stability",
    releases="4.24+",
    claims=claimed(_looks, r"openclaw-stability-[^/\\]+\.json"),
    read=document_reader("stability", _contents, records=(("snapshot", "events"),)),
    events=EVENTS,
    samples=(
        Sample(
            "logs/stability/openclaw-stability-2026-05-28T08-00-00-000Z-42-uncaught_exception.json",
            """{"version": 1, "generatedAt": "2026-05-28T08:00:00.000Z", "reason": "uncaught_exception",
             "process": {"pid": 42, "uptimeMs": 60000}, "error": {"name": "Error", "code": "ERR_X"},
             "snapshot": {"events": [
               {"seq": 1, "ts": 1779955190000, "type": "queue.lane.enqueue", "source": "main"},
               {"seq": 2, "ts": 1779955195000, "type": "model.call.error", "provider": "anthropic",
                "model": "claude-opus-4-7", "durationMs": 900, "failureKind": "connection_reset"}]}}
            """,
            {
                "events": [
                    {
                        "kind": "stability_bundle",
                        "role": "lifecycle",
                        "time": "2026-05-28T08:00:00+00:00",
                        "started": "2026-05-28T07:59:00+00:00",
                        "text": "Error ERR_X",
                        "detail": "uncaught_exception",
                    },
                    {
                        "kind": "stability_call_error",
                        "role": "failure",
                        "time": "2026-05-28T07:59:55+00:00",
                        "provider": "anthropic",
                        "model": "claude-opus-4-7",
                        "duration_ms": 900,
                        "detail": "connection_reset",
                    },
                ],
                "lines": 7,
                "other": 7,
            },
        ),
    ),
)
