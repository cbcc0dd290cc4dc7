"""Session transcripts: `<sessionId>.jsonl`, `<id>-topic-<thread>.jsonl`, and their archives (facts 6.3).

Archives are `.reset.<time>`, `.deleted.<time>` and `.bak.<time>`: a reset does not destroy evidence.
What the entries give stands in `reading.turns`.
"""

from __future__ import annotations

import re

from forensics.parsers.stores.reading.entries import sorted_entries
from forensics.parsers.stores.reading.lines import Line, Rows, line_reader, record
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.turns import EVENTS, turns
from forensics.parsers.stores.reading.values import word
from forensics.parsers.stores.store import Sample, Store

_SESSION_FILE = re.compile(
    r"(?:^|[/\\!])([^/\\!]+?)(?:-topic-[^/\\!]+?)?\.jsonl(?:\.(?:reset|deleted|bak)\.[^/\\!]*)?$"
)


def _looks(outline: Outline) -> bool:
    if outline.has("traceSchema") or outline.has("uuid"):  # a trajectory; Claude Code's own transcript
        return False
    message = outline.has("message", "role") and outline.has("message", "content")
    header = outline.has("version") and outline.has("cwd") and outline.has("id")
    return outline.has("type") and (message or header or outline.has("customType"))


def _rows(line: Line) -> Rows:
    return turns(line, _session(line))


def _session(line: Line) -> str | None:
    header = record(line.first)
    file_name = _SESSION_FILE.search(line.source.path)
    named = word(header.get("id")) if header.get("type") == "session" else None
    return named or (file_name[1] if file_name else None)


STORE = Store(
    name="transcripts",
    releases="1.29-7.1",
    claims=claimed(_looks, r"sessions[/\\](?:(?!\.trajectory)[^/\\])+\.jsonl(?:\.(?:reset|deleted|bak)\.[^/\\]*)?"),
    read=line_reader("transcripts", _rows, shown=40),
    skim=line_reader("transcripts", _rows, shown=40, sort=sorted_entries),
    events=EVENTS,
    line_oriented=True,
    begins=(re.compile(r"/sessions/[^/]+\.jsonl"), b'{"type":"session","version":'),
    samples=(
        Sample(
            "agents/main/sessions/5f0c8a52-0000-4000-8000-000000000001.jsonl.reset.2026-02-11T08-30-00.000Z",
            '{"type":"session","version":3,"id":"5f0c8a52","timestamp":"2026-02-11T08:00:00.000Z","cwd":"/home/kim"}'
            "\n"
            '{"type":"model_change","id":"a1","parentId":null,"timestamp":"2026-02-11T08:00:00.001Z",'
            '"provider":"anthropic","modelId":"claude-opus-4-5"}\n'
            '{"type":"message","id":"a2","parentId":"a1","timestamp":"2026-02-11T08:00:00.010Z","message":'
            '{"role":"user","content":[{"type":"text","text":"my key is sk-ant-api03-CANARY-0006-AAAA"}],'
            '"timestamp":1770796800005}}\n'
            '{"type":"message","id":"a3","parentId":"a2","timestamp":"2026-02-11T08:00:00.060Z","message":'
            '{"role":"assistant","content":[],"provider":"anthropic","model":"claude-opus-4-5","stopReason":"error",'
            '"timestamp":1770796800010,"errorMessage":"403 {\\"type\\":\\"error\\",\\"error\\":{\\"type\\":'
            '\\"permission_error\\",\\"message\\":\\"scope\\"},\\"request_id\\":\\"req_0001\\"}"}}\n'
            '{"type":"message","id":"a4","parentId":"a3","timestamp":"2026-02-11T08:00:05.000Z","message":'
            '{"role":"assistant","content":[{"type":"text","text":"Done."}],"provider":"anthropic",'
            '"model":"claude-opus-4-5","stopReason":"stop","timestamp":1770796801000}}\n'
            '{"type":"custom","customType":"openclaw:prompt-error","data":{"timestamp":1770796860000,"runId":"run-1",'
            '"sessionId":"5f0c8a52","provider":"anthropic","model":"claude-opus-4-5","error":"request timed out"},'
            '"id":"a5","parentId":"a4","timestamp":"2026-02-11T08:01:00.000Z"}\n'
            '{"type":"message","id":"a6","parentId":"a5","timestamp":"2026-02-11T08:02:00.000Z","message":'
            '{"role":"assistant","content":[],"provider":"anthropic","model":"claude-opus-4-5","stopReason":"aborted",'
            '"timestamp":1770796900000,"errorMessage":"This operation was aborted","errorCode":"20"}}\n'
            '{"type":"message","id":"a7","parentId":"a6","timestamp":"2026-02-11T08:03:00.000Z","mess\n',
            {
                "events": [
                    {
                        "kind": "transcript_turn",
                        "role": "schedule",
                        "time": "2026-02-11T08:00:00.010000+00:00",
                        "started": "2026-02-11T08:00:00.005000+00:00",
                        "agent": "main",
                        "session": "5f0c8a52",
                        "trigger": "message",
                        "detail": "sha256:a40d7b63af4e",
                    },
                    {
                        "kind": "transcript_error",
                        "role": "failure",
                        "time": "2026-02-11T08:00:00.060000+00:00",
                        "started": "2026-02-11T08:00:00.010000+00:00",
                        "agent": "main",
                        "session": "5f0c8a52",
                        "provider": "anthropic",
                        "model": "claude-opus-4-5",
                        "http_status": 403,
                        "error_type": "permission_error",
                        "text": "403 "
                        '{"type":"error","error":{"type":"permission_error","message":"scope"},"request_id":"req_0001"}',
                        "request_id": "req_0001",
                        "detail": "error",
                    },
                    {
                        "kind": "transcript_answer",
                        "role": "answer",
                        "time": "2026-02-11T08:00:05+00:00",
                        "started": "2026-02-11T08:00:01+00:00",
                        "agent": "main",
                        "session": "5f0c8a52",
                        "provider": "anthropic",
                        "model": "claude-opus-4-5",
                        "detail": "stop",
                    },
                    {
                        "kind": "transcript_prompt_error",
                        "role": "failure",
                        "time": "2026-02-11T08:01:00+00:00",
                        "agent": "main",
                        "session": "5f0c8a52",
                        "run": "run-1",
                        "provider": "anthropic",
                        "model": "claude-opus-4-5",
                        "text": "request timed out",
                    },
                    {
                        "kind": "transcript_aborted",
                        "role": "failure",
                        "time": "2026-02-11T08:02:00+00:00",
                        "started": "2026-02-11T08:01:40+00:00",
                        "agent": "main",
                        "session": "5f0c8a52",
                        "provider": "anthropic",
                        "model": "claude-opus-4-5",
                        "text": "This operation was aborted",
                        "detail": "aborted",
                    },
                ],
                "rejects": ["8: not JSON: Unterminated string starting at: line 1 column 84 (char 83)"],
                "lines": 8,
                "other": 2,
            },
        ),
    ),
)
