"""Tokens: found by key name and by shape, and kept out of every row (facts 9.1).

Works on text, not on parsed JSON, so that a cut or broken file gives up its secrets to the redactor too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, TypeGuard, TypeVar

from forensics.fingerprints import fingerprint
from forensics.stores.store import Contents
from forensics.tables import Row

R = TypeVar("R", bound=Row)

_SHAPES = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:
      sk-[A-Za-z0-9_-]{16,} | rt_[\w-]{16,} | eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]* | ya29\.[\w.-]{16,} | 1//0[\w-]{16,}
    | (?:gh[pousr]|github_pat|glpat|gsk|hf|r8|npm)[_-]\w{16,} | (?:xai|pplx|xapp|xox[abeprs])-[\w-]{10,}
    | AIza[\w-]{30,} | (?:AKIA|ASIA)[A-Z0-9]{16} | \d{6,12}:AA[A-Za-z0-9_-]{33}(?![\w-])
    )""",
    re.X,
)
_SHAPE_HINTS = (
    "sk-", "rt_", "eyJ", "ya29.", "1//0", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gsk_",
    "hf_", "r8_", "npm_", "xai-", "pplx-", "xapp-", "xox", "AIza", "AKIA", "ASIA", ":AA",
)  # fmt: skip
_NAMED = re.compile(
    r"""(?<![\w.-])([\w.-]{1,64}+)["']?\s{0,8}:\s{0,8}(?:"((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)')""", re.S
)
_ARGUMENT = re.compile(  # "--token=…", "--token", "…" and "gateway.auth.token", "…" in a recorded command line
    r"""(?<!\\)"(--[\w-]{1,64}+|[\w-]{1,64}+(?:\.[\w-]{1,64}+){1,8}+)(?=(?:=|"\s{0,8},\s{0,8}")((?:[^"\\]|\\.)*+)")""",
    re.S,
)
_USERINFO = re.compile(r"://[^\s/:@\"']{1,128}:([^\s/@\"']{8,256})@")

_NAME_ENDS = re.compile(
    r"(?:token|secret|password|passwd|passphrase|authorization|cookie|jwt"
    r"|(?:api|access|private|secret|signing|encryption)key(?:pem)?)$"
)
_HINTED = ("token", "secret", "passwd", "password", "passphrase", "authorization", "cookie", "jwt", "key", "pem")
_NAME_HINTS = tuple(name + mark for name in (*_HINTED, "access", "refresh") for mark in "\"':=")
_BARE_NAMES = frozenset({"access", "refresh", "key"})
_LONG = re.compile(r"[\w.+/=~-]{16,}")
_SHORTEST = 8
_NOT_A_SECRET = re.compile(
    r"""\$[\w{] | .*(?:\.\.\.|…|\*\*|(?i:redacted)) | <.*>$ | \[.*\]$ | [A-Z][A-Z0-9]*_[A-Z0-9_]*$
    | openclaw-oauth-refresh-fence: | https?:// | (?!-----BEGIN|Bearer\ ).*\s""",
    re.X,
)
FENCE = "openclaw-oauth-refresh-fence:"  # 9.5+: stands where a token was while a refresh is under way (facts 3.2)


def is_secret(value: object) -> TypeGuard[str]:
    """True for a string that can be a real token: long enough, not masked, not a reference to one."""
    return isinstance(value, str) and len(value) >= _SHORTEST and not _NOT_A_SECRET.match(value)


def secrets_in(text: str) -> frozenset[str]:
    """Every token in a text, by its shape or by the name of the JSON key (or argument) it stands behind."""
    found: set[str] = set()
    if any(map(text.__contains__, _SHAPE_HINTS)):  # the searches below cost a hundred times what the hints do
        found.update(_SHAPES.findall(text))
    if "@" in text and "://" in text:
        found.update(_USERINFO.findall(text))
    if any(map(text.lower().__contains__, _NAME_HINTS)):
        found.update(_named(text), _arguments(text))
    return frozenset(found)


def mask(text: str, secrets: Sequence[str]) -> str:
    """The text with each secret (longest first), and anything of a token's shape, replaced by its fingerprint."""
    for secret in secrets:
        if secret in text:
            text = text.replace(secret, fingerprint(secret))
    if any(map(text.__contains__, _SHAPE_HINTS)):
        text = _SHAPES.sub(lambda match: fingerprint(match[0]), text)
    return text


def sealed(contents: Contents) -> Contents:
    """The same contents with no token in any string of any row: the last thing every store does."""
    secrets = sorted(contents.secrets, key=lambda secret: (-len(secret), secret))
    return replace(
        contents,
        state=tuple(_sealed(row, secrets) for row in contents.state),
        credentials=tuple(_sealed(row, secrets) for row in contents.credentials),
        events=tuple(_sealed(row, secrets) for row in contents.events),
        rejects=tuple(_sealed(row, secrets) for row in contents.rejects),
    )


def _sealed(row: R, secrets: Sequence[str]) -> R:
    strings = {f.name: value for f in fields(row) if isinstance(value := getattr(row, f.name), str)}
    whole = "\n".join(strings.values())
    if mask(whole, secrets) == whole:
        return row
    changed: dict[str, Any] = {name: mask(value, secrets) for name, value in strings.items()}
    return replace(row, **changed)


def _named(text: str) -> Iterator[str]:
    for match in _NAMED.finditer(text):
        yield from _if_secret(match[1], _unescaped(match[2] if match[2] is not None else match[3]))


def _arguments(text: str) -> Iterator[str]:
    for match in _ARGUMENT.finditer(text):
        yield from _if_secret(match[1].rpartition(".")[2], _unescaped(match[2]))


def _if_secret(name: str, value: str) -> Iterator[str]:
    plain = name.replace("-", "").replace("_", "").lower()
    if is_secret(value) and (_NAME_ENDS.search(plain) or (plain in _BARE_NAMES and _LONG.fullmatch(value))):
        yield value
        if value.startswith("Bearer "):
            yield value.removeprefix("Bearer ")


def _unescaped(body: str) -> str:
    try:
        return str(json.loads(f'"{body}"', strict=False)).encode("utf-8", "replace").decode()
    except ValueError:
        return body
