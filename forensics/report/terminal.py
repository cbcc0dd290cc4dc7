"""The answer on one calm screen: the sentence first, the chain with its places, until when, what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from forensics.incidents.incident import Incident
from forensics.openclaw.releases import NEWEST_KNOWN
from forensics.parsers.logs.templates.template import LOUD
from forensics.parsers.unknown_records import are_many, unknown_in_words
from forensics.report.text.case_verdict import refusals_in_words, verdict_in_words
from forensics.report.text.impact import what_it_cost, when_noticed
from forensics.report.text.incident import (
    asked_about,
    counted_in_stores,
    headline,
    how_filed,
    literally,
    looked_at,
    not_read,
    said_in_short,
    until_when,
)
from forensics.text import clip, clock, counted, visible

if TYPE_CHECKING:
    from forensics.case import Case
    from forensics.incidents.causal_chain import Link

NARROWEST, WIDEST = 80, 120
_MOST_FINDINGS = 4
_FINDING_ROWS = 6
_SEVERITIES = ("high", "medium", "low", "info")
_MOST_REMEDIES = 3
_MOST_SHAPES = 5
_ROLE = 9  # columns of a link's role
_SCREEN = 40  # lines; the chain takes what the rest leaves, the report has all of it
_FEWEST_LINKS = 5
_FIRST_SHOWN = ("failure", "recovery", "window", "echo", "answer")
_LEAST_WORDS = 36  # columns of words that are worth standing beside their place


class Line(NamedTuple):
    """One line of the page and how it is set; its words alone must be enough to understand it."""

    words: str
    style: str = ""


def page(case: Case, width: int = 100) -> Text:
    """The page as rich text (no markup is read from it), wrapped to 80 to 120 columns. `.plain` is its text."""
    columns = min(max(width, NARROWEST), WIDEST)
    lines = _incidents(case, columns) if case.incidents else _healthy(case, columns)
    return Text("\n").join(Text(visible(line.words), style=line.style) for line in lines)


def _healthy(case: Case, columns: int) -> Iterator[Line]:
    yield from _wrapped(verdict_in_words(case), columns, style="bold")
    yield from _wrapped(looked_at(case), columns)
    yield from _wrapped(asked_about(case) or "", columns)
    yield from _refused_clients(case, columns)
    yield from _findings(case, columns)
    yield from _section("What to do", _numbered(_remedies(case), columns))
    yield from _gaps(case, columns)
    yield from _drift(case, columns)


def _refused_clients(case: Case, columns: int) -> Iterator[Line]:
    """Whom the gateway itself turned away, and what to do about it; where it is not the answer, in words too."""
    refusals = case.client_refusals
    if not refusals:
        return
    words = [] if case.verdict.verdict == "client refused" else [refusals_in_words(refusals)]
    cures = dict.fromkeys(refusal.cure for refusal in refusals)
    lines = (line for sentence in (*words, *cures) for line in _wrapped(sentence, columns, indent="  "))
    yield from _section("Clients turned away", lines)


def _incidents(case: Case, columns: int) -> Iterator[Line]:
    first, *others = case.headline_first
    now = case.now or datetime.max.replace(tzinfo=UTC)
    above = list(_answer(case, first, columns))
    below = [
        *_section("Until when", _wrapped(until_when(first, now), columns, indent="  ")),
        *_section("What it cost", _cost(first, columns)),
        *_section("What to do", _numbered(_to_do(case, first), columns)),
        *_section("Other incidents", _in_two_lines(others, now, columns)),
        *_refused_clients(case, columns),
        *_findings(case, columns),
        Line(""),
        *_wrapped(looked_at(case), columns, style="dim"),
        *_wrapped(asked_about(case) or "", columns, style="dim"),
        *_gaps(case, columns),
        *_drift(case, columns),
    ]
    chain = _fitting(first, columns, _SCREEN - len(above) - len(below) - 2)
    yield from (*above, *_section("What happened (UTC)", chain), *below)


def _answer(case: Case, incident: Incident, columns: int) -> Iterator[Line]:
    """The conclusion, the words it rests on with their place, and what they were taken for."""
    yield from _wrapped(headline(incident), columns, style="bold")
    yield from _wrapped(literally(incident.first_failure), columns, rows=3)
    yield Line(visible(incident.first_failure.source), "dim")
    yield from _wrapped(how_filed(incident, case.release.at(incident.start)) or "", columns)
    yield from _wrapped(counted_in_stores(incident) or "", columns)
    yield from _wrapped(incident.because or "", columns)


def _cost(incident: Incident, columns: int) -> Iterator[Line]:
    yield from _wrapped(what_it_cost(incident), columns, indent="  ")
    yield from _wrapped(when_noticed(incident), columns, indent="  ")


def _to_do(case: Case, incident: Incident) -> Sequence[str]:
    plan = case.plans.get(incident.id)
    return plan.brief if plan else incident.remedy


def _section(title: str, lines: Iterable[Line]) -> Iterator[Line]:
    """A titled block with an empty line above it; nothing at all where it has no lines."""
    body = list(lines)
    if body:
        yield from (Line(""), Line(title, "bold"), *body)


def _wrapped(
    sentence: str, columns: int, *, indent: str = "", style: str = "", rows: int | None = None
) -> Iterator[Line]:
    """Broken between words only, so that a place can be copied; `rows` at most."""
    wrapper = textwrap.TextWrapper(
        columns,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        max_lines=rows,
        placeholder="…",
    )
    for words in wrapper.wrap(visible(sentence)):
        yield Line(words, style)


def _fitting(incident: Incident, columns: int, rows: int) -> Sequence[Line]:
    """The chain with as many links as fit into so many rows."""
    longest_first = range(len(incident.chain), _FEWEST_LINKS, -1)
    drawn = (list(_chain(incident, count, columns)) for count in longest_first)
    return next((lines for lines in drawn if len(lines) <= rows), list(_chain(incident, _FEWEST_LINKS, columns)))


def _chain(incident: Incident, count: int, columns: int) -> Iterator[Line]:
    """When, what, its words and its place; the place is never cut, so that it can be copied."""
    shown = _telling(incident.chain, count)
    several_days = len({link.time.date() for link in shown if link.time}) > 1
    for link in shown:
        when = clock(link.time, None if several_days else link.time)
        beside = f"  {when}  {link.role:<{_ROLE}} "
        told = link.role == "failure" and link.source == incident.first_failure.source  # at the head of the page
        yield from [Line(beside + clip(link.text, columns - len(beside)))] if told else _short(beside, link, columns)
    if more := len(incident.chain) - len(shown):
        yield Line(f"  … and {counted(more, 'line')} more in the report", "dim")


def _telling(chain: Sequence[Link], count: int) -> Sequence[Link]:
    """The first link of each role, then the second of each, … until there are `count`; in order of time."""
    ranks = {role: rank for rank, role in enumerate(_FIRST_SHOWN)}
    turns = [sum(other.role == link.role for other in chain[:n]) for n, link in enumerate(chain)]
    order = sorted(range(len(chain)), key=lambda n: (turns[n], ranks.get(chain[n].role, len(ranks)), n))
    return [chain[n] for n in sorted(order[:count])]


def _short(beside: str, link: Link, columns: int) -> Iterator[Line]:
    """One row of words, with the place beside it where there is room, else below."""
    place = visible(link.source)
    room = columns - len(beside) - len(place) - 2
    if room >= _LEAST_WORDS:
        yield Line(f"{beside}{clip(link.text, room):<{room}}  {place}")
        return
    yield Line(beside + clip(link.text, columns - len(beside)))
    yield Line(" " * len(beside) + place, "dim")


def _numbered(steps: Sequence[str], columns: int) -> Iterator[Line]:
    for number, step in enumerate(steps, 1):
        first, *more = textwrap.wrap(visible(step), columns - 5)
        yield Line(f"  {number}. {first}")
        yield from (Line(f"     {words}") for words in more)


def _in_two_lines(incidents: Sequence[Incident], now: datetime, columns: int) -> Iterator[Line]:
    for incident in incidents:
        yield Line("  " + clip(f"{incident.id}  {headline(incident)}", columns - 2))
        said = clip(said_in_short(incident.first_failure), 60).rstrip(".")
        yield Line("      " + clip(f"{said}. {until_when(incident, now)}", columns - 6))


def _findings(case: Case, columns: int) -> Iterator[Line]:
    """The gravest first, each in whole words: its end often says where to look."""
    findings = sorted(case.answers.findings, key=lambda f: _SEVERITIES.index(f.severity))
    listed = [line for finding in findings[:_MOST_FINDINGS] for line in _item(finding.summary, columns)]
    more = len(findings) - _MOST_FINDINGS
    yield from _section("Also found", [*listed, *([Line(f"  … and {more} more in --json")] if more > 0 else [])])


def _item(sentence: str, columns: int) -> Iterator[Line]:
    first, *rest = _wrapped(sentence, columns - 4, rows=_FINDING_ROWS)
    yield Line(f"  - {first.words}")
    yield from (Line(f"    {line.words}") for line in rest)


def _remedies(case: Case) -> Sequence[str]:
    """What to do about findings, where no incident has a plan that says it."""
    told = (f.remedy for f in case.answers.findings if f.remedy and f.severity in ("high", "medium"))
    return tuple(dict.fromkeys(told))[:_MOST_REMEDIES]


def _gaps(case: Case, columns: int) -> Iterator[Line]:
    if gaps := not_read(case):
        yield from _wrapped(gaps, columns, style="dim")


def _drift(case: Case, columns: int) -> Iterator[Line]:
    """What an unknown release is taken for, and how much it logs that is not known: with its words where it is much."""
    if case.release.assumed:
        yield from _wrapped(case.release.assumed, columns, style="dim")
    if not case.unknown:
        return
    yield from _wrapped(f"Not known to this tool: {unknown_in_words(case.unknown)}.", columns, style="dim")
    known = sum(event.count for event in case.timeline.events if event.level in LOUD)
    if case.release.release > NEWEST_KNOWN or are_many(case.unknown, known):
        for kind in case.unknown[:_MOST_SHAPES]:
            yield Line("  " + clip(f"{kind.count} x {kind.shape}", columns - 2))
            yield Line(f"      {kind.level} of {kind.subsystem or 'no subsystem'}, first at {kind.example}", "dim")
