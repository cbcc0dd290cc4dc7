"""Text under a wrapping: what a base64 run holds, and a text without the breaks that may split a token."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator

_RUN = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{10,}={0,2}")
_READABLE = re.compile(r"[\x20-\x7e\s\u00a0-\ufffc]+")
_LINE_BREAK = re.compile(
    r"\x1b\[[0-9;]*[A-Za-z]|\\?[^\S\n]{0,64}\n\s*|\\(?:r\\)?n\s*|\\u000[aAdD]|=\r?\n|[\u00ad\u200b-\u200f\u2060\ufeff]"
)
_MAYBE_BROKEN = re.compile(r"[\n\x1b\u00ad\u200b-\u200f\u2060\ufeff]|\\[nru]")
_ANY_BREAK = re.compile(rf"{_LINE_BREAK.pattern}|\s+|\\[nrt]|&nbsp;|<[^<>]{{0,200}}>")
_LONGEST = 1 << 20


def decoded_runs(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what it holds) of every base64 run that holds readable text; also of one base64 inside another."""
    for run in _RUN.finditer(text):
        if held := _decoded(run[0]):
            yield run.start(), run.end(), held
            for _, _, deeper in decoded_runs(held) if len(held) >= 16 else ():
                yield run.start(), run.end(), deeper


def _decoded(run: str) -> str | None:
    plain = run[:_LONGEST].rstrip("=").replace("-", "+").replace("_", "/")
    try:
        held = base64.b64decode(plain[: len(plain) - (len(plain) % 4 == 1)] + "=" * (-len(plain) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return held if _READABLE.fullmatch(held) else None


def pieces(text: str) -> list[str]:
    """What stands between the line breaks of a text, and between what is left of one: an escape, a colour."""
    return _LINE_BREAK.split(text)


def may_be_broken(text: str) -> bool:
    """Whether anything in a text may split a token: a line break, or what is left of one."""
    return bool(_MAYBE_BROKEN.search(text))


def joined_lines(text: str) -> Iterator[Squeezed]:
    """The text without its line breaks: without all of them, and where there are more without every other one, so that
    what goes over one line break alone still ends where its line does."""
    breaks = list(_LINE_BREAK.finditer(text)) if _MAYBE_BROKEN.search(text) else []
    for some in (breaks, breaks[::2], breaks[1::2]) if len(breaks) > 1 else (breaks,):
        if some:
            yield Squeezed(text, some)


def across_lines(text: str, find: Callable[[str], Iterable[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    """The spans that `find` gives of joined lines: also what a line break splits, or parts from what announces it."""
    for lines in joined_lines(text):
        yield from ((lines.at(start), lines.at(end - 1) + 1) for start, end in find(lines.text))


def without_blanks(text: str) -> Squeezed:
    """The text without line breaks, blanks and tags."""
    return Squeezed(text, _ANY_BREAK.finditer(text))


class Squeezed:
    """A text without its breaks, and where its characters came from."""

    def __init__(self, text: str, breaks: Iterable[re.Match[str]]) -> None:
        kept, at = [], 0
        self._starts: list[tuple[int, int]] = []  # (place in the squeezed text, place in the text)
        length = 0
        for found in breaks:
            kept.append(text[at : found.start()])
            self._starts.append((length, at))
            length += found.start() - at
            at = found.end()
        self._starts.append((length, at))
        self.text = "".join([*kept, text[at:]])

    @property
    def broken(self) -> bool:
        """Whether there was any break."""
        return len(self._starts) > 1

    def original(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a span was in the text; None where no break was inside it."""
        first, last = self._at(start), self._at(end - 1)
        return (first[0], last[0] + 1) if first[1] != last[1] else None

    def at(self, place: int) -> int:
        """Where a character was in the text."""
        return self._at(place)[0]

    def _at(self, place: int) -> tuple[int, int]:
        low, high = 0, len(self._starts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._starts[middle][0] <= place else (low, middle - 1)
        squeezed, text = self._starts[low]
        return text + place - squeezed, low
