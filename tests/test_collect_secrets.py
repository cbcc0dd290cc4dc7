"""What must not leave is not in a bundle: no token, whole or in pieces, and nothing that people and models said."""

from __future__ import annotations

import base64
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
import zstandard
from collecting import bundle_of, log_line, members, written
from test_no_token_leaks import Canaries, evidence_in
from test_sqlite_stores import TABLES

from forensics.errors import BundleError
from forensics.parsers.known_secrets import known_secrets
from forensics.parsers.stores.reading.parse import parse_document
from forensics.secrets.fingerprints import fingerprint
from forensics.sharing.bundle.json_text import masked_document
from forensics.sharing.bundle.json_values import masked_value
from forensics.sharing.bundle.leaks import leaky_members
from forensics.sharing.bundle.masker import Masker

TOKEN = "sk-ant-oat01-INVENTEDinvented0123456789"
PASSWORD = "correct-horse-battery"


class Sayings:
    """Invented messages, each with a word that no other text has."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self) -> str:
        self.words.append(f"zebra{len(self.words):03}quagga")
        return f"the {self.words[-1]} came\nto tea"


def talk_in(folder: Path, say: Sayings) -> Path:
    """Messages in every place where a state directory and its logs hold them."""
    at = "2026-03-02T14:30:00.000Z"
    entries = [
        {"role": "user", "content": [{"type": "text", "text": say()}, {"type": "image", "data": say()}]},
        {"role": "user", "content": say()},
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": say(), "signature": say()}, {"type": "text", "text": say()},
            {"type": "toolCall", "id": "t1", "name": "exec",
             "arguments": {"command": say(), "path": say(), "error": say()}},
        ], "provider": "anthropic", "model": "opus", "stopReason": "toolUse"},
        {"role": "toolResult", "toolCallId": "t1", "toolName": "exec", "content": [{"type": "text", "text": say()}],
         "details": {"output": {"error": say()}}},
    ]  # fmt: skip
    transcript = [
        {"type": "session", "version": 3, "id": "5f0c", "timestamp": at, "cwd": "/home/kim"},
        *({"type": "message", "id": f"m{n}", "timestamp": at, "message": m} for n, m in enumerate(entries)),
        {"type": "compaction", "id": "c1", "timestamp": at, "summary": say()},
        {"type": "custom_message", "customType": "note", "content": say(), "timestamp": at},
    ]
    trajectory = [
        {"traceSchema": "openclaw-trajectory", "type": kind, "ts": at, "runId": "r1", "data": data}
        for kind, data in (
            ("prompt.submitted", {"prompt": say(), "systemPrompt": say()}),
            ("tool.call", {"name": "exec", "arguments": {"code": say()}}),
            ("model.completed", {"messagesSnapshot": entries}),
        )
    ]
    sessions = {"agent:main:main": {
        "sessionId": "5f0c", "updatedAt": 1772461800000, "label": say(), "skillsSnapshot": {"prompt": say()},
        "quotaSuspension": {"summary": say(), "reason": "manual"}, "pendingFinalDeliveryText": say(),
    }}  # fmt: skip
    runs = {"version": 2, "runs": {"r1": {
        "childSessionKey": "agent:main:subagent:1", "task": say(), "frozenResultText": say(),
        "createdAt": 1772461800000,
    }}}  # fmt: skip
    jobs = {
        "version": 1,
        "jobs": [{"id": "j1", "schedule": {"kind": "every"}, "payload": {"kind": "x", "message": say()}}],
    }
    cron = {"ts": 1772461800000, "jobId": "j1", "action": "finished", "status": "ok", "summary": say()}
    config = {
        "gateway": {"port": 1},
        "agents": {"defaults": {"heartbeat": {"prompt": say()}}, "list": [{"id": "a", "identity": {"theme": say()}}]},
    }
    said = [
        log_line(at, say(), "", "INFO"),
        log_line(at, f"[tools] exec failed: exit 1 raw_params={json.dumps({'c': say()})}", "", "ERROR"),
        log_line(at, "something nobody knows", "agent/embedded", "WARN", prompt=say(), preview=say()),
        log_line(at, "embedded run agent end", "agent/embedded", "WARN", event="embedded_run_agent_end", runId="r1",
                 isError=True, error="401 no", prompt=say(), messages=[{"content": say()}]),
    ]  # fmt: skip
    console = [
        f"{at} [gateway] listening on ws://127.0.0.1:18789 (PID 22)",
        f"{at} {say()}",
        f'{at} [diagnostic] lane task error: lane=main durationMs=5 error="Error: 401 no"',
        say(),
        json.dumps({"time": at, "level": "info", "subsystem": "agent", "message": say(), "input": say()}),
        json.dumps({"type": "log", "time": at, "level": "info", "message": say(), "raw": log_line(at, say())}),
        f'{at} info agent {{"subsystem":"agent"}} {json.dumps({"text": say()})} {say()}',
    ]
    agent = folder / ".openclaw/agents/main"
    written(folder, {
        ".openclaw/agents/main/sessions/5f0c.jsonl": lines(transcript),
        ".openclaw/agents/main/sessions/5f0c.trajectory.jsonl": lines(trajectory),
        ".openclaw/agents/main/sessions/sessions.json": json.dumps(sessions),
        ".openclaw/subagents/runs.json": json.dumps(runs, indent=1),
        ".openclaw/cron/jobs.json": json.dumps(jobs),
        ".openclaw/cron/runs/j1.jsonl": lines([cron]),
        ".openclaw/openclaw.json": f"// {say()}".replace("\n", " ") + "\n" + json.dumps(config, indent=1),
        ".openclaw/logs/openclaw.log": "\n".join(said),
        "console/console.txt": "\n".join(console),
        ".openclaw/workspace/MEMORY.md": say(),
        ".openclaw/credentials/whatsapp/creds.json": json.dumps({"noiseKey": say()}),
    })  # fmt: skip
    (agent / "agent").mkdir()
    with closing(sqlite3.connect(agent / "agent/openclaw-agent.sqlite")) as connection, connection:
        for name in ("transcript_events", "session_nodes", "subagent_runs", "session_pending_inputs"):
            connection.execute(f"CREATE TABLE {name} ({TABLES[name]})")
        connection.execute("CREATE TABLE memories (text TEXT)")
        connection.execute("INSERT INTO memories VALUES (?)", (say(),))
        for n, entry in enumerate(transcript):
            plain, packed = (
                (json.dumps(entry), None) if n % 2 else (None, zstandard.compress(json.dumps(entry).encode()))
            )
            row = ("5f0c", n, plain, 1772461800000, packed, 1, None)
            connection.execute("INSERT INTO transcript_events VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("INSERT INTO session_nodes VALUES ('k', '5f0c', ?, 1, 'done')", (json.dumps(sessions),))
        connection.execute(
            "INSERT INTO subagent_runs (run_id, task, frozen_result_text) VALUES ('r', ?, ?)", (say(), say())
        )
        message = json.dumps({"role": "user", "content": say()})
        connection.execute(
            "INSERT INTO session_pending_inputs (session_id, message_json) VALUES ('5f0c', ?)", (message,)
        )
    return folder


def lines(entries: list[dict[str, object]]) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in entries)


def everything(bundle: Path, tmp_path: Path) -> bytes:
    """The bundle's own bytes, each member's, and each row of the databases in it."""
    held = members(bundle)
    parts = [bundle.read_bytes(), "\n".join(held).encode(), *held.values()]
    for data in held.values():
        if data.startswith(b"SQLite format 3\0"):
            (tmp_path / "held.sqlite").write_bytes(data)
            with closing(sqlite3.connect(tmp_path / "held.sqlite")) as connection:
                parts.append("\n".join(connection.iterdump()).encode())
    return b"\n".join(parts)


def test_no_token_is_in_a_bundle(tmp_path: Path) -> None:
    secret = Canaries()
    bundle_of(evidence_in(tmp_path / "case", secret), tmp_path / "case.zip")
    held = everything(tmp_path / "case.zip", tmp_path)
    assert [text for text in (*secret.tokens, *secret.pieces) if text.encode() in held] == []
    assert held.count(fingerprint(secret.tokens[1]).encode()) >= 1


def test_no_message_is_in_a_bundle(tmp_path: Path) -> None:
    say = Sayings()
    manifest = bundle_of(talk_in(tmp_path / "case", say), tmp_path / "case.zip").manifest
    held = everything(tmp_path / "case.zip", tmp_path)
    assert [word for word in say.words if word.encode() in held] == []
    assert {file.kind for file in manifest.files} >= {
        "config", "cron_jobs", "cron_runs", "log", "sessions", "subagent_runs", "state_database", "trajectories",
        "transcripts",
    }  # fmt: skip
    left_out = " ".join(left.path for left in manifest.left_out)
    assert "workspace" in left_out
    assert "creds.json" in left_out


def test_the_name_of_a_tool_stays_and_its_arguments_do_not(tmp_path: Path) -> None:
    evidence = talk_in(tmp_path / "case", Sayings())
    bundle_of(evidence, tmp_path / "case.zip")
    entry = members(tmp_path / "case.zip")[".openclaw/agents/main/sessions/5f0c.jsonl"].splitlines()[3]
    call = json.loads(entry)["message"]["content"][2]
    assert (call["type"], call["id"], call["name"]) == ("toolCall", "t1", "exec")
    assert {*call["arguments"].values()} == {"<30 characters>"}


@pytest.mark.parametrize(
    "text",
    [
        f"no {TOKEN} here",
        f"Authorization: Basic {base64.b64encode(f'kim:{TOKEN}'.encode()).decode()}",
        f"Authorization: Basic {base64.b64encode(f'kimi:{PASSWORD}'.encode()).decode()}",
        "GET https://h.invalid/?q=" + quote(json.dumps({"token": PASSWORD})),
        f"no {TOKEN[:20]}\n{TOKEN[20:]} here",
        f"no {PASSWORD[:9]}\n{PASSWORD[9:]} here",
        f'{{"token": "{PASSWORD}"}}',
    ],
    ids=["plain", "base64", "base64 of a password", "in an address", "broken", "broken password", "named"],
)
def test_a_token_is_found_in_every_disguise(text: str) -> None:
    masker = Masker(known_secrets([PASSWORD]))
    cleaned = masker.clean(text)
    assert "fp:" in cleaned
    assert cleaned.count("\n") == text.count("\n")
    assert not any(word in cleaned for word in (TOKEN[:20], TOKEN[20:], PASSWORD[9:]))
    assert masker.clean(cleaned) == cleaned


def test_a_password_that_is_one_of_openclaws_own_words_does_not_tear_the_state_apart() -> None:
    assert known_secrets(["openclaw", PASSWORD]) == (PASSWORD,)


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (TOKEN, fingerprint(TOKEN)),
        ("${ANTHROPIC_API_KEY}", "${ANTHROPIC_API_KEY}"),
        ("ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY"),
        ("$ecret-word", "<11 characters>"),
        ("sk-ant-…wxyz", "<12 characters>"),
        ("openclaw-oauth-refresh-fence:v1:00ff:failed:access", "openclaw-oauth-refresh-fence:failed"),
    ],
)
def test_what_stands_in_a_tokens_place_is_still_what_it_was(value: str, held: str) -> None:
    assert masked_value({"access": value}, Masker(()).of_logins()) == {"access": held}


JSON5 = """// where my token is
{
  // a comment with a secret in it
  version: 1, 'profiles': {
    "anthropic:kim": {type: 'oauth', access: "TOKEN", note: 'what I\\'d rather
not say',},
  },
}
log line behind it
""".replace("TOKEN", TOKEN)


def test_a_json5_file_keeps_its_lines_and_loses_its_comments() -> None:
    masked = masked_document(JSON5, Masker(()))
    assert masked.count("\n") == JSON5.count("\n")
    assert "secret" not in masked
    assert parse_document(masked) == {
        "version": 1,
        "profiles": {"anthropic:kim": {"type": "oauth", "access": fingerprint(TOKEN), "note": "<23 characters>"}},
    }


def test_a_token_that_slips_through_stops_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = evidence_in(tmp_path / "case", Canaries())
    monkeypatch.setattr(Masker, "clean", lambda _, text: text)
    with pytest.raises(BundleError, match="a token would be in"):
        bundle_of(evidence, tmp_path / "case.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["case"]


def test_the_last_look_sees_base64_and_names(tmp_path: Path) -> None:
    for name, text in (("a", base64.b64encode(TOKEN.encode()).decode()), (TOKEN, "x"), ("b", PASSWORD), ("c", TOKEN)):
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
            archive.writestr(name, text)
        assert list(leaky_members(tmp_path / "x.zip", [PASSWORD]))
