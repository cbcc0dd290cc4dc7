"""Many starts in a rhythm are one finding with a name, also where each looks planned; a few by hand are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import open_case
from forensics.detectors.questions import examples, silence
from forensics.detectors.questions import restart_storms as restart_storms_question
from forensics.detectors.restart_storms import restart_storms
from forensics.tables import Event

DAY = datetime(2026, 4, 2, 10, tzinfo=UTC)


def line(time: datetime, kind: str, **more: object) -> Event:
    facts = {"kind": kind, "role": "lifecycle", "source": "gateway.log", "line": 1, "time": time}
    return Event(**facts | more)  # type: ignore[arg-type] # columns of known types


def runs(starts: list[datetime], signal: str | None, alive: timedelta) -> list[Event]:
    """Each run: the model, the port with its own process id, and a signal where one ends it."""
    lines = []
    for n, start in enumerate(starts):
        lines += [
            line(start, "agent_model", text="agent model: google/gemini-3-pro"),
            line(start + timedelta(seconds=1), "gateway_listening", text=f"listening on ws://x (PID {3000 + n})"),
        ]
        lines += [line(start + alive, "signal_received", detail=signal)] if signal else []
    return lines


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(6, 70),
    every=st.integers(8, 600),
    jitter=st.lists(st.floats(-0.1, 0.1), min_size=70, max_size=70),
    signal=st.sampled_from(["SIGTERM", "SIGUSR1", "SIGINT", None]),
)
def test_starts_in_a_rhythm_are_one_storm_however_each_of_them_ends(
    count: int, every: int, jitter: list[float], signal: str | None
) -> None:
    starts = [DAY + timedelta(seconds=every * (n + jitter[n])) for n in range(count)]
    (storm,) = restart_storms(runs(starts, signal, timedelta(seconds=every * 0.6)))
    assert storm.count == count
    assert storm.every
    assert abs(storm.every.total_seconds() - every) <= every * 0.2
    assert sum(storm.signals.values()) == (count if signal else 0)


@settings(max_examples=60, deadline=None)
@given(minutes=st.lists(st.integers(0, 7 * 24 * 60), max_size=5, unique=True))
def test_a_handful_of_restarts_is_none_whatever_their_times(minutes: list[int]) -> None:
    starts = [DAY + timedelta(minutes=m) for m in sorted(minutes)]
    assert restart_storms(runs(starts, "SIGTERM", timedelta(seconds=20))) == ()


@settings(max_examples=40, deadline=None)
@given(days=st.integers(2, 30), hour=st.integers(0, 23))
def test_a_restart_every_night_is_none(days: int, hour: int) -> None:
    starts = [DAY + timedelta(days=n, hours=hour) for n in range(days)]
    assert restart_storms(runs(starts, "SIGTERM", timedelta(hours=23, minutes=59))) == ()


def test_a_gateway_that_exits_right_after_its_start_is_counted_by_its_service_manager(tmp_path: Path) -> None:
    clocks = [DAY + timedelta(seconds=6 * n) for n in range(12)]
    journal = [
        f"{time:%Y-%m-%dT%H:%M:%S+0000} attic systemd[812]: openclaw-gateway.service: Scheduled restart job, "
        f"restart counter is at {40 + n}."
        for n, time in enumerate(clocks)
    ]
    (tmp_path / "journal.txt").write_text("\n".join(journal) + "\n")
    (row,) = open_case(tmp_path).triage()["restart_storms"]  # type: ignore[misc]
    assert (row["count"], row["ended_by"]) == (12, None)
    assert "ends right after its start" in row["name"]


@pytest.mark.parametrize(
    ("asker", "name"),
    [("cron_asked_for_restart", "cron"), ("config_needs_restart", "openclaw.json"), (None, "asked for, again")],
)
def test_a_storm_is_named_after_what_asks_for_the_restarts(asker: str | None, name: str) -> None:
    starts = [DAY + timedelta(minutes=5 * n) for n in range(8)]
    asked = [line(start - timedelta(seconds=2), asker) for start in starts] if asker else []
    facts = examples.facts(events=[*runs(starts, "SIGUSR1", timedelta(minutes=4)), *asked])
    (found,) = restart_storms_question.DETECTOR.detect(facts)
    assert name in found.finding.summary
    assert found.finding.remedy
    assert found.finding.evidence


def test_the_outages_inside_a_storm_are_not_told_one_by_one() -> None:
    starts = [DAY + timedelta(seconds=28 * n) for n in range(60)]
    assert silence.DETECTOR.detect(examples.facts(events=runs(starts, None, timedelta()))) == ()
