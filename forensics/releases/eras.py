"""One answer through all releases: what each stretch of them files it under, and what their skips say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from forensics.releases.behaviour import skip_reason
from forensics.releases.release import READ, Release, at, effective, holds


@dataclass(frozen=True, slots=True)
class Era:
    """Releases in a row that treat an answer alike. `filed` None: not classified; `known` False: nobody tried."""

    first: Release
    last: Release | None  # None: up to the newest that was read
    filed: str | None
    known: bool
    skip: str  # see behaviour.skip_reason

    def __contains__(self, release: Release) -> bool:
        return self.first <= effective(release) and (self.last is None or effective(release) <= self.last)

    def __str__(self) -> str:
        if self.last is None:
            return "every release" if self.first == READ[0] else f"from {self.first}"
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


def eras(filed: Sequence[tuple[str, str | None]]) -> tuple[Era, ...]:
    """The answer's own reasons per span (see `reasons.counterfactual`) -> its eras, oldest first."""
    stable = [release for release in READ if not release.stage]
    alike = groupby(stable, lambda r: (at(filed, r), holds(filed, r), skip_reason(r)))
    return tuple(Era(*_reach(list(group)), *treated) for treated, group in alike)


def _reach(group: Sequence[Release]) -> tuple[Release, Release | None]:
    return group[0], None if group[-1] == READ[-1] else group[-1]
