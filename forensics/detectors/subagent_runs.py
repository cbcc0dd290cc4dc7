"""Subagent runs: what is known of each from its record, its announces and its transcript, and where its result is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import dropwhile, takewhile

from forensics.incidents.failures import where
from forensics.openclaw import releases
from forensics.openclaw.releases import Running
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores.reading.record import merged
from forensics.parsers.stores.reading.subagent_run import SubagentRecord
from forensics.tables import Event

_RETRIES = 3  # announces after which OpenClaw gives up
_UNDELIVERED = ("failed", "suspended", "discarded", "expired", "abandoned")
_NAMELESS = "1.29-2.12"  # these say neither whose announce failed nor that they gave up
_SOON = timedelta(minutes=5)
_BESIDE = timedelta(seconds=5)  # between a child's last answer and the end of its run


@dataclass(frozen=True, slots=True)
class SubagentRun:
    """One run of a subagent: its events by kind, and the fields of its record."""

    id: str
    events: tuple[Event, ...]
    stored: SubagentRecord | None

    def last(self, kind: str) -> Event | None:
        return next((e for e in reversed(self.events) if e.kind == kind), None)

    @property
    def record(self) -> Event | None:
        return self.last("subagent_run")

    @property
    def given_up(self) -> Event | None:
        return self.last("subagent_announce_given_up")

    @property
    def pruned(self) -> Event | None:
        """The line that says that its record was thrown away, and why; a run found again is none."""
        return next((e for e in reversed(self.events) if e.kind == "subagent_orphaned" and e.detail), None)

    @property
    def failed(self) -> tuple[Event, ...]:
        return tuple(e for e in self.events if e.kind == "subagent_announce_failed")

    @property
    def child_session(self) -> str | None:
        return next((e.child_session for e in self.events if e.child_session), None)

    @property
    def requester(self) -> str | None:
        return next((e.requester for e in self.events if e.requester), None)

    @property
    def ended(self) -> datetime | None:
        """When the run itself was over; the give-up line counts the seconds since."""
        if self.record:
            return self.record.time
        if self.given_up and self.given_up.time and self.given_up.duration_ms is not None:
            return self.given_up.time - timedelta(milliseconds=self.given_up.duration_ms)
        task = self.last("task_run")
        return task.time if task else None

    @property
    def delivered(self) -> datetime | None:
        """When the requester was told, by the record or by an answer to an announce after the last failed one."""
        if self.record and self.record.detail == "delivered":
            stored = self.stored
            return (stored and (stored.announced_at or stored.delivered_at)) or self.record.time
        failed = max((e.time for e in (*self.failed, self.given_up) if e and e.time), default=None)
        answers = [e.time for e in self.events if e.role == "answer" and e.time]
        return next((time for time in answers if failed and time > failed), None)

    @property
    def retries(self) -> int:
        told = max((e.attempt or 0 for e in (self.record, self.given_up) if e), default=0)
        return told or len(self.failed)

    @property
    def error(self) -> str | None:
        """What the last attempt said: its own line tells more than the give-up line does."""
        told = (e.text for e in (*reversed(self.failed), self.given_up, self.record) if e and e.text)
        return next(told, None)


def read_subagents(
    events: Sequence[Event], records: Iterable[SubagentRecord], running: Running
) -> tuple[SubagentRun, ...]:
    """Every subagent run that something tells of, in order of its first sign."""
    told: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if name := _run_of(event):
            told[name].append(event)
    stored = {record.entity: record for record in merged(records)}
    runs = (SubagentRun(name, tuple(mine), stored.get(name)) for name, mine in told.items())
    return tuple(_with_nameless(run, events) if _is_nameless(run, running) else run for run in runs)


def _is_nameless(run: SubagentRun, running: Running) -> bool:
    return run.ended is not None and releases.in_span(running.at(run.ended), _NAMELESS)


def _run_of(event: Event) -> str | None:
    if event.run and event.run.startswith("announce:"):  # announce:v1:<child session>:<run>
        return event.run.rpartition(":")[2] if event.role == "answer" else None
    told = event.kind.startswith("subagent_") or (event.kind == "task_run" and event.trigger == "subagent")
    return event.run if told else None


def _with_nameless(run: SubagentRun, events: Sequence[Event]) -> SubagentRun:
    """An announce that failed right after this run, where its requester was never told."""
    ended, agent = run.ended, run.record.agent if run.record else None
    after = [e for e in events if ended and e.time and ended <= e.time]
    if any(e.kind == "transcript_turn" and e.trigger == "subagent" and e.agent == agent for e in after):
        return run
    soon = [e for e in after if ended and e.time and e.time <= ended + _SOON]
    failed = tuple(e for e in soon if e.kind == "subagent_announce_failed" and e.run is None)
    return SubagentRun(run.id, (*run.events, *failed), run.stored)


def is_lost(run: SubagentRun, running: Running, refused: Event | None = None) -> bool:
    """Ended well, was to be announced, and its announce was given up for good, or passed on as `refused`."""
    record, task = run.record, run.last("task_run")
    muted = run.stored and (run.stored.suppressed or run.stored.expects_message is False)
    if muted or run.delivered:
        return False
    if record is None:
        orphaned = run.last("subagent_orphaned") is not None and bool(run.failed)
        gone = run.given_up or orphaned or run.pruned
        return bool(gone) and (task is None or task.decision == "succeeded")
    if record.decision != "ok":
        return False
    tried = run.retries >= _RETRIES or (bool(run.failed) and _is_nameless(run, running))
    handled = record.detail == "cleanupHandled" and (tried or refused is not None)
    return record.detail in _UNDELIVERED or handled or run.given_up is not None


class Transcripts:
    """What the sessions of subagents answered, found by session, else by time."""

    def __init__(self, events: Sequence[Event], records: StateRecords) -> None:
        self._entries: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            if event.kind.startswith("transcript_") and event.session and event.time:
                self._entries[event.session].append(event)
        self._sessions = records.session_ids
        self._parents = {entry.key: entry.spawned_by for entry in records.sessions if entry.spawned_by}

    def result_of(self, run: SubagentRun) -> str | None:
        """Where the last answer stands; else where the run's record keeps it."""
        answers = [e for e in self._child(run) if e.role == "answer"]
        if answers:
            return where(answers[-1])
        kept = run.stored if run.stored and run.stored.result_length else None
        return kept.source(*SubagentRecord.result_length.keys) if kept else None

    def refused(self, run: SubagentRun) -> Event | None:
        """The failure in which the requester's turn with the result ended: it got an error for the result."""
        session, ended = self._sessions.get(run.requester or ""), run.ended
        entries = self._entries.get(session, []) if session and ended else []
        soon = [e for e in entries if ended and e.time and ended <= e.time <= ended + _SOON]
        told = dropwhile(lambda e: e.kind != "transcript_turn", soon)
        turn = list(takewhile(lambda e: e.kind != "transcript_turn" or e.trigger == "subagent", told))
        return turn[-1] if turn and turn[-1].role == "failure" else None

    def computed(self, run: SubagentRun) -> bool:
        """False where only the child's transcript could tell, and it ends in a failure: nothing was computed.

        Of a run that was pruned and never announced it has to end in an answer.
        """
        said = self._last_word(run)
        if run.record is None and run.pruned and not run.failed and not run.given_up:
            return said is not None and said.role == "answer" and said.detail != "toolUse"
        return run.record is not None or said is None or said.role == "answer"

    def seen(self, run: SubagentRun) -> bool:
        """Whether the child's transcript is in the evidence."""
        return bool(self._child(run))

    def announced(self, run: SubagentRun) -> bool:
        """Whether the requester was told: by an announce that was answered, or a turn of its own after the result."""
        if not run.failed and any(e.role == "answer" for e in run.events):
            return True
        said = self._last_word(run)
        if said is None or said.time is None:
            return False
        turns = self._entries.get(self._sessions.get(self.requester_of(run) or "", ""), [])
        times = (e.time for e in turns if e.kind == "transcript_turn" and e.trigger == "subagent" and e.time)
        return any(said.time <= time <= said.time + _SOON for time in times)

    def requester_of(self, run: SubagentRun) -> str | None:
        return run.requester or self._parents.get(run.child_session or "")

    def _last_word(self, run: SubagentRun) -> Event | None:
        said = [e for e in self._child(run) if e.role in ("answer", "failure")]
        return said[-1] if said else None

    def _child(self, run: SubagentRun) -> Sequence[Event]:
        """The child's entries: by its session, else the subagent's transcript that ended when the run did."""
        session = self._sessions.get(run.child_session or "")
        if session in self._entries:
            return self._entries[session]
        near = sorted((gap, name) for name, gap in self._gaps(run) if gap <= _BESIDE)
        return self._entries[near[0][1]] if near else ()

    def _gaps(self, run: SubagentRun) -> Iterator[tuple[str, timedelta]]:
        others = {session for key, session in self._sessions.items() if ":subagent:" not in key}
        for name, entries in self._entries.items():
            times = [e.time for e in entries if e.role in ("answer", "failure") and e.time]
            turn = next((e for e in entries if e.kind == "transcript_turn"), None)
            if turn and turn.trigger == "subagent" and name not in others and times and run.ended:
                yield name, abs(times[-1] - run.ended)
