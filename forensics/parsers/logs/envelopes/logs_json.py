"""`openclaw logs --json`: the file's lines inside a frame, and what the command says itself (facts 1.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from forensics.parsers.logs.envelopes.arguments import Json, decode, unfold
from forensics.parsers.logs.envelopes.envelope import Envelope, Record, Sample, Wrapper
from forensics.parsers.logs.envelopes.times import instant
from forensics.parsers.logs.envelopes.tslog import read_tslog

NAME = "logs-json"
_META_KEYS = frozenset({"file", "cursor", "source", "sourceKind"})


def read(line: str) -> Record | None:
    """A `log` line gives what its `raw` original says; `meta`, `notice` and `error` are the command's own."""
    frame = decode(line) if '"type"' in line else None
    kind = frame.get("type") if frame else None
    if frame is None or kind not in ("log", "meta", "notice", "error"):
        return None
    return _log(frame) if kind == "log" else _own(frame, str(kind))


def peel(line: str) -> tuple[str, None] | None:
    """A `raw` line: the file (or the journal behind it) held something that is not JSON."""
    frame = decode(line) if '"raw"' in line else None
    rest = frame.get("raw") if frame and frame.get("type") == "raw" else None
    return (rest, None) if isinstance(rest, str) else None


def _log(frame: Json) -> Record | None:
    message, raw = frame.get("message"), frame.get("raw")
    raw = raw if isinstance(raw, str) else None
    time = instant(frame.get("time"))
    if raw and (record := read_tslog(raw, NAME)):
        return replace(record, time=record.time or time, raw=raw)
    if not isinstance(message, str):
        return None
    name, text, meta = unfold(message)
    level = frame.get("level")
    return Record(
        shape=NAME,
        text=text,
        time=time,
        level=level if isinstance(level, str) else None,
        subsystem=name or _label(frame),
        meta=meta,
        raw=raw,
    )


def _label(frame: Json) -> str:
    labels = (frame.get(key) for key in ("subsystem", "module", "plugin"))
    return next((label for label in labels if isinstance(label, str)), "")


def _own(frame: Json, kind: str) -> Record | None:
    message = frame.get("message")
    # a provider's error body has the same `type`, but its `error` is an object
    if isinstance(frame.get("error"), dict):
        return None
    if not (_META_KEYS & frame.keys() if kind == "meta" else isinstance(message, str)):
        return None
    meta = {key: value for key, value in frame.items() if key != "message"}
    return Record(shape=NAME, text=message if isinstance(message, str) else "", meta=meta)


SHAPE = Envelope(
    name=NAME,
    rank=2,
    read=read,
    samples=(
        Sample(  # all releases: the original decides; up to 7.x `message` begins with the binding
            r'{"type":"log","time":"2026-02-11T08:33:56.358Z","level":"info","subsystem":"gateway/heartbeat",'
            r'"message":"{\"subsystem\":\"gateway/heartbeat\"} {\"intervalMs\":1800000} heartbeat: started",'
            r'"raw":"{\"0\":\"{\\\"subsystem\\\":\\\"gateway/heartbeat\\\"}\",\"1\":{\"intervalMs\":1800000},'
            r"\"2\":\"heartbeat: started\",\"_meta\":{\"logLevelName\":\"INFO\",\"path\":{\"fileName\":"
            r'\"entry.js\"}},\"time\":\"2026-02-11T08:33:56.358Z\"}"}',
            {
                "text": "heartbeat: started",
                "time": datetime(2026, 2, 11, 8, 33, 56, 358000, UTC),
                "level": "info",
                "subsystem": "gateway/heartbeat",
                "meta": {"intervalMs": 1800000},
                "chunk": "entry.js",
                "raw": r'{"0":"{\"subsystem\":\"gateway/heartbeat\"}","1":{"intervalMs":1800000},'
                r'"2":"heartbeat: started","_meta":{"logLevelName":"INFO","path":{"fileName":"entry.js"}},'
                r'"time":"2026-02-11T08:33:56.358Z"}',
            },
        ),
        Sample(  # to 7.x, the original shortened away by somebody
            r'{"type":"log","time":"2026-05-28T08:33:56.358+00:00","level":"warn","module":"cron","message":'
            r'"{\"module\":\"cron\"} {\"jobId\":\"j1\"} cron: job failed: boom","raw":"…"}',
            {"text": "cron: job failed: boom", "level": "warn", "subsystem": "cron", "meta": {"jobId": "j1"}},
        ),
        Sample(  # 9.x: `message` is the text alone
            '{"type":"log","time":"2026-09-20T10:02:16.060+00:00","level":"info","subsystem":"gateway/ws",'
            '"message":"closed before connect"}',
            {"text": "closed before connect", "subsystem": "gateway/ws", "meta": {}, "raw": None},
        ),
        Sample(
            '{"type":"meta","file":"/home/u/.openclaw/logs/openclaw-2026-02-11.log","cursor":68938,"size":68938}',
            {
                "text": "",
                "time": None,
                "meta": {
                    "type": "meta",
                    "file": "/home/u/.openclaw/logs/openclaw-2026-02-11.log",
                    "cursor": 68938,
                    "size": 68938,
                },
            },
        ),
        Sample(
            '{"type":"notice","message":"Log tail truncated (increase --max-bytes)."}',
            {"text": "Log tail truncated (increase --max-bytes).", "meta": {"type": "notice"}},
        ),
        Sample(
            '{"type":"error","message":"Gateway not reachable. Is it running and accessible?","error":"timeout",'
            '"hint":"Hint: run `openclaw doctor`."}',
            {"text": "Gateway not reachable. Is it running and accessible?", "level": None},
        ),
    ),
)

WRAPPER = Wrapper(
    name="logs-json-raw",
    peel=peel,
    samples=(
        (
            '{"type":"raw","raw":"2026-05-28T09:18:58.941+00:00 [gateway] ready"}',
            "2026-05-28T09:18:58.941+00:00 [gateway] ready",
        ),
    ),
)
