"""What a cause cost: sessions, messages, runs, subagents, silence, and when somebody could have noticed.

Each is counted once, however often it was told. What could not be looked at is None, not 0.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from forensics.incidents.causes import Cause
from forensics.incidents.channels import UNASKED, UNKNOWN, channel_of, stored_channels
from forensics.incidents.event_index import EventIndex
from forensics.incidents.intervals import Spans
from forensics.incidents.run_builder import FailedRun
from forensics.incidents.time_to_notice import Notice, first_notice, is_sign
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.tables import Event

_Naming = Callable[[str], str]
_NEAR = timedelta(minutes=1)  # between a message and the first or last sign of its run


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one agent, or one kind of channel, had of it."""

    name: str | None  # None: the evidence does not tell which agent
    sessions: int
    runs_failed: int
    messages_unanswered: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What the incident cost, as far as the evidence shows it."""

    sessions: int | None = 0  # that met it, also where another answered in the end; None: no record names one
    runs_failed: int = 0
    cron_runs: int = 0
    subagents: int = 0
    longest_silence_s: int = 0
    messages_unanswered: int | None = (
        None  # without transcripts: those that a log tells of, None where it tells of none
    )
    notice: Notice | None = None
    agents: tuple[Share, ...] = ()
    channels: tuple[Share, ...] = ()


class Record:
    """What the whole evidence tells of sessions, gathered once for all causes."""

    def __init__(self, events: Sequence[Event], records: StateRecords) -> None:
        self.statuses = records.of(ModelsStatus)
        self.signs = EventIndex(event for event in events if is_sign(event))
        self.channels = stored_channels(records.sessions)
        scripts = [e for e in events if e.kind.startswith("transcript_")]
        self.read = {e.agent for e in scripts}  # agents whose transcripts are here
        self.talk = defaultdict[str | None, list[Event]](list)  # session id -> messages and answers, in order of time
        for event in scripts:
            if event.time and (event.trigger == "message" or _is_answer(event)):
                self.talk[event.session].append(event)
        self._answers = sorted((e.time, e.provider or "") for e in events if e.role == "answer" and e.time)
        self._times: dict[str, list[datetime]] = {}
        agents = {e.agent for e in events if e.agent} | {s.agent for s in records.sessions if s.agent}
        self.only_agent = next(iter(agents)) if len(agents) == 1 else None
        runs = defaultdict[str, set[str]](set)
        for event in events:
            if event.run and event.session:
                runs[event.run].add(event.session)
        self._keys = {**_together(runs.values()), **_session_keys(events, records.session_ids)}

    def answers_of(self, provider: str) -> list[datetime]:
        """When it answered, in order of time; some sources do not say who did."""
        if provider not in self._times:
            self._times[provider] = [time for time, name in self._answers if name in (provider, "")]
        return self._times[provider]

    def naming(self, cause: Cause) -> _Naming:
        """What a session is called: its key where that is known, whether its id or its key is given."""
        seen = _together({e.session for e in a.failure.events if e.session} for a in cause.attempts)
        return lambda session: self._keys.get(_id(session)) or seen.get(_id(session)) or _key(session)


def measure(cause: Cause, runs: Sequence[FailedRun], record: Record, end: datetime | None) -> Impact:
    """Counts what a cause touched until its `end`. A cron job is one session, its runs are runs."""
    touched = [e for a in cause.attempts for e in a.failure.events] + list(cause.echoes)
    name = record.naming(cause)
    rows = [*(_failed(run, name, record) for run in runs), *_left(cause, runs, record, name, end)]
    return Impact(
        sessions=len({name(e.session) for e in touched if e.session}) or None,
        runs_failed=len(runs),
        cron_runs=sum(run.trigger == "cron" for run in runs),
        subagents=len({e.run.rpartition(":")[2] for e in touched if e.trigger == "subagent" and e.run}),
        longest_silence_s=_silence(cause, record),
        messages_unanswered=_messages(rows, looked=bool(record.read)),
        notice=first_notice(cause, runs, record.signs, record.statuses, end),
        agents=tuple(_shares(rows, lambda row: row.agent, lambda agent: agent in record.read)),
        channels=tuple(_shares(rows, lambda row: row.channel, lambda kind: kind in UNASKED or bool(record.read))),
    )


class _Row(NamedTuple):
    """A run that failed, or a message that was left without one."""

    agent: str | None
    channel: str
    sessions: frozenset[str]
    run: bool
    message: bool


def _failed(run: FailedRun, name: _Naming, record: Record) -> _Row:
    sessions = frozenset(map(name, run.sessions))
    agent = run.agents[0] if run.agents else record.only_agent
    return _Row(agent, channel_of(run, sessions, record.channels), sessions, run=True, message=run.trigger == "message")


def _left(
    cause: Cause, runs: Sequence[FailedRun], record: Record, name: _Naming, end: datetime | None
) -> Iterator[_Row]:
    """Messages in a session that failed which have neither an answer nor a failed run: cut off, or still in a queue."""
    known = _open(runs)
    for session in sorted(known.keys() & record.talk.keys(), key=str):
        key = name(session or "")
        for event in _unanswered(record.talk[session], end):
            if cause.start <= _time(event) and _time(event) not in known[session]:
                channel = record.channels.get(key, UNKNOWN)
                yield _Row(event.agent, channel, frozenset([key]), run=False, message=True)


def _unanswered(talk: Sequence[Event], end: datetime | None) -> Iterator[Event]:
    """Messages that neither the next entry nor one before the end answers; one answer may be to several of them."""
    over = len(talk) if end is None else bisect_right(talk, end, key=_time)
    last = next((n for n in reversed(range(over)) if _is_answer(talk[n])), -1)
    for number in range(last + 1, over):
        if not any(map(_is_answer, talk[number : number + 2])):
            yield talk[number]


def _open(runs: Iterable[FailedRun]) -> Mapping[str | None, Spans]:
    """Session -> when runs of it were going on; those that name no session may have been in any."""
    pairs = defaultdict[str | None, list[tuple[datetime, datetime]]](list)
    for run in runs:
        for session in run.sessions or (None,):
            pairs[session].append((run.start - _NEAR, run.end + _NEAR))
    anywhere = pairs.pop(None, [])
    return {session: Spans.of([*mine, *anywhere]) for session, mine in pairs.items()}


def _time(event: Event) -> datetime:
    assert event.time  # noqa: S101 - only timed events are talk; tells mypy
    return event.time


def _is_answer(event: Event) -> bool:
    """One that only calls a tool is none: the run goes on."""
    return event.role == "answer" and event.detail != "toolUse"


def _shares(
    rows: Iterable[_Row], group: Callable[[_Row], str | None], looked: Callable[[str | None], bool]
) -> Iterator[Share]:
    groups = defaultdict[str | None, list[_Row]](list)
    for row in rows:
        groups[group(row)].append(row)
    for name, mine in sorted(groups.items(), key=lambda pair: pair[0] or ""):
        yield Share(
            name=name,
            sessions=len({session for row in mine for session in row.sessions}),
            runs_failed=sum(row.run for row in mine),
            messages_unanswered=_messages(mine, looked=looked(name)),
        )


def _messages(rows: Iterable[_Row], *, looked: bool) -> int | None:
    """Without transcripts a log may tell of some; of none only runs nobody asked for prove anything."""
    return sum(row.message for row in rows) or (0 if looked or rows else None)


def _session_keys(events: Iterable[Event], session_ids: Mapping[str, str]) -> Mapping[str, str]:
    """Session id -> session key: a transcript knows its id only, a log line its key only."""
    stored = [(id_, key) for key, id_ in session_ids.items()]
    told = [(_id(e.session), e.session) for e in events if e.session and ":run:" in e.session]
    return {id_: _key(key) for id_, key in (*stored, *told)}


def _together(groups: Iterable[set[str]]) -> Mapping[str, str]:
    """Ids whose key stands beside them: in another event of the same failure, or of the same run."""
    pairs = ((group, [s for s in group if s.startswith("agent:")]) for group in groups)
    return {id_: _key(keys[0]) for group, keys in pairs if len(keys) == 1 for id_ in group if id_ != keys[0]}


def _key(session: str) -> str:
    """`agent:main:cron:3a52:run:9c1e` is a run of the session `agent:main:cron:3a52`."""
    return session.partition(":run:")[0]


def _id(session: str) -> str:
    return session.partition(":run:")[2] or session


def _silence(cause: Cause, record: Record) -> int:
    """Longest time without any answer of the provider that overlaps the incident, in seconds."""
    times, last = record.answers_of(cause.provider), cause.last
    around = times[max(0, bisect_left(times, cause.start) - 1) : bisect_right(times, last) + 1]
    if times and times[-1] < last:
        around.append(last)
    longest = max((b - a for a, b in pairwise(around)), default=timedelta())
    return int(longest.total_seconds())
