"""logs/stability/openclaw-stability-<time>-<pid>-<reason>.json (4.24+): written when the gateway fell (facts 8.5).

What a bundle gives stands in `reading.stability`.
"""

from __future__ import annotations

import re

from forensics.stores.reading.document import Document, document_reader
from forensics.stores.reading.lines import Line, record
from forensics.stores.reading.recognise import Outline, claimed
from forensics.stores.reading.stability import bundle_events
from forensics.stores.store import Contents, Store

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
    samples=(),
)
