"""Rows that every store of credentials makes: the credential itself, its plain facts, and the state beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from forensics.parsers.stores.reading.document import Document
from forensics.parsers.stores.reading.jwt import issue_of
from forensics.parsers.stores.reading.values import (
    ABSENT,
    Path,
    as_json,
    inside,
    latest,
    members,
    moment_ms,
    records,
    word,
)
from forensics.parsers.stores.store import Source
from forensics.secrets.detect import FENCE, is_secret
from forensics.secrets.fingerprints import fingerprint, identifier_hash
from forensics.tables import Credential, StateValue

ACCESS = ("token", "key", "access", "accessToken", "access_token", "apiKey")
REFRESH = ("refresh", "refreshToken", "refresh_token")
EXPIRES = ("expires", "expiresAt", "expiry_date")
REFERENCES = ("keyRef", "tokenRef", "oauthRef")

STATS = (
    "lastUsed", "errorCount", "lastFailureAt", "failureCounts",
    "cooldownUntil", "cooldownReason", "cooldownModel", "cooldownClassification",
    "disabledUntil", "disabledReason",
    "blockedUntil", "blockedReason", "blockedSource", "blockedModel", "blockedScope",
    "lastProbeAt",
)  # fmt: skip
_FACTS = (
    "managedBy", "authFlow", "subscriptionType", "rateLimitTier", "chatgptPlanType", "copyToAgents",
)  # fmt: skip
_REFERENCE = re.compile(r"\$|[A-Z][A-Z0-9]*_[A-Z0-9_]*$")  # ${NAME}, or the bare name of a variable
_HASHED_FACTS = ("accountId", "account_id", "email")  # equal or not is what matters, not whose they are


def credential(document: Document, path: Path, profile: str, provider: str, kind: str = "unknown") -> Credential:
    """The credential at `path` (a record, or a bare key); the type says what else stands in its tokens' place.

    Type suffixes: `:ref` (the token is kept elsewhere), `:fenced` (9.5+: a refresh is under way or was refused),
    `:masked` (somebody blacked it out before sharing: it must not compare equal to another).
    """
    value = inside(document.root, *path)
    stored = value if isinstance(value, Mapping) else {"key": value}
    source = document.source
    return Credential(
        source=document.place(path),
        store=document.store,
        agent=source.agent,
        profile=profile,
        provider=word(stored.get("provider")) or provider,
        type=(word(stored.get("type")) or kind) + _suffix(stored),
        access=_fingerprint(stored, ACCESS),
        refresh=_fingerprint(stored, REFRESH),
        expires_at=moment_ms(_first(stored, EXPIRES)),
        scopes=_scopes(stored),
        mtime=source.mtime,
    )


def facts(document: Document, path: Path, profile: str, at: datetime | None) -> Iterator[StateValue]:
    """What a credential says beside its tokens; account and e-mail as hashes."""
    yield from document.observe_fields(path, profile, _FACTS, at)
    token = word(inside(document.root, *path, "access"))
    if token and (issued := issue_of(token)):
        yield StateValue(
            source=document.place((*path, "access")), store=document.store, observed_at=at,
            agent=document.source.agent, entity=profile, key="issuedAt", value=as_json(issued * 1000),
        )  # fmt: skip
    for key in _HASHED_FACTS:
        if value := word(inside(document.root, *path, key)):
            yield StateValue(
                source=document.place((*path, key)), store=document.store, observed_at=at,
                agent=document.source.agent, entity=profile, key=key, value=as_json(identifier_hash(value)),
            )  # fmt: skip


def state(document: Document, at: datetime | None, stats: Path = ("usageStats",)) -> Iterator[StateValue]:
    """usageStats (entity: profile id), order and lastGood (entity: provider)."""
    for profile, _ in records(inside(document.root, *stats)):
        yield from document.observe_fields((*stats, profile), str(profile), STATS, at)
    for key in ("order", "lastGood"):
        for provider, _ in members(inside(document.root, key)):
            yield document.observe((key, provider), str(provider), key, at)


def written(root: object, source: Source, stats: Path = ("usageStats",)) -> datetime | None:
    """When the state was written: the latest lastUsed or lastFailureAt (written with it), else mtime."""
    times = [
        record.get(key)
        for _, record in records(inside(root, *stats))
        for key in ("lastUsed", "lastFailureAt", "lastProbeAt")
    ]
    return latest(times) or source.mtime


def _first(stored: Mapping[str, object], keys: tuple[str, ...]) -> object:
    return next((stored[key] for key in keys if key in stored), ABSENT)


def _fingerprint(stored: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    return next((fingerprint(value) for key in keys if is_secret(value := stored.get(key))), None)


def _suffix(stored: Mapping[str, object]) -> str:
    values = [stored[key] for key in (*ACCESS, *REFRESH) if key in stored]
    texts = [value for value in values if isinstance(value, str)]
    if any(text.startswith(FENCE) for text in texts):
        return ":fenced"
    if any(key in stored for key in REFERENCES) or any(_is_reference(value) for value in values):
        return ":ref"
    return ":masked" if texts and not any(is_secret(text) for text in texts) else ""


def _is_reference(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, str) and bool(_REFERENCE.match(value)))


def _scopes(stored: Mapping[str, object]) -> tuple[str, ...]:
    scopes = stored.get("scopes", stored.get("scope"))
    if isinstance(scopes, str):
        return tuple(scopes.split())
    return tuple(scope for scope in scopes if isinstance(scope, str)) if isinstance(scopes, list) else ()
