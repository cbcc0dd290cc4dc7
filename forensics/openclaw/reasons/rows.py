"""The table: every row of every file in `table/`, found by walking the folder."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from forensics.openclaw.reasons import table
from forensics.openclaw.reasons.reason import Reason


@cache
def rows() -> tuple[Reason, ...]:
    """All rows, files in the order of their names, each file in its own order."""
    names = sorted(module.name for module in iter_modules(table.__path__))
    found: list[Reason] = []
    for name in names:
        found += import_module(f"{table.__name__}.{name}").ROWS
    return tuple(found)


def row(id: str) -> Reason:
    """The row of that id. KeyError where there is none."""
    return {found.id: found for found in rows()}[id]
