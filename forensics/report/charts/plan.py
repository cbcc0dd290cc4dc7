"""A view with everything placed: which lane stands where, which sentence on which line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import altair as alt

from forensics.report.charts import style
from forensics.report.charts.callouts import ROW_HEIGHT, Callout, place_callouts
from forensics.report.charts.lanes import LANE_HEIGHT, Lane, lay_out
from forensics.report.charts.marks import Bar, event_ticks, failure_ticks, window_bars
from forensics.report.charts.ticks import Tick, thin_out
from forensics.report.charts.view import View

_MARGIN = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the layers draw. Lanes beyond the most a picture can hold are left out, with what is in them."""

    view: View
    lanes: Mapping[str, Lane]
    callouts: tuple[Callout, ...]
    top: float  # pixels above the first lane
    bars: tuple[Bar, ...]
    failures: tuple[Tick, ...]
    answers: tuple[Tick, ...]
    echoes: tuple[Tick, ...]

    @property
    def height(self) -> float:
        return self.top + LANE_HEIGHT * max(1, len(self.lanes))

    def x(self, field: str = "time") -> alt.X:
        """The shared time axis."""
        return style.time_axis(field, self.view.start, self.view.end)


def make_plan(view: View) -> Plan:
    """Place everything in a view."""
    callouts = place_callouts(view, style.WIDTH)
    top = _MARGIN + ROW_HEIGHT * max((c.row + len(c.lines) for c in callouts), default=0)
    lanes = lay_out(view, top)
    bars = [bar for bar in window_bars(view) if bar.lane in lanes]
    ticks = {
        "failures": failure_ticks(view),
        "answers": event_ticks("answered", view.answers),
        "echoes": event_ticks("echoes", view.echoes),
    }
    thinned = {name: _thinned(found, lanes, view) for name, found in ticks.items()}
    return Plan(view, lanes, callouts, top, tuple(bars), **thinned)


def _thinned(ticks: Iterable[Tick], lanes: Mapping[str, Lane], view: View) -> tuple[Tick, ...]:
    return thin_out((t for t in ticks if t.lane in lanes), view.start, view.end)
