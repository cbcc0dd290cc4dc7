"""Incidents: one causal chain each, from the first real failure to its last echo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forensics.incidents.agent_runs import FailedRun
from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.causal_chain import ChainInputs, Link, build_chain, quote
from forensics.incidents.causes import SAID, Cause, classify_failure, is_wordless
from forensics.incidents.failures import FailedRequest, place
from forensics.incidents.impact import Impact, Record, measure
from forensics.incidents.ownership import Ownership, attribute_responsibility, read_blocks, read_freezes
from forensics.incidents.recorded_reasons import RecordedReason, read_notes, recorded_reasons_of
from forensics.incidents.recoveries import PASSING, Recoveries
from forensics.openclaw import reasons, releases
from forensics.openclaw.reasons import Classification
from forensics.openclaw.releases import Running
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.tables import Event, Window

_ALTERNATIVES = 3
_AFTER = timedelta(seconds=2)  # up to 2026.4.21 a failed run may mark its profile as used at once
_VERDICTS = ("misclassified", "weak", "agrees", "undecidable")  # the first that one place deserves stands for all
_UNKNOWN = Ownership("provider", "unknown", None, None, "")
_NOT_SEEN = "The failure that opened this is not in the evidence."


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstFailure:
    """The earliest call that really failed. `time` is when that call began, where the source tells it."""

    time: datetime
    time_basis: str  # log, transcript, event, state, computed
    profile: str | None
    model: str | None
    http_status: int | None
    error_type: str | None
    text: str  # what the provider literally said
    source: str  # path:line
    confidence: str  # high, medium, low
    why: str  # one sentence: what the choice and the confidence rest on
    sources: tuple[str, ...] = ()
    alternatives: tuple[FirstFailure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One cause and everything that followed from it."""

    id: str  # I1, I2, … in order of time
    provider: str
    agents: tuple[str, ...]
    profiles: tuple[str, ...]
    models: tuple[str, ...]
    first_failure: FirstFailure
    true_reason: str  # see reasons.TRUE_REASONS
    recorded_reasons: tuple[str, ...]
    verdict: str  # agrees, misclassified, weak, undecidable
    owner: str  # credential, account, provider, network, config, gateway, session
    waiting_helps: bool | None
    windows: tuple[Window, ...]
    failures: int  # real failures, retries included
    echoes: int
    start: datetime
    end: datetime | None  # None: not over when the evidence ends, as far as it can show
    impact: Impact
    sentence: str  # the answer in one sentence
    chain: tuple[Link, ...]  # 5-12 lines, in order of time
    remedy: tuple[str, ...] = ()  # what to do, first thing first
    missing: tuple[str, ...] = ()  # which evidence would have shown more
    misfiled: tuple[str, ...] = ()  # the recorded reasons that send the reader the wrong way
    filings: tuple[RecordedReason, ...] = ()  # every recorded reason with its place and verdict
    end_shows: bool = True  # False: no answer of the provider is in the evidence, so it could not show an end
    rule: str | None = None  # the row of the reasons table that decided
    counterfactual: tuple[tuple[str, str | None], ...] = ()  # (releases, reason they would have recorded)
    known_issues: tuple[str, ...] = ()  # of openclaw/openclaw
    because: str | None = None  # why the owner is another than the answer alone says
    resets_at: datetime | None = None  # when the provider's own limit ends, as its last answer tells


def next_chance(incident: Incident) -> datetime | None:
    """When a call can succeed again: the last window is over, and the provider's own limit too. None: nobody tells.

    The end of a window says nothing of a used-up quota: OpenClaw only tries again then.
    """
    if incident.true_reason == "quota" and incident.resets_at is None:
        return None
    ends = [window.end for window in incident.windows if window.end]
    return max([*ends, *([incident.resets_at] if incident.resets_at else [])], default=None)


@dataclass(frozen=True, slots=True)
class EvidenceCoverage:
    """Which kinds of evidence there were, so that "could not look" is told from "was not there"."""

    gateway_log: bool
    transcripts: bool
    auth_state: bool


@dataclass(frozen=True, slots=True)
class IncidentInputs:
    """What an incident is judged in the light of."""

    events: Sequence[Event]
    profiles: Profiles
    records: StateRecords
    seen: EvidenceCoverage
    running: Running


def build_incidents(
    failed: Sequence[tuple[Cause, Sequence[FailedRun]]], around: IncidentInputs
) -> tuple[Incident, ...]:
    """Causes with their failed runs -> incidents, in order of time, with their answers."""
    told = _Told(around, [cause for cause, _ in failed])
    return tuple(_incident(f"I{n}", cause, runs, told) for n, (cause, runs) in enumerate(failed, 1))


class _Told:
    """What the whole evidence tells, gathered once for all incidents."""

    def __init__(self, around: IncidentInputs, causes: Sequence[Cause]) -> None:
        self.profiles, self.seen = around.profiles, around.seen
        self.running, self.causes = around.running, causes
        self.answers = Recoveries((a for cause in causes for a in cause.attempts), around.events)
        self.record = Record(around.events, around.records)
        self.background = ChainInputs(around.events)
        self.freezes, self.blocks = read_freezes(around.events), read_blocks(around.events)
        self.statuses = around.records.of(ModelsStatus)
        self.notes = read_notes(around.records)


def _incident(name: str, cause: Cause, runs: Sequence[FailedRun], told: _Told) -> Incident:
    first = min((a.failure for a in cause.attempts), key=lambda f: (f.began, f.source), default=None)
    verdict = _true_verdict(cause, first)
    filings = recorded_reasons_of(cause, verdict, told.profiles, told.notes, told.causes)
    owner = (
        attribute_responsibility(cause, verdict, told.profiles, told.statuses, (told.freezes, told.blocks))
        if verdict
        else _UNKNOWN
    )
    answer = told.answers.recovery(cause.failed, _closed_until(cause, told))
    incident = Incident(
        id=name,
        provider=cause.provider,
        agents=_names([a.failure.agent for a in cause.attempts] + [e.agent for e in cause.echoes]),
        profiles=_names([a.profile for a in cause.attempts] + [w.profile for w in cause.windows]),
        models=_names(a.failure.model for a in cause.attempts),
        first_failure=_first_failure(cause, first, verdict, told.seen),
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
        resets_at=_stated_reset(cause) if owner.waiting_helps else None,
        waiting_helps=owner.waiting_helps,
        windows=tuple(sorted(cause.windows, key=lambda w: (w.start, w.profile or ""))),
        failures=len(cause.attempts),
        echoes=sum(e.count for e in cause.echoes),
        start=cause.start,
        end=answer.time if answer else None,
        end_shows=told.answers.has(cause.provider),
        impact=measure(cause, runs, told.record, answer.time if answer else None),
        sentence="",
        chain=build_chain(cause, first, answer, told.background),
        remedy=(owner.cure,) if verdict else (),
        missing=_missing(cause, told.seen),
    )
    return replace(incident, sentence=_sentence(incident, first))


def _closed_until(cause: Cause, told: _Told) -> datetime:
    """The last sign of a cause; where another profile answers meanwhile, the end of the windows it was kept out for."""
    closed = {w.profile for w in cause.windows if w.profile}
    spared = set(told.profiles.by_provider.get(cause.provider, ())) - closed
    heeded = not releases.ignores_own_cooldowns(told.running.at(cause.last))
    if not (spared and heeded) or cause.family in PASSING:
        return cause.last
    used = (s.instant("lastUsed") for profile in closed for s in told.profiles.stats_of(profile))
    return cause.last if any(time and time > cause.last + _AFTER for time in used) else cause.until


def _stated_reset(cause: Cause) -> datetime | None:
    """The end of its limit that the provider stated last."""
    judged = zip(cause.attempts, cause.verdicts, strict=True)
    stated = ((a.failure.time, verdict.until) for a, verdict in judged if verdict.until)
    return max(stated, default=(None, None))[1]


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
    telling = (f for f in others if f.text or f.http_status or f.error_type)
    return first if first.text or first.http_status else next(telling, first)


def _names(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in values if v))


def _first_failure(
    cause: Cause, first: FailedRequest | None, verdict: Classification | None, seen: EvidenceCoverage
) -> FirstFailure:
    if first is None or verdict is None:
        return _unseen(cause)
    told = _told(first, *_confidence(cause, first, verdict, seen))
    others = [a.failure for a in cause.attempts if a.failure is not first]
    if is_wordless(first) and (said := _said_again(first, others)):
        told = replace(told, text=said.text, error_type=said.error_type, sources=(*told.sources, said.source))
    return replace(told, alternatives=_alternatives(first, others))


def _said_again(first: FailedRequest, others: Sequence[FailedRequest]) -> FailedRequest | None:
    """The nearest failure with the same status that tells what was said: a client sends its request again."""
    same = (f for f in others if f.text and (f.provider, f.http_status) == (first.provider, first.http_status))
    return next((f for f in same if abs(f.time - first.time) <= SAID), None)


def _told(failure: FailedRequest, confidence: str, why: str) -> FirstFailure:
    return FirstFailure(
        time=failure.began,
        time_basis=failure.basis,
        profile=failure.profile,
        model=failure.model,
        http_status=failure.http_status,
        error_type=failure.error_type,
        text=failure.text,
        source=failure.source,
        confidence=confidence,
        why=why,
        sources=failure.sources,
    )


def _alternatives(first: FailedRequest, others: Sequence[FailedRequest]) -> tuple[FirstFailure, ...]:
    """The next failures that say something else: another profile, another status, another type."""
    differing: dict[tuple[object, ...], FailedRequest] = {}
    for failure in others:
        differing.setdefault((failure.profile, failure.http_status, failure.error_type), failure)
    differing.pop((first.profile, first.http_status, first.error_type), None)
    why = "A later failure of the same cause that differs in profile or answer."
    return tuple(_told(failure, "low", why) for failure in list(differing.values())[:_ALTERNATIVES])


def _unseen(cause: Cause) -> FirstFailure:
    """No failure in the evidence: the window's arithmetic or the first echo is all there is."""
    window = min(cause.windows, key=lambda w: w.start, default=None)
    echo = min(cause.echoes, key=lambda e: (e.time is None, e.time, e.line), default=None)
    if window and (echo is None or echo.time is None or window.start <= echo.time):
        basis = "state" if window.start_basis == "state" else "computed"
        why = f"{_NOT_SEEN} The time is what the stored window leads back to."
        return _empty(window.start, basis, window.profile, window.opened_by, why)
    why = f"{_NOT_SEEN} The first echo is the earliest sign; the cause lies before it."
    source = place(echo) if echo else "nowhere:0"
    return _empty(cause.start, "log", None, source, why)


def _empty(time: datetime, basis: str, profile: str | None, source: str, why: str) -> FirstFailure:
    return FirstFailure(
        time=time,
        time_basis=basis,
        profile=profile,
        model=None,
        http_status=None,
        error_type=None,
        text="",
        source=source,
        confidence="low",
        why=why,
        sources=(source,),
    )


def _confidence(cause: Cause, first: FailedRequest, verdict: Classification, seen: EvidenceCoverage) -> tuple[str, str]:
    """How sure the choice is, and why, in one sentence."""
    signs = [e.time for e in cause.echoes if e.time] + [w.start for w in cause.windows]
    if any(sign < first.began - timedelta(seconds=30) for sign in signs):
        return (
            "low",
            "A window or echo is older than the oldest failure here: an earlier failure is missing.",
        )
    if verdict.certainty == "none":
        return "low", "The text is OpenClaw's own sentence, not the provider's answer."
    if not (seen.transcripts or seen.gateway_log):
        return "low", "Neither transcripts nor a gateway log are in the evidence."
    exact = any(e.time_basis in ("exact", "aligned") for e in first.events)
    if verdict.certainty == "wording" or not exact or (first.basis == "log" and not seen.transcripts):
        return "medium", "The provider's words are there, but not its status, or the time rests on an assumption."
    return "high", "The provider's own answer, with nothing of this cause before it."


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
    since = f"{incident.start:%Y-%m-%d %H:%M:%S} UTC"
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
