"""Incidents: one causal chain each, from the first real failure to its last echo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.causal_chain import ChainInputs, build_chain, quote
from forensics.incidents.causes import Cause, classify_failure, is_wordless, stands_for_any_429
from forensics.incidents.evidence_coverage import EvidenceCoverage
from forensics.incidents.failures import FailedRequest
from forensics.incidents.first_failure import first_failure_of
from forensics.incidents.impact import Record, measure
from forensics.incidents.incident import Incident
from forensics.incidents.never_called import fallbacks_never_called, model_switches
from forensics.incidents.ownership import Ownership, attribute_responsibility, read_blocks, read_freezes
from forensics.incidents.recorded_reasons import read_notes, recorded_reasons_of
from forensics.incidents.recoveries import PASSING, Recoveries
from forensics.incidents.run_builder import FailedRun
from forensics.incidents.stored_counters import read_counters
from forensics.incidents.stored_successes import stored_success
from forensics.incidents.undated import dated
from forensics.openclaw import reasons, releases
from forensics.openclaw.reasons import Classification
from forensics.openclaw.releases import Running
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.tables import Credential, Event
from forensics.text import in_figures

_AFTER = timedelta(seconds=2)  # up to 2026.4.21 a failed run may mark its profile as used at once
_VERDICTS = ("misclassified", "weak", "agrees", "undecidable")  # the first that one place deserves stands for all
_UNKNOWN = Ownership("provider", "unknown", None, None, "")


@dataclass(frozen=True, slots=True)
class IncidentInputs:
    """What an incident is judged in the light of."""

    events: Sequence[Event]
    profiles: Profiles
    records: StateRecords
    seen: EvidenceCoverage
    running: Running
    credentials: Sequence[Credential] = ()


def build_incidents(
    failed: Sequence[tuple[Cause, Sequence[FailedRun]]], around: IncidentInputs
) -> tuple[Incident, ...]:
    """Causes with their failed runs -> incidents, in order of time, with their answers."""
    case_wide = _CaseWide(around, [cause for cause, _ in failed])
    return tuple(_incident(f"I{n}", cause, runs, case_wide) for n, (cause, runs) in enumerate(failed, 1))


def _placed(failure: FailedRequest) -> tuple[bool, datetime, str]:
    """The order in which failures may be the first: those whose time is known before all others."""
    return dated(failure.began) is None, failure.began, failure.source


class _CaseWide:
    """What the whole evidence tells, gathered once for all incidents."""

    def __init__(self, around: IncidentInputs, causes: Sequence[Cause]) -> None:
        self.profiles, self.seen = around.profiles, around.seen
        self.running, self.causes = around.running, causes
        self.answers = Recoveries((a for cause in causes for a in cause.attempts), around.events)
        self.record = Record(around.events, around.records)
        self.background = ChainInputs(around.events)
        self.switches = model_switches(around.events)
        self.freezes, self.blocks = read_freezes(around.events), read_blocks(around.events)
        self.statuses, self.credentials = around.records.of(ModelsStatus), around.credentials
        self.notes = read_notes(around.records)


def _incident(name: str, cause: Cause, runs: Sequence[FailedRun], case_wide: _CaseWide) -> Incident:
    first = min((a.failure for a in cause.attempts), key=_placed, default=None)
    verdict = _true_verdict(cause, first)
    filings = recorded_reasons_of(cause, verdict, case_wide.profiles, case_wide.notes, case_wide.causes)
    owner = (
        attribute_responsibility(
            cause,
            verdict,
            case_wide.profiles,
            case_wide.statuses,
            (case_wide.freezes, case_wide.blocks),
            case_wide.credentials,
        )
        if verdict
        else _UNKNOWN
    )
    counters = read_counters(cause, case_wide.profiles)
    answer = case_wide.answers.recovery(cause.failed, _closed_until(cause, case_wide))
    served = None if answer else stored_success(cause, case_wide.profiles, case_wide.running)
    end = answer.time if answer else served
    incident = Incident(
        id=name,
        provider=cause.provider,
        agents=_names([a.failure.agent for a in cause.attempts] + [e.agent for e in cause.echoes]),
        profiles=_names([a.profile for a in cause.attempts] + [w.profile for w in cause.windows]),
        models=_names(a.failure.model for a in cause.attempts),
        first_failure=first_failure_of(cause, first, verdict, case_wide.seen),
        true_reason=owner.true_reason,
        recorded_reasons=_names(f.reason for f in filings),
        misfiled=_names(f.reason for f in filings if f.verdict in ("misclassified", "weak")),
        filings=filings,
        verdict=next((v for v in _VERDICTS if v in {f.verdict for f in filings}), "undecidable"),
        rule=_rule(verdict),
        counterfactual=_elsewhere(first),
        known_issues=tuple(f"#{n}" for n in verdict.reason.issues) if verdict else (),
        owner=owner.owner,
        because=owner.because,
        resets_at=(_stated_reset(cause) if owner.waiting_helps else None) or _reported_reset(cause),
        waiting_helps=owner.waiting_helps,
        windows=tuple(sorted(cause.windows, key=lambda w: (w.start, w.profile or ""))),
        failures=len(cause.attempts),
        echoes=sum(e.count for e in cause.echoes),
        start=dated(cause.start),
        end=end,
        end_basis="answer" if answer else "store" if served else None,
        end_shows=case_wide.answers.has(cause.provider) or served is not None,
        impact=measure(cause, runs, case_wide.record, end),
        sentence="",
        chain=build_chain(cause, first, answer, case_wide.background),
        remedy=(owner.cure,) if verdict else (),
        missing=_missing(cause, case_wide.seen),
        counters=counters,
        never_called=fallbacks_never_called(cause, case_wide.switches),
        start_known=first is not None or (_opened_when_stored(cause) and not counters.began_earlier),
    )
    return replace(incident, sentence=_sentence(incident, first))


def _opened_when_stored(cause: Cause) -> bool:
    """Whether the first sign is a window whose start a store or its arithmetic tells: not an echo, nor a command."""
    first = min(cause.windows, key=lambda w: w.start, default=None)
    return first is not None and first.start == cause.start and first.start_basis != "reported"


def _closed_until(cause: Cause, case_wide: _CaseWide) -> datetime:
    """The last sign of a cause; where another profile answers meanwhile, the end of the windows it was kept out for."""
    closed = {w.profile for w in cause.windows if w.profile}
    spared = set(case_wide.profiles.by_provider.get(cause.provider, ())) - closed
    heeded = not releases.ignores_own_cooldowns(case_wide.running.at(cause.last))
    if not (spared and heeded) or cause.family in PASSING:
        return cause.last
    used = (s.instant("lastUsed") for profile in closed for s in case_wide.profiles.stats_of(profile))
    return cause.last if any(time and time > cause.last + _AFTER for time in used) else cause.until


def _stated_reset(cause: Cause) -> datetime | None:
    """The end of its limit that the provider stated last."""
    judged = zip(cause.attempts, cause.verdicts, strict=True)
    stated = ((a.failure.time, verdict.until) for a, verdict in judged if verdict.until)
    return max(stated, default=(None, None))[1]


def _reported_reset(cause: Cause) -> datetime | None:
    """The end of its limit that the provider's usage endpoint told OpenClaw: literally that of the block."""
    return max((w.end for w in cause.windows if w.kind == "blocked" and w.end), default=None)


def _rule(verdict: Classification | None) -> str | None:
    """The row of the table that decided; none where no row fits."""
    known = verdict is not None and any(row.id == verdict.reason.id for row in reasons.rows())
    return verdict.reason.id if verdict and known else None


def _elsewhere(first: FailedRequest | None) -> tuple[tuple[str, str | None], ...]:
    """What each span of releases would have filed the first answer under, as far as the facts tell."""
    if first is None or first.timed_out:
        return ()
    return reasons.counterfactual(first.http_status, first.error_type, first.text, first.provider)


def _true_verdict(cause: Cause, first: FailedRequest | None) -> Classification | None:
    """What the first answer is; a credential whose refresh is refused later on was past help from the start."""
    if first is None:
        return None
    verdict = classify_failure(_with_words(first, cause))
    if verdict.reason.true_reason != "auth":
        return verdict
    return next((v for v in cause.verdicts if v.reason.true_reason == "auth_permanent"), verdict)


def _with_words(first: FailedRequest, cause: Cause) -> FailedRequest:
    """The first failure, or the first of its cause that says more, where its own record kept no word."""
    others = [a.failure for a in cause.attempts]
    if is_wordless(first):
        return next((f for f in others if f.text and f.http_status == first.http_status), first)
    if stands_for_any_429(classify_failure(first)):
        return next((f for f in others if f.text and f.http_status == 429), first)
    telling = (f for f in others if f.text or f.http_status or f.error_type)
    return first if first.text or first.http_status else next(telling, first)


def _names(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in values if v))


def _missing(cause: Cause, seen: EvidenceCoverage) -> tuple[str, ...]:
    missing = []
    if not seen.gateway_log:
        missing.append("the gateway log (decisions, echoes and restarts would stand there)")
    if not seen.transcripts:
        missing.append("the session transcripts (they hold the provider's own words)")
    if not seen.auth_state:
        missing.append("the auth state of the agents (it holds the windows)")
    return tuple(missing)


def _sentence(incident: Incident, first: FailedRequest | None) -> str:
    since = in_figures(incident.start) if incident.start else "a time that is not known"
    if first is None:
        return (
            f"{incident.provider} was out of use from {since}, recorded as {_listed(incident.recorded_reasons)}; "
            f"the failure behind it is not in the evidence."
        )
    shown = f", though recorded as {_listed(incident.misfiled)}" if incident.misfiled else ""
    helps = {True: "waiting helps", False: "waiting does not help", None: "whether waiting helps is open"}
    return (
        f"{incident.provider} failed from {since} with {quote(first).rstrip('.')}: "
        f"the true reason is {incident.true_reason}{shown}; {helps[incident.waiting_helps]}."
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if names else "nothing"
