"""Which cause opened a window."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from forensics.incidents.causes.attempts import RECOVERED
from forensics.incidents.causes.cause import Cause
from forensics.tables import Window

_OPENED = timedelta(seconds=5)


def assign_windows(causes: list[Cause], windows: Sequence[Window]) -> None:
    openers = _Openers(causes)
    for window in windows:
        home = openers.of(window) or _going_on(causes, window)
        if home is None:
            home = Cause(window.provider, "unknown")
            causes.append(home)
        home.add_window(window)


class _Openers:
    """The causes by the failures that can have opened a window."""

    def __init__(self, causes: Sequence[Cause]) -> None:
        self._causes = causes
        self._by_place: dict[str, int] = {}
        self._by_profile: dict[tuple[str, str | None], list[tuple[datetime, int]]] = defaultdict(list)
        for n, cause in enumerate(causes):
            for attempt in cause.attempts:
                self._by_profile[cause.provider, attempt.profile].append((attempt.failure.time, n))
                for source in attempt.failure.sources:
                    self._by_place.setdefault(source, n)
        for moments in self._by_profile.values():
            moments.sort()

    def of(self, window: Window) -> Cause | None:
        """The cause one of whose failures is a place of the window, else the one that failed nearest to its start."""
        places = (self._by_place.get(place) for place in (window.opened_by, *window.sources))
        told = min((n for n in places if n is not None), default=None)
        if told is None:
            near = [row for profile in {window.profile, None} for row in self._near(window, profile)]
            told = min(near)[1] if near else None
        return None if told is None else self._causes[told]

    def _near(self, window: Window, profile: str | None) -> list[tuple[timedelta, int]]:
        """How far away the last failure before the start of a window and the first after it are, and their causes."""
        moments = self._by_profile.get((window.provider, profile), [])
        at = bisect_left(moments, (window.start,))
        before = bisect_left(moments, (moments[at - 1][0],)) if at else at
        both = (*moments[before : before + 1], *moments[at : at + 1])
        return [(abs(window.start - time), n) for time, n in both if abs(window.start - time) <= _OPENED]


def _going_on(causes: Sequence[Cause], window: Window) -> Cause | None:
    """The provider's last cause that was going on when the window began."""
    mine = (c for c in reversed(causes) if c.provider == window.provider)
    return next((c for c in mine if c.start <= window.start <= c.until + RECOVERED), None)
