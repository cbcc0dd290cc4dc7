"""A timeline that answers: brush, zoom, legends, a table that follows, a click for the record, in JupyterLab.

The charts are altair's `JupyterChart`, whose selections come back to Python. The table is `itables` (DataTables as an
anywidget, maintained, offline, takes polars as it is): sorting, searching and column filters are its own work;
ipydatagrid needs a pandas index and draws on a canvas that neither a screen reader nor a text search can read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import polars as pl

from forensics.errors import ForensicsError
from forensics.report.charts import explorer_charts
from forensics.report.charts.exploring import FACETS, MOST_MARKS, Selection, events_of, shown_text
from forensics.report.charts.offline import make_offline
from forensics.report.charts.picture import Picture
from forensics.report.charts.sentences import describe_timeline
from forensics.report.charts.timeline import timeline
from forensics.text import in_figures

if TYPE_CHECKING:
    import altair as alt

    from forensics.case import Case
    from forensics.places import Excerpt

MOST_ROWS = 5_000  # of the table; a search or a shorter stretch brings the rest
_CHIPS = 12  # values of one facet that have a button
_SETTLED = 250  # milliseconds of rest after which a selection counts


def explore(case: Case, lanes: str = "role") -> Explorer:
    """The events of a case to be brushed, zoomed, filtered and clicked. `lanes`: role, kind, agent or profile.

    >>> view = charts.explore(case)  # doctest: +SKIP
    >>> view  # in a cell of its own; then brush  # doctest: +SKIP
    >>> view.selected.group_by("kind").len()  # a polars DataFrame  # doctest: +SKIP
    """
    return Explorer(case, lanes)


class Explorer:
    """One timeline that is being looked at. `selected` is what brush, legends and search leave of the events."""

    def __init__(self, case: Case, lanes: str = "role") -> None:
        self.case = case
        self.lanes = lanes
        self.selection = Selection(events_of(case))
        self.clicked: int | None = None  # number `n` of the event
        self._loaded: tuple[datetime, datetime] | None = None  # what the detail was drawn of, where one by one

    @property
    def selected(self) -> pl.DataFrame:
        """The selected events, in order of time."""
        return self.selection.events

    @property
    def record(self) -> Mapping[str, object] | None:
        """The event that was clicked, all of what is known of it; None before that."""
        if self.clicked is None:
            return None
        return self.selection.everything.row(self.clicked, named=True)

    @property
    def lines(self) -> Excerpt | None:
        """The raw lines around the clicked event."""
        record = self.record
        return self.case.lines(str(record["place"]), around=3) if record else None

    def __repr__(self) -> str:
        start, end = self.selection.span
        return f"{self.selected.height:,} events from {in_figures(start)} to {in_figures(end)}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """Alive in JupyterLab; the static picture wherever scripts do not run."""
        static = Picture(timeline(self.case), describe_timeline(self.case))
        drawn = {kind: data for kind, data in static.drawing().items() if not kind.endswith("json")}
        alive = self.widget._repr_mimebundle_() or {}
        return {**drawn, **{kind: data for kind, data in alive.items() if kind != "text/plain"}}

    @cached_property
    def widget(self) -> Any:
        """The whole as one ipywidget."""
        return _Widget(self).box

    def drawn(self) -> alt.Chart:
        """The detail as it is to be drawn now."""
        one_by_one = self.selected.height <= MOST_MARKS
        self._loaded = self.selection.span if one_by_one else None
        return explorer_charts.detail(self.selection, self.lanes)

    def is_shown(self, start: datetime, end: datetime) -> bool:
        """Whether that is what the detail was drawn for, give or take a pixel."""
        now = self.selection.span
        close = (now[1] - now[0]) / explorer_charts.WIDTH
        return abs(start - now[0]) <= close and abs(end - now[1]) <= close

    def zoomed(self, start: datetime, end: datetime) -> bool:
        """A stretch was zoomed to; True where it has to be drawn anew: what was counted, and what was not loaded."""
        loaded = self._loaded
        self.selection.choose(start, end)
        return not (loaded and loaded[0] <= start and end <= loaded[1])


class _Widget:
    """The widgets of one explorer and what each tells the others."""

    def __init__(self, explorer: Explorer) -> None:
        import altair as alt
        import ipywidgets as widgets
        from itables.widget import ITable

        make_offline()
        self._explorer, self._widgets = explorer, widgets
        plain = {"actions": False, "renderer": "svg"}
        first = explorer_charts.overview(explorer.selection)
        self._overview = alt.JupyterChart(first, embed_options=plain, debounce_wait=_SETTLED, max_wait=False)
        self._detail = alt.JupyterChart(explorer.drawn(), embed_options=plain, debounce_wait=_SETTLED, max_wait=False)
        self._status, self._record = widgets.HTML(), widgets.HTML()
        self._table = ITable(_rows(explorer), **_TABLE)
        self._search = widgets.Text(
            placeholder="words or a regular expression", description="Search", continuous_update=False
        )
        everything = widgets.Button(description="All of the time")
        everything.on_click(lambda _: self._chosen(None, None))
        self._search.observe(self._searched, "value")
        self._table.observe(self._row_clicked, "selected_rows")
        self._listen(self._overview, "brush", self._brushed)
        self._listen_to_detail()
        self._tell()
        legends = [self._legend(facet) for facet in FACETS]
        controls = widgets.HBox([self._search, everything, self._status])
        self.box = widgets.VBox([self._overview, *legends, controls, self._detail, self._record, self._table])

    def _listen(self, chart: Any, selection: str, heard: Callable[[Any], None]) -> None:
        if hasattr(chart.selections, selection):
            chart.selections.observe(lambda change: heard(change["new"].value), selection)

    def _listen_to_detail(self) -> None:
        self._listen(self._detail, "view", self._viewed)
        self._listen(self._detail, "pick", self._picked)

    def _legend(self, facet: str) -> Any:
        values = self._explorer.selection.values(facet)
        buttons = [self._button(facet, value, count) for value, count in values[:_CHIPS]]
        name = self._widgets.Label(f"{facet}s", layout={"width": "60px"})
        return self._widgets.HBox([name, *buttons], layout={"flex_flow": "row wrap"})

    def _button(self, facet: str, value: str, count: int) -> Any:
        button = self._widgets.ToggleButton(
            value=True, description=f"{shown_text(value, 32)} {count}", tooltip=f"show or hide {value[:200]!r}",
            layout={"width": "auto", "border_left": f"5px solid {explorer_charts.COLOURS.get(value, 'transparent')}"},
        )  # fmt: skip
        button.observe(lambda change: self._toggled(facet, value, shown=change["new"]), "value")
        return button

    def _toggled(self, facet: str, value: str, *, shown: bool) -> None:
        hidden = self._explorer.selection.hidden.get(facet, frozenset())
        self._explorer.selection.hide(facet, sorted(hidden - {value} if shown else hidden | {value}))
        self._draw()

    def _searched(self, change: Mapping[str, str]) -> None:
        selection, before = self._explorer.selection, self._explorer.selection.pattern
        selection.pattern = change["new"]
        try:
            self._draw()
        except ForensicsError as error:
            selection.pattern = before
            self._status.value = escape(str(error))

    def _brushed(self, value: Mapping[str, list[float]]) -> None:
        bounds = (value or {}).get("time")
        self._chosen(*map(_moment, bounds)) if bounds else self._chosen(None, None)

    def _viewed(self, value: Mapping[str, list[float]]) -> None:
        bounds = (value or {}).get("time")
        if not bounds or self._explorer.is_shown(*map(_moment, bounds)):
            return
        if self._explorer.zoomed(_moment(bounds[0]), _moment(bounds[1])):
            self._draw()
        else:
            self._tell()

    def _chosen(self, start: datetime | None, end: datetime | None) -> None:
        self._explorer.selection.choose(start, end)
        self._draw()

    def _picked(self, value: list[Mapping[str, int]]) -> None:
        if value:
            self._click(int(value[0]["n"]))

    def _row_clicked(self, change: Mapping[str, list[int]]) -> None:
        if change["new"]:
            self._click(int(self._explorer.selected["n"][change["new"][-1]]))

    def _click(self, number: int) -> None:
        self._explorer.clicked = number
        self._record.value = _told(self._explorer)

    def _draw(self) -> None:
        self._detail.chart = self._explorer.drawn()
        self._listen_to_detail()
        self._tell()

    def _tell(self) -> None:
        rows = _rows(self._explorer)
        total = self._explorer.selected.height
        more = f"; the table holds the first {rows.height:,}" if rows.height < total else ""
        self._status.value = escape(f"{self._explorer!r}{more}")
        self._table.update(df=rows, selected_rows=[])


_WIDTHS = ("80px", "70px", "120px", "110px", "42%", "24%")
_TABLE: Mapping[str, Any] = {
    "classes": "display compact", "select": True, "pageLength": 10, "lengthMenu": [10, 25, 100], "showIndex": False,
    "maxBytes": 0, "autoWidth": False, "column_filters": "header", "show_dtypes": False,
    "style": "width:100%;table-layout:fixed;overflow-wrap:anywhere",
    "columnDefs": [{"targets": n, "width": width, "className": "dt-left"} for n, width in enumerate(_WIDTHS)],
}  # fmt: skip


def _rows(explorer: Explorer) -> pl.DataFrame:
    """The selected events as the table shows them: few columns, one line each."""
    selected = explorer.selected.head(MOST_ROWS)
    texts = [shown_text(text, 400) for text in selected["text"]]
    known = pl.col("agent", "profile").replace("none", None)
    return selected.select(
        pl.col("time").dt.strftime("%Y-%m-%d %H:%M:%S").fill_null("").alias("UTC"), "role", "kind",
        pl.concat_str(known, separator=" · ", ignore_nulls=True).alias("who"),
        pl.Series("text", texts, dtype=pl.String), "place",
    )  # fmt: skip


def _told(explorer: Explorer) -> str:
    """The clicked event in full, and the lines it was read from."""
    record = explorer.record or {}
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(name)}</th><td>{escape(shown_text(value, 2_000))}</td></tr>"
        for name, value in record.items()
        if value not in (None, "", "none") and name != "n"
    )
    try:
        raw = explorer.lines._repr_html_() if explorer.lines else ""
    except ForensicsError as error:
        raw = f"<p>{escape(str(error))}</p>"
    return f"<div style='max-height:340px;overflow:auto'><table>{rows}</table>{raw}</div>"


def _moment(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
