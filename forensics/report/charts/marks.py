"""The marks of the timeline: bars for windows, ticks for failures, answers and echoes, each with its tooltip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.failures import FailedRequest
from forensics.report.charts.lanes import agent_keys, profile_key
from forensics.report.charts.palette import family
from forensics.report.charts.ticks import MOST, Tick, fitting_step
from forensics.report.charts.view import View, of_attempt, of_window
from forensics.tables import Event, Window
from forensics.text import between, clip, clock, counted, moment

_SAID = 240  # characters of evidence text in a tooltip
BLOCKS = ("cooldown", "disabled", "blocked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One window in its lane. `labels` from the fullest to the shortest; the drawing takes what fits."""

    lane: str
    start: datetime
    end: datetime
    kind: str
    family: str
    labels: tuple[str, ...]
    what: str
    said: str
    where: str


def failure_ticks(view: View) -> tuple[Tick, ...]:
    """One tick per real failure; hollow where a retry of the same turn was answered after all."""
    return tuple(_failure(attempt, view) for attempt in view.attempts)


def _failure(attempt: AttributedFailure, view: View) -> Tick:
    failure = attempt.failure
    absorbed = " (a retry was answered)" if attempt.absorbed else ""
    return Tick(
        lane=profile_key(of_attempt(attempt), view),
        time=failure.time,
        what=f"{answer_in_short(failure)}{absorbed}",
        said=clip(failure.text, _SAID),
        where=failure.source,
        since=failure.started,
        hollow=attempt.absorbed,
    )


def answer_in_short(failure: FailedRequest) -> str:
    """`HTTP 403 permission_error`, or what little is known: `a failed call`."""
    status = f"HTTP {failure.http_status}" if failure.http_status else ""
    return " ".join(part for part in (status, failure.error_type or "") if part) or "a failed call"


def event_ticks(kind: str, events: Sequence[Event]) -> Iterator[Tick]:
    """One tick per answer or echo. `kind` is their lane: answered, echoes."""
    for lane, event in zip(agent_keys(kind, events), events, strict=True):
        if event.time:
            yield Tick(
                lane=lane,
                time=event.time,
                what=f"{_WHAT[kind]} {_whom(event)}".strip(),
                said=clip(event.text, _SAID),
                where=f"{event.source}:{event.line}",
                count=event.count,
            )


def _whom(event: Event) -> str:
    return "/".join(part for part in (event.provider, event.model) if part)


_WHAT = {"answered": "answered by", "echoes": "refused by the gateway itself:"}


def window_bars(view: View) -> tuple[Bar, ...]:
    """One bar per window, cut at the edges of the view; a great many are joined with their neighbours."""
    bars = [_bar(window, view) for window in sorted(view.windows, key=_outermost_first)]
    return tuple(bars) if len(bars) <= MOST else tuple(_joined(bars, view))


def _outermost_first(window: Window) -> tuple[str, str, datetime]:
    return (window.profile or "", window.kind, window.start)


def _joined(bars: Sequence[Bar], view: View) -> Iterator[Bar]:
    """Bars of one lane, kind and colour that follow each other closely, as one bar."""
    alike = sorted(bars, key=lambda bar: (*_likeness(bar), bar.start, bar.where))
    step = fitting_step(view.end - view.start, max(1, MOST // len({_likeness(bar) for bar in bars})))
    for _, group in groupby(alike, key=lambda bar: (*_likeness(bar), (bar.start - view.start) // step)):
        yield _as_one(list(group))


def _likeness(bar: Bar) -> tuple[str, str, str]:
    return bar.lane, bar.kind, bar.family


def _as_one(bars: Sequence[Bar]) -> Bar:
    if len(bars) == 1:
        return bars[0]
    count = counted(len(bars), "window")
    end = max(bar.end for bar in bars)
    return replace(bars[0], end=end, labels=(count,), what=f"{count}, the first: {bars[0].what}")


def _bar(window: Window, view: View) -> Bar:
    reason = window.reason_recorded or "no reason recorded"
    end = window.end or view.now
    length = between(window.start, end) if window.end else "end not known"
    if end > view.end:
        length = f"until {clock(end, view.now)} ▸"
    until = f" · until {end:%H:%M}" if window.end and end <= view.end else ""
    longer = f", prolonged {window.prolonged}×" if window.prolonged else ""
    scope = f" for {window.model}" if window.model else ""
    return Bar(
        lane=profile_key(of_window(window), view),
        start=max(window.start, view.start),
        end=min(end, view.end),
        kind=window.kind,
        family=family(window.reason_recorded),
        labels=(f"{reason} · {length}{until}{longer}", f"{reason} · {length}", reason),
        what=f"{window.kind}{scope}, recorded as {reason}{longer}",
        said=f"{moment(window.start)} to {moment(window.end) if window.end else 'an unknown end'}",
        where=window.opened_by,
    )
