"""A release, and the spans of releases in which something is true (facts 0, 0.1).

Only some releases were read. A release between two of them behaves as the earlier one; a newer one than all
as the newest, an older one as the oldest: `was_read` tells a caller when that is an assumption.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

T = TypeVar("T")

_STAGES = {"alpha": -3, "beta": -2, "rc": -1, None: 0}
_NUMBER = r"\d{1,2}\.\d{1,3}(?:-(?:alpha|beta|rc)\.?\d+|-\d+(?![.\d]))?"
_VERSION = re.compile(
    r"""v?(?:(?P<year>20\d\d)\.)?
        (?P<month>\d{1,2})\.(?P<patch>\d{1,3})
        (?:-(?P<stage>alpha|beta|rc)\.?(?P<test>\d+) | -(?P<again>\d+))?""",
    re.X,
)
_SPAN = re.compile(rf"(?P<first>{_NUMBER})(?:(?P<on>\+)|-(?P<last>{_NUMBER}))?")


@dataclass(frozen=True, order=True, slots=True)
class Release:
    """`2026.2.9`; `stage` orders test releases (beta) before it, `number` counts betas or repeated publishing."""

    year: int
    month: int
    patch: int
    stage: int = 0
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> Release | None:
        """`2026.2.9`, `v2026.7.1-beta.1`, `2026.2.6-3` or the short form `2.9`; None for anything else."""
        match = _VERSION.fullmatch(text.strip())
        if not match or not 1 <= int(match["month"]) <= 12:
            return None
        year, month, patch = int(match["year"] or 2026), int(match["month"]), int(match["patch"])
        return cls(year, month, patch, _STAGES[match["stage"]], int(match["test"] or match["again"] or 0))

    def __str__(self) -> str:
        plain = f"{self.year}.{self.month}.{self.patch}"
        stage = next((name for name, rank in _STAGES.items() if name and rank == self.stage), None)
        return f"{plain}-{stage}.{self.number}" if stage else plain + (f"-{self.number}" if self.number else "")


def _known(text: str) -> Release:
    release = Release.parse(text)
    if release is None:
        raise ValueError(f"not a release: {text}")
    return release


_READ = (
    "1.29 1.30 2.6-3 2.9 2.12 2.17 2.21 2.23 2.26 3.2 3.8 3.11 3.13 3.24 3.28 3.31 4.1 4.2 4.5 4.9 4.12 "
    "4.15 4.21 4.24 4.27 4.29 5.2 5.4 5.7 5.12 5.18 5.22 5.26 5.28 6.1 6.5 6.8 6.10 6.11 7.1-beta.1 7.1 "
    "8.1 8.2 9.1 9.3 9.5 9.6"
)
READ = tuple(_known(text) for text in _READ.split())
OLDEST_KNOWN, NEWEST_KNOWN = READ[0], READ[-1]


def _key(release: Release) -> tuple[int, int, int]:
    """Order for spans: a beta, and a release published again (2.6-3), behave as the release itself."""
    return (release.year, release.month, release.patch)


_KEYS = [_key(release) for release in READ]


def _place(release: Release) -> int:
    return max(0, bisect_right(_KEYS, _key(release)) - 1)


def effective(release: Release) -> Release:
    """The release that was read and whose behaviour is taken to hold for this one."""
    return READ[_place(release)]


def was_read(release: Release) -> bool:
    """False where `effective` is an assumption, and the reader of a report must be told so."""
    return _key(release) in _KEYS


@cache
def _places(span: str) -> tuple[tuple[int, int], ...]:
    if span == "all":
        return ((0, len(READ) - 1),)
    return tuple(_part(part.strip()) for part in span.split("/"))


def _part(part: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(part)
    if not match:
        raise ValueError(f"not a span of releases: {part}")
    first = _place(_known(match["first"]))
    if match["on"]:
        return first, len(READ) - 1
    return first, _place(_known(match["last"])) if match["last"] else first


def in_span(release: Release, span: str) -> bool:
    """Whether a release lies in `2.23-3.8`, `3.11+`, `9.6`, `all` or `1.29-2.21 / 2.26+` (both ends included)."""
    place = _place(release)
    return any(first <= place <= last for first, last in _places(span))


def at(spans: Iterable[tuple[str, T]], release: Release) -> T | None:
    """The value of the first span that holds the release; None where none does."""
    return next((value for span, value in spans if in_span(release, span)), None)


def holds(spans: Iterable[tuple[str, object]], release: Release) -> bool:
    """Whether the spans say anything about the release (`at` cannot tell "nothing" from a recorded None)."""
    return any(in_span(release, span) for span, _ in spans)
