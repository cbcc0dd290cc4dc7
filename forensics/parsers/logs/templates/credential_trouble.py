"""Credentials that were refused, could not be stored, or were fenced (facts 2.6): `agents/auth-profiles`."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import Sample, Template, Wording

_HERE = ("agents/auth-profiles", "auth-profiles/persistence")
_KEYS = {"profile": "profileId", "provider": "provider"}


def _sentence(releases: str, words: str) -> Wording:
    return Wording(releases, re.compile(f"(?P<text>{words})", re.S), keys=_KEYS)


TEMPLATES = (
    Template(
        kind="credentials_refused",
        role="credential",
        disclosure=Disclosure("own sentence"),
        literals=(
            "refused external cli oauth bootstrap: ",
            "refused external oauth bootstrap credential: ",
            "refused to adopt fresh main-store OAuth credential",
            "refused to mirror OAuth credential",
            "refused native OAuth refresh ",
            "refused unordered external cli oauth recovery",
        ),
        subsystems=_HERE,
        wordings=(
            _sentence("4.21+", r"refused external (?:cli oauth bootstrap|oauth bootstrap credential): .+"),
            _sentence("4.21+", r"refused to (?:adopt fresh main-store|mirror) OAuth credential: .+"),
            _sentence("9.5+", r"refused native OAuth refresh for an externally owned credential"),
            _sentence("9.5+", r"refused unordered external cli oauth recovery for a fenced profile"),
        ),
        samples=(
            Sample(
                "5.28",
                r'{"0":"{\"subsystem\":\"agents/auth-profiles\"}","1":{"profileId":"openai-codex:default"},'
                r'"2":"refused external cli oauth bootstrap: identity mismatch or missing binding",'
                r'"_meta":{"logLevelName":"WARN"},"time":"2026-05-29T10:00:00.000+00:00"}',
                {
                    "text": "refused external cli oauth bootstrap: identity mismatch or missing binding",
                    "profile": "openai-codex:default",
                },
            ),
            Sample(
                "5.28",
                "10:00:00 [agents/auth-profiles] refused to mirror OAuth credential: identity mismatch or regression",
                {"text": "refused to mirror OAuth credential: identity mismatch or regression"},
            ),
            Sample(
                "9.6",
                "10:00:00 [agents/auth-profiles] refused native OAuth refresh for an externally owned credential "
                "profileId=anthropic:claude-cli provider=anthropic",
                {
                    "text": "refused native OAuth refresh for an externally owned credential",
                    "profile": "anthropic:claude-cli",
                    "provider": "anthropic",
                },
            ),
            Sample(
                "9.6",
                "10:00:00 [agents/auth-profiles] refused unordered external cli oauth recovery for a fenced profile",
                {"text": "refused unordered external cli oauth recovery for a fenced profile"},
            ),
        ),
    ),
    Template(
        kind="oauth_cached_token_used",
        role="credential",
        disclosure=Disclosure("own sentence"),
        literals=(" oauth refresh failed; using cached access token fallback",),
        subsystems=_HERE,
        wordings=(
            Wording(
                "3.8-3.13",
                re.compile(r"(?P<text>(?P<provider>\S+) oauth refresh failed; using cached access token fallback)"),
                keys={"profile": "profileId"},
            ),
        ),
        samples=(
            Sample(
                "3.8",
                "2026-03-09T10:00:00.000+00:00 [agents/auth-profiles] openai-codex oauth refresh failed; using cached "
                "access token fallback",
                {
                    "text": "openai-codex oauth refresh failed; using cached access token fallback",
                    "provider": "openai-codex",
                },
            ),
        ),
    ),
    Template(
        kind="oauth_refresh_fenced",
        role="credential",
        disclosure=Disclosure("own sentence"),
        literals=("OAuth refresh peer settlement degraded", "failed to terminally fence an OAuth refresh peer"),
        subsystems=_HERE,
        wordings=(
            _sentence("9.5+", r"OAuth refresh peer settlement degraded"),
            _sentence("9.5+", r"failed to terminally fence an OAuth refresh peer"),
        ),
        samples=(
            Sample(
                "9.5",
                "10:00:00 [agents/auth-profiles] OAuth refresh peer settlement degraded profileId=openai:work",
                {"text": "OAuth refresh peer settlement degraded", "profile": "openai:work"},
            ),
            Sample(
                "9.5",
                "10:00:00 [agents/auth-profiles] failed to terminally fence an OAuth refresh peer",
                {"text": "failed to terminally fence an OAuth refresh peer"},
            ),
        ),
    ),
    Template(
        kind="credential_store_trouble",
        role="credential",
        disclosure=Disclosure("own sentence"),
        literals=(
            "skipped persisted external cli auth sync because ",
            "skipped OAuth credential write because ",
            "ignored invalid auth profile entries during store load",
            "failed to clear stale OAuth last-good state",
            "auth profile store update failed: ",
            "auth profile snapshot convergence failed",
            "auth profile store committed but ",
            "retired auth profile files are ignored by runtime",
        ),
        subsystems=_HERE,
        wordings=(
            _sentence(
                "5.12+",
                r"skipped persisted external cli auth sync because auth store (?:is locked|write failed)",
            ),
            _sentence("6.5-9.3", r"skipped OAuth credential write because stored profile changed"),
            _sentence("2.26+", r"ignored invalid auth profile entries during store load"),
            _sentence("8.1+", r"failed to clear stale OAuth last-good state after refresh failure"),
            _sentence("8.1+", r"auth profile store update failed: .+"),
            _sentence("8.1+", r"auth profile snapshot convergence failed"),
            _sentence("8.1+", r"auth profile store committed but runtime snapshot publication failed"),
            _sentence("8.1+", r"retired auth profile files are ignored by runtime; run Doctor to archive them"),
        ),
        samples=(
            Sample(
                "6.1",
                "2026-06-03T10:00:00.000+00:00 [agents/auth-profiles] skipped persisted external cli auth sync because "
                "auth store is locked",
                {"text": "skipped persisted external cli auth sync because auth store is locked"},
            ),
            Sample(
                "7.1",
                "2026-07-03T10:00:00.000+00:00 [agents/auth-profiles] skipped OAuth credential write because stored "
                "profile changed",
                {"text": "skipped OAuth credential write because stored profile changed"},
            ),
            Sample(
                "3.11",
                "2026-03-12T10:00:00.000+00:00 [agents/auth-profiles] ignored invalid auth profile entries during "
                "store load",
                {"text": "ignored invalid auth profile entries during store load"},
            ),
            Sample(
                "8.1",
                "10:00:00 [agents/auth-profiles] failed to clear stale OAuth last-good state after refresh failure",
                {"text": "failed to clear stale OAuth last-good state after refresh failure"},
            ),
            Sample(
                "8.1",
                "10:00:00 [agents/auth-profiles] auth profile store update failed: database is locked",
                {"text": "auth profile store update failed: database is locked"},
            ),
            Sample(
                "8.1",
                "10:00:00 [agents/auth-profiles] auth profile snapshot convergence failed",
                {"text": "auth profile snapshot convergence failed"},
            ),
            Sample(
                "8.1",
                "10:00:00 [agents/auth-profiles] auth profile store committed but runtime snapshot publication failed",
                {"text": "auth profile store committed but runtime snapshot publication failed"},
            ),
            Sample(
                "8.1",
                "10:00:00 [auth-profiles/persistence] retired auth profile files are ignored by runtime; run Doctor "
                "to archive them",
                {"text": "retired auth profile files are ignored by runtime; run Doctor to archive them"},
            ),
        ),
    ),
)
