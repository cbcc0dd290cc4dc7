"""`logs/openclaw-sanitized.jsonl` of an `openclaw-diagnostics-*.zip` (4.24+, facts 8.5): file lines, made harmless.

The exporter flattens a line: what the binding, `_meta` and the metadata say stands side by side, as far as it is on
its list; the text is `msg`, cut at 240 characters, its ids and addresses replaced by `<redacted-…>`, or it is left out.
"""

from __future__ import annotations

from datetime import UTC, datetime

from forensics.parsers.logs.envelopes.arguments import Json, decode, name_of
from forensics.parsers.logs.envelopes.envelope import Envelope, Record, Sample
from forensics.parsers.logs.envelopes.times import instant

NAME = "support-log"
_LEVELS = frozenset({"SILLY", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"})
_LOST = frozenset({"unparsed", "non-object", "no-safe-fields", "log-tail-read-failed"})
_OWN = frozenset({"time", "level", "logger", "subsystem", "module", "msg"})
_MASKED = "<redacted"


def read(line: str) -> Record | None:
    """A flattened record, or one of which the exporter kept nothing."""
    if '"_meta"' in line or not ('"level"' in line or '"omitted"' in line):
        return None
    kept = decode(line) or {}
    if kept.get("omitted") in _LOST and "level" not in kept:
        return Record(NAME, "", meta=kept)
    level, text, time = kept.get("level"), kept.get("msg", ""), instant(kept.get("time"))
    name = name_of(kept) or ("" if "logger" in kept else None)
    if not isinstance(level, str) or level not in _LEVELS or not isinstance(text, str) or time is None or name is None:
        return None
    return Record(NAME, text, time=time, level=level.lower(), subsystem=name, meta=_told(kept))


def _told(kept: Json) -> Json:
    """The metadata; a value that was masked names nobody any more, and all masked ones look alike."""
    return {
        key: value
        for key, value in kept.items()
        if key not in _OWN and not (isinstance(value, str) and _MASKED in value)
    }


SHAPE = Envelope(
    name=NAME,
    rank=8,
    read=read,
    samples=(
        Sample(  # 5.28, as its exporter writes it
            '{"time":"2026-05-28T09:40:22.615+00:00","traceId":"9b0458f4a076dbf6ec2d7b2c9edc17ea","level":"WARN",'
            '"subsystem":"model-fallback/decision","event":"model_fallback_decision","runId":"lab-11-<redacted-id>",'
            '"attempt":1,"reason":"auth","status":401,"msg":"model fallback decision"}',
            {
                "text": "model fallback decision",
                "time": datetime(2026, 5, 28, 9, 40, 22, 615000, UTC),
                "level": "warn",
                "subsystem": "model-fallback/decision",
                "meta": {
                    "traceId": "9b0458f4a076dbf6ec2d7b2c9edc17ea",
                    "event": "model_fallback_decision",
                    "attempt": 1,
                    "reason": "auth",
                    "status": 401,
                },
            },
        ),
        Sample(
            '{"time":"2026-05-28T08:55:07.711+00:00","level":"INFO","module":"cron","enabled":true,"jobs":0,'
            '"nextWakeAtMs":null,"msg":"cron: started"}',
            {
                "text": "cron: started",
                "subsystem": "cron",
                "meta": {"enabled": True, "jobs": 0, "nextWakeAtMs": None},
            },
        ),
        Sample(  # a root line
            '{"time":"2026-05-28T09:28:45.157+00:00","level":"ERROR","logger":"openclaw","msg":"[tools] read failed: '
            'ENOENT: no such file or directory, access \'~/notes.md\'"}',
            {
                "text": "[tools] read failed: ENOENT: no such file or directory, access '~/notes.md'",
                "level": "error",
                "subsystem": "",
            },
        ),
        Sample(  # its words were not safe
            '{"time":"2026-05-28T09:41:00.000+00:00","level":"INFO","logger":"openclaw","omitted":"log-message",'
            '"omittedLogMessageBytes":412,"omittedLogMessageCount":1}',
            {"text": "", "subsystem": "", "meta": {
                "omitted": "log-message", "omittedLogMessageBytes": 412, "omittedLogMessageCount": 1,
            }},
        ),
        Sample(  # it was no JSON
            '{"omitted":"unparsed","bytes":80}',
            {"text": "", "time": None, "level": None, "meta": {"omitted": "unparsed", "bytes": 80}},
        ),
    ),
)  # fmt: skip
