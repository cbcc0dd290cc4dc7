"""An output: a file, or a folder of files, that is made of a case that may leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from forensics.sharing.redact import Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """`write` gives (path below the report's folder, bytes); every path is `path`, or lies in it."""

    path: str
    what: str  # for a person, one line
    write: Callable[[Redacted], Iterator[tuple[str, bytes]]]
    rank: int = 50  # among the others, the lowest first; below 10 before the notebook


def outputs_of(found: Iterable[object]) -> tuple[Output, ...]:
    """The outputs among the constants, in their order."""
    return tuple(sorted((one for one in found if isinstance(one, Output)), key=lambda one: (one.rank, one.path)))
