"""The log file: one tslog record per line, of every release (facts 1.2, 1.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from forensics.parsers.logs.envelopes.envelope import Envelope, Record, Sample
from forensics.parsers.logs.envelopes.tslog import read_tslog

NAME = "file-jsonl"


def read(line: str) -> Record | None:
    """A line of the log file."""
    return read_tslog(line, NAME)


SAMPLES = (
    Sample(  # 1.29-2.26: `time` is UTC; nothing beside the arguments
        r'{"0":"{\"subsystem\":\"diagnostic\"}","1":"lane task error: lane=main durationMs=122 error=\"'
        r'FailoverError: HTTP 403 permission_error: no scope (request_id: req_011TEST)\"","_meta":{"runtime":'
        r'"node","hostname":"unknown","name":"{\"subsystem\":\"diagnostic\"}","parentNames":["openclaw"],"date":'
        r'"2026-02-11T09:18:58.941Z","logLevelId":5,"logLevelName":"ERROR","path":{"fileName":"entry.js"}},'
        r'"time":"2026-02-11T09:18:58.941Z"}',
        {
            "text": 'lane task error: lane=main durationMs=122 error="FailoverError: HTTP 403 permission_error: '
            'no scope (request_id: req_011TEST)"',
            "time": datetime(2026, 2, 11, 9, 18, 58, 941000, UTC),
            "clock": None,
            "level": "error",
            "subsystem": "diagnostic",
            "meta": {},
            "chunk": "entry.js",
            "raw": None,
        },
    ),
    Sample(  # all releases: a module logger puts its metadata before the text
        r'{"0":"{\"module\":\"cron\",\"storePath\":\"/home/u/.openclaw/cron/jobs.json\"}","1":{"enabled":true,'
        r'"jobs":0},"2":"cron: started","_meta":{"name":"{\"module\":\"cron\"}","logLevelName":"INFO",'
        r'"date":"2026-02-11T08:33:56.368Z"},"time":"2026-02-11T08:33:56.368Z"}',
        {"text": "cron: started", "subsystem": "cron", "level": "info", "meta": {"enabled": True, "jobs": 0}},
    ),
    Sample(  # all releases: a captured console call is one text of the root logger, tags and line breaks included
        r'{"0":"[tools] exec failed: no such file\n\nCommand exited with code 2","_meta":{"name":"openclaw",'
        r'"date":"2026-02-11T09:30:48.045Z","logLevelName":"ERROR"},"time":"2026-02-11T09:30:48.045Z"}',
        {"text": "[tools] exec failed: no such file\n\nCommand exited with code 2", "subsystem": "", "meta": {}},
    ),
    Sample(  # all releases: so is the `--json` answer of a CLI command, even where it names a plugin
        r'{"0":"{\"plugin\":\"memory-core\",\"enabled\":true}","_meta":{"name":"openclaw","logLevelName":"INFO"},'
        r'"time":"2026-02-11T09:30:48.045Z"}',
        {"text": '{"plugin":"memory-core","enabled":true}', "subsystem": "", "meta": {}},
    ),
    Sample(  # all releases: an Error among the arguments
        r'{"0":"{\"subsystem\":\"gateway\"}","1":"request handler failed:","2":{"nativeError":{},"name":"Error",'
        r'"message":"unknown cron job id","stack":[]},"_meta":{"logLevelName":"ERROR"},'
        r'"time":"2026-02-11T09:18:57.347Z"}',
        {"text": "request handler failed: unknown cron job id", "subsystem": "gateway", "meta": {}},
    ),
    Sample(  # 2.23-4.24: the last line before a full file falls silent
        '{"time":"2026-03-12T10:00:00.000+00:00","level":"warn","subsystem":"logging","message":"log file size cap '
        'reached; suppressing writes file=/tmp/openclaw/openclaw-2026-03-12.log maxFileBytes=524288000"}',
        {
            "text": "log file size cap reached; suppressing writes file=/tmp/openclaw/openclaw-2026-03-12.log "
            "maxFileBytes=524288000",
            "subsystem": "logging",
            "level": "warn",
        },
    ),
    Sample(  # 3.2-4.24: `time` is local with its offset, and goes before `_meta.date`
        r'{"0":"{\"subsystem\":\"agent/embedded\"}","1":{"event":"embedded_run_agent_end","runId":"r1"},"2":'
        r'"embedded run agent end","_meta":{"date":"2026-03-12T09:25:58.348Z","logLevelName":"WARN","path":'
        r'{"fileName":"subsystem-DVwhOlEq.js"}},"time":"2026-03-12T10:25:58.349+01:00"}',
        {
            "text": "embedded run agent end",
            "time": datetime(2026, 3, 12, 10, 25, 58, 349000, timezone(timedelta(hours=1))),
            "meta": {"event": "embedded_run_agent_end", "runId": "r1"},
            "chunk": "subsystem-DVwhOlEq.js",
        },
    ),
    Sample(  # 4.27+: message, session and trace beside the arguments
        r'{"0":"{\"subsystem\":\"model-fallback/decision\"}","1":{"event":"model_fallback_decision","sessionId":'
        r'"s1"},"2":"model fallback decision","_meta":{"logLevelName":"WARN"},"time":'
        r'"2026-05-28T09:45:02.751+00:00","hostname":"h","message":"model fallback decision","session_id":"s1",'
        r'"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","traceFlags":"01"}',
        {
            "text": "model fallback decision",
            "subsystem": "model-fallback/decision",
            "meta": {
                "event": "model_fallback_decision",
                "sessionId": "s1",
                "session_id": "s1",
                "traceId": "0af7651916cd43dd8448eb211c80319c",
                "spanId": "b7ad6b7169203331",
                "traceFlags": "01",
            },
        },
    ),
    Sample(  # 9.x: a direct tslog call puts the text first; `_meta` in another order
        r'{"0":"{\"subsystem\":\"session-sqlite\"}","1":"slow SQLite session write","2":{"elapsedMs":1075},'
        r'"_meta":{"runtime":"node","hostname":"h","date":"2026-09-20T10:02:24.229Z","logLevelId":4,'
        r'"logLevelName":"WARN","name":"{\"subsystem\":\"session-sqlite\"}"},"time":'
        r'"2026-09-20T10:02:24.229+00:00","message":"slow SQLite session write {\"elapsedMs\":1075}"}',
        {"text": "slow SQLite session write", "subsystem": "session-sqlite", "meta": {"elapsedMs": 1075}},
    ),
    Sample(  # 9.x: the queue in front of the file ran over; the marker has no `time` of its own
        '{"0":"[openclaw] file log queue overflow; dropped 12 oldest record(s)","message":"[openclaw] file log '
        'queue overflow; dropped 12 oldest record(s)","dropped":12,"_meta":{"date":"2026-09-20T10:02:24.229Z",'
        '"hostname":"h","logLevelName":"WARN","name":"openclaw"}}',
        {
            "text": "[openclaw] file log queue overflow; dropped 12 oldest record(s)",
            "time": datetime(2026, 9, 20, 10, 2, 24, 229000, UTC),
            "level": "warn",
            "subsystem": "",
            "meta": {"dropped": 12},
        },
    ),
)

SHAPE = Envelope(name=NAME, rank=1, read=read, samples=SAMPLES)
