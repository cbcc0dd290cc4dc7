"""How every chart of this package looks: type, paper, and the one UTC time axis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import altair as alt

from forensics.report.charts import palette

WIDTH = 900
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"  # one metric everywhere, so that labels keep their room
_PADDING = alt.Padding(left=8, right=14, top=6, bottom=6)
_ERA = (datetime(1971, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
_MIDNIGHT = "utchours(datum.value) + utcminutes(datum.value) == 0"


def drawable(time: datetime) -> datetime:
    """The nearest instant a chart can hold: evidence may claim the year 1 or 9999."""
    return min(max(time, _ERA[0]), _ERA[1])


def milliseconds(time: datetime) -> int:
    """An instant as Vega takes it: milliseconds since 1970."""
    return round(time.timestamp() * 1000)


def time_axis(field: str, start: datetime, end: datetime) -> alt.X:
    """The shared x channel: UTC whatever the reader's zone, 24-hour clock, the day in the title or on the ticks."""
    domain = [milliseconds(start), milliseconds(end)]
    axis = alt.Axis(
        title=_axis_title(start, end),
        labelExpr=_label(end - start),
        tickCount=10,
        grid=True,
    )
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domain=domain, nice=False), axis=axis)


def _label(span: timedelta) -> str:
    clock = "%H:%M:%S" if span < timedelta(minutes=12) else "%H:%M"
    if span < timedelta(hours=20):
        return f"utcFormat(datum.value, '{clock}')"
    return f"utcFormat(datum.value, {_MIDNIGHT} ? '%a %d %b' : '{clock}')"


def _axis_title(start: datetime, end: datetime) -> str:
    first = f"{start:%a %d %b %Y}"
    return f"{first}, UTC" if start.date() == end.date() else f"{first} to {end:%a %d %b %Y}, UTC"


def dress(chart: alt.LayerChart) -> alt.LayerChart:
    """The chart with the package's type and colours; the only place that knows them."""
    soft, grid = palette.SOFT.light, palette.GRID.light
    return (
        chart.configure(font=FONT, background=palette.PAPER.light, padding=_PADDING)
        .configure_view(stroke=None)
        .configure_title(
            anchor="start", frame="bounds", fontSize=16, color=palette.TEXT.light, lineHeight=20, offset=12,
            subtitleFontSize=11.5, subtitleColor=soft, subtitlePadding=5, subtitleLineHeight=16,
        )
        .configure_axis(
            gridColor=grid, domainColor=grid, tickColor=grid, labelColor=soft, labelFontSize=11, labelFlush=False,
            titleColor=soft, titleFontSize=11, titleFontWeight="normal", titlePadding=8,
        )
        .configure_legend(labelColor=soft, titleColor=soft, labelFontSize=11)
    )  # fmt: skip
