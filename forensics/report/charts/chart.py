"""A chart: a picture of a case and the sentence under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from forensics.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One kind of picture; both functions take any case, also one in which nothing went wrong."""

    name: str
    draw: Callable[[Case], alt.LayerChart]
    describe: Callable[[Case], str]


def charts_of(found: Iterable[object]) -> tuple[Chart, ...]:
    """The charts among the constants, by name."""
    return tuple(sorted((one for one in found if isinstance(one, Chart)), key=lambda one: one.name))
