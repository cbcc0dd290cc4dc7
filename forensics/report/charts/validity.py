"""The picture of logins: which token was valid when and where, and when a store held one that somebody had renewed."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import altair as alt

from forensics.report.charts import layers, style, validity_layers
from forensics.report.charts.chart import Chart
from forensics.report.charts.validity_plan import plan_validity
from forensics.report.charts.validity_words import describe_validity, legend, title
from forensics.text import visible

if TYPE_CHECKING:
    from forensics.case import Case

_TITLE_WIDTH = 112  # letters


def validity(case: Case) -> alt.LayerChart:
    """One lane per store: each token from issue to expiry, on one UTC axis with windows, refusals and restarts."""
    plan = plan_validity(case)
    lines = textwrap.wrap(visible(title(plan)), _TITLE_WIDTH, max_lines=2, placeholder=" …")
    words = alt.TitleParams(lines, subtitle=legend(plan))
    chart = alt.layer(
        layers.strips(plan.plan),
        validity_layers.shades(plan),
        layers.turns(plan.plan),
        validity_layers.stripes(plan),
        validity_layers.labels(plan),
        validity_layers.beyond(plan),
        validity_layers.uncertain(plan),
        validity_layers.results(plan),
        layers.failures(plan.plan),
        layers.names(plan.plan),
    )
    return style.dress(chart.properties(width=style.WIDTH, height=plan.plan.height, title=words))


CHART = Chart(name="validity", draw=validity, describe=describe_validity)
