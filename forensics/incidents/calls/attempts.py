"""Attempts: sightings that stand for exactly one call each, joined to the calls they show."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import timedelta

from forensics.incidents.calls.call import SLOTS, RequestBuilder, ids_of, time_of
from forensics.tables import Event

RUN = timedelta(minutes=15)
_CLOSE = timedelta(seconds=1)  # two attempt sightings of one call
_GIVEN_UP = timedelta(seconds=15)  # a prompt error is written after the abort it explains has settled
_PROMPT = "prompt error"


class Attempts:
    """The calls that attempts, given in order of time, show, and the names by which a further sighting finds one."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.calls: list[RequestBuilder] = []
        self.by_id: dict[str, list[RequestBuilder]] = defaultdict(list)
        self.by_run: dict[str, list[RequestBuilder]] = defaultdict(list)
        self._slots = {SLOTS[e.kind] for e in events}
        self._slots_of_runs = {SLOTS[e.kind] for e in events if e.run}
        self._open: dict[tuple[str | None, str], OrderedDict[RequestBuilder, None]] = defaultdict(OrderedDict)
        self._entries: dict[Hashable, list[RequestBuilder]] = defaultdict(list)
        for event in events:
            self._add(event)

    def _add(self, event: Event) -> None:
        call = self._home(event)
        if call is None:
            call = RequestBuilder(event, len(self.calls))
            self.calls.append(call)
            self._wait(call, None, self._slots)
            self._entries[_entry(event)].append(call)
        else:
            self._fill(call, event)
        for key in ids_of(event):
            self.by_id[key].append(call)
        if event.run and event.run not in call.joined:
            call.joined[event.run] = len(self.by_run[event.run])
            self.by_run[event.run].append(call)
            self._wait(call, event.run, self._slots_of_runs)

    def _wait(self, call: RequestBuilder, run: str | None, slots: Iterable[str]) -> None:
        """Have a call found, in its run or among all, by the sightings of it that may still come."""
        for slot in slots:
            if slot not in call.slots and (slot != _PROMPT or call.is_given_up):
                self._open[run, slot][call] = None

    def _fill(self, call: RequestBuilder, event: Event) -> None:
        slot = SLOTS[event.kind]
        if slot not in call.slots:
            self._entries[_entry(event)].append(call)
            for run in (None, *call.joined):
                if (run, slot) in self._open:
                    self._open[run, slot].pop(call, None)
        call.take(event)

    def _home(self, event: Event) -> RequestBuilder | None:
        """By its ids, else by its run, else by its time; of several calls the first."""
        slot = SLOTS[event.kind]
        named = (c for key in ids_of(event) for c in self.by_id.get(key, ()))
        home = next((c for c in named if slot not in c.slots or c.has_copy(event)), None)
        if home is None and event.run:
            home = self._first(event, event.run, RUN)
        return home or self._first(event, None, _GIVEN_UP if slot == _PROMPT else _CLOSE)

    def _first(self, event: Event, run: str | None, reach: timedelta) -> RequestBuilder | None:
        """Of the calls of a run, or of all, that are no older than `reach`."""
        earliest, waiting = time_of(event) - reach, self._open.get((run, SLOTS[event.kind]), OrderedDict())
        while waiting and next(iter(waiting)).time < earliest:
            waiting.popitem(last=False)
        found = [c for c in self._copies(event) if c.time >= earliest and (run is None or run in c.joined)]
        found += next(([c] for c in waiting if c.time >= earliest and c.may_show_in(event)), [])
        return min(found, key=lambda c: c.number if run is None else c.joined[run], default=None)

    def _copies(self, event: Event) -> list[RequestBuilder]:
        """Calls of which another file has the same entry."""
        same = self._entries.get(_entry(event), [])
        if same and not same[0].has_copy(event):  # entries of one moment come file by file: all are of this one
            return []
        return [c for c in same if c.has_copy(event)]


def _entry(event: Event) -> Hashable:
    return SLOTS[event.kind], event.time, event.text
