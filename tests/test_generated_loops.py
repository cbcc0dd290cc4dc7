"""Who keeps hitting a dead route, on generated machines: a clock is nobody's message, and people are no clock."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stuck_machines import Machine, State, machines, write

from forensics import open_case

WORDS = ("HTTP 401 invalid x-api-key", "HTTP 402 Insufficient Balance", "HTTP 429 rate_limit_error: Too many requests")
GENERATED = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refused(
    times: Sequence[datetime], words: str, lanes: Sequence[str] = ("main", "session:agent:main:main")
) -> list[str]:
    """Lines of one refused run at each time, as each lane tells of it."""
    return [
        f"{time + timedelta(milliseconds=n):%Y-%m-%dT%H:%M:%S.%f}Z [diagnostic] lane task error: lane={lane} "
        f'durationMs={300 + n} error="FailoverError: {words}"'
        for time in times
        for n, lane in enumerate(lanes)
    ]


def loops(
    factory: pytest.TempPathFactory,
    machine: Machine,
    log: list[str],
    every: str | None,
    schedule: Mapping[str, object] | None = None,
) -> dict[str, int]:
    """Trigger -> runs. `schedule`: of the machine's one job, which runs in the main session."""
    folder = factory.mktemp("m")
    write(folder, machine, State(log=log))
    config = folder / ".openclaw" / "openclaw.json"
    document = json.loads(config.read_text())
    if every:
        document["agents"]["defaults"]["heartbeat"] = {"every": every}
    config.write_text(json.dumps(document))
    if schedule:
        (folder / ".openclaw" / "cron").mkdir()
        job = {"id": "3a52", "createdAtMs": 0, "enabled": True, "schedule": schedule, "sessionTarget": "main"}
        (folder / ".openclaw" / "cron" / "jobs.json").write_text(json.dumps({"version": 1, "jobs": [job]}))
    found: dict[str, int] = {}
    for row in open_case(folder).triage()["retry_loops"]:
        found[row["trigger"]] = found.get(row["trigger"], 0) + row["count"]
    return found


def rhythm(machine: Machine, minutes: int, runs: int, jitter: Sequence[int]) -> list[datetime]:
    first = machine.now - timedelta(hours=12)
    return [first + timedelta(minutes=minutes * n, seconds=late) for n, late in zip(range(runs), jitter, strict=False)]


JITTER = st.lists(st.integers(0, 3), min_size=12, max_size=12)


@GENERATED
@given(machine=machines(), minutes=st.sampled_from([5, 15, 20, 30, 60]), runs=st.integers(3, 12), jitter=JITTER,
       words=st.sampled_from(WORDS))  # fmt: skip
def test_runs_in_the_configured_rhythm_are_heartbeats_from_the_third_on(
    machine: Machine, minutes: int, runs: int, jitter: list[int], words: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = refused(rhythm(machine, minutes, runs, jitter), words)
    assert loops(tmp_path_factory, machine, log, f"{minutes}m") == {"heartbeat": runs}


@GENERATED
@given(machine=machines(), minutes=st.integers(5, 60), runs=st.integers(6, 12), jitter=JITTER,
       off=st.booleans(), words=st.sampled_from(WORDS))  # fmt: skip
def test_a_rhythm_that_nothing_configures_is_a_clock_all_the_same(
    machine: Machine, minutes: int, runs: int, jitter: list[int], *, off: bool, words: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    log = refused(rhythm(machine, minutes, runs, jitter), words)
    found = loops(tmp_path_factory, machine, log, "0m" if off else None)
    assert found == {"cron" if off else "heartbeat": runs}


@GENERATED
@given(machine=machines(), runs=st.integers(3, 12), jitter=JITTER, words=st.sampled_from(WORDS))
def test_isolated_jobs_name_themselves_by_their_lane(
    machine: Machine, runs: int, jitter: list[int], words: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = [
        line
        for n, time in enumerate(rhythm(machine, 30, runs, jitter))
        for line in refused([time], words, ("cron", f"session:agent:main:cron:3a52:run:{n:08x}"))
    ]
    assert loops(tmp_path_factory, machine, log, "45m") == {"cron": runs}


@GENERATED
@given(
    machine=machines(),
    gaps=st.permutations([71, 190, 233, 480, 611, 1333, 1777, 2222, 2900]),
    words=st.sampled_from(WORDS),
)
def test_people_at_odd_times_are_no_clock_and_each_of_their_messages_counts(
    machine: Machine, gaps: list[int], words: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = machine.now - timedelta(hours=10, seconds=7)
    times = [first + timedelta(seconds=sum(gaps[:n])) for n in range(len(gaps) + 1)]
    assert loops(tmp_path_factory, machine, refused(times, words), "0m") == {"message": len(times)}


@GENERATED
@given(machine=machines(), runs=st.integers(1, 2), jitter=JITTER, words=st.sampled_from(WORDS))
def test_two_refused_heartbeats_are_no_loop(
    machine: Machine, runs: int, jitter: list[int], words: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert loops(tmp_path_factory, machine, refused(rhythm(machine, 30, runs, jitter), words), "30m") == {}


@GENERATED
@given(machine=machines(), runs=st.integers(1, 4), jitter=JITTER, words=st.sampled_from(WORDS))
def test_four_messages_are_no_loop(
    machine: Machine, runs: int, jitter: list[int], words: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert loops(tmp_path_factory, machine, refused(rhythm(machine, 30, runs, jitter), words), None) == {}


SCHEDULES = (
    ("0 8 * * *", "Asia/Kolkata", 8 * 60, 24 * 60),
    ("30 6,18 * * *", "Pacific/Honolulu", 6 * 60 + 30, 12 * 60),
    ("*/20 * * * *", None, 0, 20),
    ("0 15 * * * *", "Asia/Tokyo", 15, 60),
)  # expression, zone without summer time, its first minute of a day, minutes between two


@GENERATED
@given(machine=machines(), kept=st.sampled_from(SCHEDULES), lost=st.sets(st.integers(1, 4), max_size=2),
       late=st.lists(st.integers(0, 9), min_size=6, max_size=6), words=st.sampled_from(WORDS))  # fmt: skip
def test_runs_on_the_schedule_of_a_job_are_the_jobs_also_with_gaps(
    machine: Machine, kept: tuple[str, str | None, int, int], lost: set[int], late: list[int], words: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    expression, zone, first, minutes = kept
    day = machine.now.astimezone(ZoneInfo(zone or "UTC")).replace(hour=0, minute=0, second=0, microsecond=0)
    times = [
        day + timedelta(minutes=first + minutes * n - 6 * 1440, seconds=late[n]) for n in range(6) if n not in lost
    ]
    schedule = {"kind": "cron", "expr": expression, **({"tz": zone} if zone else {})}
    log = refused([time.astimezone(UTC) for time in times], words)
    assert loops(tmp_path_factory, machine, log, "45m", schedule) == {"cron": len(times)}


@GENERATED
@given(machine=machines(), minutes=st.sampled_from([7, 10, 25, 90]), words=st.sampled_from(WORDS))
def test_people_beside_a_job_stay_people_and_the_job_a_job(
    machine: Machine, minutes: int, words: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    anchor = machine.now - timedelta(hours=12)
    jobs = [anchor + timedelta(minutes=minutes * n, seconds=1) for n in range(5)]
    people = [anchor + timedelta(minutes=m, seconds=31) for m in (3, 12, 33, 57, 66, 71)]
    schedule = {"kind": "every", "everyMs": minutes * 60_000, "anchorMs": round(anchor.timestamp() * 1000)}
    log = refused(sorted([*jobs, *people]), words)
    assert loops(tmp_path_factory, machine, log, "0m", schedule) == {"cron": len(jobs), "message": len(people)}


@GENERATED
@given(machine=machines(), apart=st.integers(61, 700), words=st.sampled_from(WORDS))
def test_the_heartbeats_of_two_agents_are_two_rhythms(
    machine: Machine, apart: int, words: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = machine.now - timedelta(hours=12)
    beats = [first + timedelta(minutes=30 * n) for n in range(4)]
    runs = [(t + timedelta(seconds=late), a) for t in beats for a, late in (("main", 0), ("work", apart))]
    log = [line for time, agent in runs for line in refused([time], words, (f"session:agent:{agent}:main",))]
    assert loops(tmp_path_factory, machine, log, "30m") == {"heartbeat": len(runs)}
