"""A fleet in three pictures: causes by release, wrong reasons by release, and how long until it was over."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any

import altair as alt
import polars as pl

from forensics.fleet import questions
from forensics.fleet.dataset import Fleet
from forensics.report.charts import palette, style
from forensics.report.charts.picture import Picture
from forensics.text import counted, duration

_MOST_CAUSES = 24  # rows of the first picture; the table has all
_ROW = 24  # pixels
_WIDTH = 640  # beside long names
_LETTER = 6.5  # pixels of a label's letter, at most


def causes(fleet: Fleet) -> Picture:
    """One row a cause, one column a release; the darker, the more cases."""
    found = questions.causes(fleet)
    named = found.with_columns(pl.concat_str("provider", "true_reason", separator=": ").alias("cause"))
    most = named.group_by("cause").agg(pl.sum("cases")).sort("cases", "cause", descending=[True, False])
    order = most["cause"].head(_MOST_CAUSES).to_list()
    cells = named.filter(pl.col("cause").is_in(order)).group_by("cause", "release").agg(pl.sum("cases"))
    top = max(cells["cases"].to_list(), default=1)
    rows = [
        {**row, "shade": 0.1 + 0.5 * log10(1 + row["cases"]) / log10(1 + top)}
        for row in cells.sort("cause", "release").to_dicts()
    ]
    x = alt.X("release:N", sort=questions.by_release(cells["release"].unique().to_list()), axis=_axis_on_top())
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=alt.Y("cause:N", sort=order, axis=_names(order)))
    boxes = base.mark_rect(color=palette.RULE.light, aria=False).encode(
        opacity=alt.Opacity("shade:Q", scale=None), tooltip=_tips("cause", "release", "cases")
    )
    numbers = base.mark_text(fontSize=11, fontWeight="bold", color=palette.TEXT.light).encode(text="cases:Q")
    return _picture([boxes, numbers], len(order), _causes_in_words(most))


def misfiled(fleet: Fleet) -> Picture:
    """One bar a release: the share of judged incidents whose recorded reason contradicts the provider's answer."""
    found = questions.misfiled(fleet)
    rows = [{**row, "label": f"{row['misclassified']} of {row['judged']}"} for row in found.to_dicts()]
    releases = found["release"].to_list()
    share = alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title="share", format="%", tickCount=5))
    base = alt.Chart(alt.Data(values=rows)).encode(x=share, y=alt.Y("release:N", sort=releases, axis=_names(releases)))
    bars = base.mark_bar(color=palette.FAILURE.light, height=12, aria=False).encode(
        tooltip=_tips("release", "misclassified", "judged")
    )
    labels = base.mark_text(align="left", dx=6, fontSize=11, color=palette.SOFT.light).encode(text="label:N")
    return _picture([bars, labels], len(rows), _misfiled_in_words(found))


def recovery(fleet: Fleet) -> Picture:
    """One line a cause from the fast tenth to the slow tenth of its recoveries, with the median marked."""
    found = questions.recovery(fleet)
    rows = [row for row in found.to_dicts() if row["median"]]
    reasons = [row["true_reason"] for row in rows]
    seconds = alt.X("p10:Q", scale=alt.Scale(type="log"), axis=_axis_of_time())
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("true_reason:N", sort=reasons, axis=_names(reasons)))
    spans = base.mark_rule(strokeWidth=6, opacity=0.45, color=palette.RULE.light, aria=False).encode(
        x=seconds, x2="p90:Q"
    )
    medians = base.mark_tick(thickness=3, size=16, color=palette.RULE.light, aria=False).encode(
        x="median:Q", tooltip=_tips("true_reason", "over", "p10", "median", "p90")
    )
    return _picture([spans, medians], len(rows), _recovery_in_words(rows))


def _picture(layers: Sequence[alt.Chart], rows: int, sentence: str) -> Picture:
    chart = alt.layer(*layers).properties(width=_WIDTH, height=max(1, rows) * _ROW)
    return Picture(style.dress(chart), sentence)


def _names(names: Sequence[str]) -> alt.Axis:
    room = _LETTER * max(
        map(len, names), default=0
    )  # fonts differ: a browser's may be wider than the one measured here
    return alt.Axis(title=None, grid=False, domain=False, ticks=False, labelLimit=260, minExtent=min(room, 260))


def _axis_on_top() -> alt.Axis:
    return alt.Axis(title=None, orient="top", grid=False, domain=False, ticks=False, labelAngle=-40)


def _axis_of_time() -> alt.Axis:
    steps = [1, 10, 60, 600, 3_600, 21_600, 86_400, 604_800]
    words = "{1:'1 s',10:'10 s',60:'1 min',600:'10 min',3600:'1 h',21600:'6 h',86400:'1 d',604800:'7 d'}[datum.value]"
    return alt.Axis(title="from the first failure to the first answer", values=steps, labelExpr=words)


def _tips(*names: str) -> list[Any]:
    return [alt.Tooltip(f"{name}:N", title=name.replace("_", " ")) for name in names]


def _causes_in_words(most: pl.DataFrame) -> str:
    if most.is_empty():
        return "No case of this fleet has an incident."
    first = most.row(0, named=True)
    kinds = counted(most.height, "cause")
    return f"{kinds} over all releases; the commonest is {first['cause']}, in {counted(first['cases'], 'case')}."


def _misfiled_in_words(found: pl.DataFrame) -> str:
    if found.is_empty():
        return "No incident could be judged: a release or the provider's answer is missing everywhere."
    worst = found.sort("share", "judged", "release", descending=[True, True, False]).row(0, named=True)
    return (
        f"Reasons that contradict the provider's answer are commonest in {worst['release']}: "
        f"{worst['misclassified']} of {worst['judged']} incidents. Few incidents say little: look at the numbers."
    )


def _recovery_in_words(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return "No incident of this fleet shows its end."
    slow = max(rows, key=lambda row: (row["median"], row["true_reason"]))
    took = duration(slow["median"])
    return f"The longest to recover is {slow['true_reason']}: half of its incidents took more than {took}."
