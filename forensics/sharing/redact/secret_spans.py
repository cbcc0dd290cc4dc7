"""Where secrets stand in a text: known ones letter by letter, tokens by shape, wrapped and split ones, random runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from forensics.secrets import detect
from forensics.secrets.wrapped import across_lines, decoded_runs, without_blanks

_RUN = re.compile(r"[A-Za-z0-9+/_=.~-]{20,}")
_PART = re.compile(r"[A-Za-z0-9+/_~-]{6,}={0,2}")
_LONG_RUN = 20
_OWN = re.compile(r"fp:|sha256:|req_|request-")
_CHUNK = re.compile(r"[ \t]{1,4}([A-Za-z0-9_-]{6,})(?![\w-])")
_ENCODED = re.compile(
    r"(?:%[0-9A-Fa-f]{2}){6,}|(?:\\x[0-9A-Fa-f]{2}){6,}|(?:\\u00[0-9A-Fa-f]{2}){6,}|(?:&#x?[0-9A-Fa-f]{2,4};){6,}"
)
_RANDOM = 0.25  # of all steps from one character to the next, so many change between digits, capitals and small ones
_MASKED = re.compile(r"(?<![\w…-])[\w-]{4,12}(?:…|\.\.\.|\*{2,})[\w-]{2,8}(?![\w…])")


def secret_spans(text: str, known: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """Everything that may be a secret. `known` are the tokens of the evidence's own stores. Spans may overlap."""
    for start, end in _plain(text, known):
        yield start, _with_chunks(text, end)
    yield from _split(text, known)
    for start, end, held in decoded_runs(text):
        if holds_secret(held, known):
            yield start, end
    yield from (found.span() for found in _ENCODED.finditer(text))
    yield from random_runs(text)


def holds_secret(text: str, known: Sequence[str] = ()) -> bool:
    """Whether any secret stands in a text as it is, not wrapped or split."""
    return any(True for _ in _plain(text, known))


def _plain(text: str, known: Sequence[str]) -> Iterator[tuple[int, int]]:
    yield from detect.known_spans(text, known)
    yield from detect.secret_spans(text)


def _split(text: str, known: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Tokens with a line break, an escape or (where they are known) a blank inside."""
    yield from across_lines(text, lambda joined: chain(detect.secret_spans(joined), random_runs(joined)))
    whole = without_blanks(text)
    if known and whole.broken:
        yield from filter(None, (whole.original(*span) for span in detect.known_spans(whole.text, known)))


def _with_chunks(text: str, end: int) -> int:
    """The end of a token that goes on behind a blank: what follows looks as random as it does."""
    while (chunk := _CHUNK.match(text, end)) and is_random(chunk[1]) and not _OWN.match(chunk[1]):
        end = chunk.end()
    return end


def random_runs(text: str) -> Iterator[tuple[int, int]]:
    """The last net: long runs that nobody would write by hand, and what is as random beside them."""
    for run in _RUN.finditer(text):
        if text[max(0, run.start() - 7) : run.start()].endswith(("fp:", "sha256:")):
            continue
        parts = [part for part in _PART.finditer(run[0]) if is_random(part[0])]
        if any(len(part[0]) >= _LONG_RUN for part in parts):
            yield from ((run.start() + part.start(), run.start() + part.end()) for part in parts)


def is_random(run: str) -> bool:
    """Digits and letters change places again and again, and more than words with a number or a date do."""
    kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in run if c.isalnum()]
    if len(kinds) < 6 or "d" not in kinds or kinds.count("d") == len(kinds):
        return False
    changes = sum(a != b for a, b in pairwise(kinds))
    return changes / (len(kinds) - 1) >= _RANDOM
