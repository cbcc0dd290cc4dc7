"""Results that were computed and never delivered: by subagents whose announces were given up, and by cron jobs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.detectors.subagent_runs import SubagentRun, Transcripts, is_lost, read_subagents
from forensics.incidents.failures import where
from forensics.parsers.stores.reading.cron_job import CronJob
from forensics.parsers.stores.reading.subagent_run import SubagentRecord
from forensics.tables import Event, Finding
from forensics.text import between, clip, counted, in_figures

NAME = "lost_results"
_WANTED = ("announce", "webhook")
_MISSED = ("not-delivered", "failed")
_SHOWN = 8
_ERROR = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class LostResult:
    """One result of a subagent that was computed and never delivered."""

    run_id: str
    child_session: str | None
    requester: str | None
    ended_at: datetime | None
    result_in: str | None  # where it can still be read
    retries: int
    error: str | None
    given_up_at: datetime | None
    pruned_at: datetime | None  # when its record was thrown away
    evidence: tuple[str, ...]


def _sees(facts: CaseFacts) -> bool:
    return facts.seen.gateway_log or any(e.kind in ("subagent_run", "cron_run") for e in facts.events)


def _detect(facts: CaseFacts) -> tuple[Found, ...]:
    return (*_subagents(facts), *_cron(facts))


def _subagents(facts: CaseFacts) -> Iterator[Found]:
    transcripts = Transcripts(facts.events, facts.records)
    for run in read_subagents(facts.events, facts.records.of(SubagentRecord), facts.running):
        refused = transcripts.refused(run)
        if run.pruned and not run.failed and transcripts.announced(run):
            continue
        if is_lost(run, facts.running, refused) and transcripts.computed(run):
            result = transcripts.result_of(run)
            yield Found(_finding(run, refused, result, transcripts), _lost(run, refused, result, transcripts))
        elif run.pruned and not run.delivered:
            yield Found(_interrupted(run, seen=transcripts.seen(run)))
        elif run.given_up and run.delivered:
            yield Found(_late(run))


def _evidence(run: SubagentRun, refused: Event | None = None) -> tuple[str, ...]:
    signs = [run.record, *run.failed[:_SHOWN], refused, run.given_up, run.pruned, run.last("task_run")]
    return tuple(dict.fromkeys(where(e) for e in signs if e))


def _lost(run: SubagentRun, refused: Event | None, result: str | None, transcripts: Transcripts) -> LostResult:
    return LostResult(
        run_id=run.id,
        child_session=run.child_session,
        requester=transcripts.requester_of(run),
        ended_at=run.ended,
        result_in=result,
        retries=run.retries,
        error=_error(run, refused),
        given_up_at=run.given_up.time if run.given_up else None,
        pruned_at=run.pruned.time if run.pruned else None,
        evidence=_evidence(run, refused),
    )


def _error(run: SubagentRun, refused: Event | None) -> str | None:
    return run.error or (refused.text if refused else None)


def _finding(run: SubagentRun, refused: Event | None, result: str | None, transcripts: Transcripts) -> Finding:
    error = _error(run, refused)
    ended = f" at {in_figures(run.ended)}" if run.ended else ""
    tried = max(run.retries, 1 if refused else 0)
    failed = f"{counted(tried, 'announce')} failed" + (f" ({clip(error, _ERROR)})" if error else "")
    if run.pruned and not tried:
        failed = f"its record was pruned{_at(run.pruned)} ({run.pruned.detail}) before it was announced"
    where_now = f"can still be read in {result}" if result else "is not in the evidence"
    return Finding(
        detector=NAME,
        severity="medium" if result else "high",
        confidence="high" if run.record else "medium",
        verdict="result_not_delivered",
        owner="gateway",
        summary=f"The subagent run {run.id} ended well{ended}, but its result never reached "
        f"{transcripts.requester_of(run) or 'its requester'}: {failed}. It {where_now}.",
        first_time=run.ended,
        last_time=run.given_up.time if run.given_up else None,
        evidence=_evidence(run, refused),
        remedy="Hand the result to the requester, or let the subagent run again."
        if result
        else "Let the subagent run again.",
        known_issues=() if error or run.pruned else ("#84272",),
    )


def _interrupted(run: SubagentRun, *, seen: bool) -> Finding:
    """Pruned without a result that anybody could read: nothing is lost that was there, but the run was cut off."""
    why = "before it answered" if seen else "and whether it had a result is not in the evidence"
    at = run.pruned.time if run.pruned else None
    return Finding(
        detector=NAME, severity="low", confidence="high" if seen else "low", verdict="run_interrupted", owner="gateway",
        summary=f"The subagent run {run.id} was cut off: its record was pruned{_at(run.pruned)}, {why}.",
        first_time=at, last_time=at, evidence=_evidence(run), remedy="Let the subagent run again.",
    )  # fmt: skip


def _at(event: Event | None) -> str:
    return f" at {in_figures(event.time)}" if event and event.time else ""


def _late(run: SubagentRun) -> Finding:
    waited = f" {between(run.ended, run.delivered)} after its end" if run.ended and run.delivered else ""
    return Finding(
        detector=NAME, severity="low", confidence="high", verdict="result_delivered_late", owner="gateway",
        summary=f"The result of the subagent run {run.id} was given up and reached {run.requester or 'its requester'}"
        f"{waited or ' later'}.",
        first_time=run.ended, last_time=run.delivered, evidence=_evidence(run),
    )  # fmt: skip


def _cron(facts: CaseFacts) -> Iterator[Found]:
    """Jobs whose runs said ok and delivered nothing although they were told where to: findings, no rows."""
    for job in sorted(facts.records.cron_jobs, key=lambda job: job.entity):
        if job.delivery_mode in _WANTED:
            missed = [e for e in facts.events if e.kind == "cron_run" and e.detail == job.entity and _missed(e)]
            if missed or _missed_last(job):
                yield Found(_cron_finding(job, missed))


def _missed(event: Event) -> bool:
    return event.decision == "ok" and event.stage in _MISSED


def _missed_last(job: CronJob) -> bool:
    return job.last_status == "ok" and (job.last_delivered is False or job.last_delivery_status in _MISSED)


def _cron_finding(job: CronJob, missed: Sequence[Event]) -> Finding:
    times = [e.time for e in missed if e.time]
    places = [where(e) for e in missed[:_SHOWN]] or [job.sources["delivery.mode"]]
    return Finding(
        detector=NAME, severity="low", confidence="high", verdict="cron_delivered_nothing", owner="config",
        summary=f"{counted(max(len(missed), 1), 'run')} of the cron job {job.name or job.entity} said ok and "
        f"delivered nothing{': ' + clip(job.last_delivery_error, _ERROR) if job.last_delivery_error else ''}.",
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


def _fires() -> CaseFacts:
    """Three announces fail, then OpenClaw gives up; the child's transcript still holds the answer."""
    record = _record(attempt=3, detail="cleanupHandled")
    return examples.facts(events=[*_child(), record, *_announces(("09:00:31", "09:00:33", "09:00:37"))])


def _silent() -> CaseFacts:
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
    rank=5,
)
