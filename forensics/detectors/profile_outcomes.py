"""How each profile fared last, as the auth stores and the events of a case tell (facts 3.2, 3.8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.incidents.attempts import AttributedFailure
from forensics.openclaw import releases
from forensics.openclaw.releases import Running
from forensics.parsers.stores.reading.auth_record import ProfileStats
from forensics.tables import Event

_MARKED_GOOD = timedelta(seconds=1.5)  # between a failure and the success that the same run pretends


@dataclass(frozen=True, slots=True)
class Outcome:
    """When a profile last failed and last served; None where nothing tells."""

    failed: datetime | None = None
    served: datetime | None = None

    @property
    def failed_last(self) -> bool:
        return self.failed is not None and not self.served_after(self.failed)

    @property
    def is_well(self) -> bool:
        """It served, and has not failed since."""
        return self.served is not None and not self.failed_last

    def served_after(self, time: datetime) -> bool:
        return self.served is not None and self.served > time


class ProfileOutcomes:
    """The last outcomes of every profile of a case, by the agent whose store it is."""

    def __init__(
        self,
        stats: Iterable[ProfileStats],
        attempts: Iterable[AttributedFailure],
        events: Iterable[Event],
        running: Running,
    ) -> None:
        self._running = running
        self._stats = {(s.agent, s.profile): s for s in stats}
        self._failures: dict[str, list[tuple[str | None, datetime]]] = defaultdict(list)
        self._answers: dict[str, list[tuple[str | None, datetime]]] = defaultdict(list)
        for attempt in attempts:
            if attempt.profile and not attempt.absorbed:
                self._failures[attempt.profile].append((attempt.failure.agent, attempt.failure.time))
        for event in events:
            if event.role == "answer" and event.profile and event.time:
                self._answers[event.profile].append((event.agent, event.time))

    def stats_of(self, profile: str, agent: str | None) -> ProfileStats | None:
        """The agent's own statistics of a profile, else those of the main agent, which it reads through."""
        return next((s for a in (agent, "main", None) if (s := self._stats.get((a, profile)))), None)

    def of(self, profile: str, agent: str | None) -> Outcome:
        stats = self.stats_of(profile, agent)
        failed = _latest(stats.last_failure if stats else None, _of_agent(self._failures[profile], agent))
        used = stats.last_used if stats else None
        if used and failed and self._pretended(failed, used):
            used = None
        return Outcome(failed, _latest(used, _of_agent(self._answers[profile], agent)))

    def _pretended(self, failed: datetime, used: datetime) -> bool:
        """Up to 2026.4.21 a run that failed for good marks its profile as used at once."""
        marks = releases.failed_run_marks_good(self._running.at(failed))
        return marks and timedelta(0) <= used - failed <= _MARKED_GOOD


def _of_agent(times: Sequence[tuple[str | None, datetime]], agent: str | None) -> Iterable[datetime]:
    return (time for name, time in times if None in (name, agent) or name == agent)


def _latest(first: datetime | None, others: Iterable[datetime]) -> datetime | None:
    return max([*([first] if first else []), *others], default=None)
