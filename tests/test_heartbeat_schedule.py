"""Heartbeats are no people: their rhythm counts modulo the interval, which the log or the configuration tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import at, event

from forensics.incidents.heartbeat_schedule import Heartbeats, interval_of
from forensics.tables import Event


def started(seconds: float = 0, every_ms: int | None = None) -> Event:
    return event("heartbeat_configured", "schedule", seconds, detail="started", duration_ms=every_ms)


@pytest.mark.parametrize(
    ("setting", "minutes"), [("15m", 15), ("0m", 0), ("1h", 60), ("90s", 1.5), ("30", 30), (None, 0), ("often", 0)]
)
def test_the_interval_is_read_as_openclaw_writes_it(setting: str | None, minutes: float) -> None:
    assert interval_of(setting) == timedelta(minutes=minutes)


@given(minutes=st.integers(2, 120), beats=st.integers(1, 60), late=st.floats(0, 5), told=st.booleans())
def test_a_run_whole_intervals_after_the_start_is_a_heartbeat(
    minutes: int, beats: int, late: float, told: bool
) -> None:
    every = timedelta(minutes=minutes)
    log = started(every_ms=minutes * 60_000 if told else None)
    schedule = Heartbeats([log], timedelta() if told else every)
    assert schedule.is_due(at(beats * every.total_seconds() + late))


@given(minutes=st.integers(10, 120), beats=st.integers(1, 60), off=st.floats(0.2, 0.8))
def test_a_run_between_two_beats_is_none(minutes: int, beats: int, off: float) -> None:
    schedule = Heartbeats([started(every_ms=minutes * 60_000)])
    assert not schedule.is_due(at((beats + off) * minutes * 60))


def test_without_an_interval_nothing_is_a_heartbeat() -> None:
    assert not Heartbeats([started()]).is_due(at(1800))
    off = event("heartbeat_configured", "schedule", 0, detail="disabled")
    assert not Heartbeats([off], timedelta(minutes=30)).is_due(at(1800))


@given(minutes=st.integers(5, 120), count=st.integers(3, 12))
def test_runs_in_the_configured_rhythm_show_it_where_nothing_tells_when_it_began(minutes: int, count: int) -> None:
    every = timedelta(minutes=minutes)
    runs = [at(7) + n * every for n in range(count)]
    schedule = Heartbeats((), every)
    schedule.learn(runs)
    assert all(map(schedule.is_due, runs))


def test_people_who_write_at_odd_times_teach_no_rhythm() -> None:
    schedule = Heartbeats((), timedelta(minutes=15))
    schedule.learn([at(minutes * 60) for minutes in (0, 12.4, 39.8, 71.3)])
    assert not schedule.is_due(at(900))
