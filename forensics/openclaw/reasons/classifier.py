"""Raw error text -> what it truly is.

Order of evidence: a type that names one thing, words beside a status or a type that names a class, such a type,
a status, words alone. A status that contradicts a row rules it out, so words never override a
real status except in the rows that name the status beside the words (400 "credit balance", 403 with a region, …).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from forensics.openclaw.error_text import ErrorText, read_error_text
from forensics.openclaw.providers import family, passes_on, providers
from forensics.openclaw.reasons.reason import Certainty, Classification, Reason
from forensics.openclaw.reasons.resets import absolute_reset, next_midnight, reset_instant, retry_after
from forensics.openclaw.reasons.table import kinds, row, rows, unknown

_TYPE, _WORDS_AND_MORE, _CLASS_TYPE, _STATUS, _WORDS, _NO_FIT = 5, 4, 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class _Fit:
    row: Reason
    level: int
    words: str | None
    type: str | None
    by_status: bool
    nearness: int  # 2: a row of the provider asked for, 1: of a named provider, 0: of any

    @property
    def rank(self) -> tuple[bool, int, bool, int, int]:
        """The user's own rule, the most specific, the first of the table; of words alone, what asks no more."""
        complete = self.level > _WORDS or not (self.row.status or self.row.types)
        met = bool(self.words) + bool(self.type) + self.by_status
        return self.row.is_own_rule, self.level, complete, self.nearness, met

    @property
    def certainty(self) -> Certainty:
        if self.row.said_by == "openclaw":
            return "none"
        return "typed" if self.type else "status" if self.by_status else "wording"


def classify(
    text: str,
    *,
    provider: str | None = None,
    http_status: int | None = None,
    error_type: str | None = None,
    now: datetime | None = None,
) -> Classification:
    """Say what an error text is.

    `http_status` and `error_type` are what the event or the response line states beside the text; a status
    inside the text comes before it, for OpenClaw also logs statuses that it computed itself: never pass those.
    `now` (aware) is when it failed: it turns "in 6 days" into an instant. Always gives a verdict.
    """
    error = read_error_text(text)
    if error.voice == "echo":
        return Classification(row("openclaw.echo"), "none", matched="in cooldown")
    if error.is_candidate:
        provider, http_status = error.provider, None
    clues = _clues(error, http_status, error_type)
    asked = family(provider) or (provider.strip().lower() if provider else None)
    return _verdict(_best(clues, asked), clues, error, now)


class _Clues(NamedTuple):
    """What rows are asked about: an error text and what the event states beside it, without its ids."""

    words: str
    status: int | None
    types: tuple[str, ...]
    is_of_tool: bool


def _clues(error: ErrorText, status: int | None, error_type: str | None) -> _Clues:
    stated = status if status is not None and 400 <= status <= 599 else None
    beside = error_type.lower() if error_type else ""
    types = (*error.types, beside) if beside and beside not in error.types else error.types
    return _Clues(error.words, error.http_status or stated, types, error.voice == "tool")


@lru_cache(maxsize=4096)  # texts that differ in their request id only read the same
def _best(clues: _Clues, asked: str | None) -> _Fit | None:
    fits = (_fit(one, clues, asked) for one in rows())
    return max((fit for fit in fits if fit), key=lambda fit: fit.rank, default=None)


def forget() -> None:
    """The rows have changed: what was classified with the former ones counts no more."""
    _best.cache_clear()


def _fit(one: Reason, clues: _Clues, asked: str | None) -> _Fit | None:
    if not _meant_for(one, asked) or (clues.is_of_tool and one.scope != "local"):
        return None
    if one.status and clues.status and clues.status not in one.status:
        return None
    words = _matched_words(one, clues)
    if words is None and (one.pattern or one.of_a_tool):
        return None
    type_ = next((known for word in clues.types for known in one.types if _same_type(word, known)), None)
    by_status = bool(one.status and clues.status)
    level = _level(one, type_, by_status)
    nearness = 0 if one.provider == "any" else 2 if one.provider == asked else 1
    return _Fit(one, level, words, type_, by_status, nearness) if level else None


def _matched_words(one: Reason, clues: _Clues) -> str | None:
    if one.of_a_tool:
        return clues.words if clues.is_of_tool else None
    match = one.search(clues.words)
    return match[0] if match else None


def _same_type(word: str, known: str) -> bool:
    """Also where OpenClaw's redactor took a long upper case code for a key and left its ends: `depth_…cert`."""
    head, masked, tail = word.partition("…")
    return word == known or bool(masked and head and tail and known.startswith(head) and known.endswith(tail))


def _meant_for(one: Reason, asked: str | None) -> bool:
    if one.provider in {"any", asked}:
        return True
    is_passed_on = asked not in providers() or passes_on(asked)
    return is_passed_on and not one.own_provider_only and one.provider in providers()


def _level(one: Reason, type_: str | None, by_status: bool) -> int:
    """How good the evidence is; the words of a row that has some are known to be there."""
    if type_ and type_ not in kinds().class_types:
        return _TYPE
    if one.pattern and (type_ or by_status):
        return _WORDS_AND_MORE
    if one.pattern or one.of_a_tool:
        return _WORDS if one.words_suffice else _NO_FIT
    if type_:
        return _CLASS_TYPE
    return _STATUS if by_status and not one.types else _NO_FIT


def _verdict(fit: _Fit | None, clues: _Clues, error: ErrorText, now: datetime | None) -> Classification:
    first_type = next(iter(clues.types), None)
    if not fit:
        return Classification(unknown(), "none", http_status=clues.status, error_type=first_type, cut=error.is_cut)
    verdict = Classification(
        fit.row,
        fit.certainty,
        matched=fit.words or fit.type or f"HTTP {clues.status}",
        http_status=clues.status,
        error_type=fit.type or first_type,
        cut=error.is_cut,
    )
    if fit.row.waiting_helps is False and fit.row.until is None:
        return verdict
    return replace(verdict, until=_until(fit.row, error.text, now), retry_after_s=retry_after(error.text))


def _until(one: Reason, text: str, now: datetime | None) -> datetime | None:
    """When it will be better. Beside a daily allowance a stated delay is the pause between two calls, not its end."""
    if one.renews_in and now:
        return next_midnight(one.renews_in, now)
    return reset_instant(text, now) if now else absolute_reset(text)
