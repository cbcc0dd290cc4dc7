"""No command prints, and no report holds, a token of the evidence: not whole, and no piece that tells it apart."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from running import run_bytes

from forensics import open_case
from forensics.report.notebooks import FOLDER, find_notebook

pytestmark = pytest.mark.slow

NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb") if "evidence" in find_notebook(path.stem).parameters)
DAY = datetime(2026, 3, 2, tzinfo=UTC)
ANTHROPIC = ("sk-ant-oat01-{}", "sk-ant-ort01-{}")
DEAD = "OAuth token refresh failed for anthropic: Failed to refresh OAuth token for anthropic. Please try again."


class Canaries:
    """Invented tokens, each with a piece that no other text has."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.tokens: list[str] = []

    def __call__(self, shape: str) -> str:
        """A token of a shape with `{}` where its own piece goes."""
        self.pieces.append(f"cAnArY{len(self.pieces):03}qZ7xW2")
        self.tokens.append(shape.format(f"{self.pieces[-1]}INVENTEDinvented0000"))
        return self.tokens[-1]

    def jwt(self) -> str:
        """An access token as OpenAI gives it: the piece stands in the signature."""
        claims = base64.urlsafe_b64encode(json.dumps({"exp": ms("14:00") // 1000}).encode()).decode().rstrip("=")
        return self("eyJhbGciOiJSUzI1NiJ9." + claims + ".{}")


def ms(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(DAY.timestamp() + int(hours) * 3600 + int(minutes) * 60) * 1000


def iso(clock: str) -> str:
    return f"2026-03-02T{clock}:00.000Z"


def log_line(clock: str, text: str, subsystem: str = "diagnostic", level: str = "ERROR") -> str:
    name = json.dumps({"subsystem": subsystem}, separators=(",", ":"))
    meta = {"runtime": "node", "name": name, "date": iso(clock), "logLevelId": 5, "logLevelName": level}
    return json.dumps({"0": name, "1": text, "_meta": meta, "time": iso(clock)}, separators=(",", ":"))


def auth_profiles(secret: Canaries, agent: str) -> str:
    """Every kind of credential; of each login the old pair or, for two of the agents, a newer one."""
    access, refresh = map(secret, ANTHROPIC)
    tokens = {"access": access, "refresh": refresh, "expires": ms("14:00" if agent in ("main", "dev") else "18:30")}
    profiles = {
        "anthropic:default": {"type": "oauth", "provider": "anthropic", **tokens, "email": "kim@example.invalid"},
        "anthropic:setup": {"type": "token", "provider": "anthropic", "token": secret("sk-ant-oat01-{}")},
        "openai:default": {"type": "api_key", "provider": "openai", "key": secret("sk-proj-{}")},
        "openai-codex:default": {
            "type": "oauth", "provider": "openai-codex", "access": secret.jwt(), "refresh": secret("rt_{}"),
            "expires": ms("14:00"),
        },
        "local:default": {"type": "api_key", "provider": "local", "key": secret("{}")},
    }  # fmt: skip
    return json.dumps({"version": 1, "profiles": profiles}, indent=2)


def tools(secret: Canaries) -> Iterator[tuple[str, str]]:
    access, refresh = map(secret, ANTHROPIC)
    claude = {"accessToken": access, "refreshToken": refresh, "expiresAt": ms("18:30"), "scopes": ["user:inference"]}
    yield ".claude/.credentials.json", json.dumps({"claudeAiOauth": claude})
    tokens = {"id_token": secret.jwt(), "access_token": secret.jwt(), "refresh_token": secret("rt_{}")}
    codex = {"OPENAI_API_KEY": secret("sk-proj-{}"), "tokens": tokens, "last_refresh": iso("10:30")}
    yield ".codex/auth.json", json.dumps(codex)


def config(secret: Canaries, gateway: str) -> str:
    return json.dumps(
        {
            "meta": {"lastTouchedVersion": "2026.2.9"},
            "gateway": {"port": 18789, "auth": {"mode": "token", "token": gateway}},
            "env": {"ANTHROPIC_API_KEY": secret("sk-ant-api03-{}"), "vars": {"GITHUB_TOKEN": secret("ghp_{}")}},
            "channels": {"telegram": {"botToken": secret("{}")}, "slack": {"appToken": secret("xapp-{}")}},
            "models": {"providers": {"local": {"baseUrl": secret("http://kim:{}@127.0.0.1"), "apiKey": secret("{}")}}},
            "agents": {"defaults": {"model": {"primary": "anthropic/claude-sonnet-4-5"}}},
        }
    )


def models_status(secret: Canaries) -> str:
    """As `openclaw models status --json` prints it, had it masked nothing."""
    known = {
        "provider": "anthropic",
        "effective": {"kind": "env", "detail": secret("sk-ant-api03-{}")},
        "env": {"value": secret("sk-ant-api03-{}"), "source": "env: ANTHROPIC_API_KEY"},
        "profiles": {"count": 1, "labels": [f"anthropic:setup=token:{secret('sk-ant-oat01-{}')}"]},
    }
    login = {"profileId": "anthropic:default", "type": "oauth", "status": "expired", "expiresAt": ms("14:00")}
    auth = {"storePath": "/home/kim/.openclaw", "providers": [known], "oauth": {"profiles": [login]}}
    return json.dumps({"configPath": "/home/kim", "resolvedDefault": "anthropic/opus", "auth": auth}, indent=2)


def transcript(secret: Canaries, gateway: str) -> str:
    """Somebody pastes tokens into the chat, a provider repeats one, and the last entry is cut."""
    body = {"type": "error", "error": {"type": "authentication_error", "message": f"bad {secret('sk-ant-oat01-{}')}"}}
    said = {"role": "assistant", "provider": "anthropic", "model": "claude-sonnet-4-5", "stopReason": "error"}
    messages = [
        {"role": "user", "content": [{"type": "text", "text": f"use {secret('sk-proj-{}')} and {gateway}"}]},
        {**said, "content": [], "errorMessage": f"401 {json.dumps(body)}"},
        {**said, "content": [], "errorMessage": f"{DEAD} {secret('rt_{}')}"},
        {**said, "content": [], "errorMessage": f"401 bad key {in_two(secret('sk-proj-{}'))} was refused"},
    ]
    lines = [json.dumps({"type": "session", "version": 3, "id": "5f0c", "timestamp": iso("14:30"), "cwd": "/home/kim"})]
    for n, message in enumerate(messages):
        entry = {"type": "message", "id": f"m{n}", "timestamp": iso(f"14:4{n}"), "message": message}
        lines.append(json.dumps(entry))
    return "\n".join([*lines, f'{{"type":"message","message":{{"token":"{secret("sk-ant-ort01-{}")}', ""])


def in_two(token: str) -> str:
    """Broken by a line end, as a terminal or a mail program does."""
    return f"{token[:20]}\n{token[20:]}"


def log(secret: Canaries, gateway: str) -> str:
    """Tokens inside lines that become events, echoes, other lines and rejects; the last line is cut."""
    lines = [
        log_line("09:00", "listening on ws://127.0.0.1:18789 (PID 22)", "gateway", "INFO"),
        log_line("09:01", f"Control UI: http://127.0.0.1:18789/#token={gateway}", "gateway", "INFO"),
        log_line("14:41", f'lane task error: lane=main durationMs=58 error="Error: {DEAD} {secret("rt_{}")}"'),
        log_line("14:42", f'lane task error: lane=main durationMs=9 error="401 Bearer {secret.jwt()}"'),
        log_line("14:43", f"Subagent announce failed: FailoverError: {DEAD} {secret('sk-ant-ort01-{}')}"),
        log_line(
            "14:43", f'lane task error: lane=session:agent:main:slack:direct:{secret("xapp-{}")} durationMs=1 error="x"'
        ),
        log_line(
            "14:43",
            f"Profile anthropic:{secret('sk-ant-oat01-{}')} timed out. Trying next account...",
            "agent/embedded",
        ),
        log_line(
            "14:43", f"config change detected; evaluating reload (env.{secret('ghp_{}')})", "gateway/reload", "INFO"
        ),
        log_line("14:44", f"Authorization: Bearer {secret('sk-ant-oat01-{}')}", "http", "WARN"),
        log_line("14:45", f"{'x' * 170} {secret('sk-proj-{}')}", "http", "WARN"),
        f"\x00\xff not a record at all {secret('ghp_{}')}",
        log_line("14:46", f"once more {secret('sk-ant-oat01-{}')}")[:-60],
    ]
    return "\n".join(lines)


def evidence_in(folder: Path, secret: Canaries) -> Path:
    gateway = secret("{}")
    files = {
        **{
            f".openclaw/agents/{agent}/agent/auth-profiles.json": auth_profiles(secret, agent)
            for agent in ("main", "dev", "ops", "qa")
        },
        # what an editor or a full disk leaves: half a file
        ".openclaw/agents/cut/agent/auth-profiles.json": auth_profiles(secret, "cut")[:-200],
        ".openclaw/agents/main/agent/auth-profiles.json.bak": auth_profiles(secret, "main"),
        ".openclaw/openclaw.json": config(secret, gateway),
        ".openclaw/openclaw.json.bak": config(secret, gateway)[:-90],
        ".openclaw/.env": f"ANTHROPIC_API_KEY={secret('sk-ant-api03-{}')}\n",
        ".openclaw/agents/main/sessions/5f0c.jsonl": transcript(secret, gateway),
        ".openclaw/logs/openclaw.log": log(secret, gateway),
        # names that somebody gave without thinking
        f".openclaw/agents/{secret('sk-proj-{}')}/agent/auth-profiles.json": auth_profiles(secret, "main"),
        f".openclaw/agents/main/sessions/{secret('ghp_{}')}.jsonl": transcript(secret, gateway),
        f"{secret('npm_{}')}.txt": "nothing that is read",
        "cli/models-status.out": models_status(secret),
        **dict(tools(secret)),
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def leak(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """Run a command over the evidence; the tokens, and pieces of tokens, that it printed or wrote."""
    secret = Canaries()
    evidence = evidence_in(tmp_path_factory.mktemp("evidence") / "case", secret)
    out = tmp_path_factory.mktemp("out")

    def run(command: str, *options: str, reads: bool = True) -> list[str]:
        done = run_bytes(command, *([evidence] if reads else []), *options, cwd=out)
        assert done.returncode in (0, 1), done.stderr.decode()
        written = [path for path in sorted(out.rglob("*")) if path.is_file()]
        everything = b"".join([done.stdout, done.stderr, *(path.read_bytes() for path in written)])
        assert everything
        return [text for text in (*secret.tokens, *secret.pieces) if text.encode() in everything]

    return run


@pytest.mark.parametrize("options", [[], ["--json"], ["--json", "--agent", "main"]])
def test_triage_tells_no_token(leak: Callable[..., list[str]], options: list[str]) -> None:
    assert leak("triage", *options) == []


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_report_holds_no_token(leak: Callable[..., list[str]], notebook: str) -> None:
    assert leak("report", "--notebook", notebook, "-o", notebook) == []


@pytest.mark.parametrize("options", [[], ["credential_desync"]])
def test_explain_tells_no_token(leak: Callable[..., list[str]], options: list[str]) -> None:
    assert leak("explain", *options, reads=False) == []


TABLES = ("files", "events", "rejects", "activity", "state", "credentials", "windows", "findings", "checks")


def test_the_evidence_is_read_and_no_table_keeps_a_token(tmp_path: Path) -> None:
    """Silence would prove nothing: the stores give credentials, the log events, what is cut rejects."""
    secret = Canaries()
    case = open_case(evidence_in(tmp_path, secret))
    assert len(case.timeline.credentials) >= 5 * 5 + 3
    assert {file.kind for file in case.timeline.files} == {
        "auth_profiles", "claude_credentials", "codex_auth", "config", "log", "models_status", "transcripts", "unknown",
    }  # fmt: skip
    assert {event.role for event in case.timeline.events} >= {"failure", "lifecycle"}
    assert len(case.timeline.rejects) >= 4
    assert case.incidents
    assert case.triage()["desync"]
    kept = "".join(getattr(case, name).write_json() for name in TABLES)
    assert [piece for piece in secret.pieces if piece in kept] == []
