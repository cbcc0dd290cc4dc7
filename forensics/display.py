"""Objects that show themselves: a title and a few named facts, as text in a console, as a table in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from forensics.text import visible

Facts = Sequence[tuple[str, str]]


class ShowsItself:
    """Says `_title` and `_facts`; facts without a value are left out, a value may have several lines."""

    __slots__ = ()

    def _title(self) -> str:
        raise NotImplementedError

    def _facts(self) -> Facts:
        raise NotImplementedError

    def __repr__(self) -> str:
        facts = [(name, value.split("\n")) for name, value in self._facts() if value]
        width = max((len(name) for name, _ in facts), default=0)
        lines = [
            f"  {name if n == 0 else '':<{width}}  {visible(line)}"
            for name, value in facts
            for n, line in enumerate(value)
        ]
        return "\n".join([visible(self._title()), *lines])

    def _repr_html_(self) -> str:
        rows = "".join(_row(name, value) for name, value in self._facts() if value)
        return f"<div><strong>{escape(visible(self._title()))}</strong><table>{rows}</table></div>"


def _row(name: str, value: str) -> str:
    lines = "<br>".join(escape(visible(line)) for line in value.split("\n"))
    cell = "text-align:left;vertical-align:top;overflow-wrap:anywhere"
    return f'<tr><th style="{cell};white-space:nowrap">{escape(name)}</th><td style="{cell}">{lines}</td></tr>'


def listed(parts: Sequence[str], most: int = 6) -> str:
    """One a line, the first few; how many more there are."""
    more = [f"and {len(parts) - most} more"] if len(parts) > most else []
    return "\n".join([*parts[:most], *more])
