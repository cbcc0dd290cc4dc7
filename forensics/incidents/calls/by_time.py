"""Calls in order of time, to be asked for those nearest to a moment."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from heapq import merge

from forensics.incidents.calls.call import RequestBuilder

Rank = tuple[int, ...]
"""The order of calls that are equally near. No two calls have the same."""

_Near = tuple[timedelta, Rank, RequestBuilder]  # how far away, and which


class ByTime:
    """Calls by time and rank."""

    def __init__(self) -> None:
        self._rows: list[tuple[datetime, Rank, RequestBuilder]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, call: RequestBuilder, rank: Rank) -> None:
        insort(self._rows, (call.time, rank, call))

    def remove(self, call: RequestBuilder, rank: Rank) -> None:
        del self._rows[bisect_left(self._rows, (call.time, rank))]

    def before(self, time: datetime, since: datetime, until: datetime) -> Iterator[_Near]:
        """Those before a moment that lie in a span, the nearest first."""
        end = self._place(min(time, until + timedelta.resolution))
        while end and self._rows[end - 1][0] >= since:
            start = self._place(self._rows[end - 1][0])
            for at, rank, call in self._rows[start:end]:
                yield time - at, rank, call
            end = start

    def after(self, time: datetime, since: datetime, until: datetime) -> Iterator[_Near]:
        """Those at or after a moment that lie in a span, the nearest first."""
        for n in range(self._place(max(time, since)), len(self._rows)):
            at, rank, call = self._rows[n]
            if at > until:
                return
            yield at - time, rank, call

    def _place(self, time: datetime) -> int:
        return bisect_left(self._rows, (time,))


def nearest(lanes: Iterable[ByTime], time: datetime, since: datetime, until: datetime) -> Iterator[RequestBuilder]:
    """The calls of several that lie in a span, those nearest to a moment first, equally near ones by rank."""
    sides = [side(time, since, until) for calls in lanes for side in (calls.before, calls.after)]
    return (call for _, _, call in merge(*sides))
