"""An end that only the auth stores show: the profile that failed was used with success since."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stuck_machines import RELEASES, Machine, State, ago, machines, write

from forensics import open_case


def refused(machine: Machine, *hours: float, agent: str = "main") -> list[str]:
    """Lines of one refused call each, `hours` before now, that name no provider but in their words."""
    times = (machine.now - timedelta(hours=before) for before in hours)
    words = f"HTTP 401 {machine.provider} rejected the API key: invalid api key"
    return [
        f"{time:%Y-%m-%dT%H:%M:%S.000Z} [model-fallback] model fallback decision: decision=candidate_failed "
        f"requested={machine.model} candidate={machine.model} reason=auth next={machine.fallback} detail={words}"
        for time in times
    ]


def ends(folder: Path, machine: Machine, **values: object) -> list[tuple[datetime | None, str | None]]:
    state = State(stats={machine.profiles[0]: values}, profiles=machine.profiles[:1], log=refused(machine, 5, 4))
    write(folder, machine, state)
    return [(i.end, i.end_basis) for i in open_case(folder, now=f"{machine.now:%Y-%m-%dT%H:%M:%SZ}").incidents]


@settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(machine=machines(), minutes=st.integers(1, 230))
def test_a_success_in_the_store_after_the_last_failure_is_an_end(
    machine: Machine, minutes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    used = ago(machine.now, minutes=minutes)
    found = ends(tmp_path_factory.mktemp("m"), machine, lastUsed=used, errorCount=0)
    assert [(end and round(end.timestamp() * 1000), basis) for end, basis in found] == [(used, "store")]


@settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(machine=machines(), hours=st.floats(4.01, 50))
def test_a_success_before_the_last_failure_ends_nothing(
    machine: Machine, hours: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    used = ago(machine.now, hours=hours)
    assert ends(tmp_path_factory.mktemp("m"), machine, lastUsed=used, errorCount=0) == [(None, None)]


@pytest.mark.parametrize("release", RELEASES[:4])
def test_a_failed_run_that_marked_its_own_profile_as_used_ends_nothing(release: str, tmp_path: Path) -> None:
    now = datetime.fromisoformat("2026-05-14T12:00:00+00:00")
    machine = Machine(release=release, provider="openai", other="google", names=("default", "b"), now=now,
                      sessions=("agent:main:main",), with_log=True)  # fmt: skip
    failed = ago(now, hours=1)
    values = {"lastFailureAt": failed, "lastUsed": failed + 400, "errorCount": 0}
    assert ends(tmp_path / release, machine, **values) == [(None, None)]
