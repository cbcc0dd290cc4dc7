"""Rows without tokens: whatever reads evidence passes its rows through here before anybody sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, TypeVar, get_args

import polars as pl

from forensics.parsers.stores.store import Contents
from forensics.secrets.detect import mask, may_hold
from forensics.tables import Row, schema

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
    is_second: bool = False  # the rows passed a seal before: only the secrets themselves are looked for
    names: dict[str, str] = field(default_factory=dict)  # as met -> masked
    shortest: int = field(init=False)

    def __post_init__(self) -> None:
        self.shortest = min(map(len, self.secrets), default=0)

    def rows(self, rows: Iterable[R]) -> tuple[R, ...]:
        """The same rows, those that held no token as they are."""
        return tuple(map(self.row, rows))

    def row(self, row: R) -> R:
        """The row without a token."""
        texts, values, places = _COLUMNS[type(row)]
        changed: dict[str, Any] = {}
        known = self.names.get
        for name, value in zip(texts, values(row), strict=True):
            if value and (masked := known(value) or self.text(value)) is not value and masked != value:
                changed[name] = masked
        for name in places:
            value = getattr(row, name)
            if value and (new := _each(self._place if name in _PLACES else self.text, value)) != value:
                changed[name] = new
        return replace(row, **changed) if changed else row

    def _place(self, place: str) -> str:
        """`path:line`: a file has many."""
        path, colon, line = place.rpartition(":")
        return f"{self.text(path)}:{line}" if colon and line.isdecimal() else self.text(place)

    def text(self, text: str) -> str:
        """A text without its tokens; a short one is remembered."""
        if (known := self.names.get(text)) is not None:
            return known
        secrets = self.secrets if len(text) >= self.shortest else ()  # a store may hold tens of thousands
        masked = mask(text, secrets) if not self.is_second or may_hold(text, secrets) else text
        if len(text) <= _NAME:
            self.names[text] = masked
        return masked


def _columns(table: type[Any]) -> tuple[tuple[str, ...], Callable[[Any], tuple[str | None, ...]], tuple[str, ...]]:
    """The columns of a table that hold one text, what reads them of a row, and those of places or several texts."""
    types = schema(table)
    several = tuple(n for n, dtype in types.items() if isinstance(dtype, pl.List) or n in _PLACES)
    texts = tuple(n for n, dtype in types.items() if isinstance(dtype, pl.String) and n not in several)
    return texts, attrgetter(*texts), several


_COLUMNS = {table: _columns(table) for table in get_args(Row)}


def _each(masked: Callable[[str], str], value: object) -> object:
    """A text masked, or every text of several; anything else as it is."""
    if isinstance(value, tuple):
        return tuple(_each(masked, part) for part in value)
    return masked(value) if isinstance(value, str) else value
