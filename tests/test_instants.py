"""Whatever a source says of a time, it is an instant that can be reckoned with, or unknown."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from collecting import bundle_of, log_line
from hypothesis import given
from hypothesis import strategies as st

from forensics import open_case
from forensics.instants import FIRST, LAST, credible, from_ms, lasting
from forensics.parsers.stores.reading.values import moment_iso, moment_ms

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
YEARS = ("0001", "0099", "1970", "1999", "2005", "2287", "9998", "9999")


@given(st.one_of(st.integers(), st.floats()))
def test_no_number_leaves_the_calendar(number: float) -> None:
    moment = from_ms(number)
    assert moment is None or FIRST <= moment < LAST


@given(st.integers())
def test_no_duration_leaves_the_calendar(milliseconds: int) -> None:
    assert NOW.replace(year=1900) < NOW - lasting(milliseconds) <= NOW


@given(st.datetimes(timezones=st.sampled_from([None, UTC])))
def test_what_comes_through_can_be_moved_into_every_zone(moment: datetime) -> None:
    kept = credible(moment)
    if kept is not None:
        assert kept == moment
        assert kept - timedelta(days=40_000) < kept < kept + timedelta(days=40_000)
    assert moment_iso(f"{moment:%Y-%m-%dT%H:%M:%S}+14:00") is None or FIRST.year - 1 <= moment.year <= LAST.year + 1


@pytest.mark.parametrize("value", [True, None, "1", float("nan"), float("inf"), -1, 0, 1, 10**12, 10**13, 10**400])
def test_what_is_no_moment_is_none(value: object) -> None:
    assert moment_ms(value) is None


@pytest.mark.parametrize("year", YEARS)
def test_one_record_of_another_age_is_undated_and_moves_nothing(year: str, tmp_path: Path) -> None:
    """In the log, in a store, in a file's time: the answer stays that of the others."""
    texts = ("listening on ws://127.0.0.1:18789 (PID 22)", "log file: /tmp/x.log", "signal SIGTERM received")
    lines = [log_line(f"2026-03-02T10:00:0{n}.000Z", text) for n, text in enumerate(texts)]
    old = [log_line(f"{year}-12-31T23:59:59.999+00:00", text) for text in (*texts, "hello")]
    state = {"agent:main:main": {"sessionId": "s1", "updatedAt": 253402300799999, "startedAt": -62135596800000}}
    logs = tmp_path / ".openclaw" / "logs"
    logs.mkdir(parents=True)
    (logs / "openclaw.log").write_text("\n".join([old[0], *lines, *old]) + "\n")
    (tmp_path / ".openclaw" / "agents" / "main" / "sessions").mkdir(parents=True)
    (tmp_path / ".openclaw" / "agents" / "main" / "sessions" / "sessions.json").write_text(json.dumps(state))
    timeline = open_case(tmp_path).timeline
    assert timeline.first_time == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert timeline.last_time == datetime(2026, 3, 2, 10, 0, 2, tzinfo=UTC)
    assert timeline.last_moment == timeline.last_time
    assert {(file.lines, file.events) for file in timeline.files if file.kind == "log"} == {(8, 7)}
    bundle_of(tmp_path, tmp_path / "case.zip")
    assert open_case(tmp_path / "case.zip").timeline.last_moment == timeline.last_moment
