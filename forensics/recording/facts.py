"""A document of a store -> what a record keeps of it: numbers, names and fingerprints; never a token, never a text."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping

from forensics.secrets.detect import is_secret, secrets_in
from forensics.secrets.fingerprints import token_stand_in

_TOKENS = frozenset(
    {"token", "key", "access", "accessToken", "access_token", "apiKey", "refresh", "refreshToken", "refresh_token"}
    | {"id_token", "idToken"}
)
_PERSONS = frozenset({"email", "accountId", "account_id", "displayName", "name", "label", "organization"})
_WORD = re.compile(r"[\w.:/@+-]{1,120}")  # a name or a moment; a text has blanks
_STAMPS = frozenset(
    {"lastUsed", "updatedAt", "lastInteractionAt", "lastActivityAt", "sessionStartedAt", "last_refresh"}
)
_SESSION = frozenset(
    {"sessionId", "updatedAt", "providerOverride", "modelOverride", "modelOverrideSource", "modelProvider", "model"}
    | {"modelOverrideFallbackOriginProvider", "modelOverrideFallbackOriginModel", "authProfileOverride", "status"}
    | {"authProfileOverrideSource", "authProfileOverrideCompactionCount", "fallbackNoticeReason", "quotaSuspension"}
    | {"abortedLastRun", "spawnedBy"}
)
Facts = dict[str, object]


def facts(document: object) -> object:
    """The same document with tokens as fingerprints, and without what is no fact."""
    if isinstance(document, Mapping):
        return {key: value for key, member in document.items() for value in _member(str(key), member)}
    if isinstance(document, list):
        return [value for member in document for value in _member("", member)]
    return document


def sessions(document: object) -> Facts:
    """Of a sessions store what each session is pinned to."""
    entries = document.items() if isinstance(document, Mapping) else ()
    return {str(key): _entry(entry) for key, entry in entries if isinstance(entry, Mapping)}


def shape(document: object) -> object:
    """What must differ for a document to count as changed: all of it but the stamps of ordinary use."""
    if isinstance(document, Mapping):
        return {key: shape(member) for key, member in document.items() if key not in _STAMPS}
    return document


def _entry(entry: Mapping[object, object]) -> object:
    return facts({key: value for key, value in entry.items() if key in _SESSION})


def _member(key: str, value: object) -> Iterator[object]:
    if isinstance(value, Mapping | list):
        yield facts(value)
    elif not isinstance(value, str):
        yield value
    elif key in _TOKENS:
        yield token_stand_in(value, _end(value)) if is_secret(value) else value if _is_word(value) else "***"
    elif key not in _PERSONS and _is_word(value):
        yield value


def _is_word(text: str) -> bool:
    return bool(_WORD.fullmatch(text)) and not secrets_in(text)


def _end(token: str) -> int | None:
    """`exp` of a JWT, in seconds since 1970."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        end = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))).get("exp")
    except (ValueError, AttributeError, RecursionError):
        return None
    return end if isinstance(end, int) and 0 < end < 10**12 else None
