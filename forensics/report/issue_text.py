"""report.md: an issue for OpenClaw's tracker that says the cause first, fills its form, and pings nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.errors import ReportError
from forensics.incidents.incident import Incident
from forensics.remediation.plan import Plan
from forensics.report.escapes import code, fenced, in_summary, prose, row, table
from forensics.report.gantt import gantt
from forensics.report.issue_fields import FIELDS, NOT_TOLD
from forensics.report.text.basis import evidence_line, not_read
from forensics.report.text.case_verdict import verdict_in_words
from forensics.report.text.incident import headline, known_issues
from forensics.tables import File
from forensics.text import clock, counted, shorten_middle

if TYPE_CHECKING:
    from forensics.case import Case

LIMIT = 60_000  # characters; GitHub takes 65,536
_FULL = 3  # incidents whose plan is told
_PLACE = 110  # characters of a place in the evidence


@dataclass(frozen=True, slots=True)
class _Detail:
    """How much is told: incidents that are folded away, rows of a table, characters of one saying."""

    folded: int
    rows: int
    said: int


_DETAILS = (
    _Detail(60, 80, 300), _Detail(30, 60, 300), _Detail(15, 60, 240), _Detail(8, 40, 240), _Detail(4, 40, 200),
    _Detail(2, 25, 160), _Detail(0, 12, 120), _Detail(0, 4, 80),
)  # fmt: skip


def subject_of(case: Case, name: str | None = None) -> Incident | None:
    """What an issue is about: the incident of that name, else the first that was filed wrongly, else the first."""
    shown = case.headline_first
    if name is not None:
        return next(incident for incident in shown if incident.id == name)
    return next((incident for incident in shown if incident.misfiled), next(iter(shown), None))


def issue_text(case: Case, removed: Mapping[str, int], version: str, name: str | None = None) -> str:
    """The Markdown of a redacted case, with as much detail as fits into an issue. It says what it leaves out.

    `removed`: how many things of each class the redaction took out; `version`: of this tool; `name`: the incident
    it is about (see `subject_of`). At most sixty lines of it are not folded.
    """
    subject = subject_of(case, name)
    drafts = ("\n".join(_document(case, subject, removed, version, detail)) + "\n" for detail in _DETAILS)
    fitting = next((draft for draft in drafts if len(draft) <= LIMIT), None)
    if fitting is None:
        raise ReportError(f"report.md: even the shortest form is longer than {LIMIT} characters")
    return fitting


def _document(
    case: Case, subject: Incident | None, removed: Mapping[str, int], version: str, detail: _Detail
) -> Iterator[str]:
    yield from _head(case, subject, version)
    for label, fill in FIELDS.items():
        if label == "Impact and severity":
            yield from _section("Logs, screenshots, and evidence", _logs(case, subject, detail))
        yield from _section(label, fill(case, subject))
    gaps = not_read(case)
    yield from _section("Additional information", [prose(gaps) if gaps else "What else the evidence tells:"])
    yield from _folded("Known issues", _known(case))
    yield from _folded("What to do", _to_do(case, subject, detail))
    yield from _folded("What else was found", _findings(case, detail))
    yield from _folded("What was looked for", _checks(case))
    yield from _folded("The evidence", _hashes(case.timeline.files, detail))
    yield from _folded("What was removed", [_removed(removed)])


def _head(case: Case, subject: Incident | None, version: str) -> Iterator[str]:
    if subject:
        yield f"**Cause:** {prose(subject.sentence)}"
    else:
        head, colon, more = verdict_in_words(case).partition(":")
        yield f"**{prose(head)}{colon}** {prose(more.strip())}".strip()
    yield ""
    yield f"Evidence: {prose(evidence_line(case))}. Written by openclaw-forensics {code(version)}; all times are UTC."
    yield ""


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    body = list(lines)
    yield from (f"### {title}", "", *body, *([""] if body else []))


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A part of the last field behind its title; nothing at all where it has no lines."""
    body = list(lines)
    if body:
        yield from ("<details>", f"<summary>{title}</summary>", "", *body, "", "</details>", "")


def _logs(case: Case, subject: Incident | None, detail: _Detail) -> Iterator[str]:
    if subject is None:
        yield "No window, and no failure to draw."
        return
    if subject.first_failure.text:
        yield from (*fenced([subject.first_failure.text[: 2 * detail.said]], "text"), "")
    yield from _folded("The timeline", gantt(case, detail.rows // 2))
    others = [incident for incident in case.headline_first if incident is not subject]
    shown = [subject, *others][: 1 + detail.folded]
    for incident in shown:
        summary = f"<summary>{incident.id}: {in_summary(headline(incident))}</summary>"
        yield from ("<details>", summary, "", *_story(incident, detail), "", "</details>", "")
    if more := len(case.incidents) - len(shown):
        yield from (f"{counted(more, 'more incident')} left out to fit an issue; all of them are in `triage.json`.", "")


def _story(incident: Incident, detail: _Detail) -> Iterator[str]:
    """The chain from the last good answer to the recovery."""
    links = (
        (clock(link.time), link.role, prose(link.text, detail.said), _place(link.source)) for link in incident.chain
    )
    yield from table(("UTC", "What", "Said", "Where"), links)


def _place(source: str) -> str:
    return code(shorten_middle(source, _PLACE))


def _checks(case: Case) -> Iterator[str]:
    rows = (
        (
            code(check.detector),
            check.looked_at,
            counted(check.findings, "finding") if check.status == "ran" else "could not look: no input",
        )
        for check in case.answers.checks
    )
    yield from table(("Question", "Looked at", "Answer"), rows)


def _findings(case: Case, detail: _Detail) -> Iterator[str]:
    findings = case.answers.findings
    shown = findings[: detail.rows // 2]
    for finding in shown:
        where = ", ".join(_place(place) for place in finding.evidence[:2])
        yield f"- {code(finding.detector)}, {finding.severity}: {prose(finding.summary, detail.said)} {where}".rstrip()
    if more := len(findings) - len(shown):
        yield f"- and {more} more in `tables/findings.csv`"


def _to_do(case: Case, subject: Incident | None, detail: _Detail) -> Iterator[str]:
    others = [incident for incident in case.headline_first if incident is not subject]
    for number, incident in enumerate([*([subject] if subject else []), *others][:_FULL]):
        if number or len(case.incidents) > 1:
            yield from (*([""] if number else []), f"**{incident.id}:**", "")
        plan = case.plans.get(incident.id, Plan.of(incident.remedy))
        yield from (f"{n}. {prose(step, 3 * detail.said)}" for n, step in enumerate(plan.steps, 1))
        yield from _list("Does not help", plan.does_not_help, detail)
        yield from _list("Do not touch", plan.do_not_touch, detail)
        yield from _list("It worked when", plan.check, detail)


def _list(title: str, sentences: Sequence[str], detail: _Detail) -> Iterator[str]:
    if sentences:
        yield from ("", f"{title}:", "", *(f"- {prose(sentence, 3 * detail.said)}" for sentence in sentences))


def _known(case: Case) -> list[str]:
    """Issues of OpenClaw's own tracker, from the tables of this tool and not from the evidence."""
    numbers = [n for incident in case.incidents for n in known_issues(incident, case.release.at(incident.start))]
    return [f"- openclaw/openclaw{number}" for number in dict.fromkeys(numbers)]


def _hashes(files: Sequence[File], detail: _Detail) -> Iterator[str]:
    yield f"{counted(len(files), 'file')}, hashed before anything was removed."
    yield ""
    rows = (
        (_place(file.path), code(file.kind), str(file.bytes), f"`{file.sha256}`" if file.sha256 else NOT_TOLD)
        for file in files[: detail.rows]
    )
    yield from table(("File", "Kind", "Bytes", "SHA-256"), rows)
    if more := len(files) - detail.rows:
        yield from ([f"{row(('…', '', '', f'and {more} more in `tables/files.csv`'))}"] if more > 0 else [])


def _removed(removed: Mapping[str, int]) -> str:
    parts = [f"{kind}: {count}" for kind, count in sorted(removed.items()) if count]
    if not parts:
        return "Nothing had to be removed: no secret and no person was found."
    return f"Replaced by stand-ins, the same one wherever the same thing stood. {'; '.join(parts)}."
