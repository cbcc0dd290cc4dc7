"""Which answers tell that a cause is over: not those that were also had while it was going on.

A dead key is not alive again because the next key, or another model, answered the same prompt; a session that is
refused is not mended because another one is answered.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

from forensics.incidents.attempts import AttributedFailure
from forensics.tables import Event

PASSING = frozenset({"server_error", "network", "timeout", "overloaded"})  # any answer shows that such a fault is over
LATEST = datetime.max.replace(tzinfo=UTC)
_AGAIN = timedelta(seconds=90)  # between a prompt and the next time that it is sent
_OF_A_SESSION = frozenset({"format", "context_overflow"})


@dataclass(frozen=True, slots=True)
class Failed:
    """What a recovery is asked of: failures of one kind, the first of which began at `start`."""

    provider: str
    family: str
    start: datetime
    models: Set[str | None]
    agents: Set[str | None]
    sessions: Set[str | None]  # those whose transcripts show it


class Recoveries:
    """The answers of each provider in order of time, and which of them tell something."""

    def __init__(self, attempts: Iterable[AttributedFailure], events: Sequence[Event]) -> None:
        failed = [a for a in attempts if not a.absorbed]
        self._runs = {a.failure.run for a in failed if a.failure.run}
        self._prompts = _Prompts(events)
        self._turns = {self._prompts.first(a.turn) for a in failed}
        given = ((e.time, e.source, e.line, e) for e in events if e.role == "answer" and e.time and e.provider)
        self._times = defaultdict[str | None, list[datetime]](list)
        self._events = defaultdict[str | None, list[Event]](list)
        for time, _, _, event in sorted(given, key=lambda row: row[:3]):
            self._times[event.provider].append(time)
            self._events[event.provider].append(event)

    def has(self, provider: str) -> bool:
        """Whether any answer of a provider is in the evidence."""
        return provider in self._times

    def between(self, provider: str, start: datetime, end: datetime) -> Iterator[Event]:
        """The answers of a provider after `start` and before `end`."""
        times, events = self._times.get(provider, []), self._events.get(provider, [])
        return (events[n] for n in range(bisect_right(times, start), bisect_left(times, end)))

    def recovery(self, failed: Failed, last: datetime, end: datetime = LATEST) -> Event | None:
        """The first answer after the `last` sign of it, and before `end`, that tells that it is over."""
        later = self.between(failed.provider, last, end)
        if failed.family in PASSING:
            return next(later, None)
        telling = (e for e in later if self._tells(e, failed))
        first = next(telling, None)
        if first is None:
            return None
        models = self._spared_models(failed, last)
        return next((e for e in chain([first], telling) if e.model not in models), None)

    def _spared_models(self, failed: Failed, last: datetime) -> Set[str | None]:
        """Models that answered all the while; none where no failure names one, since it may have been any of them."""
        if not failed.models - {None}:
            return frozenset()
        return {e.model for e in self.between(failed.provider, failed.start, last)} - failed.models

    def _tells(self, answer: Event, failed: Failed) -> bool:
        if answer.agent and len(failed.agents) > 1 and answer.agent not in failed.agents:
            return False  # another agent has credentials of its own
        if answer.run in self._runs or self._prompts.above(answer) in self._turns:
            return False
        strange = answer.kind == "transcript_answer" and answer.session not in failed.sessions
        return not (failed.family in _OF_A_SESSION and failed.sessions and strange)


class _Prompts:
    """The prompts of the transcripts, named as `Attempt.turn` names them; one that is sent again is the first one."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._lines = defaultdict[str, list[int]](list)
        self._first: dict[str, str] = {}
        asked = [(e.source, e.line, e.time, e.detail) for e in events if e.kind == "transcript_turn" and e.time]
        asked.sort(key=lambda row: row[:2])
        name = ""
        for (source, line, time, detail), before in zip(asked, (None, *asked), strict=False):
            again = before and (source, detail) == (before[0], before[3]) and time - before[2] <= _AGAIN
            name = name if again else f"{source}:{line}"
            self._lines[source].append(line)
            self._first[f"{source}:{line}"] = name

    def first(self, turn: str) -> str:
        return self._first.get(turn, turn)

    def above(self, answer: Event) -> str | None:
        """The prompt that an answer of a transcript is to."""
        lines = self._lines.get(answer.source, [])
        before = bisect_left(lines, answer.line)
        return self.first(f"{answer.source}:{lines[before - 1]}") if before else None
