"""How the times that one source states become instants: aligned where another source dates it, else assumed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from forensics.parsers.clocks.alignment import Alignment, align
from forensics.parsers.clocks.assumptions import Assumption, Hints, fallback
from forensics.parsers.clocks.zones import zone_named
from forensics.timeless import is_dateless

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one source lies in time."""

    found: Alignment | Assumption

    def instant(self, stated: datetime | None) -> tuple[datetime | None, str]:
        """A stated time (aware, naive, or dateless on a day counted from EPOCH) -> (UTC instant, time basis)."""
        if stated is None:
            return None, "none"
        if stated.tzinfo and not is_dateless(stated):
            return stated.astimezone(UTC), "exact"
        return self.found.instant(stated), self.found.basis


def placement(
    local: Sequence[tuple[K, datetime]],
    dated: Mapping[K, Sequence[datetime]],
    *,
    dateless: bool,
    times: Sequence[datetime],
    hints: Hints,
    timezone: str | None = None,
) -> Placement:
    """Align one source by `local` (its keyed records in file order), or assume from all its `times` and the hints.

    Raises ParameterError where `timezone` is no IANA name.
    """
    zone = zone_named(timezone)
    aligned = align(local, dated, dateless=dateless)
    return Placement(aligned or fallback(times, dateless=dateless, hints=hints, zone=zone))
