"""Who keeps hitting a dead route: cron jobs, heartbeats, subagents and people, counted run by run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.incidents.causes import Cause
from forensics.incidents.run_builder import FailedRun
from forensics.openclaw import releases
from forensics.openclaw.releases import Release
from forensics.tables import Event, Finding
from forensics.text import counted, span_in_figures

_LEAST = {"cron": 3, "heartbeat": 3, "subagent": 3, "message": 5}
_SHOWN = 10  # places from each end of a loop
_REMEDY = {
    "cron": "Switch the job off until the provider answers again: its schedule alone never stops it.",
    "heartbeat": 'Set agents.defaults.heartbeat.every to "0m" until the provider answers again.',
    "subagent": "Start no subagents until the provider answers again: each of them fails the same way.",
    "message": "Send no further messages until the cause is gone: none of them can be answered.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLoop:
    """Runs of one kind that kept hitting a provider while it was out of use."""

    trigger: str  # cron, heartbeat, subagent, message
    provider: str
    count: int
    start: datetime
    end: datetime
    agents: tuple[str, ...]
    jobs: tuple[str, ...]
    runs_called: int  # those that really called the provider
    runs_refused: int
    calls: int
    prolonged: bool
    evidence: tuple[str, ...]


def _sees(facts: CaseFacts) -> bool:
    return facts.seen.gateway_log or facts.seen.transcripts or any(e.kind == "cron_run" for e in facts.events)


def _detect(facts: CaseFacts) -> tuple[Found, ...]:
    asked = {(i.provider, i.start) for i in facts.incidents}
    return tuple(
        _found(trigger, runs, cause, facts)
        for cause, failed in facts.failed
        if (cause.provider, cause.start) in asked
        for trigger, runs in sorted(_by_trigger(failed).items())
        if len(runs) >= _LEAST[trigger]
    )


def _by_trigger(runs: Iterable[FailedRun]) -> dict[str, list[FailedRun]]:
    found = defaultdict(list)
    for run in runs:
        found[run.trigger].append(run)
    return found


def _found(trigger: str, runs: Sequence[FailedRun], cause: Cause, facts: CaseFacts) -> Found:
    calls, called = sum(run.calls for run in runs), sum(run.calls > 0 for run in runs)
    places = [run.place for run in runs]
    start = min(run.start for run in runs)
    shown = places if len(places) <= 2 * _SHOWN else places[:_SHOWN] + places[-_SHOWN:]
    loop = RetryLoop(
        trigger=trigger,
        provider=cause.provider,
        count=len(runs),
        start=start,
        end=max(run.end for run in runs),
        agents=tuple(sorted({agent for run in runs for agent in run.agents})),
        jobs=tuple(sorted({job for run in runs for job in run.jobs})),
        runs_called=called,
        runs_refused=len(runs) - called,
        calls=calls,
        prolonged=called > 0 and _prolongs(cause, facts.running.at(start)),
        evidence=tuple(shown),
    )
    return Found(_finding(loop, facts, sure=all(run.trigger_told for run in runs)), loop)


def _prolongs(cause: Cause, release: Release) -> bool:
    """Each failing call sets the window anew (to 2.21); one that refused nobody may have been wiped at once."""
    if releases.frozen_snapshot(release):  # nor does the gateway heed it
        return bool(cause.windows)
    return releases.extends_active_window(release) and bool(cause.windows and cause.echoes)


def _for_the_window(release: Release, *, called: bool, prolonged: bool) -> str:
    """Whether each attempt made it worse, in one sentence."""
    if not called:
        return "None of them made the window longer."
    if prolonged and releases.frozen_snapshot(release):
        return f"The running gateway of {release} does not see its own window: every call that fails sets it anew."
    if prolonged:
        return f"In {release} every call that fails makes the window longer."
    if releases.extends_active_window(release):
        return f"{release} would make a window longer with every call that fails, but none was in force."
    return f"In {release} a further failure does not make a window longer."


def _finding(loop: RetryLoop, facts: CaseFacts, *, sure: bool) -> Finding:
    trigger, prolonged, release = loop.trigger, loop.prolonged, facts.running.at(loop.start)
    longer = _for_the_window(release, called=loop.runs_called > 0, prolonged=prolonged)
    return Finding(
        detector="retry_loops",
        severity="high" if prolonged else "low" if trigger == "message" else "medium",
        confidence="high" if sure else "medium",
        verdict="retry_loop",
        owner="config" if trigger in ("cron", "heartbeat") else "session",
        summary=f"{counted(loop.count, f'{trigger} run')} kept hitting {loop.provider} while it was out of use, "
        f"from {span_in_figures(loop.start, loop.end)}: {loop.runs_called} really "
        f"called it ({counted(loop.calls, 'call')}), {loop.runs_refused} refused by the gateway itself. {longer}",
        first_time=loop.start,
        last_time=loop.end,
        evidence=loop.evidence,
        remedy=_REMEDY[trigger],
        known_issues=("#23516",) if prolonged else (),
    )


def _ticks(error: str, hours: Iterable[int]) -> list[Event]:
    return [examples.cron_run(f"{hour}:15", error, provider="anthropic") for hour in hours]


def _fires() -> CaseFacts:
    """An hourly job runs into the window that a refused call opened."""
    hours = range(10, 14)
    refused = [examples.echo(f"{hour}:14:59", trigger="cron", run=f"run-{hour}") for hour in hours]
    events = [examples.turn("09:00"), examples.failure("09:00:01"), *refused, *_ticks(examples.COOLING, hours)]
    return examples.facts(events=events, now="14:00")


def _silent() -> CaseFacts:
    """A job fails twice and three messages fail, then the provider answers again."""
    asked = [e for m in (0, 5, 10) for e in (examples.turn(f"09:{m:02}"), examples.failure(f"09:{m:02}:01"))]
    events = [*asked, *_ticks(examples.COOLING, (10, 11)), *_ticks("", (12, 13, 14)), examples.answer("12:14:50")]
    return examples.facts(events=events, now="15:00")


DETECTOR = Detector(
    name="retry_loops",
    question="Who keeps hitting a dead route, and what does it cost?",
    evidence="failed attempts of the transcripts, refusals in the gateway log, the run logs of cron jobs",
    blind="Runs that left neither an attempt nor a line, and who sent a message. A refused run that names no trigger "
    "counts as a heartbeat where it keeps the heartbeat's rhythm, or all of them one of their own (as a job where "
    "heartbeats are off), else as a message.",
    section="retry_loops",
    sees=_sees,
    detect=_detect,
    fires=_fires,
    silent=_silent,
    rank=4,
)
