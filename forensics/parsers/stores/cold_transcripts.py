"""Transcripts put into cold storage beside an agent's database: `<sha256>.jsonl.zst` (9.x)."""

from __future__ import annotations

from dataclasses import replace

from forensics.parsers.stores.reading.cold_transcript import cold_event
from forensics.parsers.stores.reading.lines import Line, Rows, line_reader, record
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.turns import EVENTS, turns
from forensics.parsers.stores.reading.values import word
from forensics.parsers.stores.store import Sample, Store


def _looks(outline: Outline) -> bool:
    return outline.has("kind") and outline.has("row", "event_json")


def _rows(line: Line) -> Rows:
    _, entry, _ = cold_event(line.value)
    return turns(replace(line, value=entry), word(record(line.first).get("sessionId")))


STORE = Store(
    name="cold_transcripts",
    releases="9.1+",
    claims=claimed(_looks, r"[0-9a-f]{64}\.jsonl(?:\.zst)?"),
    read=line_reader("cold_transcripts", _rows, shown=40),
    events=EVENTS,
    line_oriented=True,
    samples=(
        Sample(
            "agents/main/sessions/cold/5f0c.jsonl",
            '{"kind":"header","version":1,"sessionId":"5f0c","generation":"1"}\n'
            '{"kind":"event","row":{"seq":4,"created_at":1770796801000,"event_json":"{\\"type\\":\\"message\\",'
            '\\"timestamp\\":\\"2026-02-11T08:00:01.000Z\\",\\"message\\":{\\"role\\":\\"user\\",'
            '\\"content\\":\\"my key is sk-ant-api03-CANARY-0030-AAAA\\"}}"}}\n'
            '{"kind":"event","row":{"seq":5,"created_at":1770796802000,"event_json":"{\\"type\\":\\"message\\",'
            '\\"timestamp\\":\\"2026-02-11T08:00:02.000Z\\",\\"message\\":{\\"role\\":\\"assistant\\",'
            '\\"provider\\":\\"anthropic\\",\\"model\\":\\"claude-opus-4-7\\",\\"stopReason\\":\\"error\\",'
            '\\"errorMessage\\":\\"529 Overloaded\\"}}"}}\n'
            '{"kind":"index","row":{"indexed_seq":5}}\n',
            {
                "events": [
                    {
                        "kind": "transcript_turn",
                        "role": "schedule",
                        "time": "2026-02-11T08:00:01+00:00",
                        "agent": "main",
                        "session": "5f0c",
                        "trigger": "message",
                        "detail": "sha256:b8b9c5053226",
                    },
                    {
                        "kind": "transcript_error",
                        "role": "failure",
                        "time": "2026-02-11T08:00:02+00:00",
                        "agent": "main",
                        "session": "5f0c",
                        "provider": "anthropic",
                        "model": "claude-opus-4-7",
                        "http_status": 529,
                        "text": "529 Overloaded",
                        "detail": "error",
                    },
                ],
                "lines": 4,
                "other": 2,
            },
        ),
    ),
)
