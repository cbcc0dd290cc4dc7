"""Tokens that do not stand there as they are: wrapped in base64 or in an address, or broken by a line end."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from forensics.secrets.detect import secrets_in

_RUN = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_IDENTIFIER = re.compile(r"[0-9a-f-]+|[a-z/_-]+")  # a hash, a UUID, a path in small letters
_QUOTED = re.compile(r"[^\s\"'<>]{0,4096}%[0-9A-Fa-f]{2}[^\s\"'<>]{0,4096}")


def encoded_tokens(text: str, secrets: Sequence[str]) -> Iterator[str]:
    """The runs of base64 or of percent signs in a text that hold a token, a known one or one by its shape."""
    for run in dict.fromkeys(_RUN.findall(text)):
        if not _IDENTIFIER.fullmatch(run) and any(True for plain in _decoded(run) for _ in _tokens(plain, secrets)):
            yield run
    for run in dict.fromkeys(_QUOTED.findall(text)) if "%" in text else ():
        if not _tokens_of(unquote(run), secrets) <= _tokens_of(run, secrets):
            yield run


def _decoded(run: str) -> Iterator[str]:
    """What a run says, from each place a group of four may begin at: something else may stand right before it."""
    letters = run.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):
        rest = letters[start:]
        rest = rest[:-1] if len(rest) % 4 == 1 else rest
        yield base64.b64decode(rest + "=" * (-len(rest) % 4)).decode("latin-1")


def _tokens_of(plain: str, secrets: Sequence[str]) -> frozenset[str]:
    return frozenset(_tokens(plain, secrets))


def _tokens(plain: str, secrets: Sequence[str]) -> Iterator[str]:
    yield from (secret for secret in secrets if secret in plain)
    yield from secrets_in(plain)
