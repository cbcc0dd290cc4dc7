"""oauth_creds.json of the Qwen, MiniMax and Gemini CLIs (facts 7.1). Observed at the file's mtime."""

from __future__ import annotations

import re

from forensics.parsers.stores.reading import auth
from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.values import inside
from forensics.parsers.stores.store import Contents, Sample, Store

_PROVIDERS = (
    (re.compile(r"\.qwen[/\\]|\bqwen", re.I), "qwen-portal"),
    (re.compile(r"\.minimax[/\\]|\bminimax", re.I), "minimax-portal"),
    (re.compile(r"\.gemini[/\\]|googleapis", re.I), "google-gemini-cli"),
)
_PROFILE = "oauth_creds"


def _looks(outline: Outline) -> bool:
    return outline.has("access_token") and (outline.has("refresh_token") or outline.has("expiry_date"))


def _contents(document: Document) -> Contents:
    provider = _provider(f"{document.source.path} {inside(document.root, 'resource_url')}")
    if provider == "unknown":
        provider = _provider(str(inside(document.root, "scope")))
    return Contents(
        credentials=(auth.credential(document, (), _PROFILE, provider, "oauth"),),
        state=tuple(document.observe_fields((), _PROFILE, ("expiry_date",), document.source.mtime)),
    )


def _provider(hints: str) -> str:
    return next((provider for pattern, provider in _PROVIDERS if pattern.search(hints)), "unknown")


STORE = Store(
    name="cli_oauth",
    releases="Qwen, MiniMax and Gemini CLI",
    claims=claimed(_looks, r"oauth_creds\.json"),
    read=document_reader("cli_oauth", _contents),
    entities={"cli_oauth": "profile"},
    samples=(
        Sample(
            "home/kim/.qwen/oauth_creds.json",
            '{"access_token": "CANARY-0021-qwen-access", "refresh_token": "CANARY-0022-qwen-refresh", '
            '"expiry_date": 1770825600000, "resource_url": "portal.qwen.ai"}',
            {
                "state": {"oauth_creds expiry_date": "1770825600000"},
                "credentials": {
                    "oauth_creds": (
                        "qwen-portal",
                        "oauth",
                        "fp:ab64f8d7cac4",
                        "fp:9bbc19320fea",
                        "2026-02-11T16:00:00+00:00",
                    )
                },
                "lines": 1,
                "other": 1,
            },
        ),
    ),
)
