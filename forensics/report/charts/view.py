"""What one picture shows: the stretch of time, and the parts of a case that fall into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from forensics.case.notes import Note
from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.incident import Incident
from forensics.report.charts.gateway import Turn, gateway_turns
from forensics.report.charts.style import drawable
from forensics.report.text.case_verdict import verdict_in_words
from forensics.tables import Event, Window

if TYPE_CHECKING:
    from forensics.case import Case

_CONTEXT = 0.45  # of an incident's length, shown before and after it
_LEAST_CONTEXT = timedelta(minutes=5)
_REACH = 0.6  # a window may stretch the axis this far beyond the evidence; a longer one is cut at the edge
_EDGE = 0.12
_QUIET = "No incident: nothing here kept a credential from being used"


@dataclass(frozen=True, slots=True)
class Who:
    """Whose credential a failure or window concerns; None where the evidence does not say."""

    agent: str | None
    provider: str
    profile: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything between `start` and `end`; times are aware, in UTC."""

    start: datetime
    end: datetime
    now: datetime
    asked_earlier: bool  # `now` was given, and is not where the evidence ends
    incidents: tuple[Incident, ...]
    attempts: tuple[AttributedFailure, ...]
    windows: tuple[Window, ...]
    answers: tuple[Event, ...]
    echoes: tuple[Event, ...]
    turns: tuple[Turn, ...]
    profiles: tuple[Who, ...]  # every credential the evidence knows, in the order OpenClaw tries them
    several_agents: bool
    notes: tuple[Note, ...] = ()
    quiet: str = _QUIET  # the title where it shows no incident


def of_attempt(attempt: AttributedFailure) -> Who:
    """Whose call it was."""
    return Who(attempt.failure.agent, attempt.failure.provider or "unknown provider", attempt.profile)


def of_window(window: Window) -> Who:
    """Whose window it is."""
    return Who(window.agent, window.provider, window.profile)


def look_at(case: Case, incident: Incident | None = None) -> View:
    """The view of one incident and its surroundings, or of everything that went wrong in the case."""
    incidents = tuple(i for i in ((incident,) if incident else case.incidents) if i.start)
    provider = incident.provider if incident else None
    now = drawable(case.now or datetime.min.replace(tzinfo=UTC))
    start, end = _shown_range(case, incidents, now)
    attempts = tuple(a for a in case.attempts if _concerns(a, provider) and start <= a.failure.time <= end)
    windows = tuple(w for w in case.window_rows if provider in (None, w.provider) and _meets(w, start, end, now))
    agents = {who.agent for who in [*map(of_attempt, attempts), *map(of_window, windows)] if who.agent}
    events = [e for e in case.timeline.events if e.time and start <= e.time <= end]
    return View(
        start=start,
        end=end,
        now=now,
        asked_earlier=case.asked.basis == "given",
        incidents=incidents,
        attempts=attempts,
        windows=windows,
        answers=tuple(e for e in events if e.role == "answer"),
        echoes=tuple(e for e in events if e.role == "echo" and provider in (None, e.provider or provider)),
        turns=gateway_turns(events),
        profiles=tuple(Who(None, p, profile) for p, ids in case.profiles.by_provider.items() for profile in ids),
        several_agents=len(agents) > 1,
        notes=tuple(n for n in case.notes if n.time and start <= n.time <= end),
        quiet=_quiet(case),
    )


def _quiet(case: Case) -> str:
    if case.incidents:
        return "No incident here has a time at which it could be drawn"
    return _QUIET if case.verdict.verdict == "no incident" else verdict_in_words(case).partition(". ")[0].rstrip(".")


def _shown_range(case: Case, incidents: tuple[Incident, ...], now: datetime) -> tuple[datetime, datetime]:
    """From some time before the first incident to some time after the last; all evidence where there is none."""
    first, last = drawable(min((e.time for e in case.timeline.events if e.time), default=now)), now
    if incidents:
        begin = drawable(min(i.began for i in incidents))
        over = drawable(max(_over(i, now) for i in incidents))
        context = max((over - begin) * _CONTEXT, _LEAST_CONTEXT)
        first, last = max(first, begin - context), min(max(last, over), over + context)
    if last > first + (now - first) * (1 + _REACH):  # the block outlives the evidence by far
        last = now + (now - first) * _EDGE
    last = max(first, last)
    margin = max((last - first) * 0.01, timedelta(seconds=5))
    return first - margin, last + margin


def _over(incident: Incident, now: datetime) -> datetime:
    return max([incident.end or now, *(w.end for w in incident.windows if w.end)])


def _concerns(attempt: AttributedFailure, provider: str | None) -> bool:
    return provider is None or attempt.failure.provider in (None, provider)


def _meets(window: Window, start: datetime, end: datetime, now: datetime) -> bool:
    return window.start <= end and (window.end or now) >= start
