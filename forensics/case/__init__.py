"""A case: evidence in, tables and answers out. `open_case` is the front door for notebooks, reports and commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from forensics import tables
from forensics.case.investigation import Investigation
from forensics.case.notes import Note
from forensics.case.scope import (
    Moment,
    Scope,
    asked_for,
    concerns,
    in_json,
    limited,
    placed,
    read_request,
    refuse_strangers,
)
from forensics.case.tables import TABLES
from forensics.detectors.desync import Desync
from forensics.detectors.questions import CaseFacts
from forensics.detectors.questions.lost_results import LostResult
from forensics.detectors.questions.retry_loops import RetryLoop
from forensics.detectors.questions.silence import Silence
from forensics.detectors.questions.stale_blocks import StaleBlock
from forensics.detectors.questions.stale_overrides import StaleOverride
from forensics.detectors.run import Findings, run_detectors
from forensics.display import Facts, ShowsItself
from forensics.errors import EvidenceError
from forensics.evidence import open_evidence
from forensics.incidents.agent_runs import failed_runs
from forensics.incidents.answer_attribution import attribute_answers
from forensics.incidents.attempts import AttributedFailure, attribute
from forensics.incidents.auth_profiles import Profiles, read_profiles
from forensics.incidents.case_verdict import CaseVerdict, judge_case
from forensics.incidents.causes import find_causes
from forensics.incidents.client_refusals import ClientRefusal, client_refusals
from forensics.incidents.cooldown_windows import build_windows
from forensics.incidents.cron_witnesses import with_cron_witnesses
from forensics.incidents.evidence_coverage import coverage_of
from forensics.incidents.failures import merge_failures, name_providers
from forensics.incidents.headline import headline_first
from forensics.incidents.incident import Incident
from forensics.incidents.incidents import IncidentInputs, build_incidents
from forensics.incidents.old_scars import without_old_scars
from forensics.incidents.reported_windows import with_reported_windows
from forensics.incidents.undated import with_stand_in_times
from forensics.incidents.unread import unread_evidence, unread_in_words
from forensics.incidents.window_inputs import WindowInputs
from forensics.parsers.read_items import Progress
from forensics.parsers.recorded import as_recorded
from forensics.parsers.release_detection import Detected, detect_release
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.parsers.timeline import Timeline, read_timeline
from forensics.parsers.timeline_cache import cached_timeline
from forensics.parsers.unknown_records import UnknownRecordShape, shapes
from forensics.remediation.outdated_logins import explained
from forensics.remediation.plan import Plan
from forensics.remediation.plans import make_plans
from forensics.text import counted, in_figures
from forensics.triage import TriageInput, contract


@dataclass(frozen=True, repr=False)
class Case(ShowsItself, Investigation):
    """One body of evidence, read and reasoned about. Tables are polars DataFrames of the schemas in `tables`."""

    name: str
    timeline: Timeline = field(repr=False)
    release: Detected
    asked: Moment  # what "is it still so" is asked about
    profiles: Profiles = field(repr=False)
    attempts: tuple[AttributedFailure, ...] = field(repr=False)
    window_rows: tuple[tables.Window, ...] = field(repr=False)
    incidents: tuple[Incident, ...]
    answers: Findings = field(repr=False)
    plans: Mapping[str, Plan] = field(default_factory=dict, repr=False)  # id of the incident -> what to do
    scope: Scope = field(default_factory=Scope, repr=False)
    evidence: tuple[Path, ...] = field(default=(), repr=False)  # to look at again; none where it was redacted
    notes_kept: tuple[Note, ...] = field(default=(), repr=False)  # of a redacted case: those that leave with it

    def _title(self) -> str:
        return f"{self.name}: {self.verdict.verdict}"

    def _facts(self) -> Facts:
        timeline = self.timeline
        span = " to ".join(in_figures(time) for time in (timeline.first_time, timeline.last_time) if time)
        rows = {"file": timeline.files, "event": timeline.events, "reject": timeline.rejects}
        counts = [counted(len(some), name) for name, some in rows.items()]
        found = (counted(len(self.answers.findings), "finding"), counted(len(self.notes), "note"))
        return (
            *((incident.id, incident.sentence) for incident in self.headline_first[:5]),
            ("time", span),
            ("release", ", ".join(self.releases)),
            ("read", ", ".join(counts)),
            ("more", f"{counted(len(self.window_rows), 'window')}, {', '.join(found)}"),
            ("tables", ", ".join(TABLES)),
            ("ask", "incidents, plans, lines(place), find(pattern), follow(session=…), around(…), sql(…), note(…)"),
        )  # fmt: skip

    @property
    def now(self) -> datetime | None:
        """The moment asked about; None where nothing in the evidence has a time."""
        return self.asked.time

    @cached_property
    def unknown(self) -> tuple[UnknownRecordShape, ...]:
        """The kinds of warnings and errors that no template knows, the commonest first."""
        return shapes(self.timeline.drift, {file.path: file.shape for file in self.timeline.files})

    @property
    def desyncs(self) -> tuple[Desync, ...]:
        """Windows in which an agent held a login that was dead, or would be at its next renewal."""
        return self.answers.of(Desync)

    @property
    def stale_overrides(self) -> tuple[StaleOverride, ...]:
        """Sessions pinned to a profile or model that is no longer best."""
        return self.answers.of(StaleOverride)

    @property
    def stale_blocks(self) -> tuple[StaleBlock, ...]:
        """Windows still in force although their cause is over."""
        return self.answers.of(StaleBlock)

    @property
    def retry_loops(self) -> tuple[RetryLoop, ...]:
        """Runs that kept hitting a provider that was out of use."""
        return self.answers.of(RetryLoop)

    @property
    def lost_results(self) -> tuple[LostResult, ...]:
        """Results of subagents that were computed and never delivered."""
        return self.answers.of(LostResult)

    @property
    def silences(self) -> tuple[Silence, ...]:
        """Times in which nothing was heard, and why that is no rest."""
        return self.answers.of(Silence)

    @property
    def headline_first(self) -> tuple[Incident, ...]:
        """The incidents for people: what is open and hurts most now, then the others in order of time."""
        return headline_first(self.incidents, self.now)

    @property
    def releases(self) -> tuple[str, ...]:
        """The OpenClaw releases that wrote this evidence, as far as it tells."""
        return self.release.releases

    @cached_property
    def client_refusals(self) -> tuple[ClientRefusal, ...]:
        """The clients that the gateway itself turned away, by reason; no provider is involved."""
        return client_refusals(self.timeline.events)

    @cached_property
    def verdict(self) -> CaseVerdict:
        """What the whole case can be called, and the exit code of a command that says it."""
        seen, blocked = coverage_of(self.timeline), bool(self.stale_blocks)
        told = (self.headline_first, self.attempts, self.client_refusals, seen, unread_evidence(self.timeline))
        return judge_case(*told, now=self.now, blocked=blocked)

    def triage(self) -> dict[str, object]:
        """The answer as the JSON contract `openclaw-forensics/triage/1`."""
        return contract(
            TriageInput(
                timeline=self.timeline,
                verdict=self.verdict,
                now=self.now,
                incidents=self.incidents,
                client_refusals=self.client_refusals,
                plans=self.plans,
                found=self.answers,
                release=self.release,
                unknown=self.unknown,
                asked=in_json(self.scope, self.asked),
            )
        )


def open_case(  # noqa: PLR0913 - one parameter is one option of the commands
    evidence: str | Path | Sequence[str | Path],
    *,
    since: datetime | str | None = None,
    until: datetime | str | None = None,
    provider: str | None = None,
    agent: str | None = None,
    now: datetime | str | None = None,
    timezone: str | None = None,
    progress: Progress | None = None,
    cache: bool = True,
) -> Case:
    """Read evidence and reason about it.

    `evidence`: a state directory, a home, any folder, a log or pasted text, an archive, or several. `since`/`until`
    limit the events, `provider`/`agent` the answers. Of `now` "is it still blocked" is asked (default: the end of the
    evidence); times are aware, or texts as `forensics.when` reads them, `timezone` (IANA) is of those that state none.
    `cache`: what was read of big evidence is kept for a second look. Raises EvidenceError where nothing can be used,
    ParameterError for what is no time or not in the evidence.
    """
    paths = [Path(p) for p in ([evidence] if isinstance(evidence, str | Path) else evidence)]
    request = read_request(since=since, until=until, provider=provider, agent=agent, now=now, timezone=timezone)
    with open_evidence(paths) as opened:
        timeline = (cached_timeline if cache else read_timeline)(opened, timezone, progress)
    if not timeline.usable:
        found = f"{_name(paths)}: nothing of OpenClaw was found in {len(timeline.files)} file(s)"
        if unread := unread_evidence(timeline):
            raise EvidenceError(f"{found}, and {unread_in_words(unread)}")
        raise EvidenceError(f"{found}; give a state directory (~/.openclaw), a gateway log, or a bundle of them")
    scope, asked = placed(request, timeline)
    timeline = as_recorded(timeline, scope.now)
    case = replace(reason(_name(paths), timeline, scope, asked), evidence=tuple(paths))
    refuse_strangers(scope, timeline, _named(case))
    return case


def reason(name: str, timeline: Timeline, scope: Scope, asked: Moment) -> Case:
    """Timeline -> case: failures, windows, incidents, findings."""
    config = timeline.records.config
    settings = {"auth": {"cooldowns": config.cooldowns}}
    events = with_cron_witnesses(timeline.events, timeline.records.cron_jobs)
    timeline = limited(replace(timeline, events=attribute_answers(events, config.primary)), scope)
    events = with_stand_in_times(timeline.events)
    release = detect_release(timeline)
    profiles = read_profiles(timeline.credentials, timeline.records)
    seen = coverage_of(timeline)
    failures = name_providers(merge_failures(events), events, config.primary)
    attempts = attribute(failures, events, profiles, release.running)
    windows = build_windows(
        WindowInputs(events, attempts, profiles, release.running, settings, seen.gateway_log, release.exact)
    )
    windows = with_reported_windows(windows, timeline.records.of(ModelsStatus), profiles)
    causes = without_old_scars(find_causes(attempts, windows, events), profiles, asked.time)
    failed = failed_runs(causes, events, config.heartbeat_every, timeline.records.cron_jobs)
    around = IncidentInputs(events, profiles, timeline.records, seen, release.running, timeline.credentials)
    incidents = asked_for(build_incidents(failed, around), scope)
    facts = CaseFacts(
        now=asked.time or datetime.max.replace(tzinfo=UTC),
        running=release.running,
        seen=seen,
        files=timeline.files,
        events=timeline.events,
        rejects=timeline.rejects,
        activity=timeline.activity,
        attempts=attempts,
        records=timeline.records,
        credentials=timeline.credentials,
        profiles=profiles,
        windows=windows,
        failed=failed,
        incidents=incidents,
    )
    answers = run_detectors(facts, lambda answer: concerns(answer, scope))
    plans = make_plans(facts, answers, release.release if release.exact else None)
    named = (explained(incident, answers.of(Desync)) for incident in incidents)
    planned = tuple(replace(incident, remedy=plans[incident.id].sentences) for incident in named)
    return Case(name, timeline, release, asked, profiles, attempts, windows, planned, answers, plans, scope)


def _named(case: Case) -> frozenset[str | None]:
    """The providers that the reasoning named beyond what the records state."""
    rows = ([attempt.failure for attempt in case.attempts], case.window_rows, case.incidents)
    return frozenset(row.provider for part in rows for row in part) | set(case.profiles.by_provider)


def _name(paths: Sequence[Path]) -> str:
    return ", ".join(p.name or str(p) for p in paths)
