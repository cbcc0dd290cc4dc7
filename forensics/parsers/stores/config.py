"""openclaw.json and its backups (`.bak`, `.bak.<n>`, `.last-good`), also as clawdbot, moltbot or moldbot (facts 3.1).

Kept: models and fallbacks, agents, auth, logging, cron, heartbeat, meta; of `env` and `channels` the names only, of
`models.providers` the address and an inline key's fingerprint. Keys are dotted paths; for `agents.list` the agent
column says which one.
Observed at meta.lastTouchedAt (OpenClaw's own writes set it), else the file's mtime.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from forensics.parsers.stores.reading import auth
from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.recognise import ARCHIVED, Outline, claimed
from forensics.parsers.stores.reading.values import ABSENT, Path, as_json, inside, members, moment_iso, records, word
from forensics.parsers.stores.store import Contents, Sample, Store
from forensics.tables import StateValue

_KEPT: tuple[Path, ...] = (
    ("auth",), ("logging",), ("meta",), ("cron", "enabled"), ("session", "store"), ("agent", "model"),
    ("agents", "defaults", "model"), ("agents", "defaults", "heartbeat", "every"),
    ("agents", "defaults", "heartbeat", "activeHours"),
)  # fmt: skip
_KEPT_PER_AGENT: tuple[Path, ...] = (("id",), ("default",), ("model",), ("heartbeat", "every"))
_NAMES_ONLY: tuple[Path, ...] = (("channels",), ("agents", "defaults", "models"))
_MARKS: tuple[Path, ...] = (
    ("agents", "defaults"), ("agents", "list"), ("gateway", "port"), ("gateway", "bind"), ("gateway", "auth"),
    ("auth", "profiles"), ("auth", "order"), ("models", "providers"), ("meta", "lastTouchedVersion"),
    ("agent", "model"),
)  # fmt: skip
_ELSEWHERE = ("storePath", "reachable", "lastGood", "usageStats")  # of auth and gateway in command outputs
_MASKED = "<redacted"  # by OpenClaw's own support export
_URL_SECRETS = re.compile(r"(?<=://)[^/@\s]*@|[?#].*", re.S)


def _looks(outline: Outline) -> bool:
    command = any(outline.has(section, key) for section in ("auth", "gateway") for key in _ELSEWHERE)
    return not command and any(outline.has(*map(str, mark)) for mark in _MARKS)


def _contents(document: Document) -> Contents:
    at = moment_iso(inside(document.root, "meta", "lastTouchedAt")) or document.source.mtime
    providers = [str(key) for key, value in records(inside(document.root, "models", "providers")) if "apiKey" in value]
    return Contents(
        state=(
            *(row for path in _KEPT for row in _leaves(document, path, "", at)),
            *_names(document, at),
            *_agents(document, at),
            *_providers(document, at),
        ),
        credentials=tuple(
            auth.credential(document, ("models", "providers", p), f"models.providers.{p}.apiKey", p, "api_key")
            for p in providers
        ),
    )


def _leaves(document: Document, path: Path, prefix: str, at: datetime | None) -> Iterator[StateValue]:
    """One row per scalar or array below a path; the key is the dotted path, or `prefix` and the path's rest."""
    value = inside(document.root, *path)
    if isinstance(value, Mapping):
        for key in value:
            yield from _leaves(document, (*path, key), f"{prefix}.{key}" if prefix else "", at)
    elif value is not ABSENT and _MASKED not in as_json(value):
        yield document.observe(path, "config", prefix or ".".join(map(str, path)), at)


def _names(document: Document, at: datetime | None) -> Iterator[StateValue]:
    for path in _NAMES_ONLY:
        if names := [str(key) for key, _ in members(inside(document.root, *path))]:
            row = document.observe(path, "config", ".".join(map(str, path)), at)
            yield replace(row, value=as_json(names))
    env = [*members(inside(document.root, "env")), *members(inside(document.root, "env", "vars"))]
    if names := [str(key) for key, value in env if isinstance(value, str)]:
        yield replace(document.observe(("env",), "config", "env", at), value=as_json(names))


def _agents(document: Document, at: datetime | None) -> Iterator[StateValue]:
    for index, agent in records(inside(document.root, "agents", "list")):
        base: Path = ("agents", "list", index)
        for path in _KEPT_PER_AGENT:
            prefix = ".".join(("agents", "list", *map(str, path)))
            for row in _leaves(document, (*base, *path), prefix, at):
                yield replace(row, agent=word(agent.get("id")))


def _providers(document: Document, at: datetime | None) -> Iterator[StateValue]:
    for provider, settings in records(inside(document.root, "models", "providers")):
        for key in ("baseUrl", "api"):
            if value := word(settings.get(key)):
                path: Path = ("models", "providers", provider, key)
                row = document.observe(path, "config", ".".join(map(str, path)), at)
                yield replace(row, value=as_json(_URL_SECRETS.sub("", value)))


STORE = Store(
    name="config",
    releases="all",
    claims=claimed(_looks, rf"(?:openclaw|clawdbot|moltbot|moldbot)\.json5?{ARCHIVED}"),
    read=document_reader("config", _contents, records=(("agents", "list"), ("models", "providers"))),
    entities={"config": "word"},
    samples=(
        Sample(
            "openclaw.json.bak.1",
            """{
  // written by hand
  gateway: { port: 18789, auth: { mode: 'token', token: 'CANARY-0012-gateway-token' } },
  env: { vars: { ANTHROPIC_API_KEY: "sk-ant-api03-CANARY-0013-AAAA" } },
  auth: { order: { anthropic: ["anthropic:default", "anthropic:backup"] } },
  models: { providers: { local: { baseUrl: "http://kim:CANARY-0029-pass@127.0.0.1:11434/v1?key=1",
    api: "openai-completions", apiKey: "CANARY-0014-local-key" } } },
  agents: {
    defaults: { model: { primary: "anthropic/claude-opus-4-5", fallbacks: [] }, heartbeat: { every: "30m" } },
    list: [{ id: "ops", model: "openai/gpt-5.1" }],
  },
  channels: { telegram: { botToken: "123456789:CANARYCANARYCANARYCANARYCANARYCANAR" } },
  meta: { lastTouchedVersion: "2026.2.9", lastTouchedAt: "2026-02-11T08:00:00.000Z" },
}
""",
            {
                "observed_at": "2026-02-11T08:00:00+00:00",
                "state": {
                    "config auth.order.anthropic": '["anthropic:default","anthropic:backup"]',
                    "config meta.lastTouchedVersion": '"2026.2.9"',
                    "config meta.lastTouchedAt": '"2026-02-11T08:00:00.000Z"',
                    "config agents.defaults.model.primary": '"anthropic/claude-opus-4-5"',
                    "config agents.defaults.model.fallbacks": "[]",
                    "config agents.defaults.heartbeat.every": '"30m"',
                    "config channels": '["telegram"]',
                    "config env": '["ANTHROPIC_API_KEY"]',
                    "config agents.list.id": '"ops"',
                    "config agents.list.model": '"openai/gpt-5.1"',
                    "config models.providers.local.baseUrl": '"http://127.0.0.1:11434/v1"',
                    "config models.providers.local.api": '"openai-completions"',
                },
                "credentials": {"models.providers.local.apiKey": ("local", "api_key", "fp:449dea3f89b6", None, None)},
                "lines": 14,
                "other": 14,
            },
        ),
    ),
)
