"""One auth store and nothing else: what its counters tell, since when, and who is free."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.case import open_case
from forensics.incidents.incident import Incident
from forensics.report.terminal import page

FAILED = datetime(2026, 2, 11, 10, 40, tzinfo=UTC)
QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)


def stats(count: int, reasons: dict[str, int], *, used: datetime | None = None) -> dict[str, Any]:
    """A profile in its window."""
    success = {"lastUsed": milliseconds(used)} if used else {}
    window = {"lastFailureAt": milliseconds(FAILED), "cooldownUntil": milliseconds(FAILED + timedelta(minutes=5))}
    return {"errorCount": count, "failureCounts": reasons, **window, **success}


def opened(folder: Path, profiles: dict[str, dict[str, Any]]) -> tuple[Incident, str]:
    file = folder / "auth-profiles.json"
    file.write_text(json.dumps({"version": 1, "profiles": {}, "usageStats": profiles}))
    case = open_case(file)
    (incident,) = case.incidents
    return incident, " ".join(page(case, 120).plain.split())


def test_several_failures_began_before_the_last_and_after_the_last_success(tmp_path: Path) -> None:
    free = {"lastUsed": milliseconds(FAILED - timedelta(hours=3)), "errorCount": 0}
    failing = stats(2, {"auth": 2}, used=FAILED - timedelta(minutes=100))
    incident, shown = opened(tmp_path, {"acme:default": failing, "acme:spare": free})
    assert "acme fails since before 11 Feb 10:40 UTC" in shown
    assert "acme:default failed at least 2 times (auth), the first after 11 Feb 09:00:00" in shown
    assert "acme:spare is free (1 of 2)" in shown
    assert (incident.recorded_reasons, incident.start_known) == (("auth",), False)


def test_a_single_failure_is_the_first(tmp_path: Path) -> None:
    incident, shown = opened(tmp_path, {"acme:default": stats(1, {"billing": 1})})
    assert "acme fails since 11 Feb 10:40 UTC" in shown
    assert incident.start_known


def test_a_store_alone_tells_no_run_and_counts_none(tmp_path: Path) -> None:
    shown = opened(tmp_path, {"acme:default": stats(4, {"auth": 4})})[1]
    assert "What it cost is not in the evidence" in shown
    assert "No runs failed" not in shown


def test_without_a_reason_the_cause_is_not_shown(tmp_path: Path) -> None:
    assert "a cause the evidence does not show" in opened(tmp_path, {"acme:default": stats(1, {})})[1]


@settings(max_examples=100, **QUIET)
@given(
    count=st.integers(1, 9),
    reason=st.sampled_from(["auth", "billing", "rate_limit", "overloaded", "timeout", "format", "model_not_found"]),
    free=st.integers(0, 3),
    before=st.none() | st.integers(1, 10_000),
)
def test_what_is_counted_is_told_and_nothing_besides(tmp_path, count, reason, free, before) -> None:
    used = FAILED - timedelta(minutes=before) if before else None
    spare = {f"acme:spare{n}": {"errorCount": 0, "lastUsed": milliseconds(FAILED)} for n in range(free)}
    incident, shown = opened(tmp_path, {"acme:default": stats(count, {reason: count}, used=used), **spare})
    (counted,) = incident.counters.failures
    assert (counted.profile, counted.at_least, counted.reasons) == ("acme:default", count, (reason,))
    assert (counted.last, counted.after) == (FAILED, used)
    assert incident.counters.free == tuple(spare)
    assert (incident.provider, incident.recorded_reasons) == ("acme", (reason,))
    assert incident.start_known == (count == 1)
    assert "since before" in shown or count == 1


@pytest.mark.parametrize("field", ["cooldownUntil", "disabledUntil", "blockedUntil"])
def test_a_profile_in_a_window_of_any_kind_is_not_free(tmp_path: Path, field: str) -> None:
    kept_out = {
        "errorCount": 1,
        "lastFailureAt": milliseconds(FAILED),
        field: milliseconds(FAILED + timedelta(hours=1)),
    }
    incident, _ = opened(tmp_path, {"acme:default": stats(1, {"auth": 1}), "acme:spare": kept_out})
    assert incident.counters.free == ()


def test_the_contract_holds_the_counters(tmp_path: Path) -> None:
    opened(tmp_path, {"acme:default": stats(3, {"auth": 3})})
    (incident,) = open_case(tmp_path / "auth-profiles.json").triage()["incidents"]  # type: ignore[misc] # JSON
    assert incident["start_known"] is False
    assert incident["counted"] == [
        {
            "profile": "acme:default",
            "at_least": 3,
            "reasons": ["auth"],
            "last": "2026-02-11T10:40:00.000Z",
            "after": None,
            "source": "auth-profiles.json#/usageStats/acme:default/errorCount",
        }
    ]
