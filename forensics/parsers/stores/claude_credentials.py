"""~/.claude/.credentials.json: Claude Code's own copy of the Anthropic login (facts 7.1). Observed at its mtime."""

from __future__ import annotations

from forensics.parsers.stores.reading import auth
from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.values import ABSENT, inside
from forensics.parsers.stores.store import Contents, Sample, Store

_LOGIN = "claudeAiOauth"
_FIELDS = ("expiresAt", "scopes", "subscriptionType", "rateLimitTier")


def _looks(outline: Outline) -> bool:
    return outline.has(_LOGIN, "accessToken") or outline.has(_LOGIN, "refreshToken")


def _contents(document: Document) -> Contents:
    if inside(document.root, _LOGIN) is ABSENT:  # the login moved to the keychain
        return Contents()
    return Contents(
        credentials=(auth.credential(document, (_LOGIN,), _LOGIN, "anthropic", "oauth"),),
        state=tuple(document.observe_fields((_LOGIN,), _LOGIN, _FIELDS, document.source.mtime)),
    )


STORE = Store(
    name="claude_credentials",
    releases="Claude Code",
    claims=claimed(_looks, r"\.credentials\.json"),
    read=document_reader("claude_credentials", _contents, records=((),)),
    entities={"claude_credentials": "profile"},
    samples=(
        Sample(
            "home/kim/.claude/.credentials.json",
            """{"claudeAiOauth": {
              "accessToken": "sk-ant-oat01-CANARY-0015-AAAA", "refreshToken": "sk-ant-ort01-CANARY-0016-AAAA",
              "expiresAt": 1770825600000, "scopes": ["user:inference", "user:profile"], "subscriptionType": "max"}}
            """,
            {
                "state": {
                    "claudeAiOauth expiresAt": "1770825600000",
                    "claudeAiOauth scopes": '["user:inference","user:profile"]',
                    "claudeAiOauth subscriptionType": '"max"',
                },
                "credentials": {
                    "claudeAiOauth": (
                        "anthropic",
                        "oauth",
                        "fp:9b03c6c66d43",
                        "fp:38eb387f2006",
                        "2026-02-11T16:00:00+00:00",
                    )
                },
                "lines": 4,
                "other": 4,
            },
        ),
    ),
)
