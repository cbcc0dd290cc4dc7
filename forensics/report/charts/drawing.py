"""What the marks of every picture have in common: rows as Vega takes them, placed in pixels, told on hovering."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import altair as alt

from forensics.text import moment, visible_lines

Row = dict[str, Any]  # one mark as Vega takes it: numbers and text only


def marks(rows: Iterable[Mapping[str, object]]) -> alt.Chart:
    """A chart of these rows. Whatever the evidence says: nothing in it may reach a page or a screen unseen."""
    return alt.Chart(alt.Data(values=[{name: _visible(value) for name, value in row.items()} for row in rows]))


def _visible(value: object) -> object:
    return visible_lines(value) if isinstance(value, str) else value


def pixels() -> alt.Y:
    """Pixels from the top: lanes are placed by a plan, not by a scale."""
    return alt.Y("y:Q", scale=None, axis=None)


def tip(time: datetime, what: str, said: str, where: str) -> Row:
    """The part of a row that `told` shows."""
    return {
        "when": moment(time),
        "what": what,
        "said": said,
        "where": where,
        "tip": f"{moment(time)}\n{what}\n{said}\n{where}",
    }


def told() -> dict[str, Any]:
    """Hovering shows what it was, the raw text and `file:line`; the static picture keeps it as a description."""
    fields = [alt.Tooltip(f"{name}:N", title=name) for name in ("when", "what", "said", "where")]
    return {"tooltip": fields, "description": "tip:N"}


def beside(
    x: alt.X, rows: Sequence[Row], colour: str, size: int, *, weight: str = "normal", gap: int = 6
) -> Iterator[alt.Chart]:
    """Words to the right or left of their moment, as each row's `align` says; `gap` in pixels."""
    for align, dx in (("left", gap), ("right", -gap)):
        mark = marks(row for row in rows if row["align"] == align).mark_text(
            color=colour, align=align, dx=dx, fontSize=size, fontWeight=weight, aria=False
        )
        yield mark.encode(x=x, y=pixels(), text="text:N")
