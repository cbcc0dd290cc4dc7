"""The one picture: failures, windows, echoes and answers in lanes on one UTC time axis."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import altair as alt

from forensics.incidents.incident import Incident
from forensics.report.charts import layers, style
from forensics.report.charts.chart import Chart
from forensics.report.charts.plan import make_plan
from forensics.report.charts.sentences import describe_timeline, legend, title
from forensics.report.charts.view import look_at
from forensics.text import visible

if TYPE_CHECKING:
    from forensics.case import Case

_TITLE_WIDTH = 112  # letters

_FROM_THE_PAPER_UP = (
    layers.strips, layers.spans, layers.turns, layers.bars, layers.bar_labels, layers.answers,
    layers.echoes, layers.edge, layers.callouts, layers.failures, layers.names,
)  # fmt: skip


def timeline(case: Case, incident: Incident | None = None) -> alt.LayerChart:
    """The timeline of one incident, or of everything that went wrong in the case: at most about 2,000 marks."""
    view = look_at(case, incident)
    plan = make_plan(view)
    lines = textwrap.wrap(visible(title(view)), _TITLE_WIDTH, max_lines=2, placeholder=" …")
    words = alt.TitleParams(lines, subtitle=legend(view))
    drawn = (*_FROM_THE_PAPER_UP, *([layers.notes] if view.notes else []))
    chart = alt.layer(*(draw(plan) for draw in drawn))
    return style.dress(chart.properties(width=style.WIDTH, height=plan.height, title=words))


CHART = Chart(name="timeline", draw=timeline, describe=describe_timeline)
