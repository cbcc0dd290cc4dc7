"""What an error text says beyond what is known: words of no public vocabulary, numbers that may be somebody's.

A text that leaves is made of what is known; anything else becomes as many `x` as it has letters. So nothing has to be
recognised for what it is to be kept back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from zoneinfo import available_timezones

from forensics.sharing.redact import numbers
from forensics.sharing.redact.models import is_public_model
from forensics.sharing.redact.pseudonyms import PSEUDONYM
from forensics.sharing.redact.public import is_of_sentence, is_public, is_telling

_LETTER = (
    r"(?:[A-Za-z0-9]|\\u(?!00[0-3]|00[AaBb]|20[0-6])[0-9a-fA-F]{4}|%[4-9A-Fa-f][0-9A-Fa-f]"
    r"|[^\x00-\x7f\s–—‘’“”„«»…·•→←⇄✓✗⚠\ufe0f°€£¥])"
)
_SIGN = (  # an escape that stands for a sign or a break
    r"\\u(?:00[0-3]|00[AaBb]|20[0-6])[0-9a-fA-F]|\\[nrtbf]|%[0-3][0-9A-Fa-f]"
)
_LENGTH = r"<\d{1,12} characters(?:, text \d{1,9})?(?:, (?:message|heartbeat|cron|subagent|retry))?>"
_OURS = rf"(?<![\w-])(?:{PSEUDONYM.pattern}|fp:[0-9a-f]{{12}}|sha256:[0-9a-f]{{12}})(?!\w)|{_LENGTH}"
_EVERYBODYS = r"(?<![\w.])(?:127\.0\.0\.1|0\.0\.0\.0|a-z|A-Z)(?![\w.])"
_ZONE = (
    r"(?<!\w)(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc|US)/[A-Z][A-Za-z_/+-]{1,30}"
)
_SCAN = re.compile(
    rf"""(?P<ours>{_OURS}|{_EVERYBODYS}) | (?P<zone>{_ZONE}) | (?P<moment>{numbers.MOMENT})
    | (?P<model>(?<![\w.-])[A-Za-z][A-Za-z0-9]*(?:[-._:/@][A-Za-z0-9]+)+(?![\w-]))
    | (?P<sign>{_SIGN})
    | (?P<number>(?<![^\W_])-?{numbers.GROUP}(?![^\W_]))
    | (?P<word>{_LETTER}+(?:['’](?:s|t|re|ve|ll|d|m)(?![A-Za-z]))?)""",
    re.X,
)
_WORD = re.compile(rf"{_SIGN}|(?P<number>(?<![^\W_])-?{numbers.GROUP}(?![^\W_]))|(?P<word>{_LETTER}+)", re.X)
_MASKED = re.compile(r"[xX]+")
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}|%[0-9A-Fa-f]{2}")
_CLASS = re.compile(r"(?:Error|Exception|Fault)\Z")
_BETWEEN = re.compile(r"[\"`«»“”()\[\]{}<>|;=\n]|(?<!\w)'|'(?!\w)|:\s|[.!?]\s|\\[nr\"]")
_CLAUSE, _FEW = 5, 2  # words from which one can be prose; of them, strange ones
_MANY, _MOST = 0.3, 0.5  # share of strange words: where some are not even public, where all are
_LONGEST = 64
"""Characters of one word beyond which only its length is told."""


def unknown_spans(text: str, is_common: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Where something stands that is not known; `is_common` knows the words of this case."""
    clause: list[re.Match[str]] = []
    at = 0
    for found in _SCAN.finditer(text):
        if _BETWEEN.search(text, at, found.start()) or found["sign"]:
            yield from _of_clause(clause, is_common)
            clause = []
        at = found.end()
        if found["word"]:
            clause.append(found)
        elif not _stays(text, found):
            yield found.span()
        elif found["model"] and not is_public_model(found["model"]):
            yield from _inside(text, found, is_common)
    yield from _of_clause(clause, is_common)


def _stays(text: str, found: re.Match[str]) -> bool:
    """Whether a number may leave, or the name of a time zone is one."""
    if found["number"]:
        return numbers.stays(text, *found.span("number"))
    return not found["zone"] or found["zone"] in _zones()


@cache
def _zones() -> frozenset[str]:
    """Names of time zones: they say when a limit ends."""
    return frozenset(available_timezones())


def _of_clause(words: Sequence[re.Match[str]], is_common: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Of the words of one clause those that are not known. What reads as no error does, keeps only the words by
    which reasons are told apart."""
    is_kept = is_telling if _is_prose([word[0] for word in words]) else is_public
    for word in words:
        if not _is_known(word[0], is_common, is_kept):
            yield word.start(), word.end() - len(_class(word[0]))


def _is_prose(words: Sequence[str]) -> bool:
    """Whether so many words are of no known sentence that somebody else may have said it."""
    if len(words) < _CLAUSE or (strange := sum(not is_of_sentence(word) for word in words)) < _FEW:
        return False
    is_public_throughout = all(map(is_public, words))
    return strange / len(words) >= (_MOST if is_public_throughout else _MANY)


def _inside(text: str, name: re.Match[str], is_common: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Of words joined by signs, those that are not known."""
    start = name.start()
    for segment in name[0].split("/"):
        if not is_public_model(segment):
            yield from _of_segment(text, start, start + len(segment), is_common)
        start += len(segment) + 1


def _of_segment(text: str, start: int, end: int, is_common: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    for part in _WORD.finditer(text, start, end):
        if part["number"] and not numbers.stays(text, *part.span()):
            yield part.span()
        elif part["word"] and not _is_known(part["word"], is_common):
            yield part.start(), part.end() - len(_class(part["word"]))


def _is_known(word: str, is_common: Callable[[str], bool], is_kept: Callable[[str], bool] = is_public) -> bool:
    return bool(_MASKED.fullmatch(word)) or is_kept(word) or is_common(word.lower())


def _class(word: str) -> str:
    """What an unknown class of errors is called: it says that it is one."""
    found = _CLASS.search(word)
    return found[0] if found and found.start() else ""


def masked(text: str) -> str:
    """What stands for it: an `x` for each letter and digit, or its length."""
    if len(text) > _LONGEST:
        return f"<{len(text)} characters>"
    text = _ESCAPED.sub(lambda found: "x" * len(found[0]), text)
    return "".join(
        "X" if letter.isascii() and letter.isupper() else "x" if letter.isalnum() else letter for letter in text
    )
