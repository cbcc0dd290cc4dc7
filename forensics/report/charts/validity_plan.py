"""The picture of logins with everything placed: the stretch of time, the lanes, what stands in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from forensics.detectors.desync import Desync, read_refusals
from forensics.report.charts.gateway import Turn, gateway_turns
from forensics.report.charts.lanes import LANE_HEIGHT, Lane
from forensics.report.charts.plan import Plan
from forensics.report.charts.stripes import (
    Result,
    Stripe,
    held_beyond,
    refusal_ticks,
    results,
    shades,
    token_stripes,
    uncertain,
    window_lane,
    window_stripes,
)
from forensics.report.charts.style import drawable
from forensics.report.charts.ticks import MOST, Tick, thin_out
from forensics.report.charts.token_validity import TokenValidity, held_credentials, known_until
from forensics.report.charts.view import View
from forensics.text import counted, shorten_middle

if TYPE_CHECKING:
    from forensics.case import Case

RESULTS, GATEWAY = "subagent results", "gateway"
_MOST_STORES = 20
_MARGIN = 8
_NAME_LENGTH = 34
_CONTEXT = 0.5  # of the windows' length, shown before and after them
_LEAST_CONTEXT = timedelta(minutes=20)
_REACH = 0.5  # a token may stretch the axis so far beyond the evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidityPlan:
    """All that is drawn, by kind; `plan` holds the lanes, the restarts and the refusals."""

    plan: Plan
    windows: tuple[Desync, ...]
    held: tuple[TokenValidity, ...]
    shades: tuple[Stripe, ...]
    stripes: tuple[Stripe, ...]
    beyond: tuple[Stripe, ...]
    uncertain: tuple[Stripe, ...]
    results: tuple[Result, ...]

    @property
    def left_out(self) -> int:
        """Stores beyond the most a picture can hold."""
        return len({one.store for one in self.held} - set(self.plan.lanes))


def plan_validity(case: Case) -> ValidityPlan:
    """Place everything that a case tells of its logins."""
    windows, held, lost = case.desyncs, held_credentials(case), results(case.answers.findings)
    now = drawable(known_until(case))
    start, end = _shown_range(case, windows, held, now)
    turns = gateway_turns(e for e in case.timeline.events if e.time and start <= e.time <= end)
    refusals = tuple(refusal_ticks(windows, read_refusals(case.attempts), now))
    shown = tuple(r for r in lost if start <= r.time <= end)
    lanes = _lay_out([*_window_lanes(windows, refusals), *_store_lanes(held), *_last_lanes(shown, turns)])
    plan = Plan(
        view=_view(start, end, now, turns),
        lanes=lanes,
        callouts=(),
        top=_MARGIN,
        bars=(),
        failures=thin_out((t for t in refusals if t.lane in lanes), start, end),
        answers=(),
        echoes=(),
    )
    return ValidityPlan(
        plan=plan,
        windows=windows,
        held=held,
        shades=_within(shades(windows, held, now), plan),
        stripes=_within([*token_stripes(held, windows, (start, end)), *window_stripes(windows, now)], plan),
        beyond=_within(held_beyond(held), plan),
        uncertain=_within(uncertain(windows), plan),
        results=shown[:MOST],
    )


def _within(stripes: Iterable[Stripe], plan: Plan) -> tuple[Stripe, ...]:
    return tuple(s for s in stripes if s.lane in plan.lanes and s.start <= plan.view.end and s.end >= plan.view.start)


def _lay_out(lanes: Iterable[tuple[str, str]]) -> dict[str, Lane]:
    """Key and note of each lane, from top to bottom."""
    return {
        key: Lane(key, shorten_middle(key, _NAME_LENGTH), note, _MARGIN + n * LANE_HEIGHT)
        for n, (key, note) in enumerate(dict(lanes).items())
    }


def _window_lanes(windows: Sequence[Desync], refusals: Sequence[Tick]) -> Iterator[tuple[str, str]]:
    counts, refused = Counter(map(window_lane, windows)), Counter(tick.lane for tick in refusals)
    for lane, count in counts.items():
        yield lane, f"{counted(count, 'window')}, {counted(refused[lane], 'refusal')}"


def _store_lanes(held: Sequence[TokenValidity]) -> list[tuple[str, str]]:
    """Those that somebody renews come first, so that what is left out is what nobody renews."""
    ordered = sorted(held, key=lambda one: not one.renewable)
    stores = list(dict.fromkeys(one.store for one in ordered))[:_MOST_STORES]
    return [(store, _note([one for one in held if one.store == store])) for store in stores]


def _note(held: Sequence[TokenValidity]) -> str:
    earlier = sum(not one.current for one in held)
    if not any(one.renewable for one in held):
        return "never renewed"
    return f"renewable, {counted(earlier, 'earlier pair')}" if earlier else "renewable"


def _last_lanes(lost: Sequence[Result], turns: Sequence[Turn]) -> Iterator[tuple[str, str]]:
    if lost:
        counts = Counter("lost" if result.lost else "late" for result in lost)
        yield RESULTS, ", ".join(f"{counts[what]} {what}" for what in ("lost", "late") if counts[what])
    if turns:
        told = Counter(turn.what for turn in turns)
        yield GATEWAY, ", ".join(counted(told[what], what) for what in sorted(told))


def _view(start: datetime, end: datetime, now: datetime, turns: tuple[Turn, ...]) -> View:
    return View(
        start=start, end=end, now=now, asked_earlier=False, incidents=(), attempts=(), windows=(), answers=(),
        echoes=(), turns=turns, profiles=(), several_agents=False,
    )  # fmt: skip


def _shown_range(
    case: Case, windows: Sequence[Desync], held: Sequence[TokenValidity], now: datetime
) -> tuple[datetime, datetime]:
    """Some time before the first window to some time after the last; without one, the evidence and a little more."""
    seen = [one.seen for one in held if one.seen]
    first = drawable(min([*(e.time for e in case.timeline.events if e.time), *seen], default=now))
    last = max([now, *map(drawable, seen)])
    if windows:
        begin = drawable(min(row.opened.not_before or row.start for row in windows))
        over = drawable(max((row.closed and row.closed.not_after) or row.end or last for row in windows))
        context = max((over - begin) * _CONTEXT, _LEAST_CONTEXT)
        first, last = begin - context, over + context
    else:
        ends = [one.end for one in held if one.end]
        last = max(last, min(max([last, *map(drawable, ends)]), last + (last - first) * _REACH))
    margin = max((last - first) * 0.01, timedelta(seconds=5))
    return first - margin, last + margin
