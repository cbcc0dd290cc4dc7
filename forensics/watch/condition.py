"""A condition: one thing that needs a person, when it counts as such, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from forensics.case import Case

Urgency = Literal["now", "soon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that needs a person. `subject` tells it from others of its condition, from one check to the next."""

    condition: str
    urgency: Urgency
    subject: str
    sentence: str  # what and why
    advice: str  # what to do
    since: datetime | None = None
    due: datetime | None = None  # when it bites, or ends
    evidence: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same trouble has the same key in every check."""
        return f"{self.condition}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a condition may look at, and its own settings."""

    case: Case
    now: datetime
    last_check: datetime | None
    settings: Mapping[str, float]

    def hours(self, name: str) -> timedelta:
        """A setting as a length of time."""
        return timedelta(hours=self.settings[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One question that `check` asks. Its name is that of its file; `settings` are its defaults, numbers all.

    `lasts`: False where its troubles are things that happened, which are never over.
    """

    name: str
    question: str
    speaks: str  # when it does, for people
    silent: str  # when it does not
    settings: Mapping[str, float] = field(default_factory=dict)
    lasts: bool = True
    find: Callable[[Inquiry], Iterable[Trouble]]
