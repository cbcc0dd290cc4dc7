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
from forensics.report.text.incident import headline, how_filed, said_in_short
from forensics.report.text.until_when import until_when
from forensics.text import between, counted

if TYPE_CHECKING:
    from forensics.case import Case

NOT_TOLD = "not in the evidence"
TO_FILL_IN = f"**To fill in**, {NOT_TOLD}"  # of a field that the form requires
_MOST = 8  # names in one line


def bug_type(case: Case, subject: Incident | None) -> list[str]:
    """Only a wrong record is OpenClaw's own fault for sure."""
    if subject and subject.misfiled:
        return ["Behavior bug (incorrect output/state without crash)"]
    return [f"{TO_FILL_IN}: no failure was recorded under a wrong reason"]


def summary(case: Case, subject: Incident | None) -> list[str]:
    """One sentence on the incident, and how many more there are."""
    if subject is None:
        return [prose(verdict_in_words(case))]
    more = len(case.incidents) - 1
    others = f" Beside it {counted(more, 'more incident')}, see below." if more else ""
    return [f"{prose(headline(subject))}.{others}"]


def steps(case: Case, subject: Incident | None) -> list[str]:
    """What came before the first failure, as it was seen."""
    if subject is None:
        return [TO_FILL_IN]
    incident = subject
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


def expected(case: Case, subject: Incident | None) -> list[str]:
    """Known only where something was recorded under a wrong reason."""
    if subject is None or not subject.misfiled:
        return [TO_FILL_IN]
    wrong = " or ".join(code(reason) for reason in subject.misfiled[:_MOST])
    return [f"{subject.id} is recorded as {code(subject.true_reason)}, as its answer says, and not as {wrong}."]


def actual(case: Case, subject: Incident | None) -> list[str]:
    """What was recorded instead, what it kept from being used, and until when."""
    if subject is None:
        return ["Every call that the evidence shows was answered, or a retry of it was."]
    incident, now = subject, case.now or datetime.max.replace(tzinfo=UTC)
    filed = how_filed(incident, case.release.at(incident.start))
    failed = f"{counted(incident.failures, 'call')} really failed; the gateway itself refused {incident.echoes}"
    windows = f"{counted(len(incident.windows), 'window')} in which a credential was not used"
    return [
        *([f"- {prose(filed)}"] if filed else []),
        f"- {failed}; {windows}.",
        f"- {prose(until_when(incident, now))}",
    ]


def version(case: Case, subject: Incident | None) -> list[str]:
    """The releases that the evidence names; else the stretch it fits, marked as a guess."""
    if case.releases:
        return [_releases(case)]
    return [f"{TO_FILL_IN}; it {prose(case.release.basis)}"]


def _releases(case: Case) -> str:
    return ", ".join(code(release) for release in case.releases) or "(release not known)"


def unknown(case: Case, subject: Incident | None) -> list[str]:
    """What no file of OpenClaw tells, and the form can do without."""
    return [NOT_TOLD]


def required(case: Case, subject: Incident | None) -> list[str]:
    """What no file of OpenClaw tells, and the form requires."""
    return [TO_FILL_IN]


def model(case: Case, subject: Incident | None) -> list[str]:
    """The models that failed; where none did, the configured one."""
    names = [f"{i.provider}/{m}" for i in case.incidents for m in i.models] or [*_configured(case)][:1]
    return [_listed(names) or NOT_TOLD]


def routing(case: Case, subject: Incident | None) -> list[str]:
    """The configured chain of models, primary first; else the providers that were called, in no order."""
    if chain := [*_configured(case)]:
        return [" → ".join(["openclaw", *(code(name) for name in chain[:_MOST])])]
    called = [incident.provider for incident in case.incidents]
    return [f"openclaw → {_listed(called)}, and no chain in the evidence"] if called else [NOT_TOLD]


def setup(case: Case, subject: Incident | None) -> list[str]:
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


def impact(case: Case, subject: Incident | None) -> list[str]:
    """Counted, not judged."""
    if subject is None:
        return ["None."]
    return [
        f"- Affected: {_affected(case.incidents)}",
        f"- Severity: {_out_of_use(case)}",
        f"- Frequency: {_often(case.incidents)}",
        f"- Consequence of {subject.id}: {prose(what_it_cost(subject))} {prose(when_noticed(subject))}",
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
    over = longest.end is None
    lasted = between(longest.began, longest.end or now)
    until = "the end of the evidence, and it is not over" if over else "the answer that ended it"
    return f"{lasted} from the first failure of {code(longest.provider)} to {until}"


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
    "Operating system": required,
    "Install method": unknown,
    "Model": model,
    "Provider / routing chain": routing,
    "Additional provider/model setup details": setup,
    "Impact and severity": impact,
}
"""Label -> the lines of its answer; logs and additional information are written by `issue_text`."""


def to_fill_in(case: Case, subject: Incident | None) -> tuple[str, ...]:
    """The labels of the fields that the form requires and the evidence leaves open."""
    return tuple(label for label, fill in FIELDS.items() if any(TO_FILL_IN in line for line in fill(case, subject)))
