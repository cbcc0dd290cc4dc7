"""~/.codex/auth.json: the Codex CLI's ChatGPT login or API key (facts 7.1).

When the login expires is read from the access token's own `exp`, which nobody verified.
Observed at last_refresh, else the file's mtime.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from forensics.parsers.stores.reading import auth
from forensics.parsers.stores.reading.document import Document, document_reader
from forensics.parsers.stores.reading.jwt import end_of
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.values import inside, moment_iso, moment_ms, word
from forensics.parsers.stores.store import Contents, Sample, Store
from forensics.tables import Credential

_KEY = "OPENAI_API_KEY"
_FIELDS = ("auth_mode", "last_refresh")


def _looks(outline: Outline) -> bool:
    tokens = outline.has("tokens", "access_token") or outline.has("tokens", "refresh_token")
    return tokens or (outline.has(_KEY) and outline.root() <= {_KEY, "auth_mode", "tokens", "last_refresh"})


def _contents(document: Document) -> Contents:
    at = moment_iso(inside(document.root, "last_refresh")) or document.source.mtime
    return Contents(
        credentials=tuple(_credentials(document)),
        state=(
            *document.observe_fields((), "tokens", _FIELDS, at),
            *auth.facts(document, ("tokens",), "tokens", at),
        ),
    )


def _credentials(document: Document) -> Iterator[Credential]:
    token = inside(document.root, "tokens", "access_token")
    if word(token) or word(inside(document.root, "tokens", "refresh_token")):
        login = auth.credential(document, ("tokens",), "tokens", "openai-codex", "oauth")
        yield replace(login, expires_at=expiry(token))
    if word(inside(document.root, _KEY)):
        yield auth.credential(document, (_KEY,), _KEY, "openai", "api_key")


def expiry(token: object) -> datetime | None:
    """`exp` of a JWT, unverified, or of what stands for one in a bundle; None for anything else."""
    seconds = end_of(token) if isinstance(token, str) else None
    return moment_ms(seconds * 1000) if seconds else None


STORE = Store(
    name="codex_auth",
    releases="Codex CLI",
    claims=claimed(_looks, r"\.codex[/\\]auth\.json"),
    read=document_reader("codex_auth", _contents),
    entities={"codex_auth": "profile"},
    samples=(
        Sample(
            "home/kim/.codex/auth.json",
            """{"OPENAI_API_KEY": "sk-proj-CANARY-0017-AAAA", "auth_mode": "chatgpt", "tokens": {
              "id_token": "eyJhbGciOiJub25lIn0.eyJDQU5BUlkiOiIwMDE4In0.CANARY-0018",
              "access_token": "eyJhbGciOiJub25lIn0.eyJleHAiOjE3NzA4MjU2MDB9.CANARY-0019",
              "refresh_token": "rt_CANARY-0020-AAAAAAAA", "account_id": "acct-0001"},
             "last_refresh": "2026-02-11T08:00:00.000Z"}
            """,
            {
                "observed_at": "2026-02-11T08:00:00+00:00",
                "state": {
                    "tokens auth_mode": '"chatgpt"',
                    "tokens last_refresh": '"2026-02-11T08:00:00.000Z"',
                    "tokens account_id": '"sha256:99ef339fe74c"',
                },
                "credentials": {
                    "tokens": (
                        "openai-codex",
                        "oauth",
                        "fp:383071acba27",
                        "fp:50e4819aa702",
                        "2026-02-11T16:00:00+00:00",
                    ),
                    "OPENAI_API_KEY": ("openai", "api_key", "fp:5cb64a1f32c3", None, None),
                },
                "lines": 6,
                "other": 6,
            },
        ),
    ),
)
