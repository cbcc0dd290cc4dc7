"""Calls and events are found by time as if each had been looked at."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from making import LIMIT, at, error, event

from forensics.incidents.calls.by_time import ByTime, nearest
from forensics.incidents.calls.call import RequestBuilder
from forensics.incidents.event_index import EventIndex
from forensics.incidents.failures import merge_failures
from forensics.tables import Event

SECONDS = st.integers(0, 9)
TIMES = st.lists(SECONDS, max_size=12)


@given(TIMES, SECONDS, SECONDS, SECONDS)
def test_the_nearest_calls_of_several_lanes_come_first_and_equally_near_ones_by_rank(
    times: list[int], time: int, since: int, until: int
) -> None:
    calls = [RequestBuilder(error(seconds), n) for n, seconds in enumerate(times)]
    lanes = (ByTime(), ByTime())
    for call in reversed(calls):
        lanes[call.number % 2].add(call, (call.number,))
    inside = [c for c in calls if at(since) <= c.time <= at(until)]
    by_hand = sorted(inside, key=lambda c: (abs(c.time - at(time)), c.number))
    assert list(nearest(lanes, at(time), at(since), at(until))) == by_hand


def test_a_call_that_left_a_lane_is_found_no_more() -> None:
    calls, lane = [RequestBuilder(error(1), n) for n in range(3)], ByTime()
    for call in calls:
        lane.add(call, (call.number,))
    lane.remove(calls[1], (1,))
    assert list(nearest([lane], at(1), at(0), at(2))) == [calls[0], calls[2]]


@given(TIMES, SECONDS, SECONDS)
def test_moments_are_those_that_a_look_at_every_event_finds(times: list[int], one: int, other: int) -> None:
    events = sorted((event("x", "answer", seconds) for seconds in times), key=lambda e: (e.time, e.line))
    moments, start, end = EventIndex(reversed(events)), at(one), at(other)
    assert list(moments.between(start, end)) == [e for e in events if e.time and start <= e.time <= end]
    assert list(moments.within(start, end)) == [e for e in events if e.time and start < e.time <= end]
    assert moments.until(start) == next((e for e in reversed(events) if e.time and e.time <= start), None)
    assert moments.after(start) == next((e for e in events if e.time and e.time > start), None)
    earlier = [e for e in events if e.time and e.time < start]
    assert list(moments.before(start)) == [e for e in earlier if e.time == earlier[-1].time]


def ended(seconds: float, run: str, **more: object) -> Event:
    """As the gateway logs a refused call, without the provider's id of it."""
    told = {"provider": "anthropic", "model": "opus", "run": run, "http_status": 429, "text": LIMIT}
    return event("embedded_run_agent_end", "failure", seconds, **told | more)


def test_of_many_calls_at_once_each_keeps_its_own_line_of_the_log() -> None:
    many = range(300)
    seen = [error(n / 1000, f"req_{n:06}", LIMIT, line=n) for n in many]
    logged = [ended(n / 1000 + 0.0005, f"run{n}", line=n) for n in many]
    failures = merge_failures([*seen, *logged])
    assert [f.sources for f in failures] == [(f"s1.jsonl:{n}", f"log:{n}") for n in many]


def test_a_report_of_a_run_goes_to_that_run_though_another_call_is_nearer() -> None:
    report = event("lane_task_error", "failure", 10, provider="anthropic", run="r1", text="", line=99)
    first, second = merge_failures([ended(1, "r1"), ended(9, "r2"), report])
    assert (first.sources[1:], second.sources[1:]) == (("log:99",), ())


def test_a_window_update_goes_to_the_nearest_call_that_has_none_yet() -> None:
    update = {"provider": "anthropic", "window_kind": "cooldown", "window_until": at(60)}
    updates = [event("auth_profile_failure_state_updated", "window", 3 + n, line=90 + n, **update) for n in range(2)]
    first, second = merge_failures([error(1, "req_aaaaa1"), error(2, "req_aaaaa2"), *updates])
    assert second.time - first.time == timedelta(seconds=1)
    assert (first.sources[1:], second.sources[1:]) == (("log:91",), ("log:90",))
