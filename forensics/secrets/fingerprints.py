"""One-way names for things that must not be shown: tokens, profile ids, raw texts."""

from __future__ import annotations

import hashlib
import re

_FINGERPRINT = re.compile(r"(?P<fingerprint>fp:[0-9a-f]{12})(?:;exp=(?P<exp>\d{1,12}))?")

_UNGUESSABLE = 16  # characters: whoever has the fingerprint of a short password can try words until one fits


def fingerprint(secret: str) -> str:
    """`fp:` + first 12 hex digits of the SHA-256 of a token. The same token gives the same fingerprint.

    A fingerprint is its own: in a collected bundle it stands where the token was.
    """
    known = _FINGERPRINT.fullmatch(secret)
    return known["fingerprint"] if known else "fp:" + hashlib.sha256(secret.encode()).hexdigest()[:12]


def masked_secret(secret: str) -> str:
    """What stands in a text instead of a secret: its fingerprint, or `***` where so few characters could be guessed."""
    return fingerprint(secret) if len(secret) >= _UNGUESSABLE or is_fingerprint(secret) else "***"


def is_fingerprint(text: str) -> bool:
    """True for what `token_stand_in` gives, and for a bare fingerprint."""
    return bool(_FINGERPRINT.fullmatch(text))


def token_stand_in(secret: str, expires: int | None = None) -> str:
    """What a collected bundle holds instead of a token: its fingerprint, and when it ends where only the token
    itself said so (`fp:0123456789ab;exp=1770825600`, seconds since 1970)."""
    return fingerprint(secret) if expires is None else f"{fingerprint(secret)};exp={expires}"


def stated_end(text: str) -> int | None:
    """The seconds since 1970 that a token's stand-in states; None for anything else."""
    known = _FINGERPRINT.fullmatch(text)
    return int(known["exp"]) if known and known["exp"] else None


def identifier_hash(value: str) -> str:
    """OpenClaw's own hash of an identifier (src/logging/redact-identifier.ts): `sha256:` + 12 hex, trimmed."""
    return "sha256:" + hashlib.sha256(value.strip().encode()).hexdigest()[:12]
