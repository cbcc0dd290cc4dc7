"""Captures replayed in time: `check` speaks soon after the first failure, and on a healthy day never."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from replaying import Replay, moments, spoken

from forensics.watch.check import WELL

CAPTURES = Path(__file__).resolve().parents[2] / "shared" / "captures"
TRUTHS = sorted(CAPTURES.glob("*/*/truth.json"))
QUIET = [path.parent for path in TRUTHS if path.parent.name[0] in "HM"]
BROKEN = [path.parent for path in TRUTHS if path.parent not in QUIET and path.parent.parent.name != "2026.8.2"]
pytestmark = pytest.mark.skipif(not TRUTHS, reason="the captures are not here")


def ids(capture: Path) -> str:
    return f"{capture.parent.name}/{capture.name}"


@pytest.mark.slow
@pytest.mark.parametrize("capture", QUIET, ids=ids)
def test_a_healthy_day_is_silent_at_every_moment(capture: Path) -> None:
    replay = Replay.of(capture)
    asked = {f"{time:%H:%M:%S}": replay.check(time) for time in moments(replay, timedelta(minutes=5))}
    assert not {time: (result.troubles, result.unseen) for time, result in asked.items() if result.code != WELL}


@pytest.mark.slow
@pytest.mark.parametrize("capture", BROKEN, ids=ids)
def test_a_broken_day_is_told_within_minutes_of_what_people_felt(capture: Path) -> None:
    told = spoken(capture, timedelta(minutes=5))
    assert told.now
    assert told.failed
    first = min(spoke[0] for spoke in (told.now, told.soon) if spoke)
    assert first - max(told.failed, told.noticed or told.failed) < timedelta(minutes=10)


def test_a_login_that_ran_apart_is_told_before_its_first_refusal() -> None:
    replay = Replay.of(CAPTURES / "2026.3.11" / "B-oauth_desync")
    times = [time for time in moments(replay, timedelta(minutes=60)) if f"{time:%H:%M}" < "11:40"]
    told = {f"{time:%H:%M}": [trouble.condition for trouble in replay.check(time).troubles] for time in times}
    assert told["11:35"] == ["armed_desync"]
    assert not [moment for moment, conditions in told.items() if conditions and moment < "11:34"]
