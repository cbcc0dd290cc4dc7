"""Evidence text as nothing but text: in GitHub's Markdown, in Mermaid, in a spreadsheet's cell, in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from html import escape
from itertools import groupby

from forensics.text import clip, shorten_middle, visible

_TICKS = re.compile(r"`+")
_PLAIN = re.compile(  # words and numbers with the punctuation of a sentence; GitHub makes nothing of these
    r"""[("'“]*(?:[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.:,-]\d+)*%?|[·–—…→/])?[)"'”]*[.,;:!?…]*"""
)
_COMMIT = re.compile(r"\W*[0-9a-f]{7,40}\W*")  # what GitHub takes for one
_AROUND = re.compile(r"""([("'“]*)(.*?)([)"'”.,;:!?…]*)""", re.DOTALL)
_UNNAMED = re.compile(r"[^\w ./-]+")  # all that Mermaid could read as syntax
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_LONGEST_NAME = 40


def code(text: str, limit: int = 300) -> str:
    """A code span: nothing in it is markup, HTML, a link, a mention or a reference."""
    text = clip(text, limit)
    if not text:
        return ""
    ticks = _fence(text, 1)
    pad = " " if "`" in (text[0], text[-1]) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def prose(text: str, limit: int = 600) -> str:
    """A sentence that quotes evidence: what is not plainly a word or a number stands in a code span.

    Commands that the sentence itself sets in backticks stay code.
    """
    parts = clip(text, limit).split("`")
    if len(parts) % 2 == 0:  # not the backticks of a sentence of ours
        return code(text, limit)
    said = (code(part, limit) if n % 2 else _words(part) for n, part in enumerate(parts))
    return reduce(_beside, said)


def _beside(left: str, right: str) -> str:
    """Two code spans that touch would be one, with other ends."""
    return f"{left} {right}" if left.endswith("`") and right.startswith("`") else left + right


def _words(text: str) -> str:
    runs = groupby(text.split(" "), key=_plain)
    return " ".join(" ".join(tokens) if plain else _quoted(" ".join(tokens)) for plain, tokens in runs)


def _plain(token: str) -> bool:
    return bool(_PLAIN.fullmatch(token)) and not _COMMIT.fullmatch(token)


def _quoted(text: str) -> str:
    found = _AROUND.fullmatch(text)
    before, inner, after = found.groups() if found else ("", text, "")
    return f"{before}{code(inner, len(inner) or 1)}{after}"


def row(cells: Iterable[str]) -> str:
    """One line of a Markdown table, of cells made by `code` and `prose`."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """The lines of a Markdown table."""
    names = list(head)
    return [row(names), f"|{' --- |' * len(names)}", *map(row, rows)]


def fenced(lines: Iterable[str], language: str) -> list[str]:
    """The lines of a code block that nothing in them can end."""
    shown = [visible(line) for line in lines]
    ticks = _fence("\n".join(shown), 3)
    return [f"{ticks}{language}", *shown, ticks]


def _fence(text: str, shortest: int) -> str:
    return "`" * max([shortest, *(len(run) + 1 for run in _TICKS.findall(text))])


def in_summary(text: str, limit: int = 300) -> str:
    """Evidence text inside a raw HTML line, where Markdown is not read; as code, for mentions are."""
    return f"<code>{escape(clip(text, limit))}</code>"


def chart_name(text: str) -> str:
    """A name for a Mermaid chart: letters, digits and `. - _ /`; anything else becomes a dot."""
    return _UNNAMED.sub("·", shorten_middle(text, _LONGEST_NAME)).strip(" ·") or "unnamed"


def spreadsheet(text: str) -> str:
    """A cell's text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text
