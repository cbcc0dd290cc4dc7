"""Who answered: an answer whose record names no provider is told by the records around it.

From 2026.7.1 a run that ends well says so without its provider, and a working fallback is no recovery of the
provider that failed. And where a failed run counts as done (facts 3.8), its candidate "succeeds" with the error as
its reply. Both are put right here, once, for everything that asks who answered when.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from forensics.tables import Event

_COARSE = timedelta(seconds=1)  # a record without milliseconds may come late
_BESIDE = timedelta(seconds=5)  # between two records of one answer
_STREAM = timedelta(minutes=15)  # between the first word of an answer and the end of its run
_FIRST = datetime.min.replace(tzinfo=UTC)


def attribute_answers(events: Sequence[Event], primary: str | None = None) -> tuple[Event, ...]:
    """The same events: answers with their provider as far as it can be told, an error text no longer an answer.

    `primary` is the configured model, `provider/model`: one more provider that there is.
    """
    checked = tuple(_checked(events))
    answerers = _Answerers(checked, primary)
    return tuple(answerers.named(e) if e.role == "answer" and e.provider is None else e for e in checked)


def _checked(events: Iterable[Event]) -> Iterator[Event]:
    """A candidate whose failure was handed to the user as the reply of its run has not succeeded."""
    surfaced: dict[tuple[str | None, str | None], Event] = {}
    for event in events:
        candidate = (event.provider, event.model)
        if event.kind == "embedded_run_failover_decision":
            surfaced.pop(candidate, None)
            if event.decision == "surface_error":
                surfaced[candidate] = event
        elif event.decision == "candidate_succeeded" and _of_one_run(surfaced.pop(candidate, None), event):
            event = replace(event, role="decision")
        yield event


def _of_one_run(before: Event | None, event: Event) -> bool:
    """By the run where both name it, else by the time between them."""
    if before is None or before.time is None or event.time is None:
        return False
    return before.run == event.run if before.run and event.run else event.time - before.time <= _BESIDE


class ProviderResponses:
    """When each provider answered."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._times: dict[str, list[datetime]] = defaultdict(list)
        for event in events:
            if event.role == "answer" and event.time and event.provider:
                self._times[event.provider].append(event.time)
        for times in self._times.values():
            times.sort()

    def between(self, provider: str, start: datetime, end: datetime) -> bool:
        """Whether it answered later than one moment and before another."""
        times = self._times.get(provider, [])
        at = bisect_right(times, start)
        return at < len(times) and times[at] < end


class _Named:
    """When who answered, in order of time."""

    def __init__(self, events: Iterable[Event]) -> None:
        rows = sorted((e.time, e.provider) for e in events if e.time and e.provider)
        self._times, self._providers = [time for time, _ in rows], [provider for _, provider in rows]

    def last(self, time: datetime, reach: timedelta) -> str | None:
        """Whoever answered last before a time, no earlier than `reach`."""
        at = bisect_right(self._times, time)
        return self._providers[at - 1] if at and time - self._times[at - 1] <= reach else None

    def among(self, time: datetime, reach: timedelta) -> set[str]:
        """All who answered within `reach` before a time."""
        return set(self._providers[bisect_right(self._times, time - reach) : bisect_right(self._times, time)])


class _Answerers:
    """What tells of the provider: the same run, the answer just before, the request taken last, being the only one."""

    def __init__(self, events: Sequence[Event], primary: str | None) -> None:
        answers = [e for e in events if e.role == "answer" and e.provider]
        runs = defaultdict[str, list[Event]](list)
        for event in answers:
            if event.run:
                runs[event.run].append(event)
        self._by_run = {run: _Named(mine) for run, mine in runs.items()}
        self._answers = _Named(answers)
        self._taken = _Named(e for e in events if e.kind == "model_fetch_response" and e.role == "noise")
        known = {e.provider for e in events if e.provider} | ({primary.partition("/")[0]} if primary else set())
        self._only = known.pop() if len(known) == 1 else None

    def named(self, event: Event) -> Event:
        """The answer with its provider; as it is where several answered and none can be told."""
        time = (event.time or _FIRST) + _COARSE
        mine = self._by_run.get(event.run or "")
        near = self._answers.among(time, _COARSE + _BESIDE)
        provider = (
            (mine and mine.last(time, _STREAM))
            or (near.pop() if len(near) == 1 else None)
            or (None if near else self._taken.last(time, _STREAM) or self._only)
        )
        return replace(event, provider=provider) if provider else event
