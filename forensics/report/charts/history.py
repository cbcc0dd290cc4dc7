"""A record in one picture: a lane for each login, each window, each pinned session, and silence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import altair as alt

from forensics.report.charts import palette, style
from forensics.report.charts.picture import Picture
from forensics.report.recorded_spans import Span, in_words, spans

if TYPE_CHECKING:
    from forensics.case import Case

_INKS = {
    "login": palette.REASONS["service"],
    "out of sync": palette.FAILURE,
    "out of use": palette.REASONS["limit"],
    "pinned": palette.REASONS["login"],
    "silent": palette.REASONS["unknown"],
}
_ROW = 26  # pixels
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # of an empty picture
_WIDTH = 720


def history(case: Case) -> Picture:
    """The lanes and the sentence under them."""
    return Picture(style.dress(_chart(spans(case))), in_words(case))


def _chart(found: tuple[Span, ...]) -> alt.LayerChart:
    rows = [
        {"lane": span.lane, "kind": span.kind, "label": span.label, "start": style.milliseconds(span.start),
         "end": style.milliseconds(span.end)}
        for span in found
    ]  # fmt: skip
    starts, ends = [span.start for span in found], [span.end for span in found]
    lanes = list(dict.fromkeys(span.lane for span in found))
    y = alt.Y("lane:N", sort=lanes, axis=alt.Axis(title=None, grid=False, domain=False, ticks=False, labelLimit=300))
    colour = alt.Color("kind:N", scale=alt.Scale(domain=list(_INKS), range=[ink.light for ink in _INKS.values()]))
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    bars = base.mark_bar(height=14, stroke=palette.PAPER.light, strokeWidth=1).encode(
        x=style.time_axis("start", min(starts, default=_EPOCH), max(ends, default=_EPOCH)),
        x2="end:T",
        color=colour,
        tooltip=[alt.Tooltip(f"{name}:N") for name in ("kind", "lane", "label")],
    )
    return alt.layer(bars).properties(width=_WIDTH, height=max(1, len(lanes)) * _ROW)
