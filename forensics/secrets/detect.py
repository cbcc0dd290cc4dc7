"""Tokens: found by key name and by shape, and kept out of every row (facts 9.1).

Works on text, not on parsed JSON, so that a cut or broken file gives up its secrets to the redactor too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeGuard

from forensics.secrets.fingerprints import is_fingerprint, masked_secret
from forensics.secrets.named_values import named_value_spans
from forensics.secrets.token_contexts import context_spans, is_word, password_spans
from forensics.secrets.token_patterns import token_spans
from forensics.secrets.wrapped import across_lines, may_be_broken, pieces

_NAMED = re.compile(
    r"""(?<![\w.-])([\w.-]{1,64}+)["']?\s{0,8}:\s{0,8}(?:"((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)')""", re.S
)
_ARGUMENT = re.compile(  # "--token=…", "--token", "…" and "gateway.auth.token", "…" in a recorded command line
    r"""(?<!\\)"(--[\w-]{1,64}+|[\w-]{1,64}+(?:\.[\w-]{1,64}+){1,8}+)(?=(?:=|"\s{0,8},\s{0,8}")((?:[^"\\]|\\.)*+)")""",
    re.S,
)
_NAME_ENDS = re.compile(
    r"(?:token|secret|password|passwd|passphrase|authorization|cookie|jwt"
    r"|(?:api|access|private|secret|signing|encryption)key(?:pem)?)$"
)
_HINTED = ("token", "secret", "passwd", "password", "passphrase", "authorization", "cookie", "jwt", "key", "pem")
_NAME_HINTS = {name: tuple(name + mark for mark in "\"':=") for name in (*_HINTED, "access", "refresh")}
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
    found.update(text[start:end] for start, end in chain(token_spans(text), context_spans(text)))
    if _may_name(text.lower()):
        found.update(_named(text), _arguments(text))
    return frozenset(found)


def _may_name(lower: str) -> bool:
    """False where nothing in a text can be the name that a token stands behind."""
    return any(name in lower and any(map(lower.__contains__, hints)) for name, hints in _NAME_HINTS.items())


def mask(text: str, secrets: Sequence[str]) -> str:
    """The text, on as many lines, with a stand-in for each secret and anything of a token's shape."""
    joined = [span for span in across_lines(text, secret_spans) if not _ends_in_word(text, *span)]
    split = [
        span
        for span in (*joined, *across_lines(text, lambda all_: known_spans(all_, secrets)))
        if _is_split(text, *span)
    ]
    return _masked(text, split, known_spans(text, secrets), chain(secret_spans(text), joined))


def may_hold(text: str, secrets: Sequence[str]) -> bool:
    """False where none of the secrets stands in a text, not even over a line break."""
    return any(map(text.__contains__, secrets)) or (bool(secrets) and may_be_broken(text))


def _is_split(text: str, start: int, end: int) -> bool:
    return len(pieces(text[start:end])) > 1


def _ends_in_word(text: str, start: int, end: int) -> bool:
    """Whether what stands on the last line looks like a word, and so belongs to no token."""
    last = pieces(text[start:end])[-1]
    return is_word(last) and not last.isupper()


def known_spans(text: str, secrets: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where the secrets stand, letter by letter."""
    for secret in secrets:
        if secret in text:
            yield from (found.span() for found in re.finditer(re.escape(secret), text))


def secret_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where tokens stand, by their shape or by what stands before them. Spans may overlap."""
    return chain(token_spans(text), context_spans(text), password_spans(text), named_value_spans(text))


def _masked(text: str, *spans: Iterable[tuple[int, int]]) -> str:
    """With stand-ins for what stands in the spans. Of two that overlap the one given first goes, then the longer."""
    kept: list[tuple[int, int]] = []
    for some in spans:
        for start, end in sorted(some, key=lambda span: (span[0] - span[1], span[0])):
            if all(end <= other[0] or start >= other[1] for other in kept):
                kept.append((start, end))
    for start, end in sorted(kept, reverse=True):
        secret = text[start:end]
        text = text[:start] + masked_secret("".join(pieces(secret))) + "\n" * secret.count("\n") + text[end:]
    return text


def _named(text: str) -> Iterator[str]:
    for match in _NAMED.finditer(text):
        if _is_named(match[1]):
            yield from _if_secret(match[1], _unescaped(match[2] if match[2] is not None else match[3]))


def _arguments(text: str) -> Iterator[str]:
    for match in _ARGUMENT.finditer(text):
        if _is_named(name := match[1].rpartition(".")[2]):
            yield from _if_secret(name, _unescaped(match[2]))


def is_token(name: str, value: str) -> bool:
    """True for the value of a key (or argument) that holds tokens, where it can be one."""
    sure = _is_named(name) and (_plain(name) not in _BARE_NAMES or _LONG.fullmatch(value))
    return bool(sure) and is_secret(value) and not is_fingerprint(value.removeprefix("Bearer "))


@lru_cache(maxsize=4096)
def _is_named(name: str) -> bool:
    """True for the name of a key (or argument) that can hold a token."""
    return bool(_NAME_ENDS.search(_plain(name))) or _plain(name) in _BARE_NAMES


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()


def _if_secret(name: str, value: str) -> Iterator[str]:
    if is_token(name, value):
        yield value
        if value.startswith("Bearer "):
            yield value.removeprefix("Bearer ")


def _unescaped(body: str) -> str:
    try:
        return str(json.loads(f'"{body}"', strict=False)).encode("utf-8", "replace").decode()
    except ValueError:
        return body
