"""Rows without tokens: whatever reads evidence passes its rows through here before anybody sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from forensics.parsers.stores.store import Contents
from forensics.secrets.detect import mask
from forensics.tables import Row

R = TypeVar("R", bound=Row)

_PLACES = frozenset({"source", "sources"})
_NAME = 256  # characters: names, places and words are no longer, and come again in row after row


def sealed(contents: Contents) -> Contents:
    """The same contents with no token in any string of any row: the last thing every store does."""
    seal = Seal(sorted(contents.secrets, key=lambda secret: (-len(secret), secret)))
    return replace(
        contents,
        state=seal.rows(contents.state),
        credentials=seal.rows(contents.credentials),
        events=seal.rows(contents.events),
        rejects=seal.rows(contents.rejects),
    )


@dataclass
class Seal:
    """Masks every string of rows: the secrets, the longest first, and whatever has a token's shape."""

    secrets: Sequence[str]
    names: dict[str, str] = field(default_factory=dict)  # as met -> masked

    def rows(self, rows: Iterable[R]) -> tuple[R, ...]:
        """The same rows, those that held no token as they are."""
        return tuple(map(self._row, rows))

    def _row(self, row: R) -> R:
        changed: dict[str, Any] = {}
        for column in fields(row):
            value = getattr(row, column.name)
            masked = self._place if column.name in _PLACES else self._text
            new = _each(masked, value)
            if new != value:
                changed[column.name] = new
        return replace(row, **changed) if changed else row

    def _place(self, place: str) -> str:
        """`path:line`: a file has many."""
        path, colon, line = place.rpartition(":")
        return f"{self._text(path)}:{line}" if colon and line.isdecimal() else self._text(place)

    def _text(self, text: str) -> str:
        if len(text) > _NAME:
            return mask(text, self.secrets)
        if text not in self.names:
            self.names[text] = mask(text, self.secrets)
        return self.names[text]


def _each(masked: Callable[[str], str], value: object) -> object:
    """A text masked, or every text of several; anything else as it is."""
    if isinstance(value, tuple):
        return tuple(_each(masked, part) for part in value)
    return masked(value) if isinstance(value, str) else value
