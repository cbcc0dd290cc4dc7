"""The two pictures of an explorer: all of the time with a brush, and what lies under the brush."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import altair as alt
import polars as pl

from forensics.report.charts import style
from forensics.report.charts.exploring import MOST_MARKS, Selection, binned, shown_text

WIDTH = 760
_SOFT = "#808891"  # readable on light and on dark paper
_TEXT = 240
COLOURS = {
    "failure": "#d5392f", "echo": "#8d97a2", "decision": "#d18f1f", "window": "#e0a62e", "answer": "#1f9d78",
    "credential": "#b5679b", "delivery": "#a8862d", "schedule": "#7f8fa6", "lifecycle": "#4b8bd4", "health": "#39a0a8",
    "noise": "#aab2ba", "note": "#8a4fd6",
}  # fmt: skip


def overview(selection: Selection) -> alt.Chart:
    """Events by time, stacked by role; dragging over it chooses a stretch, the wheel and dragging move it."""
    frame = binned(selection.dated, selection.first, selection.last, "role")
    rows = [{**_bin(row), "role": row["role"]} for row in frame.iter_rows(named=True)]
    brush = alt.selection_interval(name="brush", encodings=["x"], mark=alt.BrushConfig(fill="#4b8bd4", fillOpacity=0.2))
    chart = alt.Chart(alt.Data(values=rows)).mark_bar(tooltip=None)
    chart = chart.encode(
        x=style.time_axis("time", selection.first, selection.last), x2="until:T",
        y=alt.Y("events:Q", stack=True, axis=alt.Axis(title="events", tickCount=3, minExtent=110)), color=_colour(),
    )  # fmt: skip
    return _dressed(chart.add_params(brush).properties(width=WIDTH, height=70))


def detail(selection: Selection, lanes: str) -> alt.Chart:
    """The selected events one by one, or counted where they are too many: the wheel zooms, dragging pans."""
    events = selection.events.filter(pl.col("time").is_not_null() & (pl.col("time") >= selection.first))
    start, end = selection.span
    several = events.height > MOST_MARKS
    rows = _bins(binned(events, start, end, lanes)) if several else _marks(events)
    chart = alt.Chart(alt.Data(values=rows))
    lane = alt.Y(f"{lanes}:N", sort=None, axis=alt.Axis(title=None, labelLimit=220, minExtent=110))
    axis = style.time_axis("time", start, end)
    axis.scale = alt.Scale(type="utc", nice=False)  # its domain is that of the zoom
    shared = {"x": axis, "y": lane, "color": _colour()}
    if several:
        depth = alt.Opacity("events:Q", scale=alt.Scale(type="log", range=[0.35, 1]), legend=None)
        drawn = chart.mark_rect(height=18).encode(
            **shared, x2="until:T", opacity=depth,
            tooltip=[_tip("from"), _tip("role"), alt.Tooltip("events:Q"), _tip("mostly")],
        )  # fmt: skip
    else:
        tips = [_tip(name) for name in ("at", "kind", "agent", "profile", "text", "place")]
        drawn = chart.mark_point(filled=True, size=70, opacity=0.85).encode(
            **shared, shape=_shape(), tooltip=tips, key="n:Q"
        )
        drawn = drawn.add_params(alt.selection_point(name="pick", fields=["n"], on="click"))
    view = alt.selection_interval(name="view", encodings=["x"], bind="scales", value=_whole(start, end))
    height = max(90, 30 * len({row[lanes] for row in rows}) + 30)
    return _dressed(drawn.add_params(view).properties(width=WIDTH, height=height))


def _whole(start: datetime, end: datetime) -> dict[str, list[int]]:
    return {"x": [style.milliseconds(start), style.milliseconds(end)]}


def _marks(events: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            **{name: row[name] for name in ("n", "role", "kind", "agent", "profile", "place")},
            "time": style.milliseconds(row["time"]),
            "at": f"{row['time']:%Y-%m-%d %H:%M:%S.%f}"[:-3],
            "text": shown_text(row["text"], _TEXT),
        }
        for row in events.iter_rows(named=True)
    ]


def _bins(frame: pl.DataFrame) -> list[dict[str, Any]]:
    lanes = [name for name in ("role", "kind", "agent", "profile") if name in frame.columns]
    return [{**_bin(row), **{name: row[name] for name in lanes}} for row in frame.iter_rows(named=True)]


def _bin(row: dict[str, Any]) -> dict[str, Any]:
    time, until = style.milliseconds(row["time"]), style.milliseconds(row["until"])
    about = {"from": f"{row['time']:%Y-%m-%d %H:%M:%S}", "events": row["events"], "mostly": row["mostly"]}
    return {"time": time, "until": until, **about}


def _tip(name: str) -> alt.Tooltip:
    return alt.Tooltip(f"{name}:N")


def _colour() -> alt.Color:
    scale = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    return alt.Color("role:N", scale=scale, legend=None)


def _shape() -> alt.Shape:
    """No two that touch differ by colour alone."""
    shapes = {"failure": "diamond", "echo": "stroke", "answer": "circle", "window": "square", "note": "triangle-down"}
    scale = alt.Scale(domain=list(COLOURS), range=[shapes.get(role, "cross") for role in COLOURS])
    return alt.Shape("role:N", scale=scale, legend=None)


def _dressed(chart: alt.Chart) -> alt.Chart:
    """On the paper of the notebook, light or dark."""
    return (
        chart.configure(font=style.FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            gridColor=_SOFT, gridOpacity=0.25, domainColor=_SOFT, tickColor=_SOFT, labelColor=_SOFT, titleColor=_SOFT,
            titleFontWeight="normal",
        )
    )  # fmt: skip
