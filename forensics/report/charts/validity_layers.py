"""The layers of the picture of logins that the timeline does not have."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from forensics.report.charts import palette
from forensics.report.charts.drawing import Row, beside, marks, pixels, tip, told
from forensics.report.charts.plan import Plan
from forensics.report.charts.stripes import Result, Stripe
from forensics.report.charts.style import WIDTH, milliseconds
from forensics.report.charts.validity_plan import RESULTS, ValidityPlan

_LETTER = 5.7  # width in pixels of an average letter on a stripe
_FEW = 3
_CAP = 3  # half the height in pixels of the ends of an interval


def shades(validity: ValidityPlan) -> alt.Chart:
    """Each window as a wash behind the stores that it concerns."""
    rows = [_row(stripe, validity.plan) for stripe in validity.shades]
    mark = marks(rows).mark_rect(opacity=0.22, tooltip=None, aria=False)
    return _spread(mark, validity.plan).encode(fill=alt.Fill("colour:N", scale=None))


def stripes(validity: ValidityPlan) -> alt.Chart:
    """Tokens from issue to expiry, and windows."""
    rows = [_row(stripe, validity.plan) for stripe in validity.stripes]
    mark = marks(rows).mark_bar(cornerRadius=3)
    pale = alt.condition("datum.pale", alt.value(0.3), alt.value(1))
    return _spread(mark, validity.plan).encode(fill=alt.Fill("colour:N", scale=None), fillOpacity=pale, **told())


def labels(validity: ValidityPlan) -> alt.Chart:
    """What a stripe is, where there is room: colour is not the only carrier."""
    rows = [
        _row(stripe, validity.plan) | {"y": _middle(stripe, validity.plan), "text": label}
        for stripe in validity.stripes
        if (label := _fitting(stripe, validity.plan))
    ]
    mark = marks(rows).mark_text(color=palette.ON_BAR.light, align="left", dx=7, fontSize=10.5, aria=False)
    return mark.encode(x=validity.plan.x(), y=pixels(), text="text:N")


def beyond(validity: ValidityPlan) -> alt.Chart:
    """A dead token that was still in its store: a dashed line behind the stripe's end."""
    rows = [_row(stripe, validity.plan) | {"y": _middle(stripe, validity.plan)} for stripe in validity.beyond]
    mark = marks(rows).mark_rule(color=palette.ECHO.light, strokeWidth=2, strokeDash=[2, 3])
    return mark.encode(x=validity.plan.x(), x2="end:T", y=pixels(), **told())


def uncertain(validity: ValidityPlan) -> alt.LayerChart:
    """The interval that an edge lies in, as an error bar under the window."""
    rows = [
        _row(s, validity.plan) | {"y": _middle(s, validity.plan), "low": _middle(s, validity.plan) - _CAP}
        | {"high": _middle(s, validity.plan) + _CAP}
        for s in validity.uncertain
    ]  # fmt: skip
    base = marks(rows).mark_rule(color=palette.TEXT.light, strokeWidth=1, opacity=0.75)
    caps = [
        base.encode(x=validity.plan.x(field), y=alt.Y("low:Q", scale=None, axis=None), y2="high:Q")
        for field in ("time", "end")
    ]
    return alt.layer(base.encode(x=validity.plan.x(), x2="end:T", y=pixels(), **told()), *caps)


def results(validity: ValidityPlan) -> alt.LayerChart:
    """Lost results as triangles, with a line to when they were given up; hollow where they came late after all."""
    rows = [_result_row(result, validity.plan) for result in validity.results]
    line = marks(row for row in rows if row["end"] > row["time"]).mark_rule(
        color=palette.FAILURE.light, strokeWidth=1.5, opacity=0.6, aria=False
    )
    point = marks(rows).mark_point(shape="triangle-down", size=110, opacity=1, strokeWidth=1.4)
    red, paper = alt.value(palette.FAILURE.light), alt.value(palette.PAPER.light)
    points = point.encode(
        x=validity.plan.x(), y=pixels(), fill=alt.condition("datum.lost", red, paper), stroke=red, **told()
    )
    lines = line.encode(x=validity.plan.x(), x2="end:T", y=pixels())
    return alt.layer(
        lines, points, *beside(validity.plan.x("end"), _worded(rows), palette.FAILURE.light, size=11, gap=11)
    )


def _result_row(result: Result, plan: Plan) -> Row:
    end = min(max(result.until or result.time, result.time), plan.view.end)
    late = plan.view.end - result.time < (plan.view.end - plan.view.start) / 4
    what = "computed, and never delivered" if result.lost else "computed, and delivered late"
    place = {
        "time": milliseconds(result.time),
        "end": milliseconds(end),
        "y": plan.lanes[RESULTS].middle,
        "lost": result.lost,
    }
    words = {"text": what, "align": "right" if late else "left"}
    return place | words | tip(result.time, what, result.said, result.where)


def _worded(rows: Sequence[Row]) -> Sequence[Row]:
    """Words only where a few marks stand: more would cover each other."""
    return rows if len(rows) <= _FEW else ()


def _spread(mark: alt.Chart, plan: Plan) -> alt.Chart:
    return mark.encode(x=plan.x(), x2="end:T", y=pixels(), y2="y2:Q")


def _row(stripe: Stripe, plan: Plan) -> Row:
    middle = _middle(stripe, plan)
    place = {
        "time": milliseconds(max(stripe.start, plan.view.start)),
        "end": milliseconds(min(stripe.end, plan.view.end)),
        "y": middle - stripe.height / 2,
        "y2": middle + stripe.height / 2,
        "colour": stripe.colour,
        "pale": stripe.pale,
    }
    return place | tip(stripe.start, stripe.what, stripe.said, stripe.where)


def _middle(stripe: Stripe, plan: Plan) -> float:
    return plan.lanes[stripe.lane].middle + stripe.middle


def _fitting(stripe: Stripe, plan: Plan) -> str | None:
    shown = min(stripe.end, plan.view.end) - max(stripe.start, plan.view.start)
    room = WIDTH * (shown / (plan.view.end - plan.view.start)) - 14
    return next((label for label in stripe.labels if len(label) * _LETTER <= room), None)
