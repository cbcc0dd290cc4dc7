"""What the picture of logins draws: stripes for tokens and windows, marks for refusals and lost results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forensics.detectors.desync import Desync, Refusal
from forensics.openclaw.providers import login_server
from forensics.report.charts import palette
from forensics.report.charts.ticks import Tick
from forensics.report.charts.token_validity import TokenValidity
from forensics.tables import Finding
from forensics.text import between, clip, moment

_SAID = 240  # characters of text in a tooltip
_UPPER, _MIDDLE, _WINDOW, _LOWER, _UNDER = -9.0, 0.0, 4.0, 7.0, 14.5  # pixels from a lane's middle
_SLIM, _WIDE, _BROAD, _LANE = 11.0, 15.0, 16.0, 36.0  # heights in pixels
CURRENT, EARLIER = palette.REASONS["service"].light, palette.REASONS["unknown"].light
OUT_OF_SYNC = palette.REASONS["login"].light
_CLOCK = timedelta(minutes=1)  # what the rounding of an expiry may move a start by
RESULTS = ("result_not_delivered", "result_delivered_late")

Span = tuple[datetime, datetime]
"""First and last moment of a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripe:
    """One stretch of time in a lane. `labels` from the fullest to the shortest; the drawing takes what fits."""

    lane: str
    start: datetime
    end: datetime
    middle: float  # pixels from the lane's own middle
    height: float
    colour: str
    pale: bool = False
    labels: tuple[str, ...] = ()
    what: str = ""
    said: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One result that was computed and not delivered, or late."""

    time: datetime  # when the run was over
    until: datetime | None  # when it was given up, or delivered after all
    lost: bool
    said: str
    where: str


def window_lane(row: Desync) -> str:
    """The lane of a window: one per login server and the agents it left behind."""
    return f"{row.provider} out of sync: {', '.join(row.agents) or 'agent not known'}"


def token_stripes(held: Sequence[TokenValidity], rows: Sequence[Desync], view: Span) -> Iterator[Stripe]:
    """From issue to expiry. What is in the store now is broad; what was there before is slim and stands above it."""
    for one in held:
        came = _came_in(one, rows)
        if came:
            pale = replace(_token(one, view), end=came, labels=(), what=f"{one.name} was issued, and not here yet")
            yield replace(pale, pale=True)
        yield replace(_token(one, view), start=came) if came else _token(one, view)


def _token(one: TokenValidity, view: Span) -> Stripe:
    return Stripe(
        lane=one.store,
        start=one.start or view[0],
        end=one.end or view[1],
        middle=_LOWER if one.current else _UPPER,
        height=_BROAD if one.current else _SLIM,
        colour=CURRENT if one.current and one.renewable else EARLIER,
        labels=_labels(one, view[1]),
        what=f"{one.name}: {'in the store now' if one.current else 'there before'}",
        said=_validity(one),
        where=one.sources[0],
    )


def _came_in(one: TokenValidity, rows: Iterable[Desync]) -> datetime | None:
    """When a pair that somebody else had been issued came into this store: with the end of the window."""
    for row in rows:
        begun = one.start and row.kind != "overwritten" and _concerns(row, one)
        if begun and one.start and row.end and row.start - _CLOCK <= one.start < row.end:
            return min(row.end, one.end or row.end)
    return None


def _labels(one: TokenValidity, edge: datetime) -> tuple[str, ...]:
    if one.end is None:
        return (f"{one.name} · no end is stored", one.name)
    beyond = " ▸" if one.end > edge else ""
    return f"{one.name} · to {one.end:%d %b %H:%M}{beyond}", f"to {one.end:%H:%M}{beyond}", one.name


def _validity(one: TokenValidity) -> str:
    since = moment(one.start) if one.start else "an unknown start"
    return f"valid from {since} to {moment(one.end) if one.end else 'an end that is not stored'}"


def held_beyond(held: Iterable[TokenValidity]) -> Iterator[Stripe]:
    """From the expiry on, as long as the store still held it: a dead token in a store."""
    for one in held:
        if one.renewable and one.end and one.seen and one.end < one.seen:
            yield Stripe(
                lane=one.store, start=one.end, end=one.seen, middle=_LOWER if one.current else _UPPER, height=_SLIM,
                colour=palette.ECHO.light, what=f"{one.name} had expired and was still there",
                said=f"expired {moment(one.end)}, last seen {moment(one.seen)}", where=one.sources[-1],
            )  # fmt: skip


def window_stripes(rows: Iterable[Desync], now: datetime) -> Iterator[Stripe]:
    """Each window in a lane of its own, with who had renewed the login."""
    for row in rows:
        end = max(row.end or now, row.start)
        kind, lasted = row.kind.replace("_", " "), between(row.start, end)
        until = f"{lasted}, to {end:%H:%M}" if row.end else f"{lasted}, not over"
        yield Stripe(
            lane=window_lane(row),
            start=row.start,
            end=end,
            middle=_WINDOW,
            height=_WIDE,
            colour=OUT_OF_SYNC,
            labels=(f"{kind} · {until}", f"{kind} · {lasted}", kind),
            what=f"{kind}, known with {row.confidence} confidence",
            said=f"{moment(row.start)} to {moment(row.end) if row.end else 'the end of the evidence'}",
            where=row.evidence[0] if row.evidence else "",
        )


def uncertain(rows: Iterable[Desync]) -> Iterator[Stripe]:
    """The intervals that the edges of windows lie in, where they are not exact."""
    for row in rows:
        for name, edge in (("start", row.opened), ("end", row.closed)):
            if edge and not edge.exact:
                yield Stripe(
                    lane=window_lane(row), start=edge.not_before or edge.time, end=edge.not_after or edge.time,
                    middle=_UNDER, height=0,
                    colour=palette.TEXT.light, what=f"the {name} lies in here",
                    said=f"best known point: {moment(edge.time)}", where=row.evidence[0] if row.evidence else "",
                )  # fmt: skip


def shades(rows: Iterable[Desync], held: Sequence[TokenValidity], now: datetime) -> Iterator[Stripe]:
    """Each window again, behind the stores of the agents that it concerns."""
    for row in rows:
        stores = dict.fromkeys(one.store for one in held if _concerns(row, one))
        for lane in (window_lane(row), *stores):
            yield Stripe(
                lane=lane, start=row.start, end=max(row.end or now, row.start), middle=_MIDDLE, height=_LANE,
                colour=OUT_OF_SYNC,
            )  # fmt: skip


def _concerns(row: Desync, one: TokenValidity) -> bool:
    mine = not row.agents or one.agent in row.agents
    return one.tool is None and one.renewable and mine and one.service == login_server(row.provider)


def refusal_ticks(rows: Sequence[Desync], refusals: Iterable[Refusal], now: datetime) -> Iterator[Tick]:
    """The refused renewals, in the lane of the window that they belong to."""
    for refusal in refusals:
        row = next((row for row in rows if _within(row, refusal, now)), None)
        if row:
            yield Tick(
                lane=window_lane(row),
                time=refusal.time,
                what="the renewal was refused" if refusal.renewal else "the expired token was refused",
                said=" · ".join(part for part in (refusal.provider, refusal.agent, refusal.profile) if part),
                where=refusal.sources[0],
            )


def _within(row: Desync, refusal: Refusal, now: datetime) -> bool:
    if refusal.service != login_server(row.provider) or not row.start <= refusal.time <= (row.end or now):
        return False
    return not row.agents or refusal.agent in (None, *row.agents)


def results(findings: Iterable[Finding]) -> tuple[Result, ...]:
    """Results of subagents that were not delivered, or late, in order of when they were there."""
    told = (
        Result(
            time=finding.first_time,
            until=finding.last_time,
            lost=finding.verdict == RESULTS[0],
            said=clip(finding.summary, _SAID),
            where=finding.evidence[0] if finding.evidence else "",
        )
        for finding in findings
        if finding.verdict in RESULTS and finding.first_time
    )
    return tuple(sorted(told, key=lambda result: result.time))
