"""The answer in a terminal: the state and what to do first, then the cost, what happened, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from rich.text import Text

from forensics.incidents.incident import Incident
from forensics.incidents.state import is_over
from forensics.remediation.plan import Plan
from forensics.report.terminal.chain import chain
from forensics.report.terminal.findings import findings
from forensics.report.terminal.grounds import clients, drift, grounds
from forensics.report.terminal.head import first_steps, head, in_a_line, other_open
from forensics.report.terminal.layout import NARROWEST, WIDEST, Line, height, section, wrapped
from forensics.report.terminal.steps import command, numbered, steps_of
from forensics.report.text.case_verdict import verdict_in_words
from forensics.report.text.impact import what_it_cost, when_noticed
from forensics.report.text.incident import counted_in_stores, fallbacks_left_out, how_filed
from forensics.report.text.until_when import until_when
from forensics.text import visible

if TYPE_CHECKING:
    from forensics.case import Case

_SCREEN = 56  # lines; the chain takes what the rest leaves, the report has all of it
_MOST_REMEDIES = 3


def page(case: Case, width: int = 100, *, evidence: Sequence[str] = (), zone: tzinfo = UTC) -> Text:
    """The page as rich text (no markup is read from it), wrapped to 80 to 120 columns. `.plain` is its text.

    Commands are longer than that where they must be. `evidence`: the paths as they were given, for the commands
    that the page names; `zone`: of the times of what happened.
    """
    columns = min(max(width, NARROWEST), WIDEST)
    parts = _incidents(case, columns, evidence, zone) if case.incidents else _without_incident(case, columns, evidence)
    lines = [*parts, *_last(evidence)]
    return Text("\n").join(Text(visible(line.words), style=line.style) for line in lines)


def _last(evidence: Sequence[str]) -> Iterator[Line]:
    yield from (Line(""), Line("Everything, with the picture, as one file for the browser:"))
    yield Line(command("report", evidence), "bold")


def _without_incident(case: Case, columns: int, evidence: Sequence[str]) -> Iterator[Line]:
    yield from wrapped(f"{case.verdict.state.upper()}: {verdict_in_words(case)}", columns, style="bold")
    yield from clients(case, columns)
    yield from findings(case, columns, command("triage", evidence, "--json"))
    yield from section("What to do", _remedies(case, columns))
    yield from section("What this rests on", grounds(case, columns))
    yield from drift(case, columns)


def _incidents(case: Case, columns: int, evidence: Sequence[str], zone: tzinfo) -> Iterator[Line]:
    first, *others = case.headline_first
    now = case.now or datetime.max.replace(tzinfo=UTC)
    fix = command("fix", evidence, first.id)
    above = head(case, first, now, columns)
    do_now = list(first_steps(case, first, above, now, columns, fix))
    before = [*above, *do_now, *_others(case, others, now, columns, evidence)]
    after = [
        *_plan(case, first, do_now[1:], columns, fix),
        *section("Until when", wrapped(until_when(first, now), columns, indent="  ")),
        *section("What it cost", _cost(first, columns)),
    ]
    below = [
        *findings(case, columns, command("triage", evidence, "--json")),
        *clients(case, columns),
        *section("What this rests on", [*_first_failure(case, first, columns), *grounds(case, columns)]),
        *drift(case, columns),
    ]
    rows = _SCREEN - sum(height(part, columns) for part in (before, after, below)) - 2
    title = f"What happened ({'UTC' if zone is UTC else 'times of this machine'})"
    yield from (*before, *after, *section(title, chain(first, rows, columns, zone)), *below)


def _others(
    case: Case, others: Sequence[Incident], now: datetime, columns: int, evidence: Sequence[str]
) -> Iterator[Line]:
    """Each that is open with its first steps, then what is over in a line each."""
    still_open = [incident for incident in others if not is_over(incident, now)]
    for incident in still_open:
        yield from other_open(case, incident, now, columns, command("fix", evidence, incident.id))
    ended = [in_a_line(incident, columns) for incident in others if is_over(incident, now)]
    yield from section("Also, and over", ended)


def _plan(case: Case, incident: Incident, above: Sequence[Line], columns: int, fix: str) -> Iterator[Line]:
    """Every step where `above` has not all of them, then what does not help, and how it shows that it worked."""
    steps = [line for lines in numbered(steps_of(case, incident), columns, fix) for line in lines]
    if not steps:
        return
    plan = case.plans.get(incident.id, Plan())
    sentences = [f"Does not help: {sentence}" for sentence in plan.does_not_help[:1]]
    sentences += [f"It worked when {sentence}" for sentence in plan.check[:1]]
    beside = [line for words in sentences for line in wrapped(words, columns, indent="  - ", hang="    ")]
    yield from section("Besides", beside) if steps == above else section("The plan in full", [*steps, *beside])


def _cost(incident: Incident, columns: int) -> Iterator[Line]:
    yield from wrapped(what_it_cost(incident), columns, indent="  ")
    yield from wrapped(when_noticed(incident), columns, indent="  ")


def _first_failure(case: Case, incident: Incident, columns: int) -> Iterator[Line]:
    """Where the answer stands, why it is taken for the first, and what else the evidence says of the cause."""
    failure = incident.first_failure
    yield Line("  The first failure stands in", "")
    yield Line(f"      {visible(failure.source)}", "dim")
    sentences: Iterable[str | None] = (
        failure.why,
        how_filed(incident, case.release.at(incident.start)),
        counted_in_stores(incident),
        fallbacks_left_out(incident),
        incident.because,
    )
    for sentence in sentences:
        yield from wrapped(sentence or "", columns, indent="  ")


def _remedies(case: Case, columns: int) -> Iterator[Line]:
    """What to do about findings, where no incident has a plan that says it."""
    told = (f.remedy for f in case.answers.findings if f.remedy and f.severity in ("high", "medium"))
    plan = Plan.of(tuple(dict.fromkeys(told))[:_MOST_REMEDIES])
    for lines in numbered(plan.actions, columns, ""):
        yield from lines
