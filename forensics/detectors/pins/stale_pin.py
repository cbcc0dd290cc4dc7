"""A pin that should not be there, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from forensics.detectors.pins.history import PinStart
from forensics.parsers.stores.reading.auth_record import ProfileStats
from forensics.parsers.stores.reading.session_entry import SessionEntry
from forensics.tables import Confidence
from forensics.text import in_figures

PROFILE, MODEL = "authProfileOverride", "modelOverride"
_TELLING = ("lastFailureAt", "lastUsed", "cooldownUntil", "disabledUntil", "blockedUntil")


@dataclass(frozen=True, slots=True, kw_only=True)
class StalePin:
    """One pin of one session. `clause`: what is wrong with its target, as a relative clause; "": it is second best."""

    session: SessionEntry
    field: str  # PROFILE or MODEL
    override: str
    source: str  # auto, user, legacy
    alternative: str | None
    clause: str
    better: str  # what speaks for the alternative, as a verb phrase
    confidence: Confidence
    start: PinStart
    lasting: bool = False  # the target cannot be used, and that does not end by itself
    places: tuple[str, ...] = ()
    order: str | None = None  # the command without which the release pins it again

    @property
    def own_choice(self) -> bool:
        return self.source == "user"


def places(stats: Iterable[ProfileStats | None]) -> tuple[str, ...]:
    """Where the stores hold what a pin is judged by."""
    return tuple(row.sources[key] for row in stats if row for key in _TELLING if key in row.sources)


def at(time: datetime | None) -> str:
    return in_figures(time)
