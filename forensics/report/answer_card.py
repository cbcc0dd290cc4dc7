"""The answer at the head of a report: the sentence, the few facts behind it, until when, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from forensics.incidents.incident import Incident
from forensics.remediation.plan import Plan
from forensics.report.text.basis import looked_at, not_read
from forensics.report.text.case_verdict import verdict_in_words
from forensics.report.text.incident import cause_in_words, headline, said_in_short
from forensics.report.text.until_when import until_when
from forensics.text import clock, counted, visible

if TYPE_CHECKING:
    from forensics.case import Case


MOST_TOLD = 10  # incidents that a report tells in full
_MOST_LISTED = 50  # … and on one line each


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """The answer of a case as a notebook shows it."""

    case: Case = field(repr=False)

    def _repr_html_(self) -> str:
        now = self.case.now or datetime.max.replace(tzinfo=UTC)
        told = self.case.headline_first[:MOST_TOLD]
        answers = [
            _incident(incident, self.case.plans.get(incident.id), now, folded=place > 0 and incident.end is not None)
            for place, incident in enumerate(told)
        ]
        others = _others(self.case.headline_first[MOST_TOLD:])
        return "\n".join([*(answers or [_healthy(self.case)]), others, _basis(self.case)])

    def __repr__(self) -> str:
        return "\n".join(headline(incident) for incident in self.case.headline_first) or verdict_in_words(self.case)


def _healthy(case: Case) -> str:
    tone = "healthy" if case.verdict.verdict == "no incident" else "open"
    head, _, more = verdict_in_words(case).partition(": ")
    return _article(tone, head, [f"<p>{escape(more[:1].upper() + more[1:])}</p>"] if more else [])


def _incident(incident: Incident, plan: Plan | None, now: datetime, *, folded: bool) -> str:
    """The card of one incident; `folded`: beside the first one, what is over is a title and a sentence until opened."""
    failure = incident.first_failure
    facts = {
        "First failure": f"{clock(failure.time)} UTC, {failure.profile or 'credential not known'}",
        "The provider said": said_in_short(failure),
        "Where it stands": failure.source,
        "True reason": f"{incident.true_reason}: {cause_in_words(incident)}",
        "OpenClaw recorded": f"{', '.join(incident.recorded_reasons) or 'nothing'} ({incident.verdict})",
        "Until when": until_when(incident, now),
        "Confidence": f"{failure.confidence}. {failure.why}",
    }
    more = "".join([_facts(facts), *_advice(plan or Plan.of(incident.remedy))])
    if folded:
        summary = "What shows it, and what to do where its cause still stands"
        more = f'<details class="over"><summary>{summary}</summary>{more}</details>'
    parts = [f"<p>{_text(incident.sentence)}</p>", more]
    return _article("open" if incident.end is None else "over", f"{incident.id} · {headline(incident)}", parts)


def _article(state: str, title: str, parts: Iterable[str]) -> str:
    return f'<article class="verdict {state}"><h3>{_text(title)}</h3>{"".join(parts)}</article>'


def _facts(facts: dict[str, str]) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{_text(value)}</dd>" for name, value in facts.items())
    return f"<dl>{rows}</dl>"


def _advice(plan: Plan) -> Iterable[str]:
    """What to do in order; beside it what does not help, what to leave alone, and how it shows."""
    if plan.steps:
        yield f"<h4>What to do</h4><ol>{_items(plan.steps)}</ol>"
    beside = (
        ("Does not help", plan.does_not_help),
        ("Do not touch", plan.do_not_touch),
        ("It worked when", plan.check),
    )
    lists = "".join(f"<div><h4>{title}</h4><ul>{_items(said)}</ul></div>" for title, said in beside if said)
    if lists:
        yield f'<div class="advice">{lists}</div>'


def _items(sentences: Iterable[str]) -> str:
    return "".join(f"<li>{with_code(sentence)}</li>" for sentence in sentences)


def with_code(sentence: str) -> str:
    """HTML of a sentence; what it sets in backticks becomes code."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        return _text(sentence)
    return "".join(f"<code>{_text(part)}</code>" if n % 2 else _text(part) for n, part in enumerate(parts))


def _others(incidents: Sequence[Incident]) -> str:
    """One line each for what is not told in full, and a count for what is beyond that."""
    if not incidents:
        return ""
    lines = "".join(f"<li>{_text(f'{i.id} · {headline(i)}')}</li>" for i in incidents[:_MOST_LISTED])
    more = len(incidents) - _MOST_LISTED
    rest = f"<p>and {counted(more, 'more incident')} in triage.json</p>" if more > 0 else ""
    return f'<article class="verdict more"><h3>More incidents</h3><ul>{lines}</ul>{rest}</article>'


def _basis(case: Case) -> str:
    sentences = (looked_at(case), not_read(case))
    return f'<p class="basis">{" ".join(_text(sentence) for sentence in sentences if sentence)}</p>'


def _text(words: str) -> str:
    return escape(visible(words))
