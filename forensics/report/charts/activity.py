"""The silence map: how many lines were written when, by level, so that work, noise and silence can be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import altair as alt

from forensics.report.charts import palette, style
from forensics.report.charts.chart import Chart
from forensics.report.charts.ticks import fitting_step
from forensics.text import clock, counted, duration, moment

if TYPE_CHECKING:
    from forensics.case import Case

_HEIGHT = 110
_MOST = 450  # bars side by side: two pixels each
_MINUTE = timedelta(minutes=1)
_LEVELS = {"error": "errors", "fatal": "errors", "warn": "warnings", "warning": "warnings"}
_SHADES = {"errors": palette.FAILURE, "warnings": palette.REASONS["limit"], "other lines": palette.ECHO}

Counts = Mapping[tuple[datetime, str], int]
"""(minute, errors | warnings | other lines) -> lines."""


def activity_chart(case: Case) -> alt.LayerChart:
    """Lines per minute, or per longer stretch in long evidence, as stacked bars; a gap is a silence."""
    counts = lines_per_minute(case)
    if not counts:
        return style.dress(alt.layer(alt.Chart(alt.Data(values=[])).mark_bar()))
    first, last = min(counts)[0], max(counts)[0] + _MINUTE
    step = max(_MINUTE, fitting_step(last - first, _MOST))
    bars = alt.Chart(alt.Data(values=_rows(counts, first, step))).mark_bar(aria=False)
    chart = bars.encode(
        x=style.time_axis("time", first, last),
        x2="end:T",
        y=_lines(step),
        color=_level(),
        order="order:Q",
        tooltip=[alt.Tooltip(f"{name}:N", title=name) for name in ("when", "level", "lines")],
    )
    return style.dress(alt.layer(chart).properties(width=style.WIDTH, height=_HEIGHT))


def lines_per_minute(case: Case) -> Counts:
    """How many lines with a time there are per minute and level, over all files."""
    counts: Counter[tuple[datetime, str]] = Counter()
    for row in case.timeline.activity:
        if row.minute:
            counts[style.drawable(row.minute), _LEVELS.get(row.level or "", "other lines")] += row.lines
    for event in case.timeline.events:
        if event.time:
            minute = style.drawable(event.time).replace(second=0, microsecond=0)
            counts[minute, _LEVELS.get(event.level or "", "other lines")] += event.count
    return counts


def _rows(counts: Counts, first: datetime, step: timedelta) -> list[dict[str, Any]]:
    slots: Counter[tuple[int, str]] = Counter()
    for (minute, level), lines in counts.items():
        slots[(minute - first) // step, level] += lines
    return [_row(first + slot * step, step, level, lines) for (slot, level), lines in sorted(slots.items())]


def _row(time: datetime, step: timedelta, level: str, lines: int) -> dict[str, Any]:
    place = {
        "time": style.milliseconds(time),
        "end": style.milliseconds(time + step),
        "order": list(_SHADES).index(level),
    }
    return place | {"when": moment(time), "level": level, "lines": lines}


def _lines(step: timedelta) -> alt.Y:
    axis = alt.Axis(title=f"lines per {duration(step.total_seconds())}", tickCount=4, format="d")
    return alt.Y("lines:Q", stack="zero", axis=axis)


def _level() -> alt.Color:
    scale = alt.Scale(domain=list(_SHADES), range=[ink.light for ink in _SHADES.values()])
    return alt.Color("level:N", scale=scale, legend=alt.Legend(title=None, orient="top", direction="horizontal"))


def describe_activity(case: Case) -> str:
    """One sentence on what the silence map shows: how much was written, and the longest silence."""
    counts = lines_per_minute(case)
    minutes = sorted({minute for minute, _ in counts})
    if not minutes:
        return "No line in the evidence carries a time, so silence cannot be told from work."
    written = f"{counted(sum(counts.values()), 'line')} from {moment(minutes[0])} to {clock(minutes[-1], minutes[0])}"
    silences = [(later - earlier, earlier) for earlier, later in pairwise(minutes)]
    if not silences:
        return f"{written}, all within one minute."
    longest, begin = max(silences, key=lambda silence: silence[0])
    return f"{written}; the longest silence is {duration(longest.total_seconds())}, from {clock(begin, minutes[0])}."


CHART = Chart(name="activity", draw=activity_chart, describe=describe_activity)
