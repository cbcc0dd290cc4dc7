"""What a cause cost: sessions, runs, cron runs, subagents, silence. Each is counted once, however often it was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from forensics.causes import Cause
from forensics.failures import place
from forensics.profiles import decoded
from forensics.tables import Event, Observation

_ENDING = timedelta(minutes=1)  # between the last failure of a run and the record of its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What the incident cost, as far as the evidence shows it."""

    sessions: int = 0
    runs_failed: int = 0
    cron_runs: int = 0
    subagents: int = 0
    longest_silence_s: int = 0


def measure(cause: Cause, events: Sequence[Event], state: Iterable[Observation]) -> Impact:
    """Counts what the cause's failures and echoes touched. A cron job is one session, its runs are runs."""
    touched = [e for a in cause.attempts for e in a.failure.events] + list(cause.echoes)
    names = {**_together(cause, events), **_session_keys(events, state)}
    sessions = {e.session for e in touched if e.session and not e.session.startswith("sha256:")}
    cron = set(_cron_runs(cause, {_id(s) for s in sessions}, events))
    return Impact(
        sessions=len({names.get(_id(s), _key(s)) for s in sessions}),
        runs_failed=_runs({e.run for e in touched if e.run}, cron) or len({a.turn for a in cause.attempts}),
        cron_runs=len(cron),
        subagents=len({e.run.rpartition(":")[2] for e in touched if e.trigger == "subagent" and e.run}),
        longest_silence_s=_silence(cause, events),
    )


def _runs(names: set[str], cron: set[str]) -> int:
    """A cron run has two names: its session id in the log, `cron:<job>:<ms>` in the ledger of tasks."""
    ledger = {name for name in names if name.startswith("cron:")}
    return len(names - ledger - cron) + max(len(ledger), len(names & cron))


def _session_keys(events: Iterable[Event], state: Iterable[Observation]) -> Mapping[str, str]:
    """Session id -> session key: a transcript knows its id only, a log line its key only."""
    stored = [(decoded(o.value), o.entity) for o in state if o.key == "sessionId"]
    told = [(_id(e.session), e.session) for e in events if e.session and ":run:" in e.session]
    return {id_: _key(key) for id_, key in (*stored, *told) if isinstance(id_, str)}


def _together(cause: Cause, events: Iterable[Event]) -> Mapping[str, str]:
    """Ids whose key stands beside them: in another event of the same failure, or of the same run."""
    groups = defaultdict[object, set[str]](set)
    for event in events:
        if event.run and event.session:
            groups[event.run].add(event.session)
    for attempt in cause.attempts:
        groups[attempt.failure.source].update(e.session for e in attempt.failure.events if e.session)
    pairs = ((group, [s for s in group if s.startswith("agent:")]) for group in groups.values())
    return {id_: _key(keys[0]) for group, keys in pairs if len(keys) == 1 for id_ in group if id_ != keys[0]}


def _key(session: str) -> str:
    """`agent:main:cron:3a52:run:9c1e` is a run of the session `agent:main:cron:3a52`."""
    return session.partition(":run:")[0]


def _id(session: str) -> str:
    return session.partition(":run:")[2] or session


def _cron_runs(cause: Cause, touched: set[str], events: Sequence[Event]) -> Iterator[str]:
    """Runs that ended without an answer: they name the provider, or their own session met the cause.

    A run that failed for another reason ("Channel is required") or that was never due does not count. To 2026.2.21
    a run whose only reply was the provider's error is recorded as ok.
    """
    answered = {_id(e.session) for e in events if e.role == "answer" and e.session}
    for event in events:
        if event.kind != "cron_run" or not event.time or not cause.start <= event.time <= cause.until + _ENDING:
            continue
        own = _id(event.session) if event.session and ":run:" in event.session else None
        if (event.text and cause.provider in event.text) or (own in touched and own not in answered):
            yield own or event.run or place(event)


def _silence(cause: Cause, events: Sequence[Event]) -> int:
    """Longest time without any answer of the provider that overlaps the incident, in seconds."""
    providers = (cause.provider, None)  # some sources do not say who answered
    times = sorted(e.time for e in events if e.role == "answer" and e.time and e.provider in providers)
    gaps = [(b - a, a, b) for a, b in pairwise(times)]
    if times and times[-1] < cause.last:
        gaps.append((cause.last - times[-1], times[-1], cause.last))
    longest = max((gap for gap, a, b in gaps if a <= cause.last and b >= cause.start), default=timedelta())
    return int(longest.total_seconds())
