"""Lines of a page for a terminal: wrapped prose, titled sections, and commands that stay whole."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.text import visible

NARROWEST, WIDEST = 80, 120
_MENTION = re.compile(r"`[^`]+`")
_JOINT = "\u00a0"  # stands for a space at which no line may break


class Line(NamedTuple):
    """One line of the page and how it is set; its words alone must be enough to understand it."""

    words: str
    style: str = ""


def wrapped(
    sentence: str, columns: int, *, indent: str = "", hang: str | None = None, style: str = "", rows: int | None = None
) -> Iterator[Line]:
    """Broken between words only, never inside a place or a command; `rows` at most, `hang` before all but the first."""
    wrapper = textwrap.TextWrapper(
        columns,
        initial_indent=indent,
        subsequent_indent=indent if hang is None else hang,
        break_on_hyphens=False,
        break_long_words=False,
        max_lines=rows,
        placeholder=" …",
    )
    whole = _MENTION.sub(lambda mention: mention[0].replace(" ", _JOINT), visible(sentence))
    for words in wrapper.wrap(whole):
        yield Line(words.replace(_JOINT, " "), style)


def section(title: str, lines: Iterable[Line]) -> Iterator[Line]:
    """A titled block with an empty line above it; nothing at all where it has no lines."""
    body = list(lines)
    if body:
        yield from (Line(""), Line(title, "bold"), *body)


def height(lines: Iterable[Line], columns: int) -> int:
    """Rows on a screen so wide; a command that is longer runs over."""
    return sum(max(1, -(-len(line.words) // columns)) for line in lines)
