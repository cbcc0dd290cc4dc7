"""Sightings of one and the same record, in however many files, become one event that names them all."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from forensics.parsers.logs import envelopes
from forensics.secrets.fingerprints import identifier_hash
from forensics.tables import Event

Key = tuple[Hashable, ...]
"""By what a record is recognised in another source."""

_EXACT = timedelta(milliseconds=60)  # two writers of one record
_COARSE = timedelta(seconds=1.5)  # one of them without milliseconds
_KEY_TEXT = 80
_EXPORTED = envelopes.RANKS["support-log"]
_COLUMNS = tuple(f.name for f in fields(Event))


def request_key(rid: str) -> Key:
    """By the provider answer in it; later releases write a request id hashed."""
    return ("request", rid if rid.startswith("sha256:") else identifier_hash(rid))


def identity_key(kind: str, identity: Sequence[str], columns: Mapping[str, object]) -> Key:
    """By the columns that two sightings of a record of this kind share."""
    values = (columns.get(name) for name in identity)
    return (kind, *(v[:_KEY_TEXT] if isinstance(v, str) else v for v in values))


def merge(seen: Sequence[Event | tuple[Event, Key, int]]) -> tuple[Event, ...]:
    """One event per record: sightings of the same record in different files become its sources."""
    whole = [e for e in seen if isinstance(e, Event)]
    ranked = sorted((s for s in seen if not isinstance(s, Event)), key=lambda s: (s[2], s[0].source, s[0].line))
    events = [*whole, *_merged(ranked)]
    latest = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(events, key=lambda e: (e.time or latest, e.source, e.line)))


def _merged(ranked: Sequence[tuple[Event, Key, int]]) -> Iterable[Event]:
    """A record that only one source shows, as is told by its key, has nothing to be merged with."""
    sources: dict[Key, str | None] = {}
    for event, key, _ in ranked:
        sources[key] = event.source if sources.get(key, event.source) == event.source else None
    exports = any(rank == _EXPORTED for _, _, rank in ranked)
    merger = _Merger()
    for event, key, rank in ranked:
        if exports or sources[key] is None:
            merger.add(event, key, exported=rank == _EXPORTED)
        else:
            yield event
    yield from merger.events()


class _Merger:
    """Sightings by key, in order of time; the best source comes first and stays."""

    def __init__(self) -> None:
        self._times: dict[Key, list[tuple[datetime, int]]] = defaultdict(list)
        self._found: list[tuple[Event, list[Event]]] = []

    def add(self, event: Event, key: Key, *, exported: bool) -> None:
        """An exported line lost what a record is told by, but it has the very time of the line it was made of."""
        home = self._home(event, key) if event.time else None
        if home is None and exported:
            home = self._home(event, self._at(event))
        if home is not None:
            self._found[home][1].append(event)
            return
        self._found.append((event, []))
        if event.time:
            for known in (key, self._at(event)):
                insort(self._times[known], (event.time, len(self._found) - 1))

    def _at(self, event: Event) -> Key:
        return ("at", event.kind, event.time)

    def _home(self, event: Event, key: Key) -> int | None:
        assert event.time  # noqa: S101 - add() asks only then; tells mypy
        times = self._times[key]
        start = bisect_left(times, (event.time - _COARSE, -1))
        fitting = []
        for time, n in times[start:]:
            if time > event.time + _COARSE:
                break
            best, others = self._found[n]
            if event.source not in {best.source, *(o.source for o in others)} and _coincide(event, best):
                fitting.append((abs(time - event.time), n))
        return min(fitting)[1] if fitting else None

    def events(self) -> Iterable[Event]:
        for best, others in self._found:
            yield _joined(best, others) if others else best


def _coincide(event: Event, best: Event) -> bool:
    if event.time is None or best.time is None:
        return False
    whole_second = event.time.microsecond == 0 or best.time.microsecond == 0
    return abs(event.time - best.time) <= (_COARSE if whole_second else _EXACT)


def _joined(best: Event, others: Sequence[Event]) -> Event:
    """The best sighting, its gaps filled from the poorer ones, with all its sources."""
    gaps: dict[str, object] = {"sources": tuple(f"{e.source}:{e.line}" for e in (best, *others))}
    for name in _COLUMNS:
        if getattr(best, name) is None:
            value = next((v for o in others if (v := getattr(o, name)) is not None), None)
            if value is not None:
                gaps[name] = value
    whole = next((o for o in others if not o.text_cut and len(o.text) > len(best.text)), None)
    if best.text_cut and whole:
        gaps |= {"text": whole.text, "text_cut": False}
    return replace(best, **gaps)  # type: ignore[arg-type] # each value comes from the same column
