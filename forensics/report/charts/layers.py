"""The layers of the timeline, from the paper up; each draws one kind of mark from a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import altair as alt

from forensics.report.charts import palette
from forensics.report.charts.callouts import ROW_HEIGHT
from forensics.report.charts.drawing import Row, beside, marks, pixels, tip, told
from forensics.report.charts.gateway import Turn
from forensics.report.charts.lanes import LANE_HEIGHT
from forensics.report.charts.marks import BLOCKS, Bar
from forensics.report.charts.plan import Plan
from forensics.report.charts.style import WIDTH, milliseconds
from forensics.report.charts.ticks import Tick
from forensics.text import clock

_LETTER = 5.7  # width in pixels of an average letter on a bar
_BAR, _THIN, _TICK, _FAINT = 20, 8, 20, 14  # heights in pixels
_PIN, _HUNG = -11, 7  # pixels from a lane's middle: failures stand above the windows, so that both can be read
_NAMES = -14  # pixels from the axis to the end of a lane's name


def strips(plan: Plan) -> alt.Chart:
    """A faint strip behind every lane."""
    rows = [{"y": lane.top + 3, "y2": lane.top + LANE_HEIGHT - 3} for lane in plan.lanes.values()]
    mark = marks(rows).mark_rect(color=palette.LANE.light, cornerRadius=3, tooltip=None, aria=False)
    return mark.encode(x=alt.value(0), x2=alt.value(WIDTH), y=pixels(), y2="y2:Q")


def spans(plan: Plan) -> alt.Chart:
    """Each incident's stretch of time, behind everything that happened in it."""
    rows = [
        {
            "time": milliseconds(max(i.began, plan.view.start)),
            "end": milliseconds(min(i.end or plan.view.now, plan.view.end)),
        }
        for i in plan.view.incidents
    ]
    mark = marks(rows).mark_rect(color=palette.SPAN.light, tooltip=None, aria=False)
    return mark.encode(x=plan.x(), x2="end:T", y=alt.value(plan.top), y2=alt.value(plan.height))


def turns(plan: Plan) -> alt.LayerChart:
    """Starts, stops and restarts of the gateway: a rule through all lanes and a word in its own."""
    rows = [_turn_row(turn, plan) for turn in plan.view.turns]
    rule = marks(rows).mark_rule(color=palette.RULE.light, strokeDash=[4, 3], strokeWidth=1.4, opacity=0.75)
    rules = rule.encode(x=plan.x(), y=alt.value(plan.top), y2=alt.value(plan.height), **told())
    return alt.layer(rules, *beside(plan.x(), rows, palette.RULE.light, size=11))


def notes(plan: Plan) -> alt.Chart:
    """What people wrote down: a mark over all lanes at the moment it is about."""
    rows = [
        {"time": milliseconds(note.time), "y": plan.top - 2} | tip(note.time, note.tag, note.text, note.about)
        for note in plan.view.notes
        if note.time
    ]
    mark = marks(rows).mark_point(shape="triangle-down", filled=True, size=90, color=palette.RULE.light)
    return mark.encode(x=plan.x(), y=pixels(), **told())


def _turn_row(turn: Turn, plan: Plan) -> Row:
    survives = any(bar.kind in BLOCKS and bar.start < turn.time < bar.end for bar in plan.bars)
    word = f"{turn.what}: windows stay open" if survives and turn.what == "restart" else turn.what
    late = plan.view.end - turn.time < (plan.view.end - plan.view.start) / 10
    place = {"time": milliseconds(turn.time), "y": plan.lanes["gateway"].middle, "text": word}
    place |= {"align": "right" if late else "left"}
    return place | tip(turn.time, f"gateway {turn.what}", turn.said, turn.where)


def bars(plan: Plan) -> alt.Chart:
    """Windows: filled in the colour of the recorded reason; disabled and blocked ones are framed as well."""
    rows = [_bar_row(bar, plan) for bar in plan.bars]
    mark = marks(rows).mark_bar(cornerRadius=3, strokeWidth=1.5)
    return mark.encode(
        x=plan.x(),
        x2="end:T",
        y=pixels(),
        y2="y2:Q",
        fill=_look_up("family", {name: ink.light for name, ink in palette.REASONS.items()}),
        stroke=_look_up("kind", {"disabled": palette.ON_BAR.light, "blocked": palette.ON_BAR.light}, "transparent"),
        strokeDash=alt.condition("datum.kind == 'blocked'", alt.value([4, 3]), alt.value([1, 0])),
        **told(),
    )


def _bar_row(bar: Bar, plan: Plan) -> Row:
    middle = plan.lanes[bar.lane].middle + _HUNG
    half = (_BAR if bar.kind in BLOCKS else _THIN) / 2
    place = {"time": milliseconds(bar.start), "end": milliseconds(bar.end), "y": middle - half, "y2": middle + half}
    return place | {"family": bar.family, "kind": bar.kind} | tip(bar.start, bar.what, bar.said, bar.where)


def bar_labels(plan: Plan) -> alt.Chart:
    """The recorded reason and the length on every bar that has room for them: colour is not the only carrier."""
    rows = [
        {"time": milliseconds(bar.start), "y": plan.lanes[bar.lane].middle + _HUNG, "text": label}
        for bar in plan.bars
        if (label := _fitting(bar, plan))
    ]
    mark = marks(rows).mark_text(color=palette.ON_BAR.light, align="left", dx=7, fontSize=11, aria=False)
    return mark.encode(x=plan.x(), y=pixels(), text="text:N")


def _fitting(bar: Bar, plan: Plan) -> str | None:
    room = WIDTH * ((bar.end - bar.start) / (plan.view.end - plan.view.start)) - 16
    return next((label for label in bar.labels if len(label) * _LETTER <= room), None)


def answers(plan: Plan) -> alt.Chart:
    """Answered turns."""
    return _ticks(plan, plan.answers, palette.ANSWER.light, _TICK, 0.9)


def echoes(plan: Plan) -> alt.Chart:
    """Refusals the gateway made up itself: faint, because they are no cause."""
    return _ticks(plan, plan.echoes, palette.ECHO.light, _FAINT, 0.65)


def _ticks(plan: Plan, ticks: Iterable[Tick], colour: str, height: int, opacity: float) -> alt.Chart:
    mark = marks(_tick_row(tick, plan) for tick in ticks).mark_tick(
        orient="vertical", color=colour, size=height, thickness=2, opacity=opacity
    )
    return mark.encode(x=plan.x(), y=pixels(), **told())


def failures(plan: Plan) -> alt.LayerChart:
    """Real failures: the only diamonds, with a tail as long as the call took."""
    rows = [_failure_row(tick, plan) for tick in plan.failures]
    tail = marks(row for row in rows if row["since"] < row["time"]).mark_rule(
        color=palette.FAILURE.light, strokeWidth=1.5, opacity=0.6, aria=False
    )
    diamond = marks(rows).mark_point(shape="diamond", size=110, opacity=1, strokeWidth=1)
    red, paper = alt.value(palette.FAILURE.light), alt.value(palette.PAPER.light)
    diamonds = diamond.encode(
        x=plan.x(),
        y=pixels(),
        fill=alt.condition("datum.hollow", paper, red),
        stroke=alt.condition("datum.hollow", red, paper),
        **told(),
    )
    return alt.layer(tail.encode(x=plan.x("since"), x2="time:T", y=pixels()), diamonds)


def _failure_row(tick: Tick, plan: Plan) -> Row:
    row = _tick_row(tick, plan)
    begun = max(tick.since or tick.time, plan.view.start)
    return row | {"y": row["y"] + _PIN, "since": milliseconds(begun), "hollow": tick.hollow}


def edge(plan: Plan) -> alt.LayerChart:
    """Where the evidence ends (or the moment asked about), if windows reach beyond it."""
    beyond = any(bar.end > plan.view.now for bar in plan.bars)
    word = "now" if plan.view.asked_earlier else "the evidence ends"
    rows = [{"time": milliseconds(plan.view.now), "y": plan.top + 12, "text": word, "align": "left"}] if beyond else []
    rule = marks(rows).mark_rule(color=palette.SOFT.light, strokeWidth=1, aria=False)
    rules = rule.encode(x=plan.x(), y=alt.value(plan.top), y2=alt.value(plan.height))
    return alt.layer(rules, *beside(plan.x(), rows, palette.SOFT.light, size=11))


def callouts(plan: Plan) -> alt.LayerChart:
    """Each first failure in its own words, and the line from the words down through the lanes."""
    leaders = [{"time": milliseconds(c.time), "y": ROW_HEIGHT * c.row + 2} for c in plan.callouts]
    line = marks(leaders).mark_rule(color=palette.FAILURE.light, strokeWidth=1.2, opacity=0.8, aria=False)
    rows = [
        {"time": milliseconds(c.time), "y": ROW_HEIGHT * (c.row + n) + 10, "text": text, "align": c.align}
        for c in plan.callouts
        for n, text in enumerate(c.lines)
    ]
    lines = line.encode(x=plan.x(), y=pixels(), y2=alt.value(plan.height))
    return alt.layer(lines, *beside(plan.x(), rows, palette.FAILURE.light, size=12, weight="bold"))


def names(plan: Plan) -> alt.LayerChart:
    """What each lane is, and in small print what is in it."""
    rows = [{"y": lane.middle, "name": lane.name, "note": lane.note} for lane in plan.lanes.values()]
    base = marks(rows).encode(x=alt.value(_NAMES), y=pixels())
    name = base.mark_text(color=palette.TEXT.light, align="right", fontSize=12, dy=-6, aria=False)
    note = base.mark_text(color=palette.SOFT.light, align="right", fontSize=10, dy=8, aria=False)
    return alt.layer(name.encode(text="name:N"), note.encode(text="note:N"))


def _tick_row(tick: Tick, plan: Plan) -> Row:
    times = f"{tick.count} times until {clock(tick.until, tick.time)}: " if tick.until else ""
    place = {"time": milliseconds(tick.time), "y": plan.lanes[tick.lane].middle}
    return place | tip(tick.time, times + tick.what, tick.said, tick.where)


def _look_up(field: str, colours: Mapping[str, str], otherwise: str | None = None) -> alt.Value:
    known = {**colours}
    return alt.value(alt.ExprRef(f"{known}[datum.{field}] || '{otherwise or palette.REASONS['unknown'].light}'"))
