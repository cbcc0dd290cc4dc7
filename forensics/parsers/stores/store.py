"""A store: one kind of state file, how to recognise it, and what it holds.

Tokens become fingerprints inside `read`; what leaves a store never contains one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.routine import Routine
from forensics.tables import Credential, Event, Reject, StateValue

Entity = Literal["profile", "session", "job", "run", "word", "name"]
"""What the entities of state rows name; a `word` is nobody's name, a `name` may be anybody's."""


@dataclass(frozen=True, slots=True)
class Source:
    """One evidence file handed to a store. `path` is what is shown, `real` is where its bytes are (read-only)."""

    path: str
    real: Path
    mtime: datetime | None
    agent: str | None  # from .../agents/<id>/..., where the path has it
    size: int | None = None  # how many bytes of a file that grows are read


@dataclass(frozen=True, slots=True)
class Contents:
    """What one file gave. For line-oriented stores events + other + len(rejects) = lines."""

    state: tuple[StateValue, ...] = ()
    credentials: tuple[Credential, ...] = ()
    events: tuple[Event, ...] = ()
    rejects: tuple[Reject, ...] = ()
    lines: int = 0
    event_lines: int = 0  # lines that gave at least one event
    other: int = 0
    secrets: frozenset[str] = field(default_factory=frozenset)  # exact token strings, for redaction only
    activity: tuple[tuple[datetime | None, int], ...] = ()  # minute, lines of events that were only counted
    routine: Routine[Contents] | None = None  # lines counted as events that are yet to be made some


@dataclass(frozen=True, slots=True)
class Sample:
    """A whole small file of this store and what must come of it."""

    path: str
    content: str
    gives: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Store:
    """One kind of state file. `claims(path, head)` sees the shown path and the first 64 KiB of the file."""

    name: str
    releases: str
    claims: Callable[[str, bytes], bool]
    read: Callable[[Source], Contents]
    samples: tuple[Sample, ...]
    line_oriented: bool = False
    begins: tuple[re.Pattern[str], bytes] | None = None  # path and first bytes by which no other file begins
    skim: Callable[[Source], Contents] | None = None  # `read`, with the lines of every day left for later
    events: Mapping[str, Disclosure] = field(default_factory=dict)  # kinds it gives, and what of them may leave
    entities: Mapping[str, Entity] = field(default_factory=dict)  # store of its rows -> what their entities name


def stores_of(found: Iterable[object]) -> tuple[Store, ...]:
    """The stores among the constants."""
    return tuple(one for one in found if isinstance(one, Store))
