"""Windows and first failures as a Mermaid gantt that GitHub draws; no name of the evidence can be syntax in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from forensics.incidents.incident import Incident
from forensics.report.charts.style import drawable
from forensics.report.charts.view import View, look_at
from forensics.report.escapes import chart_name
from forensics.tables import Window
from forensics.text import between, counted

if TYPE_CHECKING:
    from forensics.case import Case

_INSTANT = "%Y-%m-%d %H:%M:%S"
_KINDS = ("cooldown", "disabled", "blocked")  # a line must not begin with a word of Mermaid's own
_SHORTEST = timedelta(seconds=1)  # Mermaid refuses a bar that ends where it begins


class _Bar(NamedTuple):
    """One line of the chart: whose it is, and what it says between which moments."""

    section: str
    start: datetime
    line: str


def gantt(case: Case, most: int = 30) -> list[str]:
    """The lines of a fenced Mermaid chart with at most `most` incidents and windows; none where there is neither.

    Times carry no zone, so that every reader sees the UTC ones.
    """
    view = look_at(case)
    longest = sorted(view.windows, key=lambda w: (w.start - _end(w, view), w.start, w.profile or ""))
    told = [bar for incident in case.incidents[:most] if incident.start for bar in _incident(incident, view)]
    bars = [*told, *(_window(w, view) for w in longest[:most])]
    if not bars:
        return []
    more = len(longest) - most
    left_out = ["", f"Only the longest; {counted(more, 'window')} more in `tables/windows.csv`."] if more > 0 else []
    return ["```mermaid", *_chart(view, bars), "```", *left_out]


def _chart(view: View, bars: list[_Bar]) -> Iterator[str]:
    yield "gantt"
    yield "    title First failures, and when credentials were out of use (UTC)"
    yield "    dateFormat YYYY-MM-DD HH:mm:ss"
    yield f"    axisFormat {'%H:%M' if view.end - view.start < timedelta(days=1) else '%d %b %H:%M'}"
    yield "    todayMarker off"
    for section, lines in groupby(sorted(bars), key=lambda bar: bar.section):
        yield f"    section {section}"
        yield from (f"        {bar.line}" for bar in lines)


def _incident(incident: Incident, view: View) -> Iterator[_Bar]:
    """The stretch in which the provider failed, and the first failure where its credential is known."""
    start, end = drawable(incident.began), drawable(incident.end or view.end)
    name, provider = f"{incident.id} · {chart_name(incident.true_reason)}", chart_name(incident.provider)
    stretch = f"{start:{_INSTANT}}, {max(end, start + _SHORTEST):{_INSTANT}}"
    yield _Bar(f"{provider} failing", start, f"{name} :crit, {stretch}")
    if incident.first_failure.profile:
        attribute_responsibility = chart_name(incident.first_failure.profile)
        yield _Bar(
            attribute_responsibility, start, f"{incident.id} first failure :milestone, crit, {start:{_INSTANT}}, 0d"
        )


def _window(window: Window, view: View) -> _Bar:
    start, end = drawable(window.start), _end(window, view)
    length = between(window.start, window.end) if window.end else "without a known end"
    filed = f" · {chart_name(window.reason_recorded)}" if window.reason_recorded else ""
    name = f"{window.kind if window.kind in _KINDS else 'window'}{filed} · {length}"
    attribute_responsibility = window.profile or window.provider
    return _Bar(chart_name(attribute_responsibility), start, f"{name} :active, {start:{_INSTANT}}, {end:{_INSTANT}}")


def _end(window: Window, view: View) -> datetime:
    """Where its bar ends: at the edge of the picture at the latest."""
    start = drawable(window.start)
    return max(min(drawable(window.end or view.end), view.end), start + _SHORTEST)
