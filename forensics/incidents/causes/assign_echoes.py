"""Which cause made an echo."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush

from forensics.incidents.causes.cause import LATEST, Cause
from forensics.incidents.undated import dated
from forensics.tables import Event

_OPENED = timedelta(seconds=5)


def assign_echoes(causes: list[Cause], echoes: Sequence[tuple[datetime, Event]]) -> None:
    only = {c.provider for c in causes}
    runs, makers = _Runs(causes), _Makers(causes)
    for time, echo in sorted(echoes, key=lambda pair: (pair[0], pair[1].source, pair[1].line)):
        provider = echo.provider or (next(iter(only)) if len(only) == 1 else "unknown")
        home = (None if echo.provider else runs.of(echo, time)) or makers.of(provider, time)
        if home is None and dated(time) is None:  # it may lie behind any of them
            home = next((cause for cause in causes if cause.provider == provider), None)
        if home is not None:
            home.add_echo(echo, time)
            continue
        causes.append(Cause(provider, "unknown"))
        causes[-1].add_echo(echo, time)
        makers.add(len(causes) - 1)


class _Runs:
    """When the causes began that failed a run or a session."""

    def __init__(self, causes: Sequence[Cause]) -> None:
        self._causes = causes
        begun: dict[tuple[str, str | None], set[tuple[datetime, int]]] = defaultdict(set)
        for n, cause in enumerate(causes):
            for failure in (attempt.failure for attempt in cause.attempts):
                if failure.run:
                    begun["run", failure.run].add((cause.start, n))
                if failure.session is not None:
                    begun["session", failure.session].add((cause.start, n))
        self._begun = {name: sorted(rows) for name, rows in begun.items()}

    def of(self, echo: Event, time: datetime) -> Cause | None:
        """The last cause begun before an echo that names no provider, but its run, else its session."""
        for kind, name in (("run", echo.run), ("session", echo.session)):
            rows = self._begun.get((kind, name), ())
            if at := bisect_right(rows, (time + _OPENED, len(self._causes))):
                return self._causes[rows[at - 1][1]]
        return None


class _Makers:
    """The causes that can have made an echo, by provider. To be asked in order of time."""

    def __init__(self, causes: Sequence[Cause]) -> None:
        self._causes = causes
        self._begun: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
        self._coming: dict[str, list[tuple[datetime, datetime, int]]] = defaultdict(list)  # windows, the last first
        self._open: dict[str, list[tuple[timedelta, int, datetime]]] = defaultdict(list)  # of the latest cause first
        for n, cause in enumerate(causes):
            self.add(n)
            self._coming[cause.provider] += [(w.start - _OPENED, w.end or LATEST, n) for w in cause.windows]
        for windows in self._coming.values():
            windows.sort(reverse=True)

    def add(self, n: int) -> None:
        insort(self._begun[self._causes[n].provider], (self._causes[n].start, -n))

    def of(self, provider: str, time: datetime) -> Cause | None:
        """The last cause with a window open then, else the last one begun, else the next at once."""
        coming, open_, begun = self._coming[provider], self._open[provider], self._begun[provider]
        while coming and coming[-1][0] <= time:
            _, end, n = coming.pop()
            heappush(open_, (LATEST - self._causes[n].start, n, end))
        while open_ and open_[0][2] < time:
            heappop(open_)
        if open_:
            return self._causes[open_[0][1]]
        at = bisect_right(begun, (time + _OPENED, 0))
        return self._causes[-begun[at - 1][1]] if at else None
