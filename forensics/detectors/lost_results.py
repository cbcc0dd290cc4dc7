"""Results that were computed and never delivered: by subagents whose announces were given up, and by cron jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from forensics import releases
from forensics.detectors import examples
from forensics.detectors.detector import Detector, Facts, Found
from forensics.failures import place
from forensics.profiles import decoded
from forensics.tables import Event, Finding, Observation
from forensics.wording import clip, counted

NAME = "lost_results"
_RETRIES = 3  # announces after which OpenClaw gives up
_UNDELIVERED = ("failed", "suspended", "discarded", "expired", "abandoned")
_NAMELESS = "1.29-2.12"  # these say neither whose announce failed nor that they gave up
_SOON = timedelta(minutes=5)
_BESIDE = timedelta(seconds=5)  # between a child's last answer and the end of its run
_RESULTS = ("frozenResultText", "completion.resultText")
_WANTED = ("announce", "webhook")
_MISSED = ("not-delivered", "failed")
_SHOWN = 8


@dataclass(slots=True)
class _Run:
    """All that is known of one subagent run."""

    id: str
    record: Event | None = None
    task: Event | None = None
    given_up: Event | None = None
    failed: list[Event] = field(default_factory=list)
    facts: dict[str, Observation] = field(default_factory=dict)
    announced: list[datetime] = field(default_factory=list)  # answers of its announce runs

    def first(self, column: str) -> str | None:
        told = [e for e in (self.record, self.given_up, *self.failed) if e]
        return next((value for e in told if (value := getattr(e, column))), None)

    @property
    def ended(self) -> datetime | None:
        if self.record:
            return self.record.time
        if self.given_up and self.given_up.time and self.given_up.duration_ms is not None:
            return self.given_up.time - timedelta(milliseconds=self.given_up.duration_ms)
        return self.task.time if self.task else None

    def value(self, key: str) -> object:
        return decoded(self.facts[key].value) if key in self.facts else None


def _sees(facts: Facts) -> bool:
    return facts.seen.gateway_log or any(e.kind in ("subagent_run", "cron_run") for e in facts.events)


def _detect(facts: Facts) -> tuple[Found, ...]:
    return (*_subagents(facts), *_cron(facts))


# Subagents.


def _subagents(facts: Facts) -> Iterator[Found]:
    transcripts = _Transcripts(facts)
    for run in _runs(facts).values():
        if _undelivered(run, facts) and transcripts.computed(run):
            row = _row(run, transcripts.result_of(run))
            yield Found(_finding(run, row), row)


def _runs(facts: Facts) -> dict[str, _Run]:
    """Run id -> run, in order of their first sign."""
    runs: dict[str, _Run] = {}
    for event in facts.events:
        if name := _run_id(event):
            _add(runs.setdefault(name, _Run(name)), event)
    for row in facts.state:
        if row.store == "subagent_runs" and row.entity in runs:
            runs[row.entity].facts[row.key] = row
    return runs


def _run_id(event: Event) -> str | None:
    if event.run and event.run.startswith("announce:"):  # announce:v1:<child session>:<run>
        return event.run.rpartition(":")[2]
    told = event.kind.startswith("subagent_") or (event.kind == "task_run" and event.trigger == "subagent")
    return event.run if told else None


def _add(run: _Run, event: Event) -> None:
    if event.kind == "subagent_run":
        run.record = event
    elif event.kind == "task_run":
        run.task = event
    elif event.kind == "subagent_announce_given_up":
        run.given_up = event
    elif event.kind == "subagent_announce_failed":
        run.failed.append(event)
    elif event.role == "answer" and event.time:
        run.announced.append(event.time)


def _undelivered(run: _Run, facts: Facts) -> bool:
    """Ended well, was to be announced, and the announce was given up for good."""
    if run.value("suppressAnnounceReason") or run.value("expectsCompletionMessage") is False:
        return False
    last = max((e.time for e in (*run.failed, run.given_up) if e and e.time), default=None)
    if last and any(time > last for time in run.announced):
        return False
    if run.record is None:
        failed = run.task is not None and run.task.decision != "succeeded"
        return run.given_up is not None and not failed
    if run.record.decision != "ok" or run.record.detail == "delivered":
        return False
    handled = run.record.detail == "cleanupHandled"
    tried = handled and (run.record.attempt or 0) >= _RETRIES
    return run.record.detail in _UNDELIVERED or tried or bool(run.given_up) or (handled and _nameless(run, facts))


def _nameless(run: _Run, facts: Facts) -> bool:
    """Early releases: an announce failed right after this run, and its requester was never told."""
    ended = run.ended
    if ended is None or not releases.in_span(facts.release, _NAMELESS):
        return False
    after = [e for e in facts.events if e.time and ended <= e.time]
    told = any(e.kind == "transcript_turn" and e.trigger == "subagent" and e.agent == run.first("agent") for e in after)
    failed = [e for e in after if e.kind == "subagent_announce_failed" and e.run is None and e.time]
    run.failed += [e for e in failed if e.time and e.time <= ended + _SOON]
    return bool(run.failed) and not told


class _Transcripts:
    """What the sessions of subagents answered, by session and by time."""

    def __init__(self, facts: Facts) -> None:
        self._entries: dict[str, list[Event]] = defaultdict(list)
        for event in facts.events:
            if event.kind.startswith("transcript_") and event.session and event.time:
                self._entries[event.session].append(event)
        rows = [o for o in facts.state if o.key == "sessionId"]
        self._sessions = {o.entity: decoded(o.value) for o in rows}

    def result_of(self, run: _Run) -> str | None:
        """Where the last answer stands; else where the run's record keeps it."""
        answers = [e for e in self._child(run) if e.role == "answer"]
        if answers:
            return _where(answers[-1])
        return next((run.facts[key].source for key in _RESULTS if run.value(key)), None)

    def computed(self, run: _Run) -> bool:
        """False where the child's transcript ends in a failure: then nothing was computed."""
        entries = [e for e in self._child(run) if e.role in ("answer", "failure")]
        return run.record is not None or not entries or entries[-1].role == "answer"

    def _child(self, run: _Run) -> Sequence[Event]:
        """The child's entries: by its session, else the subagent's transcript that ended when the run did."""
        session = self._sessions.get(run.first("child_session") or "")
        if isinstance(session, str) and session in self._entries:
            return self._entries[session]
        known = {s for key, s in self._sessions.items() if ":subagent:" not in key}
        near = [(gap, name) for name, gap in self._gaps(run) if gap <= _BESIDE and name not in known]
        return self._entries[min(near)[1]] if near else ()

    def _gaps(self, run: _Run) -> Iterator[tuple[str, timedelta]]:
        for name, entries in self._entries.items():
            times = [e.time for e in entries if e.role in ("answer", "failure") and e.time]
            turn = next((e for e in entries if e.kind == "transcript_turn"), None)
            if turn and turn.trigger == "subagent" and times and run.ended:
                yield name, abs(times[-1] - run.ended)


def _where(event: Event) -> str:
    return event.sources[0] if event.sources else place(event)


def _row(run: _Run, result: str | None) -> dict[str, object]:
    signs = [e for e in (run.record, *run.failed[:_SHOWN], run.given_up, run.task) if e]
    return {
        "run_id": run.id,
        "child_session": run.first("child_session"),
        "requester": run.first("requester"),
        "ended_at": run.ended,
        "result_in": result,
        "retries": max((e.attempt or 0 for e in (run.record, run.given_up) if e), default=0) or len(run.failed),
        "error": _error(run),
        "given_up_at": run.given_up.time if run.given_up else None,
        "evidence": list(dict.fromkeys(_where(e) for e in signs)),
    }


def _error(run: _Run) -> str | None:
    """What the last attempt said: its own line tells more than the give-up line."""
    told = [e.text for e in (*reversed(run.failed), run.given_up, run.record) if e and e.text]
    return told[0] if told else None


def _finding(run: _Run, row: Mapping[str, object]) -> Finding:
    ended = f" at {run.ended:%Y-%m-%d %H:%M:%S} UTC" if run.ended else ""
    error = f": {clip(str(row['error']), 120)}" if row["error"] else ""
    result = row["result_in"]
    where = f"It can still be read in {result}." if result else "The evidence does not hold it."
    return Finding(
        detector=NAME,
        severity="medium" if result else "high",
        confidence="high" if run.record else "medium",
        verdict="result_not_delivered",
        owner="gateway",
        summary=f"The subagent run {run.id} ended well{ended}, but its result never reached "
        f"{row['requester'] or 'its requester'}; {counted(int(str(row['retries'])), 'announce')} failed{error}. {where}",
        first_time=run.ended,
        last_time=run.given_up.time if run.given_up else None,
        evidence=tuple(str(p) for p in row["evidence"]) if isinstance(row["evidence"], list) else (),
        remedy="Read the result there and hand it to the requester, or let the subagent run again."
        if result
        else "Let the subagent run again.",
        known_issues=("#84272",) if row["error"] is None else (),
    )


# Cron jobs.


def _cron(facts: Facts) -> Iterator[Found]:
    """Jobs whose runs said ok and delivered nothing although they were told where to: findings, no rows."""
    jobs: dict[str, dict[str, Observation]] = defaultdict(dict)
    for row in facts.state:
        if row.store == "cron_jobs":
            jobs[row.entity][row.key] = row
    for job, told in sorted(jobs.items()):
        if _told(told, "delivery.mode") in _WANTED:
            missed = [e for e in facts.events if e.kind == "cron_run" and e.detail == job and _missed(e)]
            if missed or _missed_last(told):
                yield Found(_cron_finding(job, told, missed))


def _missed(event: Event) -> bool:
    return event.decision == "ok" and event.stage in _MISSED


def _missed_last(told: Mapping[str, Observation]) -> bool:
    ok = "ok" in (_told(told, "state.lastRunStatus"), _told(told, "state.lastStatus"))
    return ok and (_told(told, "state.lastDelivered") is False or _told(told, "state.lastDeliveryStatus") in _MISSED)


def _told(told: Mapping[str, Observation], key: str) -> object:
    return decoded(told[key].value) if key in told else None


def _cron_finding(job: str, told: Mapping[str, Observation], missed: Sequence[Event]) -> Finding:
    times = [e.time for e in missed if e.time]
    error = _told(told, "state.lastDeliveryError")
    places = [_where(e) for e in missed[:_SHOWN]] or [told["delivery.mode"].source]
    return Finding(
        detector=NAME, severity="low", confidence="high", verdict="cron_delivered_nothing", owner="config",
        summary=f"{counted(max(len(missed), 1), 'run')} of the cron job {_told(told, 'name') or job} said ok and "
        f"delivered nothing{': ' + clip(error, 120) if isinstance(error, str) else ''}.",
        first_time=min(times, default=None), last_time=max(times, default=None),
        evidence=tuple(places), remedy="Give the job a channel that exists, or set its delivery to none.",
    )  # fmt: skip


_CHILD = "agent:main:subagent:82b3"


def _announces(clocks: Iterable[str]) -> list[Event]:
    said = {"run": "b4ce65f7", "trigger": "subagent", "text": "gateway timeout after 60000ms"}
    return [examples.event(clock, "subagent_announce_failed", "delivery", **said) for clock in clocks]


def _record(**more: object) -> Event:
    facts = {"run": "b4ce65f7", "child_session": _CHILD, "requester": examples.MAIN, "decision": "ok", "agent": "main"}
    return examples.event("09:00:30", "subagent_run", "delivery", **{"source": "subagents/runs.json"} | facts | more)


def _child() -> list[Event]:
    session = {"session": "73ba", "source": "agents/main/sessions/73ba.jsonl"}
    return [examples.turn("09:00:01", trigger="subagent", **session), examples.answer("09:00:30", **session)]


def _fires() -> Facts:
    """Three announces fail, then OpenClaw gives up; the child's transcript still holds the answer."""
    record = _record(attempt=3, detail="cleanupHandled")
    return examples.facts(events=[*_child(), record, *_announces(("09:00:31", "09:00:33", "09:00:37"))])


def _silent() -> Facts:
    """One announce fails, the next one is delivered."""
    return examples.facts(events=[*_child(), _record(attempt=1, detail="delivered"), *_announces(("09:00:31",))])


DETECTOR = Detector(
    name=NAME,
    question="Which results were computed and never delivered, and where can they still be read?",
    evidence="the records of subagent runs, announces in the gateway log, transcripts, the run logs of cron jobs",
    blind="Runs that were pruned before the evidence was collected and left no line, and to 2026.2.12 which announce "
    "failed. Text that was delivered and never read.",
    section="lost_results",
    sees=_sees,
    detect=_detect,
    fires=_fires,
    silent=_silent,
)
