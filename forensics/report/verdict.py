"""The answer at the head of a report: the sentence, the few facts behind it, until when, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from forensics.incidents import Incident
from forensics.summary import cause_in_words, headline, looked_at, not_read, said_in_short, until_when
from forensics.wording import clock, visible

if TYPE_CHECKING:
    from forensics.case import Case


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a case as a notebook shows it."""

    case: Case = field(repr=False)

    def _repr_html_(self) -> str:
        now = self.case.now or datetime.max.replace(tzinfo=UTC)
        answers = [_incident(incident, now) for incident in self.case.incidents] or [_healthy()]
        return "\n".join([*answers, _basis(self.case)])

    def __repr__(self) -> str:
        return "\n".join(headline(incident) for incident in self.case.incidents) or "No incident"


def _healthy() -> str:
    return _article("healthy", "No incident", ["<p>Nothing in the evidence kept a credential from being used.</p>"])


def _incident(incident: Incident, now: datetime) -> str:
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
    parts = [f"<p>{_text(incident.sentence)}</p>", _facts(facts), _steps(incident.remedy)]
    return _article("open" if incident.end is None else "over", f"{incident.id} · {headline(incident)}", parts)


def _article(state: str, title: str, parts: Iterable[str]) -> str:
    return f'<article class="verdict {state}"><h3>{_text(title)}</h3>{"".join(parts)}</article>'


def _facts(facts: dict[str, str]) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{_text(value)}</dd>" for name, value in facts.items())
    return f"<dl>{rows}</dl>"


def _steps(remedy: Iterable[str]) -> str:
    steps = "".join(f"<li>{_text(step)}</li>" for step in remedy)
    return f"<h4>What to do</h4><ol>{steps}</ol>" if steps else ""


def _basis(case: Case) -> str:
    sentences = (looked_at(case), not_read(case))
    return f'<p class="basis">{" ".join(_text(sentence) for sentence in sentences if sentence)}</p>'


def _text(words: str) -> str:
    return escape(visible(words))
