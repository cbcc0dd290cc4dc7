"""A chart as a notebook shows it: alive in JupyterLab, a static picture wherever scripts do not run."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

import altair as alt

from forensics.report.charts.svg import to_svg

# JupyterLab draws this version by itself, without fetching anything; altair's own HTML loads scripts from a server.
_LIVE = "application/vnd.vegalite.v5+json"
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart and the sentence under it."""

    chart: alt.LayerChart = field(repr=False)
    sentence: str

    def _ipython_display_(self) -> None:
        from IPython.display import display  # only there in a notebook

        display(self.drawing(), raw=True)
        display(self.caption(), raw=True)

    def drawing(self) -> dict[str, Any]:
        """The chart by media type, richest first."""
        spec = {**self.chart.to_dict(), "$schema": _SCHEMA}
        return {_LIVE: spec, "image/svg+xml": to_svg(self.chart), "text/plain": self.sentence}

    def caption(self) -> dict[str, str]:
        """The sentence by media type."""
        return {"text/html": f"<p>{escape(self.sentence)}</p>", "text/plain": self.sentence}
