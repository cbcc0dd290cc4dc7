"""A template: one kind of event, its wordings through the releases, and sample lines that prove each.

Templates are values. The folder is walked, so a new one needs no registration; its samples are its first test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.tables import Role

VERBOSE = re.X | re.S
"""Flags of every text pattern: one group per line, and a text may span lines."""

LOUD = ("warn", "error", "fatal")
"""Levels of a root line that is no reply: an assistant that quotes such a line is logged at info."""

Fields = dict[str, object]
"""Column of `tables.Event` -> value, in that column's type. A `role` here overrides the template's."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How some releases write it: a text pattern (named groups are Event columns), a structured event, or both.

    A structured wording is chosen by `meta["event"]`; `keys` maps Event columns to metadata keys. A text wording
    is matched against all of `Record.text`, save the ` key=value` metadata that 9.x consoles append; `keys` then
    still reads the metadata beside (or behind) the text.
    """

    releases: str  # as in the facts, without the leading 2026.: "2.23-3.8", "3.11+", "all"
    text: re.Pattern[str] | None = None
    event: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """A raw line of one release as a user would have it, and exactly the fields the template reads from it."""

    release: str
    line: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Template:
    """One event kind. Matching asks subsystem, then level (where the record has one), then the wordings in order.

    Every raw line of the kind holds one of `literals` letter by letter, in JSONL as on a console; so they hold no
    quote, no backslash and only ASCII. `prefilter` stands in their place where no literal is rare enough: a regular
    expression without look-around (Rust syntax), found in every raw line of the kind.
    `routine` is found (same syntax, one group: what tells such records apart) in the arguments of those raw lines of
    the log file that belong to every day: of many of them only those near something else are made events.
    """

    kind: str
    role: Role
    literals: tuple[str, ...]
    wordings: tuple[Wording, ...]
    samples: tuple[Sample, ...]
    subsystems: tuple[str, ...] = ()  # full names; () = any named subsystem or module, ("",) = the root logger
    levels: tuple[str, ...] = ()  # () = any
    identity: tuple[str, ...] = ("text",)  # columns that two sightings of one record share
    refine: Callable[[Record, Fields], Fields | None] | None = None  # last word: derive columns, or decline (None)
    prefilter: str | None = None
    routine: str | None = None
    disclosure: Disclosure | None = None  # what of it may leave; undecided: neither text nor detail
    is_event: bool = True  # False: known, so that it is not taken for new, but its lines are only counted


def templates_of(constant: object) -> Iterator[Template]:
    """The templates in a module's `TEMPLATES`."""
    return (one for one in constant if isinstance(one, Template)) if isinstance(constant, tuple) else iter(())
