"""The answer other programs read: schema `openclaw-forensics/triage/1`. Keys may be added, never removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version

from forensics.detectors.desync import Desync
from forensics.detectors.questions.detector import Answer
from forensics.detectors.run import Findings
from forensics.incidents.case_verdict import CaseVerdict
from forensics.incidents.client_refusals import ClientRefusal
from forensics.incidents.gateway_uptime import GatewayRun, gateway_runs
from forensics.incidents.headline import headline_first
from forensics.incidents.impact import Impact, Share
from forensics.incidents.incident import FirstFailure, Incident
from forensics.incidents.state import state_of
from forensics.parsers.release_detection import Detected
from forensics.parsers.timeline import Timeline
from forensics.parsers.unknown_records import UnknownRecordShape
from forensics.remediation.plan import Plan
from forensics.remediation.step import Step
from forensics.tables import Window
from forensics.timeless import is_dateless, is_undated

_TOOL = "openclaw-forensics"
SCHEMA = "openclaw-forensics/triage/1"
MOST_SHAPES = 20  # of unknown records, the commonest


@dataclass(frozen=True, slots=True)
class TriageInput:
    """What the contract is made of."""

    timeline: Timeline
    verdict: CaseVerdict
    now: datetime | None  # what the states are told of
    incidents: Sequence[Incident]  # in order of time
    client_refusals: Sequence[ClientRefusal]
    plans: Mapping[str, Plan]
    found: Findings
    release: Detected
    unknown: Sequence[UnknownRecordShape]
    asked: Mapping[str, object]  # names, times and the moment taken for "now"


def contract(answers: TriageInput) -> dict[str, object]:
    """The triage document, ready for JSON: only str, int, float, bool, None, list, dict."""
    return {
        "schema": SCHEMA,
        "tool": {"name": _TOOL, "version": version(_TOOL)},
        "state": answers.verdict.state,
        "case_verdict": _verdict(answers.verdict),
        "evidence": _evidence(answers),
        "headline": next((incident.id for incident in headline_first(answers.incidents, answers.now)), None),
        "asked": _plain(answers.asked),
        "incidents": [
            {**_incident(i), "state": state_of(i, answers.now), "plan": _plan(answers.plans.get(i.id))}
            for i in answers.incidents
        ],
        **{name: [_plain(row_of(answer)) for answer in mine] for name, mine in answers.found.sections.items()},
        "client_refusals": [_refusal(refusal) for refusal in answers.client_refusals],
        "gateway": [_run(run) for run in gateway_runs(answers.timeline.events, answers.timeline.activity)],
        "checks": [{"detector": c.detector, "status": c.status, "findings": c.findings} for c in answers.found.checks],
    }


def stamp(time: datetime | None) -> str | None:
    """ISO-8601 in UTC with `Z` and milliseconds; None where there is none, or where its day is unknown."""
    if time is None or is_undated(time) or is_dateless(time):
        return None
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _evidence(answers: TriageInput) -> dict[str, object]:
    counts = {
        name: sum(getattr(file, name) for file in answers.timeline.files)
        for name in ("lines", "events", "continuations", "other", "rejects")
    }
    return {
        "files": len(answers.timeline.files),
        **counts,
        "hashes": [{"path": file.path, "sha256": file.sha256} for file in answers.timeline.files],
        "releases": list(answers.release.releases),
        "release_basis": answers.release.basis,
        "first_time": stamp(answers.timeline.first_time),
        "last_time": stamp(answers.timeline.last_time),
        "drift": _drift(answers.unknown),
        "unread": [asdict(one) for one in answers.verdict.unread],
    }


def _drift(unknown: Sequence[UnknownRecordShape]) -> dict[str, object]:
    """Warnings and errors that no template knows: how many, of how many kinds, and the commonest kinds."""
    return {
        "records": sum(kind.count for kind in unknown),
        "kinds": len(unknown),
        "shapes": [asdict(kind) for kind in unknown[:MOST_SHAPES]],
    }


def _incident(incident: Incident) -> dict[str, object]:
    return {
        "id": incident.id,
        "provider": incident.provider,
        "agents": list(incident.agents),
        "profiles": list(incident.profiles),
        "models": list(incident.models),
        "first_failure": _failure(incident.first_failure),
        "true_reason": incident.true_reason,
        "recorded_reasons": list(incident.recorded_reasons),
        "misfiled": list(incident.misfiled),
        "filed": [
            {"reason": f.reason, "where": f.where, "source": f.source, "verdict": f.verdict} for f in incident.filings
        ],
        "verdict": incident.verdict,
        "rule": incident.rule,
        "counterfactual": [{"releases": span, "reason": reason} for span, reason in incident.counterfactual],
        "known_issues": list(incident.known_issues),
        "never_called": list(incident.never_called),
        "owner": incident.owner,
        "because": incident.because,
        "waiting_helps": incident.waiting_helps,
        "resets_at": stamp(incident.resets_at),
        "windows": [_window(window) for window in incident.windows],
        "echoes": incident.echoes,
        "start": stamp(incident.start),
        "start_known": incident.start_known,
        "end": stamp(incident.end),
        "end_basis": incident.end_basis,
        "counted": [_plain(asdict(failures)) for failures in incident.counters.failures],
        "free_profiles": list(incident.counters.free),
        "impact": _impact(incident.impact),
        "failures": incident.failures,
        "sentence": incident.sentence,
        "chain": [
            {"time": stamp(link.time), "role": link.role, "text": link.text, "source": link.source}
            for link in incident.chain
        ],
        "remedy": list(incident.remedy),
        "missing": list(incident.missing),
    }


def _impact(impact: Impact) -> dict[str, object]:
    """What it cost; null is "could not look"."""
    notice = impact.notice
    return {
        "sessions": impact.sessions,
        "runs_failed": impact.runs_failed,
        "cron_runs": impact.cron_runs,
        "subagents": impact.subagents,
        "longest_silence_s": impact.longest_silence_s,
        "messages_unanswered": impact.messages_unanswered,
        "time_to_first_notice_s": notice.after_s if notice else None,
        "first_notice": {"time": stamp(notice.time), "sign": notice.sign, "source": notice.source} if notice else None,
        "agents": [_share("agent", share) for share in impact.agents],
        "channels": [_share("channel", share) for share in impact.channels],
    }


def _verdict(verdict: CaseVerdict) -> dict[str, object]:
    """The answer for the whole case; `send` is what would show more."""
    return {
        "answer": verdict.verdict,
        "exit_code": verdict.exit_code,
        "failed_calls": verdict.failed_calls,
        "send": list(verdict.send),
    }


def _refusal(refusal: ClientRefusal) -> dict[str, object]:
    return {
        "reason": refusal.reason,
        "owner": "gateway",
        "count": refusal.count,
        "first_time": stamp(refusal.first_time),
        "last_time": stamp(refusal.last_time),
        "evidence": list(refusal.places),
        "remedy": refusal.cure,
    }


def _run(run: GatewayRun) -> dict[str, object]:
    """From one start of the gateway to its stop; `end` null: still up when the evidence ends."""
    return {
        "start": stamp(run.start),
        "end": stamp(run.end),
        "planned": run.planned,
        "why": run.why,
        "evidence": list(run.places),
    }


def _share(of: str, share: Share) -> dict[str, object]:
    row = asdict(share)
    return {of: row.pop("name"), **row}


def _plan(plan: Plan | None) -> dict[str, object] | None:
    """What to do, in parts; `remedy` is the same as one list of sentences."""
    if plan is None:
        return None
    return {
        "steps": list(plan.steps),
        "does_not_help": list(plan.does_not_help),
        "do_not_touch": list(plan.do_not_touch),
        "check": list(plan.check),
        "actions": [_action(step) for step in plan.actions],
        "patches": [{"file": patch.file, "patch": [dict(o) for o in patch.operations]} for patch in plan.patches],
    }


def _action(step: Step) -> dict[str, object]:
    """One step for programs: its commands in order, the file of the evidence and the agent that it is about."""
    return {
        "sentence": step.sentence,
        "commands": list(step.commands),
        "file": step.file,
        "agent": step.agent,
        "why": step.why,
        "changes_evidence": step.changes_evidence,
        "patch": [dict(operation) for operation in step.patch.operations] if step.patch else None,
    }


def _failure(failure: FirstFailure) -> dict[str, object]:
    return {
        "time": stamp(failure.time),
        "time_basis": failure.time_basis,
        "profile": failure.profile,
        "model": failure.model,
        "http_status": failure.http_status,
        "error_type": failure.error_type,
        "text": failure.text,
        "source": failure.source,
        "confidence": failure.confidence,
        "why": failure.why,
        "sources": list(failure.sources),
        "alternatives": [_failure(other) for other in failure.alternatives],
    }


def _window(window: Window) -> dict[str, object]:
    return {
        "profile": window.profile,
        "kind": window.kind,
        "start": stamp(window.start),
        "end": stamp(window.end),
        "reason": window.reason_recorded,
        "opened_by": window.opened_by,
        "prolonged": window.prolonged,
        "start_basis": window.start_basis,
        "closed_by": window.closed_by,
    }


def _desync(window: Desync) -> dict[str, object]:
    return {
        "provider": window.provider,
        "kind": window.kind,
        "agents": window.agents,
        "profiles": window.profiles,
        "start": window.start,
        "start_basis": window.opened.basis,
        "start_not_before": window.opened.not_before,
        "start_not_after": window.opened.not_after,
        "start_source": window.opened.source,
        "first_failure": window.first_failure,
        "refusals": len(window.refusals),
        "end": window.end,
        "end_basis": window.closed.basis if window.closed else None,
        "end_not_before": window.closed.not_before if window.closed else None,
        "end_not_after": window.closed.not_after if window.closed else None,
        "end_source": window.closed.source if window.closed else None,
        "renewed_by": window.winner,
        "held_in": window.newest.source if window.newest else None,
        "outdated_in": [copy.source for copy in window.outdated],
        "bites_at": window.bites_at,
        "confidence": window.confidence,
        "evidence": window.evidence,
    }


def row_of(answer: Answer) -> dict[str, object]:
    """A detector's answer under the contract's keys; times stay times."""
    row = _desync(answer) if isinstance(answer, Desync) else {f.name: getattr(answer, f.name) for f in fields(answer)}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in row.items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value
