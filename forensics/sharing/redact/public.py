"""Words that are nobody's: what OpenClaw's and the providers' known sentences are made of, and a list of plain ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from forensics.openclaw import reasons
from forensics.openclaw.error_text import wordings
from forensics.openclaw.providers import providers
from forensics.parsers.logs.templates import TEMPLATES
from forensics.sharing.redact.words import own_words

_FILE = Path(__file__).with_name("public_words.txt")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_SYNTAX = re.compile(r"\(\?P?<\w+>|\(\?[a-zA-Z-]+[):]|\[[^\]]*\]|\\[A-Za-z]|\{[\d,]*\}")  # of a pattern: names no word
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "ation", "ment")
_SHORTEST_STEM = 4
_SHORT = re.compile(r"(?i)(?:n't|'(?:s|t|re|ve|ll|d|m))\Z")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_UNIT = r"(?i:ms|s|m|h|d|w|secs?|mins?|hrs?|k|kb|mb|gb|tb|kib|mib|gib|b|x|st|nd|rd|th|am|pm|px|[kmg]?hz|[rt]pm|rps|pct)"
_MEASURED = re.compile(rf"(?:\d{{1,6}}{_UNIT}){{1,4}}|[vVpPT]\d{{1,3}}|v\d(?:alpha|beta)\d?")
_NUMBERED = re.compile(r"([A-Za-z]{2,})\d{1,2}")


@cache
def public_words() -> frozenset[str]:
    """All of them, in lower case."""
    return _listed() | _read_by_patterns()


@cache
def sentence_words() -> frozenset[str]:
    """Those that OpenClaw's and the providers' known sentences hold; names that samples invent are in no list."""
    return (own_words() & _listed()) | _read_by_patterns()


@cache
def _listed() -> frozenset[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _read_by_patterns() -> frozenset[str]:
    """Words by which texts are told apart: without them, a text would not mean the same."""
    rows = reasons.rows()
    patterns = [*(row.pattern for row in rows if row.pattern), *wordings()]
    known = [*(word for row in rows for word in row.types), *(id for p in providers().values() for id in p.ids)]
    known += [word for t in TEMPLATES for word in (*t.literals, *t.subsystems, t.kind)]
    return frozenset({*_words(map(_without_syntax, patterns)), *_words(known)})


def _words(texts: Iterable[str]) -> Iterator[str]:
    return (word.lower() for text in texts for word in _LETTERS.findall(text))


def _without_syntax(pattern: str) -> str:
    return _SYNTAX.sub(" ", pattern)


@lru_cache(maxsize=1 << 14)
def is_public(word: str) -> bool:
    """True for a word of letters and digits that tells nothing of anybody: `quotaExceeded`, `5m`, `http2`."""
    return _is_made_of(word, public_words())


@lru_cache(maxsize=1 << 14)
def is_of_sentence(word: str) -> bool:
    """As `is_public`, of known sentences only."""
    return _is_made_of(word, sentence_words())


@lru_cache(maxsize=1 << 14)
def is_telling(word: str) -> bool:
    """As `is_public`, of words that tell one reason from another."""
    return _is_made_of(word, _read_by_patterns())


def _is_made_of(word: str, known: frozenset[str]) -> bool:
    plain = _SHORT.sub("", word)
    if word in ("a", "A", "I") or _is_listed(plain, known) or _MEASURED.fullmatch(word):
        return True
    if numbered := _NUMBERED.fullmatch(plain):
        return _is_listed(numbered[1], known)
    humps = _HUMPS.findall(plain)
    return (
        len(humps) > 1 and "".join(humps) == plain and all(len(hump) > 1 and _is_listed(hump, known) for hump in humps)
    )


def _is_listed(word: str, known: frozenset[str]) -> bool:
    word = word.lower()
    return word in known or any(
        word.endswith(ending) and len(stem := word.removesuffix(ending)) >= _SHORTEST_STEM and stem in known
        for ending in _ENDINGS
    )
