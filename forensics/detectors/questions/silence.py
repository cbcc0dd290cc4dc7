"""Silence that is not rest: the gateway down or frozen, its log full, begun too late, or quiet in an incident."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.detectors.restart_storms import RestartStorm, restart_storms
from forensics.incidents.event_index import EventIndex
from forensics.incidents.failures import place
from forensics.incidents.gateway_uptime import Freeze, Outage, freezes, outages, record_times, up_times
from forensics.incidents.incident import Incident
from forensics.tables import Confidence, Event, File, Finding, Severity
from forensics.text import between, counted, duration, in_figures

_RESTART = timedelta(minutes=5)  # a planned stop that short is a restart
_LONG = timedelta(hours=1)
_QUIET = timedelta(minutes=90)  # the longest backoff of a cron job and the usual heartbeat lie below
_SHOWN = 10
_LOG_NAME = re.compile(r"(?:-(?P<day>\d{4}-\d{2}-\d{2}))?(?:\.(?P<number>[1-5]))?\.log(?:\.(?:gz|zst))?\Z")
_LAST_ROTATED = "5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """One time in which nothing was heard, or of which nothing is left."""

    what: str  # down, ended_unannounced, frozen, quiet, log_begins_late, …
    start: datetime | None
    end: datetime | None
    why: str
    evidence: tuple[str, ...]


def _sees(facts: CaseFacts) -> bool:
    return facts.seen.gateway_log


def _detect(facts: CaseFacts) -> tuple[Found, ...]:
    storms = restart_storms(facts.events)  # told by their own detector
    findings = [
        *(_outage(o) for o in outages(facts.events, facts.activity) if _worth_telling(o, storms)),
        *(_freeze(f, facts) for f in freezes(facts.events)),
        *(_event(e) for e in facts.events if e.kind in _TOLD and e.time),
        *_log_begins_late(facts),
        *_quiet(facts),
    ]
    return tuple(Found(f, _silence(f)) for f in sorted(findings, key=lambda f: (f.first_time or facts.now, f.evidence)))


def _worth_telling(outage: Outage, storms: Sequence[RestartStorm]) -> bool:
    if any(storm.start <= outage.end <= storm.end for storm in storms) and outage.end - outage.start < _RESTART:
        return False
    return not outage.planned or outage.end - outage.start > _RESTART


def _silence(finding: Finding) -> Silence:
    return Silence(
        what=finding.verdict,
        start=finding.first_time,
        end=finding.last_time,
        why=finding.summary,
        evidence=finding.evidence,
    )


def _outage(outage: Outage) -> Finding:
    lasted = between(outage.start, outage.end)
    if outage.planned:
        long = outage.end - outage.start >= _LONG
        return _finding(
            "down", "low" if long else "info", "high", outage,
            f"The gateway was down for {lasted} from {_at(outage.start)} to {_at(outage.end)}: {outage.why}.",
            "Ask whoever stopped it; nothing was answered meanwhile.",
        )  # fmt: skip
    return _finding(
        "ended_unannounced", "medium", "medium", outage,
        f"A new gateway run began at {_at(outage.end)} although the one before never said that it would stop; its last "
        f"sign is from {_at(outage.start)}, {lasted} earlier, and {outage.why}.",
        "Look at the service manager and the kernel log of that time for a crash, a kill or a power loss.",
    )  # fmt: skip


def _freeze(freeze: Freeze, facts: CaseFacts) -> Finding:
    hit = [
        a
        for a in facts.attempts
        if a.failure.timed_out and a.failure.began < freeze.end and a.failure.time > freeze.start
    ]
    false = f"; {counted(len(hit), 'timeout')} in that time need not be the provider's" if hit else ""
    times = "once" if freeze.count == 1 else f"{freeze.count} times"
    return _finding(
        "frozen", "medium" if hit else "low", "high", freeze,
        f"The gateway process stood still {times} between {_at(freeze.start)} and {_at(freeze.end)}, "
        f"{duration(freeze.total.total_seconds())} in all, {duration(freeze.longest.total_seconds())} at most{false}.",
        "Keep the machine from sleeping and look for what starves the process; do not count timeouts of that time "
        "against the provider.",
    )  # fmt: skip


_TOLD: Mapping[str, tuple[str, Severity, str, str]] = {
    "gateway_startup_failed": (
        "not_serving", "medium", "The gateway failed to start at {at} and stayed alive without serving: {text}.",
        "Fix what the line names, then start the gateway again.",
    ),
    "log_size_cap": (
        "log_full", "medium", "The log file reached its size cap at {at}: what happened after that was not written.",
        "Raise logging.maxFileBytes or rotate the log, and take no silence after that moment as rest.",
    ),
    "log_queue_overflow": (
        "records_dropped", "low", "The log writer dropped {count} records at {at}: the gaps before it prove nothing.",
        "Take no silence just before that moment as rest.",
    ),
}  # fmt: skip


def _event(event: Event) -> Finding:
    verdict, severity, sentence, remedy = _TOLD[event.kind]
    return Finding(
        detector="silence",
        severity=severity,
        confidence="high",
        verdict=verdict,
        owner="gateway",
        summary=sentence.format(at=_at(event.time), text=event.text, count=event.count),
        first_time=event.time,
        last_time=event.time,
        evidence=(place(event),),
        remedy=remedy,
    )


def _log_begins_late(facts: CaseFacts) -> Iterable[Finding]:
    """An incident older than the oldest line of any log: files are pruned, rotated away, or were not collected."""
    logs = [f for f in facts.files if f.kind == "log" and f.first_time]
    begun = min(((f.first_time, f.path) for f in logs if f.first_time), default=None)
    early = [i for i in facts.incidents if begun and i.began < begun[0] - timedelta(minutes=1)]
    if begun and early:
        first = min(early, key=lambda i: i.began)
        yield _info(
            "log_begins_late", first.began, begun[0], (first.first_failure.source, f"{begun[1]}:1"),
            f"The gateway log here begins at {_at(begun[0])}, but {first.provider} failed from {_at(first.began)}: "
            f"what the gateway decided in between is not in the evidence. {_why_lost([f.path for f in logs])}",
            "Collect older log files if they still exist, or the journal of the service manager.",
        )  # fmt: skip


def _why_lost(paths: Iterable[str]) -> str:
    """What becomes of old lines, by how the files are named (facts 1.2)."""
    named = [found for path in paths if (found := _LOG_NAME.search(path))]
    if any(found["number"] == _LAST_ROTATED for found in named):
        return "Of files rotated for their size OpenClaw keeps five; the older ones are gone."
    if any(found["day"] for found in named):
        return "OpenClaw deletes dated files after 24 hours."
    return "OpenClaw does not prune a file of this name: it was begun anew, or older ones were not collected."


def _quiet(facts: CaseFacts) -> Iterable[Finding]:
    """The longest stretch of an incident in which a running gateway wrote nothing at all: its end may lie in there."""
    runs, events = up_times(facts.events, facts.activity), EventIndex(facts.events)
    silent = [gap for gap in pairwise(record_times(facts.events, facts.activity)) if gap[1] - gap[0] >= _QUIET]
    up = [(a, b) for a, b in silent if any(start <= a and b <= stop for start, stop in runs)]
    gaps = {_longest_gap(up, incident, facts.now): incident.provider for incident in facts.incidents}
    for gap, provider in gaps.items():
        last = events.until(gap[0]) if gap else None
        if gap and last:
            yield _info(
                "quiet", *gap, (place(last),),
                f"While {provider} was failing, nothing at all was recorded for {between(*gap)} from "
                f"{_at(gap[0])} to {_at(gap[1])} although the gateway was up: {_known_reason(gap, facts)}.",
                "Read this silence neither as an outage nor as a recovery: nobody tried.",
            )  # fmt: skip


def _longest_gap(
    gaps: Iterable[tuple[datetime, datetime]], incident: Incident, now: datetime
) -> tuple[datetime, datetime] | None:
    end = incident.end or now
    return max(
        ((a, b) for a, b in gaps if a < end and b > incident.began), key=lambda gap: gap[1] - gap[0], default=None
    )


def _missing_day(gap: tuple[datetime, datetime], files: Iterable[File]) -> str | None:
    """A day inside the gap of which there is no file, although the log has one for each day."""
    days = {found["day"] for file in files if file.kind == "log" and (found := _LOG_NAME.search(file.path))} - {None}
    first = gap[0].date() + timedelta(days=1)
    inside = (f"{first + timedelta(days=n)}" for n in range((gap[1].date() - first).days))
    return next((day for day in inside if days and day not in days), None)


def _known_reason(gap: tuple[datetime, datetime], facts: CaseFacts) -> str:
    if day := _missing_day(gap, facts.files):
        return f"the log file of {day} is not in the evidence; OpenClaw deletes dated files after 24 hours"
    if any(f.start < gap[1] and f.end > gap[0] for f in freezes(facts.events)):
        return "the process was frozen in it"
    if any(e.kind == "log_size_cap" and e.time and e.time <= gap[0] for e in facts.events):
        return "the log was full"
    beats = facts.records.config.heartbeat_every
    if beats and beats.startswith("0") and not any(job.enabled for job in facts.records.cron_jobs):
        return "heartbeats are off, no cron job is on, and nobody wrote"
    return "no reason is recorded"


def _finding(
    verdict: str, severity: Severity, confidence: Confidence, span: Outage | Freeze, summary: str, remedy: str
) -> Finding:
    return Finding(
        detector="silence",
        severity=severity,
        confidence=confidence,
        verdict=verdict,
        owner="gateway",
        summary=summary,
        first_time=span.start,
        last_time=span.end,
        evidence=span.places[:_SHOWN],
        remedy=remedy,
    )


def _info(
    verdict: str, start: datetime, end: datetime, evidence: tuple[str, ...], summary: str, remedy: str
) -> Finding:
    return Finding(
        detector="silence",
        severity="info",
        confidence="medium",
        verdict=verdict,
        owner="gateway",
        summary=summary,
        first_time=start,
        last_time=end,
        evidence=evidence,
        remedy=remedy,
    )


def _at(time: datetime | None) -> str:
    return in_figures(time)


def _listening(clock: str, pid: int) -> Event:
    said = f"ws://127.0.0.1:18789 (PID {pid})"
    return examples.event(clock, "gateway_listening", "lifecycle", text=f"listening on {said}", detail=said)


def _fires() -> CaseFacts:
    """The second gateway run begins three hours after the last sign of the first, which never said goodbye."""
    return examples.facts(events=[_listening("08:00", 21), examples.answer("09:00"), _listening("12:00", 77)])


def _silent() -> CaseFacts:
    """A restart that somebody asked for, and an idle night."""
    stop = examples.event(
        "08:59:58", "gateway_signal", "lifecycle", text="received SIGTERM; restarting", detail="SIGTERM"
    )
    return examples.facts(
        events=[
            _listening("08:00", 21),
            stop,
            _listening("09:00", 77),
            examples.answer("09:30"),
            examples.answer("31:00"),
        ],
        now="32:00",
    )


DETECTOR = Detector(
    name="silence",
    question="When was the gateway down, frozen or without a log, and is a silence rest or trouble?",
    evidence="start, stop and health lines of the gateway, all record times, the incidents",
    blind="What stopped a gateway from outside, and quiet hours outside of incidents: an idle night looks the same as "
    "a channel that is down.",
    section="silence",
    sees=_sees,
    detect=_detect,
    fires=_fires,
    silent=_silent,
    rank=6,
)
