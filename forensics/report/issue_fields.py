"""The fields of OpenClaw's bug form, filled with what the evidence tells and nothing else.

Labels as in `.github/ISSUE_TEMPLATE/bug_report.yml` of openclaw/openclaw, in its order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from forensics.incidents.incident import Incident
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.report.escapes import code, prose
from forensics.report.text.case_verdict import verdict_in_words
from forensics.report.text.impact import what_it_cost, when_noticed
from forensics.report.text.incident import how_filed, said_in_short
from forensics.report.text.until_when import until_when
from forensics.text import between, counted

if TYPE_CHECKING:
    from forensics.case import Case

NOT_TOLD = "not in the evidence"
_MOST = 8  # names in one line


def bug_type(case: Case) -> list[str]:
    """Only a wrong record is OpenClaw's own fault for sure."""
    if any(incident.misfiled for incident in case.incidents):
        return ["Behavior bug (incorrect output/state without crash)"]
    return [f"{NOT_TOLD}: no failure was recorded under a wrong reason"]


def summary(case: Case) -> list[str]:
    """One sentence on the first incident, and how many more there are."""
    if not case.incidents:
        return [prose(verdict_in_words(case))]
    more = len(case.incidents) - 1
    others = f" After it {counted(more, 'more incident')}, see below." if more else ""
    return [f"{prose(case.headline_first[0].sentence)}{others}"]


def steps(case: Case) -> list[str]:
    """What came before the first failure, as it was seen."""
    if not case.incidents:
        return [NOT_TOLD]
    incident = case.headline_first[0]
    failure = incident.first_failure
    model = f" with the model {code(failure.model)}" if failure.model else ""
    whose = f" and the credential {code(failure.profile)}" if failure.profile else ""
    filed = " and ".join(code(reason) for reason in incident.recorded_reasons)
    return [
        "Seen in the evidence, not tried again:",
        "",
        f"1. Let OpenClaw {_releases(case)} call {code(incident.provider)}{model}{whose}.",
        f"2. Let the provider answer: {prose(said_in_short(failure).rstrip('.'))}.",
        f"3. See it recorded as {filed}." if filed else "3. See no reason recorded for it.",
    ]


def expected(case: Case) -> list[str]:
    """Known only where something was recorded under a wrong reason."""
    wrong = [incident for incident in case.incidents if incident.misfiled]
    lines = [
        f"- {incident.id} is recorded as {code(incident.true_reason)}, as its answer says, and not as "
        f"{' or '.join(code(reason) for reason in incident.misfiled)}."
        for incident in wrong[:_MOST]
    ]
    return lines or [NOT_TOLD]


def actual(case: Case) -> list[str]:
    """What was recorded instead, what it kept from being used, and until when."""
    if not case.incidents:
        return ["Every call that the evidence shows was answered, or a retry of it was."]
    incident, now = case.headline_first[0], case.now or datetime.max.replace(tzinfo=UTC)
    filed = how_filed(incident, case.release.at(incident.start))
    failed = f"{counted(incident.failures, 'call')} really failed; the gateway itself refused {incident.echoes}"
    windows = f"{counted(len(incident.windows), 'window')} in which a credential was not used"
    return [
        *([f"- {prose(filed)}"] if filed else []),
        f"- {failed}; {windows}.",
        f"- {prose(until_when(incident, now))}",
    ]


def version(case: Case) -> list[str]:
    """The releases that the evidence names; else the stretch it fits, marked as a guess."""
    if case.releases:
        return [_releases(case)]
    return [f"{NOT_TOLD}; it {prose(case.release.basis)}"]


def _releases(case: Case) -> str:
    return ", ".join(code(release) for release in case.releases) or "(release not known)"


def unknown(case: Case) -> list[str]:
    """What no file of OpenClaw tells."""
    return [NOT_TOLD]


def model(case: Case) -> list[str]:
    """The models that failed; where none did, the configured one."""
    names = [f"{i.provider}/{m}" for i in case.incidents for m in i.models] or [*_configured(case)][:1]
    return [_listed(names) or NOT_TOLD]


def routing(case: Case) -> list[str]:
    """The configured chain of models, primary first; else the providers that were called, in no order."""
    if chain := [*_configured(case)]:
        return [" → ".join(["openclaw", *(code(name) for name in chain[:_MOST])])]
    called = [incident.provider for incident in case.incidents]
    return [f"openclaw → {_listed(called)}, and no chain in the evidence"] if called else [NOT_TOLD]


def setup(case: Case) -> list[str]:
    """The credentials of each provider, in the order OpenClaw tries them."""
    types = {row.profile: row.type for row in case.timeline.credentials}
    lines = [
        f"- {code(provider)}: {', '.join(_credential(name, types.get(name)) for name in names[:_MOST])}"
        for provider, names in sorted(case.profiles.by_provider.items())
        if names
    ]
    return [*lines[:_MOST]] or [NOT_TOLD]


def _credential(name: str, kind: str | None) -> str:
    return f"{code(name)} ({code(kind)})" if kind else code(name)


def impact(case: Case) -> list[str]:
    """Counted, not judged."""
    if not case.incidents:
        return ["None."]
    return [
        f"- Affected: {_affected(case.incidents)}",
        f"- Severity: {_out_of_use(case)}",
        f"- Frequency: {_often(case.incidents)}",
        *(f"- Consequence of {i.id}: {prose(what_it_cost(i))} {prose(when_noticed(i))}" for i in case.incidents[:3]),
    ]


def _affected(incidents: Sequence[Incident]) -> str:
    agents = {agent for incident in incidents for agent in incident.agents}
    known = [incident.impact.sessions for incident in incidents if incident.impact.sessions is not None]
    sessions = counted(sum(known), "session") if known else "which sessions is not in the evidence"
    return f"{counted(len(agents), 'agent')}, {sessions}"


def _often(incidents: Sequence[Incident]) -> str:
    calls, echoes = sum(i.failures for i in incidents), sum(i.echoes for i in incidents)
    failed = f"{counted(calls, 'call')} that really failed, {counted(echoes, 'refusal')} of the gateway itself"
    return f"{counted(len(incidents), 'incident')}, {failed}"


def _out_of_use(case: Case) -> str:
    now = case.now or datetime.max.replace(tzinfo=UTC)
    longest = max(case.incidents, key=lambda i: (i.end or now) - i.began)
    over = "" if longest.end else ", and it is not over"
    return f"{code(longest.provider)} did not answer for {between(longest.began, longest.end or now)}{over}"


def _configured(case: Case) -> Iterator[str]:
    """Primary model, then the fallbacks."""
    records = case.timeline.records
    statuses = records.of(ModelsStatus)
    primary = records.config.primary or next((s.default_model for s in reversed(statuses) if s.default_model), None)
    yield from [primary] if primary else []
    yield from records.config.fallbacks or next((s.fallbacks for s in reversed(statuses) if s.fallbacks), ())


def _listed(names: list[str]) -> str:
    once = list(dict.fromkeys(names))
    more = f" and {len(once) - _MOST} more" if len(once) > _MOST else ""
    return ", ".join(code(name) for name in once[:_MOST]) + more


FIELDS = {
    "Bug type": bug_type,
    "Summary": summary,
    "Steps to reproduce": steps,
    "Expected behavior": expected,
    "Actual behavior": actual,
    "OpenClaw version": version,
    "Operating system": unknown,
    "Install method": unknown,
    "Model": model,
    "Provider / routing chain": routing,
    "Additional provider/model setup details": setup,
    "Impact and severity": impact,
}
"""Label -> the lines of its answer; logs and additional information are written by `issue_text`."""
