"""One answer through all releases: what each stretch of them files it under, and what their skips say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from forensics.openclaw.releases.behaviour import skip_reason
from forensics.openclaw.releases.release import READ, Release, at, effective, holds, in_span

_STABLE = tuple(release for release in READ if not release.stage)


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
            return "every release" if self.first == _STABLE[0] else f"from {self.first}"
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


def eras(filed: Sequence[tuple[str, str | None]]) -> tuple[Era, ...]:
    """The answer's own reasons per span (see `reasons.counterfactual`) -> its eras, oldest first."""
    alike = groupby(_STABLE, lambda r: (at(filed, r), holds(filed, r), skip_reason(r)))
    return tuple(Era(*_reach(list(group)), reason, known, skip) for (reason, known, skip), group in alike)


def in_words(span: str) -> str:
    """`1.29-2.21` as people write it: `2026.1.29 to 2026.2.21`."""
    first, last = _reach([release for release in _STABLE if in_span(release, span)])
    return str(Era(first, last, None, known=False, skip=""))


def _reach(group: Sequence[Release]) -> tuple[Release, Release | None]:
    return group[0], None if group[-1] == _STABLE[-1] else group[-1]
