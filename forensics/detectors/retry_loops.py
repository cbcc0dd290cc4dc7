"""Who keeps hitting a dead route: cron jobs, heartbeats, subagents and people, counted run by run.

One run is seen in several places: its attempts in a transcript, echoes in the log, its line in the job's run log.
They are joined by run id, by the transcript's turns, by the session of an isolated cron run, else by time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from forensics import releases
from forensics.causes import Cause
from forensics.detectors import examples
from forensics.detectors.detector import Detector, Facts, Found
from forensics.failures import place
from forensics.log_templates.error_texts import error_fields
from forensics.profiles import Attempt
from forensics.tables import Event, Finding
from forensics.wording import counted

_LEAST = {"cron": 3, "heartbeat": 3, "subagent": 3, "message": 5}
_NEAR = timedelta(minutes=1)  # between two signs of one run that share no id
_CHAIN = timedelta(seconds=90)  # between an attempt and the next one of the same prompt
_RECENT = 20  # runs that may be going on side by side
_SHOWN = 10  # places from each end of a loop
_LAST_WORDS = frozenset(  # a second one of the same kind is a second run
    {"embedded_agent_failed", "followup_agent_failed", "gateway_ws_error", "heartbeat_failed", "message_failed",
     "cron_job_failed", "cron_run"}
)  # fmt: skip
_NAME = re.compile(
    r"""(?:session:)?agent:[^:]+:
        (?: (?P<cron>cron):(?P<job>[^:]+)(?::run:(?P<run>[^:]+))? | (?P<subagent>subagent): | .*:(?P<heartbeat>heartbeat)$)
    """,
    re.X,
)
_LANES = {"cron": "cron", "cron-nested": "cron", "subagent": "subagent"}
_REMEDY = {
    "cron": "Switch the job off until the provider answers again: its schedule alone never stops it.",
    "heartbeat": 'Set agents.defaults.heartbeat.every to "0m" until the provider answers again.',
    "subagent": "Start no subagents until the provider answers again: each of them fails the same way.",
    "message": "Send no further messages until the cause is gone: none of them can be answered.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sign:
    """One place where a run shows. An equal id makes it the same run; an unequal id or trait makes it another."""

    kind: str
    began: datetime
    time: datetime
    place: str
    agent: str | None
    ids: Mapping[str, str]  # run, chain (of turns), session (of an isolated cron run)
    traits: Mapping[str, str]  # trigger, job, key (of the session)
    alone: bool = True  # may stand for a run of its own
    called: bool = False  # the provider was really called


@dataclass(slots=True)
class _Run:
    """One run while its signs are being collected."""

    signs: list[_Sign] = field(default_factory=list)
    known: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def take(self, sign: _Sign) -> None:
        self.signs.append(sign)
        for name, value in (sign.ids | sign.traits).items():
            self.known[name].add(value)

    def fits(self, sign: _Sign) -> bool:
        if not sign.alone or not self.start - _NEAR <= sign.time <= self.end + _NEAR:
            return False
        if sign.kind in _LAST_WORDS and any(s.kind == sign.kind for s in self.signs):
            return False
        return all(
            not self.known[name] or value in self.known[name] for name, value in (sign.ids | sign.traits).items()
        )

    @property
    def start(self) -> datetime:
        return min(s.began for s in self.signs)

    @property
    def end(self) -> datetime:
        return max(s.time for s in self.signs)

    @property
    def calls(self) -> int:
        return sum(s.called for s in self.signs)

    @property
    def place(self) -> str:
        """Where it shows best: at an attempt, else at its first sign."""
        return min(self.signs, key=lambda s: (not s.called, s.time, s.place)).place


def _sees(facts: Facts) -> bool:
    return facts.seen.gateway_log or facts.seen.transcripts


def _detect(facts: Facts) -> tuple[Found, ...]:
    asked = {(i.provider, i.start) for i in facts.incidents}
    reader = _Reader(facts.events)
    found = []
    for cause in (c for c in facts.causes if (c.provider, c.start) in asked):
        runs = _with_triggers(reader.runs(cause), _heartbeats(facts.events))
        for trigger, mine in sorted(runs.items()):
            if len(mine) >= _LEAST[trigger]:
                found.append(_found(trigger, mine, cause, facts))
    return tuple(found)


class _Reader:
    """Joins the signs of a cause into runs, with what the other events tell of runs and turns."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._cron_runs = [e for e in events if e.kind == "cron_run" and e.time]
        self._isolated = {m["run"] for e in events if e.session and (m := _NAME.match(e.session)) and m["run"]}
        self._chains = _chains(events)
        self._answered = {e.run for e in events if e.role == "answer" and e.run}
        self._answered |= {self._chains[e.source, e.line] for e in events if e.kind == "transcript_answer"}

    def runs(self, cause: Cause) -> list[_Run]:
        """The runs that failed with this cause, in order of time; one that was answered after all is none."""
        signs = [self._attempt(a) for a in cause.attempts]
        signs += [self._told(e) for e in cause.echoes if e.time]
        signs += [self._told(e, alone=_blames(e, cause)) for e in self._cron_runs if _within(e, cause)]
        runs = _joined(sorted(signs, key=lambda s: (s.time, s.place)))
        return [run for run in runs if not self._answered & (run.known["run"] | run.known["chain"])]

    def _attempt(self, attempt: Attempt) -> _Sign:
        failure = attempt.failure
        told = [self._told(e) for e in failure.events if e.time]
        source, _, line = attempt.turn.rpartition(":")
        chain = self._chains.get((source, int(line))) if line.isdecimal() else None
        ids = {n: v for s in reversed(told) for n, v in s.ids.items()} | ({"chain": chain} if chain else {})
        traits = {n: v for s in reversed(told) for n, v in s.traits.items()}
        if attempt.trigger:
            traits["trigger"] = attempt.trigger
        return _Sign(
            kind="attempt", began=failure.began, time=failure.time, place=failure.source, agent=failure.agent,
            ids=ids, traits=traits, called=True,
        )  # fmt: skip

    def _told(self, event: Event, *, alone: bool = True) -> _Sign:
        """What an event tells of its run."""
        assert event.time  # noqa: S101 - callers give timed events only; tells mypy
        name = _NAME.match(event.session or event.lane or "")
        isolated = name["run"] if name else event.session if event.session in self._isolated else None
        job = name["job"] if name else event.detail if event.kind in ("cron_run", "cron_job_failed") else None
        key = event.session if ":" in (event.session or "") else None
        return _Sign(
            kind=event.kind, began=event.started or event.time, time=event.time, place=place(event),
            agent=event.agent, alone=alone,
            ids=_given({"run": event.run, "session": isolated}),
            traits=_given({"trigger": event.trigger or _by_name(event, name), "job": job, "key": key}),
        )  # fmt: skip


def _given(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _by_name(event: Event, name: re.Match[str] | None) -> str | None:
    """The trigger that a session, lane or run name gives away; people come in over the web socket."""
    if name:
        return next(kind for kind in ("cron", "subagent", "heartbeat") if name[kind])
    if (event.run or "").startswith("announce:"):
        return "subagent"
    return _LANES.get(event.lane or "") or ("message" if event.kind == "gateway_ws_error" else None)


def _within(event: Event, cause: Cause) -> bool:
    return event.time is not None and cause.start <= event.time <= cause.last + _NEAR


def _blames(event: Event, cause: Cause) -> bool:
    """A job's error that speaks of this provider; any other line of a run log only joins a run already known."""
    said = error_fields(event.text, "noise")
    return said.get("role") in ("failure", "echo") and said.get("provider", event.provider) == cause.provider


def _joined(signs: Iterable[_Sign]) -> list[_Run]:
    runs: list[_Run] = []
    by_id: dict[tuple[str, str], _Run] = {}
    for sign in signs:
        home = next((by_id[pair] for pair in sign.ids.items() if pair in by_id), None)
        home = home or next((run for run in reversed(runs[-_RECENT:]) if run.fits(sign)), None)
        if home is None and not sign.alone:
            continue
        if home is None:
            home = _Run()
            runs.append(home)
        home.take(sign)
        by_id |= dict.fromkeys(sign.ids.items(), home)
    return runs


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


def _heartbeats(events: Iterable[Event]) -> list[tuple[datetime, timedelta | None]]:
    """When a heartbeat surely ran or was set up, and its interval from then on where one is told."""
    beats: list[tuple[datetime, timedelta | None]] = []
    for event in events:
        if event.time and event.kind == "heartbeat_configured":
            every = event.duration_ms if event.detail == "started" else None
            beats.append((event.time, timedelta(milliseconds=every) if every else None))
        elif event.time and event.kind == "transcript_turn" and event.trigger == "heartbeat" and beats:
            beats.append((event.time, beats[-1][1]))
    return beats


def _with_triggers(
    runs: Iterable[_Run], beats: Sequence[tuple[datetime, timedelta | None]]
) -> dict[str, list[tuple[_Run, bool]]]:
    """Runs by trigger, each with whether it was told; a nameless run in the heartbeat's rhythm is a heartbeat."""
    beats, found = list(beats), defaultdict(list)
    for run in runs:
        told = next((t for t in ("cron", "subagent", "heartbeat", "message") if t in run.known["trigger"]), None)
        last = max((b for b in beats if b[0] < run.start - _NEAR), default=None)
        rhythm = last and last[1] and abs(run.start - last[0] - last[1]) <= last[1] / 20
        trigger = told or ("heartbeat" if rhythm else "message")
        if trigger == "heartbeat" and last:
            beats.append((run.start, last[1]))
        found[trigger].append((run, told is not None))
    return found


def _found(trigger: str, told: Sequence[tuple[_Run, bool]], cause: Cause, facts: Facts) -> Found:
    runs = [run for run, _ in told]
    calls, called = sum(run.calls for run in runs), sum(run.calls > 0 for run in runs)
    prolonged = called > 0 and bool(cause.windows) and releases.extends_active_window(facts.release)
    start, end = min(run.start for run in runs), max(run.end for run in runs)
    places = [run.place for run in runs]
    shown = tuple(places if len(places) <= 2 * _SHOWN else places[:_SHOWN] + places[-_SHOWN:])
    longer = f" In {facts.release} every call that fails makes the window longer." if prolonged else ""
    finding = Finding(
        detector="retry_loops",
        severity="high" if prolonged else "low" if trigger == "message" else "medium",
        confidence="high" if all(sure for _, sure in told) else "medium",
        verdict="retry_loop",
        owner="config" if trigger in ("cron", "heartbeat") else "session",
        summary=f"{trigger} kept hitting {cause.provider} while it was out of use: {counted(len(runs), 'run')} failed "
        f"from {start:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S} UTC, {called} of them with a real call "
        f"({counted(calls, 'call')}), {len(runs) - called} refused by the gateway itself.{longer}",
        first_time=start,
        last_time=end,
        evidence=shown,
        remedy=_REMEDY[trigger],
        known_issues=("#23516",) if prolonged else (),
    )
    row = {
        "trigger": trigger, "provider": cause.provider, "count": len(runs), "start": start, "end": end,
        "agents": sorted({s.agent for run in runs for s in run.signs if s.agent}),
        "jobs": sorted({job for run in runs for job in run.known["job"]}),
        "runs_called": called, "runs_refused": len(runs) - called, "calls": calls,
        "prolonged": prolonged, "evidence": list(shown),
    }  # fmt: skip
    return Found(finding, row)


def _ticks(error: str, hours: Iterable[int]) -> list[Event]:
    return [examples.cron_run(f"{hour}:15", error, provider="anthropic") for hour in hours]


def _fires() -> Facts:
    """An hourly job runs into a window that a refused call opened."""
    refused = [examples.echo(f"{hour}:14:59", trigger="cron", run=f"run-{hour}") for hour in range(10, 14)]
    events = [examples.turn("09:00"), examples.failure("09:00:01"), *refused, *_ticks(examples.COOLING, range(10, 14))]
    return examples.facts(events=events, now="14:00")


def _silent() -> Facts:
    """A job fails twice, then the provider answers again; three messages were tried meanwhile."""
    asked = [e for m in (0, 5, 10) for e in (examples.turn(f"09:{m:02}"), examples.failure(f"09:{m:02}:01"))]
    events = [*asked, *_ticks(examples.COOLING, (10, 11)), *_ticks("", (12, 13, 14)), examples.answer("12:14:50")]
    return examples.facts(events=events, now="15:00")


DETECTOR = Detector(
    name="retry_loops",
    question="Who keeps hitting a dead route, and what does it cost?",
    evidence="failed attempts of the transcripts, refusals in the gateway log, the run logs of cron jobs",
    blind="Runs that left neither an attempt nor a line, and who sent a message. A refused run that names no trigger "
    "counts as a heartbeat where it keeps the heartbeat's rhythm, else as a message. A run log alone opens no incident.",
    section="retry_loops",
    sees=_sees,
    detect=_detect,
    fires=_fires,
    silent=_silent,
)
