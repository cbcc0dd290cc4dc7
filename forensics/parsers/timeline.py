"""Evidence -> one timeline: every event placed in UTC, seen in however many sources, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import msgspec

from forensics.evidence import Evidence, Item
from forensics.openclaw import releases
from forensics.openclaw.releases import Release
from forensics.parsers import clocks
from forensics.parsers.clocks import Hints, Placement, is_dateless
from forensics.parsers.deduplicate import Key, identity_key, merge, request_key
from forensics.parsers.known_secrets import known_secrets
from forensics.parsers.log_file import LogFile, MatchedRecord
from forensics.parsers.read_items import Progress, ReadItem, agent_in, is_full, read_items
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores.reading.sealing import Seal
from forensics.parsers.stores.reading.values import moment_ms
from forensics.parsers.stores.store import Contents
from forensics.tables import Activity, Credential, Drift, Event, File, Reject, StateValue

VERSION_KEYS = ("meta.lastTouchedVersion", "runtimeVersion", "gateway.self.version", "app_version", "openclawVersion")
_STAMPS = frozenset({"lastUsed", "lastFailureAt", "lastProbeAt", "updatedAt", "state.lastRunAtMs"})  # of what was done
_OUTPUTS = ("models_status", "status_output")  # of commands, which tell the moment they were given


@dataclass(frozen=True)
class Timeline:
    """All that was read. `events` are in order of (time, source, line); `secrets` are for redaction only."""

    files: tuple[File, ...]
    events: tuple[Event, ...]
    rejects: tuple[Reject, ...]
    activity: tuple[Activity, ...]
    state: tuple[StateValue, ...]
    credentials: tuple[Credential, ...]
    chunks: Counter[str]
    secrets: frozenset[str]
    drift: tuple[Drift, ...] = ()
    secret_files: tuple[str, ...] = ()  # paths of the files that hold the secrets

    @cached_property
    def records(self) -> StateRecords:
        """The records behind `state`, typed."""
        return StateRecords(self.state)

    @property
    def usable(self) -> bool:
        """True where at least one file is OpenClaw's."""
        return any(f.kind not in ("unknown", "empty") for f in self.files)

    @property
    def first_time(self) -> datetime | None:
        return min((f.first_time for f in self.files if f.first_time), default=None)

    @property
    def last_time(self) -> datetime | None:
        return max((f.last_time for f in self.files if f.last_time), default=None)

    @property
    def last_moment(self) -> datetime | None:
        """The last moment that the evidence tells of: an event or a stamp in a state file, else when one was written.

        A file's own time may be that of a copy, so it counts only where nothing inside any file tells.
        """
        stamps = (moment_ms(msgspec.json.decode(row.value)) for row in self.state if row.key in _STAMPS)
        dates = {file.mtime for file in self.files}
        asked = (row.observed_at for row in self.state if row.store in _OUTPUTS and row.observed_at not in dates)
        told = [time for time in (self.last_time, *stamps, *asked) if time]
        written = (f.mtime for f in self.files if f.mtime and f.kind not in ("unknown", "empty"))
        return max(told) if told else max(written, default=None)


def read_timeline(evidence: Evidence, timezone: str | None = None, progress: Progress | None = None) -> Timeline:
    """Read every file of the evidence. One broken file never hides the others."""
    read = read_items(evidence.items, progress)
    told = [e for r in read if r.contents for e in r.contents.events]
    placements = _place(read, told, timezone)
    contents = [r.contents for r in read if r.contents]
    secrets: frozenset[str] = frozenset().union(*(c.secrets for c in contents))
    known = known_secrets(secrets)
    seal, again = Seal(known), Seal(known, is_second=True)
    sightings = (sighting for r in read if r.reading for sighting in _events(r, placements[r.item.path]))
    seen = [(seal.row(event), key, rank) for event, key, rank in sightings]
    chunks: Counter[str] = Counter()
    for r in read:
        chunks.update(r.reading.chunks if r.reading else ())
    return Timeline(
        files=seal.rows(_file(r, placements.get(r.item.path)) for r in read),
        events=merge([*seen, *again.rows(told)]),
        rejects=seal.rows([*evidence.rejects, *(x for r in read for x in _rejects(r))]),
        activity=seal.rows(a for r in read for a in _activity(r, placements.get(r.item.path))),
        state=again.rows(o for c in contents for o in c.state),
        credentials=again.rows(x for c in contents for x in c.credentials),
        chunks=chunks,
        secrets=secrets,
        secret_files=tuple(r.item.path for r in read if r.contents and r.contents.secrets),
        drift=seal.rows(row for r in read if r.reading for row in r.reading.unmatched.rows(r.item.path)),
    )


def _rejects(read: ReadItem) -> Sequence[Reject]:
    rejects = read.reading.rejects if read.reading else read.contents.rejects if read.contents else ()
    return [*rejects, read.changed] if read.changed else rejects


def _place(read: Sequence[ReadItem], told: Sequence[Event], timezone: str | None) -> dict[str, Placement]:
    """How the stated times of each log become clocks."""
    dated: dict[Key, list[datetime]] = defaultdict(list)
    for event in told:
        if event.time and event.request_id:
            dated[request_key(event.request_id)].append(event.time)
    for sighting in (s for r in read if r.reading for s in r.reading.sightings):
        if sighting.stated and is_full(sighting.stated):
            for key in _keys(sighting):
                dated[key].append(sighting.stated)
    known = _instants(read, told)
    span = (min(known), max(known)) if known else None
    return {r.item.path: _placement(r.item, r.reading, _Known(dated, span, timezone)) for r in read if r.reading}


def _instants(read: Sequence[ReadItem], told: Sequence[Event]) -> list[datetime]:
    """Every instant that the evidence states in full, in logs and in state."""
    stated = [s.stated for r in read if r.reading for s in r.reading.sightings if s.stated and is_full(s.stated)]
    rows = (row for r in read if r.contents for row in r.contents.state if row.key in _STAMPS)
    stamps = [time for row in rows if (time := moment_ms(msgspec.json.decode(row.value)))]
    return [*stated, *stamps, *(event.time for event in told if event.time)]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rest of the evidence tells about time."""

    dated: Mapping[Key, Sequence[datetime]]
    span: tuple[datetime, datetime] | None
    timezone: str | None


def _placement(item: Item, reading: LogFile, known: _Known) -> Placement:
    """Where one log lies in time; a log whose times are all full needs no witness."""
    open_ended = [(s, s.stated) for s in reading.sightings if s.stated and not is_full(s.stated)]
    quiet = [minute for (minute, _, _) in reading.activity if minute and not is_full(minute)]
    times = [time for _, time in open_ended] or quiet
    return clocks.placement(
        [(key, time) for s, time in open_ended for key in _keys(s)],
        known.dated,
        dateless=any(is_dateless(time) for time in [*times, *quiet]),
        times=times,
        hints=Hints(
            name=item.path,
            banners=[(time, str(s.fields.get("text"))) for s, time in open_ended],
            span=known.span,
            log_file=reading.log_file,
            epochs=reading.epochs,
            mtime=item.mtime,
        ),
        timezone=known.timezone,
    )


def _keys(sighting: MatchedRecord) -> list[Key]:
    """By what a record is recognised in another source: itself, and the provider answer in it."""
    keys = [identity_key(sighting.template.kind, sighting.template.identity, sighting.fields)]
    if isinstance(rid := sighting.fields.get("request_id"), str):
        keys.append(request_key(rid))
    return keys


def _events(read: ReadItem, placement: Placement) -> Iterable[tuple[Event, Key, int]]:
    """The sightings of one log as events, each with its merge key and the rank of its shape."""
    found = list(_stated(read, placement))
    placed = clocks.place_undated([event for event, _, _ in found])
    return [(event, key, rank) for event, (_, key, rank) in zip(placed, found, strict=True)]


def _stated(read: ReadItem, placement: Placement) -> Iterable[tuple[Event, Key, int]]:
    assert read.reading  # noqa: S101 - only logs have sightings; tells mypy
    agent = agent_in(read.item.path)
    for s in read.reading.sightings:
        time, basis = placement.instant(s.stated)
        given = {
            "kind": s.template.kind,
            "role": s.template.role,
            "level": s.level,
            "subsystem": s.subsystem,
            "release": s.release,
        }
        event = Event(
            **{"agent": agent, **given, **s.fields},  # type: ignore[arg-type] # a test holds Fields to Event's types
            source=read.item.path,
            line=s.line,
            time=time,
            time_basis=basis,
            sources=(f"{read.item.path}:{s.line}",),
        )
        yield event, identity_key(s.template.kind, s.template.identity, s.fields), s.rank


def _file(read: ReadItem, placement: Placement | None) -> File:
    item = read.item
    common = {"path": item.path, "kind": read.kind, "sha256": item.sha256, "bytes": item.bytes, "mtime": item.mtime}
    if read.reading is not None:
        r = read.reading
        times, release = _times(r, placement), _release(r.chunks)
        return File(
            **common,  # type: ignore[arg-type] # five columns of known types
            shape=r.shape,
            release=release,
            release_from="bundle file names" if release else None,
            lines=r.lines,
            events=r.events,
            continuations=r.continuations,
            other=r.other,
            rejects=sum(x.lines for x in r.rejects),
            first_time=min(times, default=None),
            last_time=max(times, default=None),
        )
    c = read.contents or Contents()
    release, key = _told(c)
    times = [e.time for e in c.events if e.time]
    return File(
        **common,  # type: ignore[arg-type] # five columns of known types
        release=release,
        release_from=key,
        lines=c.lines,
        events=c.event_lines,
        other=c.other,
        rejects=sum(x.lines for x in c.rejects),
        first_time=min(times, default=None),
        last_time=max(times, default=None),
    )


def _release(chunks: Counter[str]) -> str | None:
    """The release whose bundle files wrote most of a log."""
    votes = releases.vote(chunks)
    return str(votes.most_common(1)[0][0]) if votes else None


def _told(contents: Contents) -> tuple[str | None, str | None]:
    """The release a state file names itself, and the key it stands under."""
    rows = (row for row in contents.state if row.key in VERSION_KEYS)
    found = ((Release.parse(row.value.strip('"')), row.key) for row in rows)
    return next(((str(release), key) for release, key in found if release), (None, None))


def _times(reading: LogFile, placement: Placement | None) -> list[datetime]:
    if placement is None:
        return []
    minutes = [minute for (minute, _, _) in reading.activity]
    stated = [s.stated for s in reading.sightings] + (list(reading.ends) or minutes)
    return [t for s in stated if s and (t := placement.instant(s)[0])]


def _activity(read: ReadItem, placement: Placement | None) -> Iterable[Activity]:
    for minute, lines in read.contents.activity if read.contents else ():
        yield Activity(source=read.item.path, minute=minute, level=None, subsystem=None, lines=lines)
    if read.reading is None or placement is None:
        return
    for (minute, level, subsystem), lines in sorted(read.reading.activity.items(), key=str):
        yield Activity(
            source=read.item.path,
            minute=placement.instant(minute)[0],
            level=level,
            subsystem=subsystem,
            lines=lines,
        )
