"""The tables a report shows to people: few columns, times in UTC, every row with its place in the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl
from great_tables import GT, loc, style

from forensics.incidents.incident import FirstFailure, Incident
from forensics.report.answer_card import MOST_TOLD, with_code
from forensics.report.text.incident import cause_in_words, headline, not_ended
from forensics.tables import Window
from forensics.text import between, clip, clock, counted, duration, visible_lines

if TYPE_CHECKING:
    from forensics.case import Case

_MOST_ROWS = 60
_MOST_PLACES = 6
_SAID = 300  # characters of evidence text in a cell
_PLACES = ("Where", "About", "Opened by", "File", "Evidence")
_ADVICE = "What to do"
_SHORT = (
    "UTC",
    "From",
    "Until",
    "Length",
    "Kind",
    "Role",
    "Question",
    "Credential",
    "Truly",
    "Recorded as",
    "In",
    "Reason",
    "Verdict",
    "Releases",
)

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Shown:
    """Tables one below the other, as a notebook shows them."""

    title: str
    tables: tuple[GT, ...] = field(repr=False)
    left_out: int = 0  # incidents that are not told here

    def _repr_html_(self) -> str:
        shown = [table.as_raw_html() for table in self.tables] or [f"<p>{self.title}: nothing to show.</p>"]
        more = [f"<p>and {counted(self.left_out, 'more incident')} in triage.json</p>"] if self.left_out else []
        return "\n".join([*shown, *more])


def for_each(title: str, incidents: Sequence[Incident], make: Callable[[Incident], GT]) -> Shown:
    """One table per incident, for the first of them; it says how many it leaves out."""
    told = incidents[:MOST_TOLD]
    return Shown(title, tuple(make(incident) for incident in told), len(incidents) - len(told))


def incidents(case: Case) -> Shown:
    """One row per incident: what it truly was, and what OpenClaw called it."""
    rows = [
        {
            "": incident.id,
            "Provider": incident.provider,
            "From": _time(incident.start),
            "Until": _time(incident.end) or not_ended(incident),
            "Truly": f"{incident.true_reason}: {cause_in_words(incident)}",
            "Recorded as": ", ".join(incident.recorded_reasons) or "nothing",
            "Failures": incident.failures,
            "Echoes": incident.echoes,
        }
        for incident in case.incidents
    ]
    return shown("incidents", "Incidents", rows)


def chains(case: Case) -> Shown:
    """One table per incident, from the last good answer over the first failure to the recovery."""
    return for_each("How it went", case.incidents, _chain)


def _chain(incident: Incident) -> GT:
    rows = [
        {"UTC": _time(link.time), "": link.role, "What": clip(link.text, _SAID), "Where": link.source}
        for link in incident.chain
    ]
    return table(f"chain-{incident.id}", f"{incident.id}: {headline(incident)}", rows)


def first_failures(case: Case) -> Shown:
    """One table per incident on its first failure: who, when, the provider's words, and why it is the first."""
    return for_each("The first failures", case.incidents, _first_failure)


def _first_failure(incident: Incident) -> GT:
    failure = incident.first_failure
    known = {
        "Call began": f"{_time(failure.time)} UTC, known from the {failure.time_basis}",
        "Credential": failure.profile or "not known",
        "Model": failure.model or "not known",
        "Answer": _answer(failure),
        "In the provider's words": failure.text or "not in the evidence",
        "Truly": f"{incident.true_reason}: {cause_in_words(incident)}; a matter of the {incident.owner}",
        "Recorded as": f"{', '.join(incident.recorded_reasons) or 'nothing'} ({incident.verdict})",
        "Confidence": f"{failure.confidence}. {failure.why}",
        "Where": _places(failure),
        "Could also be": "\n".join(_alternative(other) for other in failure.alternatives) or "nothing else seen",
        "Not in the evidence": "; ".join(incident.missing) or "nothing that was looked for",
    }
    rows = [{"": name, "What is known": value} for name, value in known.items()]
    return table(f"first-{incident.id}", f"{incident.id}: the first failure", rows)


def _places(failure: FirstFailure) -> str:
    places = failure.sources or (failure.source,)
    more = f"\nand {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    return "\n".join(places[:_MOST_PLACES]) + more


def _answer(failure: FirstFailure) -> str:
    status = f"HTTP {failure.http_status}" if failure.http_status else "no HTTP status"
    return f"{status}, {failure.error_type or 'no error type'}"


def _alternative(failure: FirstFailure) -> str:
    return f"{_time(failure.time)} {failure.profile or ''} {_answer(failure)} at {failure.source}"


def costs(case: Case) -> Shown:
    """One row per incident: who got no answer, for how long, and when that could first be noticed."""
    return shown("costs", "What it cost", [_cost(incident) for incident in case.incidents])


def _cost(incident: Incident) -> Row:
    impact, notice = incident.impact, incident.impact.notice
    messages = impact.messages_unanswered
    return {
        "": incident.id,
        "Messages unanswered": "not known" if messages is None else str(messages),
        "Runs failed": impact.runs_failed,
        "By channel": "\n".join(f"{share.name}: {share.runs_failed}" for share in impact.channels) or "none",
        "By agent": "\n".join(f"{share.name or 'not known'}: {share.runs_failed}" for share in impact.agents) or "none",
        "Longest silence": duration(impact.longest_silence_s),
        "Could first be noticed": f"{_time(notice.time)}: {notice.sign}" if notice else "no sign of it",
        "Where": notice.source if notice else "",
    }


def windows(case: Case) -> Shown:
    """One row per window in which OpenClaw would not use a credential."""
    return shown("windows", "Windows", [_window(window) for window in case.window_rows])


def _window(window: Window) -> Row:
    longer = f", prolonged {window.prolonged}×" if window.prolonged else ""
    return {
        "Credential": " · ".join(part for part in (window.agent, window.profile or window.provider) if part),
        "Kind": window.kind + (f" for {window.model}" if window.model else ""),
        "From": _time(window.start),
        "Until": _time(window.end) or "not known",
        "Length": (between(window.start, window.end) if window.end else "") + longer,
        "Recorded as": window.reason_recorded or "",
        "Start": window.start_basis,
        "Opened by": window.opened_by,
    }


def findings(case: Case) -> Shown:
    """One row per answer of a detector, with its remedy and its places in the evidence."""
    rows = [
        {
            "Question": finding.detector,
            "Severity": finding.severity,
            "Confidence": finding.confidence,
            "Answer": clip(finding.summary, _SAID),
            "What to do": finding.remedy or "",
            "Evidence": "\n".join(place for place in finding.evidence[:5]),
        }
        for finding in case.answers.findings
    ]
    return shown("findings", "What else is wrong", rows)


def checks(case: Case) -> Shown:
    """One row per question that was asked: could not look is not found nothing."""
    rows = [
        {
            "Question": check.detector,
            "Looked at": check.looked_at,
            "Answer": counted(check.findings, "finding") if check.status == "ran" else "could not look: no input",
        }
        for check in case.answers.checks
    ]
    return shown("checks", "What was asked", rows)


def files(case: Case) -> Shown:
    """One row per evidence file; lines = events + continuations + other + rejects."""
    rows = [
        {
            "File": file.path,
            "Kind": file.kind,
            "Release": file.release or "",
            "Lines": file.lines,
            "Events": file.events,
            "Continued": file.continuations,
            "Other": file.other,
            "Rejects": file.rejects,
            "From": _time(file.first_time),
            "Until": _time(file.last_time),
        }
        for file in case.timeline.files
    ]
    return shown("files", "Files", rows)


def rejects(case: Case) -> Shown:
    """One row per line or record that could not be read, and why."""
    rows = [
        {
            "Where": f"{reject.source}:{reject.line}" if reject.line else reject.source,
            "Why": reject.why,
            "Lines": reject.lines,
            "It begins": clip(reject.text, 120),
        }
        for reject in case.timeline.rejects
    ]
    return shown("rejects", "What could not be read", rows)


def notes(case: Case) -> Shown:
    """One row per note that people wrote about the case; actions first. Nothing at all where there is none."""
    rows = [
        {"UTC": _time(note.time), "Tag": note.tag, "About": note.about, "Note": note.text}
        for note in sorted(case.notes, key=lambda note: note.tag != "action")
    ]
    return shown("notes", "Notes and action items", rows) if rows else Shown("Notes", ())


def events(case: Case, *roles: str) -> Shown:
    """The events of some roles (see `tables.ROLES`), in order of time; all where none is named."""
    rows = [
        {
            "UTC": _time(event.time),
            "Kind": event.kind,
            "Role": event.role,
            "Credential": event.profile or event.profile_hash or event.provider or "",
            "Recorded as": event.recorded_reason or "",
            "Said": clip(event.text, 160),
            "Where": f"{event.source}:{event.line}",
        }
        for event in case.timeline.events
        if not roles or event.role in roles
    ]
    return shown("events", f"Events: {', '.join(roles) or 'all'}", rows)


def _time(time: datetime | None) -> str:
    return clock(time) if time else ""


def shown(name: str, title: str, rows: Sequence[Row]) -> Shown:
    """Rows as the only table of a cell; see `table`."""
    return Shown(title, (table(name, title, rows),))


def table(name: str, title: str, rows: Sequence[Row]) -> GT:
    """A table with a fixed id (the same evidence gives the same bytes); long ones are cut and say so."""
    if not rows:
        return GT(pl.DataFrame({"": ["none"]}), id=name).tab_header(title)
    frame = pl.DataFrame([{name: _visible(value) for name, value in row.items()} for row in rows[:_MOST_ROWS]])
    made = GT(frame, id=name).tab_header(title).tab_options(table_width="100%", table_font_size="13px")
    words = frame.select(pl.selectors.string()).columns  # said here as well: sanitisers drop a table's style sheet
    left = [loc.header(), loc.column_labels(columns=words), loc.body(columns=words)]
    made = made.tab_style(style.text(align="left"), left)
    made = _set(made, frame, _PLACES, style.text(font="monospace", size="11px"))
    made = _set(made, frame, _SHORT, style.css("white-space: nowrap"))
    if _ADVICE in frame.columns:
        made = made.fmt(with_code, columns=[_ADVICE])
    more = len(rows) - len(frame)
    return made.tab_source_note(f"and {more} more in the tables of the case") if more else made


def _visible(value: object) -> object:
    return visible_lines(value) if isinstance(value, str) else value


def _set(table: GT, frame: pl.DataFrame, names: Sequence[str], how: style.css | style.text) -> GT:
    columns = [name for name in names if name in frame.columns]
    return table.tab_style(how, loc.body(columns=columns)) if columns else table
