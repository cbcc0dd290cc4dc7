"""Some lines of the evidence, as a terminal and as a notebook show them; nothing of a token is in them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import polars as pl

_COLOURS = "background:rgba(242,184,75,.28)"


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One physical line, or one row of a table; `number` is that of the line, or the row id."""

    number: int
    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Excerpt:
    """What stands around a place. `note` says what a reader must know of it; None where there is nothing."""

    place: str
    lines: tuple[EvidenceLine, ...]
    note: str | None = None

    @property
    def frame(self) -> pl.DataFrame:
        """The same as a table: number, text, hit."""
        rows = [(line.number, line.text, line.hit) for line in self.lines]
        return pl.DataFrame(rows, {"number": pl.Int64, "text": pl.String, "hit": pl.Boolean}, orient="row")

    def __repr__(self) -> str:
        width = max((len(str(line.number)) for line in self.lines), default=1)
        body = [f"{'>' if line.hit else ' '} {line.number:>{width}}  {line.text}" for line in self.lines]
        return "\n".join([self.place, *body, *([f"({self.note})"] if self.note else [])])

    def _repr_html_(self) -> str:
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        rows = "".join(map(_html, self.lines))
        return (
            f"<div><code>{escape(self.place)}</code>"
            f'<pre style="white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px">{rows}</pre>{note}</div>'
        )


def _html(line: EvidenceLine) -> str:
    text = f'<span style="opacity:.6">{line.number:>6}</span>  {escape(line.text)}\n'
    return f'<mark style="{_COLOURS};color:inherit">{text}</mark>' if line.hit else text
