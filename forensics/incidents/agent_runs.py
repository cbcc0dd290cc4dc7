"""Runs that failed with a cause: every sign of one run joined into one value.

One run is seen in several places: its attempts in a transcript, echoes in the log, its line in the job's run log.
They are joined by run id, by the transcript's turns, by the session of an isolated cron run, else by time.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.causes import Cause
from forensics.incidents.cron_schedule import Schedules, Span, jobs_by_schedule, schedules_of
from forensics.incidents.failures import place
from forensics.incidents.heartbeat_schedule import Heartbeats, interval_of, is_a_rhythm, is_off
from forensics.incidents.run_builder import FailedRun, RunBuilder, Sign, joined
from forensics.instants import lasting
from forensics.openclaw.error_text import read_error_text
from forensics.openclaw.reasons import Classification
from forensics.parsers.stores.reading.cron_job import CronJob
from forensics.tables import Event

_NEAR = timedelta(minutes=1)  # between two signs of one run that share no id
_CHAIN = timedelta(seconds=90)  # between an attempt and the next one of the same prompt
_STEP = "model_fallback_decision"
_LONGEST_CHAIN = 20  # candidates
_NAME = re.compile(
    r"""(?:session:)?agent:[^:]+:
        (?: (?P<cron>cron):(?P<job>[^:]+)(?::run:(?P<run>[^:]+))?
          | (?P<subagent>subagent):
          | .*:(?P<heartbeat>heartbeat)$ )
    """,
    re.X,
)
_LEDGER = re.compile(r"cron:(?P<job>[^:]+):\d+\Z")  # a cron run in the ledger of tasks; elsewhere it has another id
_LANES = {"cron": "cron", "cron-nested": "cron", "subagent": "subagent"}


def failed_runs(
    causes: Sequence[Cause], events: Sequence[Event], heartbeat: str | None = None, jobs: Iterable[CronJob] = ()
) -> tuple[tuple[Cause, tuple[FailedRun, ...]], ...]:
    """Each cause with the runs that failed with it, in order of time; one that was answered after all is none.

    `heartbeat` is the configured interval as it stands in openclaw.json. Where that is off, it is a job that comes in
    a rhythm. `jobs`: a run in the schedule of one is the job's.
    """
    reader, beats = _Reader(events, causes), Heartbeats(events, interval_of(heartbeat))
    clocks = _Clocks(beats, schedules_of(jobs), "cron" if is_off(heartbeat) else "heartbeat")
    return tuple((cause, tuple(_with_triggers(reader.runs(cause), clocks))) for cause in causes)


@dataclass(frozen=True, slots=True)
class _Clocks:
    """What starts runs by itself: heartbeats and jobs. Each agent has a rhythm of its own."""

    beats: Heartbeats
    schedules: Schedules
    otherwise: str  # what comes in a rhythm that nothing configures

    def of(self, runs: Iterable[RunBuilder]) -> Iterable[tuple[RunBuilder, tuple[str, str | None]]]:
        """Each of one agent's runs with its trigger and, where it is one, its job."""
        runs = sorted(runs, key=lambda run: run.start)
        jobs = jobs_by_schedule([Span(start=run.start, end=run.end) for run in runs], self.schedules)
        beats, free = self.beats.copy(), [run.start for n, run in enumerate(runs) if n not in jobs]
        beats.learn(free)
        otherwise = self.otherwise if is_a_rhythm(free) else "message"
        for n, run in enumerate(runs):
            if n in jobs:
                yield run, ("cron", jobs[n])
                continue
            trigger = "heartbeat" if beats.is_due(run.start) else otherwise
            if trigger == "heartbeat":
                beats.add(run.start)
            yield run, (trigger, None)


class _Reader:
    """Joins the signs of a cause into runs, with what the other events tell of runs and turns."""

    def __init__(self, events: Sequence[Event], causes: Sequence[Cause]) -> None:
        latest = sorted(causes, key=lambda c: c.start, reverse=True)
        self._cron_runs = [
            (e.time, e, _blamed(e, latest)) for e in events if e.kind == "cron_run" and e.role == "schedule" and e.time
        ]
        self._isolated = {m["run"] for e in events if e.session and (m := _NAME.match(e.session)) and m["run"]}
        self._chains = _chains(events)
        self._answers = self._last_answers(events)
        self._steps = sorted(
            (e.time, f"{e.provider}/{e.model}", e.decision == "candidate_succeeded")
            for e in events
            if e.kind == _STEP and e.time and not e.run
        )

    def _last_answers(self, events: Iterable[Event]) -> Mapping[str, datetime]:
        """Run or chain -> its last answer. One that only calls a tool is none: the run goes on."""
        last: dict[str, datetime] = {}
        for event in events:
            if event.role == "answer" and event.time and event.detail != "toolUse":
                for name in (event.run, self._chains.get((event.source, event.line))):
                    if name:
                        last[name] = max(event.time, last.get(name, event.time))
        return last

    def runs(self, cause: Cause) -> list[RunBuilder]:
        judged = zip(cause.attempts, cause.verdicts, strict=True)
        signs = [self._attempt(a, verdict) for a, verdict in judged if not a.failure.probed]
        signs += [self._told(e) for e in cause.echoes if e.time]
        signs += [self._told(e, alone=home is cause) for _, e, home in self._ended_in(cause)]
        runs = joined(sorted(signs, key=lambda s: (s.time, s.place)))
        return [run for run in runs if run.is_whole and not self._was_answered(run)]

    def _ended_in(self, cause: Cause) -> Sequence[tuple[datetime, Event, Cause | None]]:
        first = bisect_left(self._cron_runs, cause.start, key=itemgetter(0))
        return self._cron_runs[first : bisect_right(self._cron_runs, cause.until + _NEAR, key=itemgetter(0))]

    def _was_answered(self, run: RunBuilder) -> bool:
        """After it began to fail; an answer before that is the subagent's whose announce failed."""
        answers = (self._answers.get(name) for name in run.known["run"] | run.known["chain"])
        return any(answer >= run.start for answer in answers if answer) or self._was_rescued(run)

    def _was_rescued(self, run: RunBuilder) -> bool:
        """A candidate further down a chain that names no run answered before the chain began again."""
        last = run.signs[-1]
        if run.known["run"] or last.candidate is None:
            return False
        after = bisect_right(self._steps, last.time, key=itemgetter(0))
        later = self._steps[after : after + _LONGEST_CHAIN]
        return next((answered for _, candidate, answered in later if answered or candidate in run.candidates), False)

    def _attempt(self, attempt: AttributedFailure, verdict: Classification) -> Sign:
        failure = attempt.failure
        told = [self._told(e) for e in failure.events if e.time]
        source, _, line = attempt.turn.rpartition(":")
        chain = self._chains.get((source, int(line))) if line.isdecimal() else None
        ids = {n: v for s in reversed(told) for n, v in s.ids.items()} | ({"chain": chain} if chain else {})
        traits = {n: v for s in reversed(told) for n, v in s.traits.items()}
        if attempt.trigger:
            traits["trigger"] = attempt.trigger
        return Sign(
            kind="attempt", began=min([failure.began, *(s.began for s in told)]), time=failure.time,
            place=failure.source, agent=failure.agent,
            ids=ids, traits=traits, session=failure.session,
            method=next((s.method for s in told if s.method), None),
            called=verdict.reason.true_reason != "local",
            candidate=next((f"{e.provider}/{e.model}" for e in failure.events if e.kind == _STEP), None),
            lanes=_lanes(failure.events),
        )  # fmt: skip

    def _told(self, event: Event, *, alone: bool = True) -> Sign:
        """What an event tells of its run."""
        assert event.time  # noqa: S101 - callers give timed events only; tells mypy
        name, entry = _NAME.match(event.session or event.lane or ""), _LEDGER.match(event.run or "")
        isolated = name["run"] if name else event.session if event.session in self._isolated else None
        job = name["job"] if name else event.detail if event.kind in ("cron_run", "cron_job_failed") else None
        key = event.session if ":" in (event.session or "") else None
        return Sign(
            kind=event.kind, began=_began(event), time=event.time, place=place(event),
            agent=event.agent, session=event.session, alone=alone,
            method=event.stage if event.kind == "gateway_ws_error" else None,
            lanes=_lanes([event]),
            ids=_given({"run": None if entry else _run_of(event), "session": isolated}),
            traits=_given({
                "trigger": event.trigger or _by_name(event, name),
                "job": job or (entry["job"] if entry else None),
                "key": key,
            }),
        )  # fmt: skip


def _lanes(events: Iterable[Event]) -> frozenset[str]:
    return frozenset(event.lane for event in events if event.lane and event.kind == "lane_task_error")


def _began(event: Event) -> datetime:
    """When the run of an event was begun, as far as it tells: a lane says how long its task took."""
    assert event.time  # noqa: S101 - callers give timed events only; tells mypy
    if event.started is None and event.kind == "lane_task_error" and event.duration_ms:
        return event.time - lasting(event.duration_ms)
    return event.started or event.time


def _given(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _run_of(event: Event) -> str | None:
    """The announce of a result, `announce:v1:<child>:<run>`, is told of under the run that it announces, too."""
    name = event.run or ""
    return name.rpartition(":")[2] if name.startswith("announce:v1:") else event.run


def _by_name(event: Event, name: re.Match[str] | None) -> str | None:
    """The trigger that a session, lane or run name gives away; people come in over the web socket."""
    if name:
        return next(kind for kind in ("cron", "subagent", "heartbeat") if name[kind])
    if (event.run or "").startswith("announce:"):
        return "subagent"
    if _LEDGER.match(event.run or ""):
        return "cron"
    return _LANES.get(event.lane or "") or ("message" if event.kind == "gateway_ws_error" else None)


def _blamed(event: Event, causes: Iterable[Cause]) -> Cause | None:
    """The cause that a job's error speaks of; any other line of a run log only joins a run already known.

    `causes`: the latest first.
    """
    error, time = read_error_text(event.text), event.time
    if time is None or error.voice in ("client", "tool", "other"):
        return None
    mine = (c for c in causes if c.provider == (error.provider or event.provider))
    return next((c for c in mine if c.start <= time <= c.until + _NEAR), None)


def _chains(events: Iterable[Event]) -> dict[tuple[str, int], str]:
    """(source, line) of a transcript entry -> its chain: the turns of one prompt, over rotations and fallbacks."""
    by_source: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind.startswith("transcript_") and event.time:
            by_source[event.source].append(event)
    chains: dict[tuple[str, int], str] = {}
    for source, entries in by_source.items():
        chain, prompt, last = f"{source}:0", None, None
        for event in sorted(entries, key=lambda e: e.line):
            if event.kind == "transcript_turn":
                again = event.trigger is None or event.detail == prompt
                if not (again and last and event.time and event.time - last <= _CHAIN):
                    chain, prompt = place(event), event.detail
            chains[source, event.line], last = chain, event.time
    return chains


def _with_triggers(runs: Iterable[RunBuilder], clocks: _Clocks) -> Iterable[FailedRun]:
    """What names no trigger is a heartbeat, or a job's, where it keeps their rhythm, else somebody's message."""
    runs = list(runs)
    unnamed: dict[tuple[str, ...], list[RunBuilder]] = defaultdict(list)
    for run in runs:
        if _told_trigger(run) is None:
            unnamed[_agents(run)].append(run)
    concluded = {id(run): clock for group in unnamed.values() for run, clock in clocks.of(group)}
    for run in runs:
        told = _told_trigger(run)
        trigger, job = (told, None) if told else concluded[id(run)]
        yield run.failed(trigger, told=told is not None, job=job)


def _told_trigger(run: RunBuilder) -> str | None:
    """What the signs say. On the lane of cron jobs, but in a session that is none of theirs, a heartbeat runs."""
    told = next((t for t in ("cron", "subagent", "heartbeat", "message") if t in run.known["trigger"]), None)
    of_a_job = run.known["job"] or not run.known["key"] or any(":cron:" in key for key in run.known["key"])
    return told if told != "cron" or of_a_job else "heartbeat"


def _agents(run: RunBuilder) -> tuple[str, ...]:
    return tuple(sorted({sign.agent for sign in run.signs if sign.agent}))
