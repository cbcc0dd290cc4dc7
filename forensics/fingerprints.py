"""One-way names for things that must not be shown: tokens, profile ids, raw texts."""

from __future__ import annotations

import hashlib


def fingerprint(secret: str) -> str:
    """`fp:` + first 12 hex digits of the SHA-256 of a token. The same token gives the same fingerprint."""
    return "fp:" + hashlib.sha256(secret.encode()).hexdigest()[:12]


def identifier_hash(value: str) -> str:
    """OpenClaw's own hash of an identifier (src/logging/redact-identifier.ts): `sha256:` + 12 hex, trimmed."""
    return "sha256:" + hashlib.sha256(value.strip().encode()).hexdigest()[:12]
