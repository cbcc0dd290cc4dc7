"""Raw error text -> what it truly is.

Order of evidence: a type that names one thing, words beside a status or a type that names a class, such a type,
a status, words alone. A status that contradicts a row rules it out, so words never override a
real status except in the rows that name the status beside the words (400 "credit balance", 403 with a region, …).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from forensics.openclaw.error_text import is_echo, split_summary
from forensics.openclaw.reasons.families import FAMILIES, PASSING_ON, family
from forensics.openclaw.reasons.parsed_error import ParsedError, read
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
    if candidates := [one for one in split_summary(text) if not is_echo(one.error)]:
        text, provider, http_status = candidates[0].error, candidates[0].provider, None
    elif is_echo(text):
        return Classification(row("openclaw.echo"), "none", matched="in cooldown")
    reading = _beside(read(text), http_status, error_type)
    asked = family(provider) or (provider.strip().lower() if provider else None)
    fit = _best(replace(reading, cut=False), asked)
    return _verdict(fit, reading, text, now)


def _beside(reading: ParsedError, status: int | None, error_type: str | None) -> ParsedError:
    if status is not None and 400 <= status <= 599 and not reading.status:
        reading = replace(reading, status=status)
    if error_type and error_type.lower() not in reading.types:
        reading = replace(reading, types=(*reading.types, error_type.lower()))
    return reading


@lru_cache(maxsize=4096)  # texts that differ in their request id only read the same
def _best(reading: ParsedError, asked: str | None) -> _Fit | None:
    fits = (_fit(one, reading, asked) for one in rows())
    return max((fit for fit in fits if fit), key=lambda fit: fit.rank, default=None)


def forget() -> None:
    """The rows have changed: what was classified with the former ones counts no more."""
    _best.cache_clear()


def _fit(one: Reason, reading: ParsedError, asked: str | None) -> _Fit | None:
    if not _meant_for(one, asked) or (reading.foreign and one.scope != "local"):
        return None
    if one.status and reading.status and reading.status not in one.status:
        return None
    words = _matched_words(one, reading)
    if words is None and (one.pattern or one.of_a_tool):
        return None
    type_ = next((known for word in reading.types for known in one.types if _same_type(word, known)), None)
    by_status = bool(one.status and reading.status)
    level = _level(one, type_, by_status)
    nearness = 0 if one.provider == "any" else 2 if one.provider == asked else 1
    return _Fit(one, level, words, type_, by_status, nearness) if level else None


def _matched_words(one: Reason, reading: ParsedError) -> str | None:
    if one.of_a_tool:
        return reading.message if reading.foreign else None
    match = one.search(reading.message)
    return match[0] if match else None


def _same_type(word: str, known: str) -> bool:
    """Also where OpenClaw's redactor took a long upper case code for a key and left its ends: `depth_…cert`."""
    head, masked, tail = word.partition("…")
    return word == known or bool(masked and head and tail and known.startswith(head) and known.endswith(tail))


def _meant_for(one: Reason, asked: str | None) -> bool:
    if one.provider in {"any", asked}:
        return True
    is_passed_on = asked is None or asked in PASSING_ON or asked not in FAMILIES
    return is_passed_on and not one.own_provider_only and one.provider in FAMILIES


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


def _verdict(fit: _Fit | None, reading: ParsedError, text: str, now: datetime | None) -> Classification:
    first_type = next(iter(reading.types), None)
    if not fit:
        return Classification(unknown(), "none", http_status=reading.status, error_type=first_type, cut=reading.cut)
    verdict = Classification(
        fit.row,
        fit.certainty,
        matched=fit.words or fit.type or f"HTTP {reading.status}",
        http_status=reading.status,
        error_type=fit.type or first_type,
        cut=reading.cut,
    )
    if fit.row.waiting_helps is False and fit.row.until is None:
        return verdict
    return replace(verdict, until=_until(fit.row, text, now), retry_after_s=retry_after(text))


def _until(one: Reason, text: str, now: datetime | None) -> datetime | None:
    """When it will be better. Beside a daily allowance a stated delay is the pause between two calls, not its end."""
    if one.renews_in and now:
        return next_midnight(one.renews_in, now)
    return reset_instant(text, now) if now else absolute_reset(text)
