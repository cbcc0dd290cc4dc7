"""auth-profiles.json: every credential of an agent, and to 2026.4.5 also order, lastGood and usageStats.

Facts 3.1-3.4. Archives that migrations left (`.sqlite-import.<ms>.bak`, `.migrated-…`, `.legacy-flat.<ms>.bak`, …)
have the same shape; so do `auth.json` and `credentials/oauth.json`, but flat: provider -> credential.

Observed at the latest lastUsed or lastFailureAt in the file (written together with it), else the file's mtime.
"""

from __future__ import annotations

import re

from forensics.parsers.stores.reading import auth
from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.recognise import ANY, ARCHIVED, Outline, claimed
from forensics.parsers.stores.reading.values import ABSENT, Path, inside, records
from forensics.parsers.stores.store import Contents, Sample, Store

_TOKENS = ("token", "key", "access", "keyRef", "tokenRef", "oauthRef")
_TYPE = re.compile(r"""["']?type["']?\s*:\s*["'](?:api_key|token|oauth)["']""")
_FILE = frozenset({"version", "profiles", "order", "lastGood", "usageStats"})


def _looks(outline: Outline) -> bool:
    if any(outline.has("profiles", ANY, token) for token in _TOKENS):
        return True
    if "profiles" in outline.root() and outline.root() <= _FILE:
        return True
    return _flat(outline)


def _flat(outline: Outline) -> bool:
    typed = _TYPE.search(outline.text) and any(outline.has(ANY, token) for token in _TOKENS)
    untyped = outline.has(ANY, "access") and outline.has(ANY, "refresh") and outline.has(ANY, "expires")
    return (not outline.has("version") and outline.has(ANY, "type") and bool(typed)) or untyped


def _contents(document: Document) -> Contents:
    at = auth.written(document.root, document.source)
    base: Path = () if inside(document.root, "profiles") is ABSENT else ("profiles",)
    named = [
        (str(key) if base else f"{key}:default", str(key).split(":")[0], (*base, key))
        for key, _ in records(inside(document.root, *base))
    ]
    kind = "unknown" if base else "oauth"  # credentials/oauth.json does not say
    return Contents(
        credentials=tuple(auth.credential(document, path, id_, provider, kind) for id_, provider, path in named),
        state=(
            *(row for id_, _, path in named for row in auth.facts(document, path, id_, at)),
            *auth.state(document, at),
        ),
    )


STORE = Store(
    name="auth_profiles",
    releases="1.29-6.1",
    claims=claimed(_looks, rf"auth-profiles\.json{ARCHIVED}|agent/auth\.json|credentials/oauth\.json"),
    read=document_reader("auth_profiles", _contents, records=(("profiles",), ("usageStats",))),
    entities={"auth_profiles": "profile"},
    samples=(
        Sample(
            "agents/main/agent/auth-profiles.json",
            """{"version": 1, "profiles": {
              "anthropic:default": {"type": "token", "provider": "anthropic", "token": "sk-ant-oat01-CANARY-0001-AAAA"},
              "anthropic:max": {"type": "oauth", "provider": "anthropic", "access": "sk-ant-oat01-CANARY-0002-AAAA",
                "refresh": "sk-ant-ort01-CANARY-0003-AAAA", "expires": 1770800400000, "email": "kim@example.invalid"},
              "openai:vault": {"type": "api_key", "provider": "openai",
                "keyRef": {"source": "env", "provider": "default", "id": "OPENAI_API_KEY"}}},
             "order": {"anthropic": ["anthropic:max", "anthropic:default"]},
             "lastGood": {"anthropic": "anthropic:default"},
             "usageStats": {"anthropic:default": {"lastUsed": 1770796800000, "errorCount": 1,
               "failureCounts": {"auth": 1}, "lastFailureAt": 1770797100000, "cooldownUntil": 1770797160000}}}
            """,
            {
                "observed_at": "2026-02-11T08:05:00+00:00",
                "state": {
                    "anthropic:max email": '"sha256:b54448147ff7"',
                    "anthropic:default lastUsed": "1770796800000",
                    "anthropic:default errorCount": "1",
                    "anthropic:default lastFailureAt": "1770797100000",
                    "anthropic:default failureCounts": '{"auth":1}',
                    "anthropic:default cooldownUntil": "1770797160000",
                    "anthropic order": '["anthropic:max","anthropic:default"]',
                    "anthropic lastGood": '"anthropic:default"',
                },
                "credentials": {
                    "anthropic:default": ("anthropic", "token", "fp:60d8549e8c4f", None, None),
                    "anthropic:max": (
                        "anthropic",
                        "oauth",
                        "fp:9aa1c68ea8d9",
                        "fp:12b4b3a96209",
                        "2026-02-11T09:00:00+00:00",
                    ),
                    "openai:vault": ("openai", "api_key:ref", None, None, None),
                },
                "lines": 11,
                "other": 11,
            },
        ),
        Sample(
            "agents/main/agent/auth.json",
            '{"anthropic": {"type": "oauth", "access": "sk-ant-oat01-CANARY-0004-AAAA", '
            '"refresh": "openclaw-oauth-refresh-fence:v1:0123456789abcdef0123456789abcdef:refresh", "expires": 1}}',
            {
                "credentials": {"anthropic:default": ("anthropic", "oauth:fenced", "fp:cd8231d35193", None, None)},
                "lines": 1,
                "other": 1,
            },
        ),
        Sample("agents/ops/agent/auth-profiles.json", '{"version": 1, "profiles": {}}\n', {"lines": 1, "other": 1}),
    ),
)
