"""What an envelope gives: a `Record`; and what a shape is: a name, a reader, and lines that prove it.

A shape looks at one physical line. A line no shape knows continues the record before it, or is a reject
where there is none. A wrapper peels a prefix (grep, journald, docker) and hands the rest to the shapes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from datetime import time as TimeOfDay


@dataclass(frozen=True, slots=True)
class Record:
    """One log record, whatever it was wrapped in.

    `time` is aware where the line states its zone, naive where it states a date but no zone; `clock` is set
    instead where there is only a time of day (aware if an offset stands behind it).
    """

    shape: str
    text: str  # the string arguments joined by a space; for console shapes what follows the subsystem
    time: datetime | None = None
    clock: TimeOfDay | None = None
    level: str | None = None  # lower case; None where the shape does not say
    subsystem: str = ""  # as written: full in files (agent/embedded), display form on a console; "" = root logger
    meta: Mapping[str, object] = field(default_factory=dict)  # the object arguments, merged
    chunk: str | None = None  # _meta.path.fileName of the logging helper: identifies the release
    raw: str | None = None  # the original file line inside `openclaw logs --json`


@dataclass(frozen=True, slots=True)
class Sample:
    """A line of this shape, and what must be read from it (only the named fields are compared)."""

    line: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One envelope. `read` returns None for a line that is not of this shape and never raises."""

    name: str
    rank: int  # 1 = best source of one and the same record, higher = poorer
    read: Callable[[str], Record | None]
    samples: tuple[Sample, ...]


Outer = datetime | TimeOfDay | None
"""When another program got the line: aware or naive, a time of day where it states no year, or not stated."""


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A prefix other programs put before each line. `peel` returns (rest, outer time) or None."""

    name: str
    peel: Callable[[str], tuple[str, Outer] | None]
    samples: tuple[tuple[str, str], ...]  # (line, rest)
