"""What lies beside the log in an `openclaw-diagnostics-*.zip` (4.24+, facts 8.5): when it was made, by which release.

Its log is a log (`envelopes.support_log`), its config a config, its stability bundle a stability bundle. The rest is
known and holds nothing of a failure: the list of files, the shape of the config, the gateway's status and health.
"""

from __future__ import annotations

import re

from forensics.parsers.stores.reading.document import Document, count_lines, load
from forensics.parsers.stores.reading.parse import parse_document
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.sealing import sealed
from forensics.parsers.stores.reading.stability import EVENTS
from forensics.parsers.stores.reading.unreadable import unreadable_file
from forensics.parsers.stores.reading.values import inside, moment_iso
from forensics.parsers.stores.store import Contents, Sample, Source, Store
from forensics.secrets.detect import secrets_in

_TITLE = "# OpenClaw Diagnostics Export"
_FIELDS = (
    "openclawVersion", "generatedAt", "logs.lineCount", "logs.truncated", "stability.status", "stability.reason",
    "status.status", "health.status",
)  # fmt: skip
_NAMES = r"config[/\\](?:shape|sanitized)\.json|status[/\\]gateway-status\.json|health[/\\]gateway-health\.json"
_SNAPSHOT = re.compile(r'\{\s*"status": "(?:ok|failed)",\s*"capturedAt":')


def _looks(outline: Outline) -> bool:
    listed = outline.has("openclawVersion") and outline.has("generatedAt")
    shape = outline.has("parseOk") and outline.has("topLevelKeys")
    return listed or shape or outline.text.startswith(_TITLE) or bool(_SNAPSHOT.match(outline.text))


def _read(source: Source) -> Contents:
    text, why = load(source)
    lines = count_lines(text)
    if why:
        return Contents(rejects=(unreadable_file(source, lines, why),), lines=lines)
    whole = Contents(lines=lines, other=lines, secrets=secrets_in(text))
    if text.startswith(_TITLE):
        return whole
    try:
        document = Document("diagnostics_export", source, parse_document(text), text)
    except (ValueError, RecursionError) as error:
        return Contents(rejects=(unreadable_file(source, lines, f"not JSON: {error}", text),), lines=lines)
    at = moment_iso(inside(document.root, "generatedAt")) or source.mtime
    return sealed(
        Contents(
            tuple(document.observe_fields((), "export", _FIELDS, at)), lines=lines, other=lines, secrets=whole.secrets
        )
    )


STORE = Store(
    name="diagnostics_export",
    releases="4.24+",
    claims=claimed(_looks, _NAMES),
    read=_read,
    events=EVENTS,
    samples=(
        Sample(
            "openclaw-diagnostics-2026-05-28T10-00-00-000Z-42.zip/diagnostics.json",
            """{
  "generatedAt": "2026-05-28T10:00:00.000Z",
  "openclawVersion": "2026.5.28",
  "process": { "platform": "linux", "arch": "x64", "node": "24.21.0", "pid": 42 },
  "stateDir": "$OPENCLAW_STATE_DIR",
  "logs": { "file": "$OPENCLAW_STATE_DIR/logs/openclaw.log", "lineCount": 14, "truncated": false },
  "stability": { "status": "found", "reason": "uncaught_exception" }
}
""",
            {
                "observed_at": "2026-05-28T10:00:00+00:00",
                "state": {
                    "export openclawVersion": '"2026.5.28"',
                    "export generatedAt": '"2026-05-28T10:00:00.000Z"',
                    "export logs.lineCount": "14",
                    "export logs.truncated": "false",
                    "export stability.status": '"found"',
                    "export stability.reason": '"uncaught_exception"',
                },
                "lines": 8,
                "other": 8,
            },
        ),
        Sample(
            "summary.md",
            "# OpenClaw Diagnostics Export\n\n## Generated\n\nGenerated: 2026-05-28T10:00:00.000Z\n",
            {"lines": 5, "other": 5},
        ),
    ),
)
