"""Credentials on their way between stores (facts 2.6): `agents/auth-profiles`, `auth-profiles/persistence`."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_HERE = ("agents/auth-profiles", "auth-profiles/persistence")
_KEYS = {"profile": "profileId", "detail": "expires"}
_AGENT_OF_DIR = re.compile(r"[/\\]agents[/\\](?P<agent>[^/\\]+)[/\\]")


def _sentence(releases: str, words: str) -> Wording:
    return Wording(releases, re.compile(f"(?P<text>{words})", re.S), keys=_KEYS)


def _of_agent(record: Record, fields: Fields) -> Fields:
    owner = _AGENT_OF_DIR.search(str(record.meta.get("agentDir", "")))
    return fields | (owner.groupdict() if owner else {})


TEMPLATES = (
    Template(
        kind="credentials_synced",
        role="credential",
        disclosure=Disclosure("own sentence", detail="sentence"),
        literals=(" credentials from external cli", " credentials from qwen cli", "auth-store stage=external-cli-sync"),
        subsystems=_HERE,
        wordings=(
            Wording(
                "1.29-4.15",
                re.compile(r"(?P<text>synced\ (?P<provider>\S+)\ credentials\ from\ (?:external|qwen)\ cli)", VERBOSE),
                keys=_KEYS,
            ),
            Wording(
                "3.24-4.15",
                re.compile(
                    r"(?P<text>auth-store\ stage=external-cli-sync)\ elapsedMs=(?P<duration_ms>\d+)\ mutated=true",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.2",
                r'{"0":"{\"subsystem\":\"agents/auth-profiles\"}","1":{"profileId":"openai-codex:default",'
                r'"expires":"2026-03-04T10:00:00.000Z"},"2":"synced openai-codex credentials from external cli",'
                r'"_meta":{"logLevelName":"INFO"},"time":"2026-03-03T10:00:00.000+00:00"}',
                {
                    "text": "synced openai-codex credentials from external cli",
                    "provider": "openai-codex",
                    "profile": "openai-codex:default",
                    "detail": "2026-03-04T10:00:00.000Z",
                },
            ),
            Sample(
                "1.29",
                "2026-01-30T10:00:00.000Z [agents/auth-profiles] synced qwen credentials from qwen cli",
                {"text": "synced qwen credentials from qwen cli", "provider": "qwen"},
            ),
            Sample(
                "3.24",
                "2026-03-25T10:00:00.000+00:00 [agents/auth-profiles] auth-store stage=external-cli-sync elapsedMs=12 "
                "mutated=true",
                {"text": "auth-store stage=external-cli-sync", "duration_ms": 12},
            ),
        ),
    ),
    Template(
        kind="credentials_kept",
        role="credential",
        disclosure=Disclosure("own sentence"),
        literals=(" over external cli ",),
        subsystems=_HERE,
        wordings=(
            _sentence("3.24-4.15", r"kept newer stored \S+ credentials over external cli sync"),
            _sentence("4.21+", r"kept (?:usable local oauth|explicit local auth) over external cli bootstrap"),
        ),
        samples=(
            Sample(
                "4.1",
                "2026-04-02T10:00:00.000+00:00 [agents/auth-profiles] kept newer stored openai-codex credentials over "
                "external cli sync",
                {"text": "kept newer stored openai-codex credentials over external cli sync"},
            ),
            Sample(
                "5.2",
                "2026-05-03T10:00:00.000+00:00 [agents/auth-profiles] kept usable local oauth over external cli "
                "bootstrap",
                {"text": "kept usable local oauth over external cli bootstrap"},
            ),
        ),
    ),
    Template(
        kind="credentials_read",
        role="credential",
        disclosure=Disclosure("own sentence"),
        literals=(
            " credentials from claude cli keychain",
            "read codex credentials from keychain",
            "external cli oauth bootstrap because local oauth was missing",
            "resolved oauth credential from ",
            "using external OAuth credential after refresh failure",
        ),
        subsystems=_HERE,
        wordings=(
            _sentence("1.29-7.1", r"read (?:anthropic credentials from claude cli|codex credentials from) keychain"),
            _sentence("4.21+", r"used external cli oauth bootstrap because local oauth was missing or unusable"),
            _sentence("4.21+", r"resolved oauth credential from (?:canonical local store|external cli bootstrap)"),
            _sentence("5.18-6.11", r"using external OAuth credential after refresh failure"),
        ),
        samples=(
            Sample(
                "2.9",
                "2026-02-11T10:00:00.000Z [agents/auth-profiles] read anthropic credentials from claude cli keychain",
                {"text": "read anthropic credentials from claude cli keychain"},
            ),
            Sample(
                "5.2",
                "2026-05-03T10:00:00.000+00:00 [agents/auth-profiles] used external cli oauth bootstrap because local "
                "oauth was missing or unusable",
                {"text": "used external cli oauth bootstrap because local oauth was missing or unusable"},
            ),
            Sample(
                "5.2",
                "2026-05-03T10:00:00.000+00:00 [agents/auth-profiles] resolved oauth credential from canonical local "
                "store",
                {"text": "resolved oauth credential from canonical local store"},
            ),
            Sample(
                "6.1",
                "2026-06-03T10:00:00.000+00:00 [agents/auth-profiles] using external OAuth credential after refresh "
                "failure",
                {"text": "using external OAuth credential after refresh failure"},
            ),
        ),
    ),
    Template(
        kind="credentials_written",
        role="credential",
        disclosure=Disclosure("own sentence"),
        literals=(
            "wrote refreshed credentials to ",
            "failed to persist refreshed codex credentials back",
            "mirrored refreshed OAuth credential to main",
        ),
        subsystems=_HERE,
        wordings=(
            _sentence("1.29-4.15", r"wrote refreshed credentials to (?:claude|codex) cli (?:file|keychain)"),
            _sentence("4.9-4.15", r"failed to persist refreshed codex credentials back to Codex storage"),
            _sentence("4.21+", r"mirrored refreshed OAuth credential to main agent store"),
        ),
        samples=(
            Sample(
                "4.12",
                "2026-04-13T10:00:00.000+00:00 [agents/auth-profiles] wrote refreshed credentials to codex cli file",
                {"text": "wrote refreshed credentials to codex cli file"},
            ),
            Sample(
                "4.12",
                "2026-04-13T10:00:00.000+00:00 [agents/auth-profiles] failed to persist refreshed codex credentials "
                "back to Codex storage",
                {"text": "failed to persist refreshed codex credentials back to Codex storage"},
            ),
            Sample(
                "4.24",
                "2026-04-25T10:00:00.000+00:00 [agents/auth-profiles] mirrored refreshed OAuth credential to main "
                "agent store",
                {"text": "mirrored refreshed OAuth credential to main agent store"},
            ),
        ),
    ),
    Template(
        kind="credentials_inherited",
        role="credential",
        disclosure=Disclosure("own sentence", detail="sentence"),
        literals=(
            "inherited auth-profiles from main agent",
            "OAuth credentials from main agent",
            "adopted fresh OAuth credential from main store",
        ),
        subsystems=_HERE,
        refine=_of_agent,
        wordings=(
            _sentence("1.29-4.27", r"inherited auth-profiles from main agent"),
            _sentence("all", r"inherited fresh OAuth credentials from main agent"),
            _sentence("2.21+", r"adopted newer OAuth credentials from main agent"),
            _sentence("4.21+", r"adopted fresh OAuth credential from main store \(under refresh lock\)"),
        ),
        samples=(
            Sample(
                "2.9",
                r'{"0":"{\"subsystem\":\"agents/auth-profiles\"}","1":{"profileId":"anthropic:default",'
                r'"agentDir":"/home/kim/.openclaw/agents/ops/agent","expires":"2026-02-11T18:00:00.000Z"},'
                r'"2":"inherited fresh OAuth credentials from main agent","_meta":{"logLevelName":"INFO"},'
                r'"time":"2026-02-11T10:00:00.000Z"}',
                {
                    "text": "inherited fresh OAuth credentials from main agent",
                    "profile": "anthropic:default",
                    "agent": "ops",
                    "detail": "2026-02-11T18:00:00.000Z",
                },
            ),
            Sample(
                "2.9",
                "2026-02-11T10:00:00.000Z [agents/auth-profiles] inherited auth-profiles from main agent",
                {"text": "inherited auth-profiles from main agent"},
            ),
            Sample(
                "2.21",
                "2026-02-22T10:00:00.000+01:00 [agents/auth-profiles] adopted newer OAuth credentials from main agent",
                {"text": "adopted newer OAuth credentials from main agent"},
            ),
            Sample(
                "5.28",
                "10:00:00 [agents/auth-profiles] adopted fresh OAuth credential from main store (under refresh lock)",
                {"text": "adopted fresh OAuth credential from main store (under refresh lock)"},
            ),
        ),
    ),
)
