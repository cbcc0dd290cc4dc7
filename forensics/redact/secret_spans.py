"""Where secrets stand in a text: known ones letter by letter, tokens by shape, wrapped and split ones, random runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from forensics.redact.wrapped import Squeezed, decoded_runs
from forensics.stores.reading import secrets

_RUN = re.compile(r"[A-Za-z0-9+/_=.~-]{20,}")
_OWN = re.compile(r"fp:|sha256:|req_|request-")
_CHUNK = re.compile(r"[ \t]{1,4}([A-Za-z0-9_-]{6,})(?![\w-])")
_ENCODED = re.compile(
    r"(?:%[0-9A-Fa-f]{2}){6,}|(?:\\x[0-9A-Fa-f]{2}){6,}|(?:\\u00[0-9A-Fa-f]{2}){6,}|(?:&#x?[0-9A-Fa-f]{2,4};){6,}"
)
_RANDOM = 0.25  # of all steps from one character to the next, so many change between digits, capitals and small ones
_MASKED = re.compile(r"(?<![\w…-])[\w-]{4,12}(?:…|\.\.\.|\*{2,})[\w-]{2,8}(?![\w…])")
_LONG = 24


def secret_spans(text: str, known: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """Everything that may be a secret. `known` are the tokens of the evidence's own stores. Spans may overlap."""
    for start, end in _plain(text, known):
        yield start, _with_chunks(text, end)
    yield from _split(text, known)
    for start, end, held in decoded_runs(text):
        if any(True for _ in _plain(held, known)):
            yield start, end
    yield from (found.span() for found in _ENCODED.finditer(text))
    yield from random_runs(text)


def _plain(text: str, known: Sequence[str]) -> Iterator[tuple[int, int]]:
    for secret in known:
        at = text.find(secret)
        while at >= 0:
            yield at, at + len(secret)
            at = text.find(secret, at + len(secret))
    yield from secrets.secret_spans(text)


def _split(text: str, known: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Tokens with a line break, an escape or (where they are known) a blank inside."""
    lines = Squeezed(text, only_lines=True)
    if lines.broken:
        found = chain(secrets.secret_spans(lines.text), random_runs(lines.text))
        yield from filter(None, (lines.original(*span) for span in found))
    whole = Squeezed(text, only_lines=False)
    if known and whole.broken:
        for secret in known:
            at = whole.text.find(secret)
            while at >= 0:
                if span := whole.original(at, at + len(secret)):
                    yield span
                at = whole.text.find(secret, at + len(secret))


def _with_chunks(text: str, end: int) -> int:
    """The end of a token that goes on behind a blank: what follows looks as random as it does."""
    while (chunk := _CHUNK.match(text, end)) and is_random(chunk[1]) and not _OWN.match(chunk[1]):
        end = chunk.end()
    return end


def random_runs(text: str) -> Iterator[tuple[int, int]]:
    """The last net: long runs that nobody would write by hand, of whatever shape."""
    for run in _RUN.finditer(text):
        if text[max(0, run.start() - 7) : run.start()].endswith(("fp:", "sha256:")):
            continue
        for part in re.finditer(r"[A-Za-z0-9+/_=~-]{20,}", run[0]):
            if is_random(part[0]):
                yield run.start() + part.start(), run.start() + part.end()


def is_random(run: str) -> bool:
    """Digits and letters change places again and again, and more than words with a number or a date do."""
    kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in run if c.isalnum()]
    if len(kinds) < 6 or "d" not in kinds or kinds.count("d") == len(kinds):
        return False
    changes = sum(a != b for a, b in pairwise(kinds))
    return changes / (len(kinds) - 1) >= _RANDOM
