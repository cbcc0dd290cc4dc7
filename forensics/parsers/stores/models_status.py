"""Output of `openclaw models status --json` (facts 8.6), alone or with log lines and a banner around it.

Entity: profile id for windows, logins and probes, provider for where its key comes from, "config" for the rest.
Observed at the moment of the command, which every `until - remainingMs` tells; without one at the file's mtime.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.values import Path, inside, latest, records, whole, word
from forensics.parsers.stores.store import Contents, Sample, Store
from forensics.tables import StateValue

_CONFIG = (
    "agentId", "agentDir", "defaultModel", "resolvedDefault", "fallbacks", "allowed",
    "auth.storePath", "auth.shellEnvFallback.enabled", "auth.shellEnvFallback.appliedKeys",
    "auth.missingProvidersInUse",
)  # fmt: skip
_PROVIDER = ("effective.kind", "profiles.count", "env.source", "modelsJson.source")
_UNUSABLE: Path = ("auth", "unusableProfiles")
_LOGINS: Path = ("auth", "oauth", "profiles")
_PROBES: Path = ("auth", "probes", "results")
_PROFILE: tuple[tuple[Path, tuple[str, ...]], ...] = (
    (_UNUSABLE, ("provider", "kind", "reason", "until", "remainingMs", "classification")),
    (_LOGINS, ("type", "status", "reasonCode", "expiresAt", "remainingMs", "source")),
    (_PROBES, ("status", "model", "mode", "error", "latencyMs")),
)
_AGENT_DIR = re.compile(r"[/\\]agents[/\\]([^/\\]+)[/\\]agent/?$")


def _looks(outline: Outline) -> bool:
    return outline.has("auth", "storePath") or (outline.has("configPath") and outline.has("resolvedDefault"))


def _contents(document: Document) -> Contents:
    at = _taken(document) or document.source.mtime
    agent = _agent(document)
    rows = (*document.observe_fields((), "config", _CONFIG, at), *_providers(document, at), *_profiles(document, at))
    return Contents(state=tuple(replace(row, agent=agent or row.agent) for row in rows))


def _providers(document: Document, at: datetime | None) -> Iterator[StateValue]:
    path: Path = ("auth", "providers")
    for index, entry in records(inside(document.root, *path)):
        provider = word(entry.get("provider")) or str(index)
        yield from document.observe_fields((*path, index), provider, _PROVIDER, at)


def _profiles(document: Document, at: datetime | None) -> Iterator[StateValue]:
    for path, fields in _PROFILE:
        for index, entry in records(inside(document.root, *path)):
            entity = word(entry.get("profileId")) or word(entry.get("provider")) or str(index)
            for row in document.observe_fields((*path, index), entity, fields, at):
                yield replace(row, key=f"{path[1]}.{row.key}")


def _taken(document: Document) -> datetime | None:
    ends = [(entry, "until") for _, entry in records(inside(document.root, *_UNUSABLE))]
    ends += [(entry, "expiresAt") for _, entry in records(inside(document.root, *_LOGINS))]
    return latest([_difference(entry, key) for entry, key in ends])


def _difference(entry: Mapping[str, object], key: str) -> int | None:
    until, remaining = whole(entry.get(key)), whole(entry.get("remainingMs"))
    return None if until is None or remaining is None else until - remaining


def _agent(document: Document) -> str | None:
    folder = _AGENT_DIR.search(word(inside(document.root, "agentDir")) or "")
    return word(inside(document.root, "agentId")) or (folder[1] if folder else None)


STORE = Store(
    name="models_status",
    releases="all",
    claims=claimed(_looks),
    read=document_reader("models_status", _contents, records=(("auth", "providers"), _UNUSABLE, _LOGINS, _PROBES)),
    entities={"models_status": "profile"},
    samples=(
        Sample(
            "models-status.txt",
            """$ openclaw models status --json
{"level":"info","time":"2026-02-11T08:00:00.000Z","message":"config reloaded"}
{
  "configPath": "/home/kim/.openclaw/openclaw.json", "agentDir": "/home/kim/.openclaw/agents/ops/agent",
  "resolvedDefault": "anthropic/claude-opus-4-5", "fallbacks": [],
  "auth": {"storePath": "~/.openclaw/agents/ops/agent/auth-profiles.json", "providers": [{"provider": "anthropic",
    "effective": {"kind": "env", "detail": "sk-ant-o...AAAA"},
    "env": {"value": "sk-ant-o...AAAA", "source": "env: ANTHROPIC_API_KEY"}}],
   "unusableProfiles": [{"profileId": "anthropic:default", "provider": "anthropic", "kind": "cooldown",
     "until": 1770800400000, "remainingMs": 3600000}],
   "oauth": {"profiles": [{"profileId": "anthropic:default", "type": "token", "status": "static"}]},
   "probes": {"results": [{"provider": "anthropic", "profileId": "anthropic:default", "status": "auth",
     "error": "401 invalid x-api-key sk-ant-api03-CANARY-0023-AAAA"}]}}
}
$ echo done
""",
            {
                "observed_at": "2026-02-11T08:00:00+00:00",
                "state": {
                    "config agentDir": '"/home/kim/.openclaw/agents/ops/agent"',
                    "config resolvedDefault": '"anthropic/claude-opus-4-5"',
                    "config fallbacks": "[]",
                    "config auth.storePath": '"~/.openclaw/agents/ops/agent/auth-profiles.json"',
                    "anthropic effective.kind": '"env"',
                    "anthropic env.source": '"env: ANTHROPIC_API_KEY"',
                    "anthropic:default unusableProfiles.provider": '"anthropic"',
                    "anthropic:default unusableProfiles.kind": '"cooldown"',
                    "anthropic:default unusableProfiles.until": "1770800400000",
                    "anthropic:default unusableProfiles.remainingMs": "3600000",
                    "anthropic:default oauth.type": '"token"',
                    "anthropic:default oauth.status": '"static"',
                    "anthropic:default probes.status": '"auth"',
                    "anthropic:default probes.error": '"401 invalid x-api-key fp:e57326fc81f2"',
                },
                "lines": 15,
                "other": 15,
            },
        ),
    ),
)
