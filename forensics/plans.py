"""What to do about an incident, first thing first: what helps, what does not, what to leave alone, how it shows.

Commands are printed only where the release at hand has them (see `commands`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics import commands, reasons, releases
from forensics.availability import WINDOWS, latest_stats
from forensics.detectors import Facts
from forensics.incidents import Incident
from forensics.leftovers import left_over
from forensics.logins import new_credential
from forensics.patches import Patch
from forensics.releases import Release
from forensics.wording import clock, counted

_Rows = Mapping[str, Sequence[Mapping[str, object]]]
_MOST = 5  # lines of the short form
_REFUSED = ("auth", "auth_permanent")
_SHARED = ("credential", "account", "provider", "network")  # what every model of a provider has in common


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Sentences, each list in order. `patches` are those that the sentences of `steps` print."""

    steps: tuple[str, ...]
    does_not_help: tuple[str, ...] = ()
    do_not_touch: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it as one list, as the contract's `remedy` and the report show it."""
        return (
            *self.steps,
            *(f"Does not help: {sentence}" for sentence in self.does_not_help),
            *(f"Do not touch: {sentence}" for sentence in self.do_not_touch),
            *(f"It worked when {sentence}" for sentence in self.check),
        )

    @property
    def brief(self) -> tuple[str, ...]:
        """The five sentences that matter first; one of them says what does not help."""
        rest = [f"Does not help: {s}" for s in self.does_not_help[:1]]
        rest += [f"It worked when {s}" for s in self.check[:1]]
        return (*self.steps[: _MOST - len(rest)], *rest)
