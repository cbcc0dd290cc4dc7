"""manifest.json and manifest.sha256 of a collected bundle: known, and not "unknown". Nothing is read from them."""

from __future__ import annotations

import re

from forensics.parsers.stores.reading.document import count_lines, load
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.unreadable import unreadable_file
from forensics.parsers.stores.store import Contents, Sample, Source, Store

_MANIFEST = re.compile(r'\W*"schema":\s*"openclaw-forensics/bundle/')
_SEAL = re.compile(r"\W*[0-9a-f]{64}  manifest\.json\s*\Z")


def _looks(outline: Outline) -> bool:
    return bool(_MANIFEST.match(outline.text) or _SEAL.match(outline.text))


def _read(source: Source) -> Contents:
    text, why = load(source)
    lines = count_lines(text)
    if why:
        return Contents(rejects=(unreadable_file(source, lines, why),), lines=lines)
    return Contents(lines=lines, other=lines)


STORE = Store(
    name="collected",
    releases="all",
    claims=claimed(_looks),
    read=_read,
    samples=(
        Sample("manifest.json", '{"schema": "openclaw-forensics/bundle/1",\n "files": []}\n', {"lines": 2, "other": 2}),
        Sample("manifest.sha256", f"{'0123456789abcdef' * 4}  manifest.json\n", {"lines": 1, "other": 1}),
    ),
)
