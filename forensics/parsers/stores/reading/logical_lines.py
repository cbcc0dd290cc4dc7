"""The lines of a page as they were printed, whatever a terminal, a mail program or a quote made of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import dedent

_ITEM = r"(?:\d{1,3}[.)]|[*+])(?= ) ?"  # one: what follows may begin like an item, too
# A quotation, a list or a box around the page.
_AROUND = re.compile(rf"\A[ \t]*(?:(?:> ?)+(?:{_ITEM})?|{_ITEM})|\A[ \t]*[│┃|][ \t]?")
_EDGE = re.compile(r"[ \t]*[│┃|][ \t]*$")
_MARKS = re.compile(r"\*\*|`+|\x1b\[[0-9;]*m")
_MOSTLY = 0.8  # of the lines: what so many have at their edge is around the page, not in it
_NARROWEST = 40  # columns; nothing that short was broken by a terminal


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """One printed line; `number` is that of its first physical line, from 1."""

    number: int
    text: str


def logical_lines(text: str, begins: Callable[[str, str], bool]) -> Iterator[LogicalLine]:
    """Broken lines joined again. `begins(whole, line)` tells that a line begins anew for sure after what is whole.

    A line goes on in the next one where it fills the width of the page (broken anywhere), or where the next word
    would not have fitted any more (broken between words; there an open bracket goes on too). Nothing goes on over an
    empty line.
    """
    bare = _undecorated(_MARKS.sub("", line).rstrip() for line in text.splitlines())
    width = _width(bare, begins)
    number, whole, last = 1, "", ""
    for n, line in enumerate(bare, 1):
        joint = None if not last or begins(whole, line) else _joint(whole, last, line, width)
        if joint is None:
            if whole:
                yield LogicalLine(number, whole)
            number, whole = n, line
        else:
            whole += joint + line.lstrip()
        last = line
    if whole:
        yield LogicalLine(number, whole)


@dataclass(frozen=True, slots=True)
class _Width:
    """How long a line can be, and whether lines are broken between words only."""

    columns: int
    between_words: bool


def _width(lines: Sequence[str], begins: Callable[[str, str], bool]) -> _Width:
    """A page that breaks anywhere fills its lines, but for a blank at the very end."""
    columns = max(map(len, lines), default=0)
    broken = (
        (len(last), _first_word(line)) for last, line in pairwise(lines) if last and line and not begins(last, line)
    )
    return _Width(columns, any(length < columns - 1 and length + 1 + word > columns for length, word in broken))


def _first_word(line: str) -> int:
    return len(line.split(maxsplit=1)[0])


def _undecorated(lines: Iterable[str]) -> list[str]:
    bare = list(lines)
    for mark in (_EDGE, _AROUND):
        printed = [line for line in bare if line]
        if sum(bool(mark.search(line)) for line in printed) > _MOSTLY * len(printed):
            bare = [mark.sub("", line).rstrip() for line in bare]
    return dedent("\n".join(bare)).split("\n")


def _joint(whole: str, last: str, line: str, width: _Width) -> str | None:
    """What stood between two parts of one line; None where they are two lines."""
    if not line or width.columns < _NARROWEST:
        return None
    if len(last) >= width.columns and not width.between_words:
        return " " if line.startswith(" ") else ""
    fits = len(last) + 1 + _first_word(line) <= width.columns
    goes_on = width.between_words and (_open(whole) or line[0] in "[(|")
    return " " if goes_on or not fits else None


def _open(text: str) -> bool:
    """A bracket in it is not closed yet; one long word may have made the page wider than its lines."""
    return any(text.count(left) > text.count(right) for left, right in ("[]", "()"))
