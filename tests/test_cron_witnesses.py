"""What a run log, or a job alone, tells of failed runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from making import at, event

from forensics import open_case
from forensics.incidents.cron_witnesses import with_cron_witnesses
from forensics.tables import Event

JOB = "0d0d0d0d-0000-4000-8000-00000000000{}"
ERRORS = {
    "All models failed (2): openrouter/a: HTTP 402 Insufficient credits (billing) | openrouter/b: Provider openrouter "
    "has billing issue (skipping all models) (billing)": "billing",
    "FailoverError: HTTP 401 authentication_error: invalid x-api-key": "auth_permanent",
    "FailoverError: HTTP 404 model_not_found: no such model": "model_not_found",
}


def run_log(folder: Path, error: str, count: int, job: int = 1) -> Path:
    path = folder / "cron" / "runs" / f"{JOB.format(job)}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    start = 1_775_624_400_000
    lines = [
        {"ts": start + n * 3_600_000 + 420, "jobId": JOB.format(job), "action": "finished", "status": "error",
         "error": error, "runAtMs": start + n * 3_600_000, "durationMs": 420, "provider": "openrouter",
         "sessionKey": f"agent:main:cron:{JOB.format(job)}"}
        for n in range(count)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def incidents(folder: Path) -> list[dict[str, Any]]:
    return list(open_case(folder).triage()["incidents"])  # type: ignore[call-overload]


@given(error=st.sampled_from(sorted(ERRORS)), count=st.integers(1, 6))
@settings(max_examples=12, deadline=None)
def test_a_run_log_alone_gives_one_incident_with_one_failed_run_a_line(
    tmp_path_factory: Any, error: str, count: int
) -> None:
    (incident,) = incidents(run_log(tmp_path_factory.mktemp("runs"), error, count))
    assert incident["true_reason"] in (ERRORS[error], "auth")
    assert (incident["impact"]["cron_runs"], incident["impact"]["runs_failed"]) == (count, count)
    assert incident["failures"] == count


def test_two_jobs_that_fail_at_one_moment_are_two_runs(tmp_path: Path) -> None:
    error = next(iter(ERRORS))
    run_log(tmp_path, error, 1, job=1)
    (incident,) = incidents(run_log(tmp_path, error, 1, job=2))
    assert incident["impact"]["cron_runs"] == 2


def test_a_run_that_another_record_shows_is_not_told_twice() -> None:
    shown = event("lane_task_error", "failure", 2, provider="openrouter", text="HTTP 402 Insufficient credits")
    run = event(
        "cron_run", "schedule", 3, started=at(0), detail="j1", decision="error", text="HTTP 402 Insufficient credits"
    )
    assert [e.role for e in with_cron_witnesses([shown, run], [])] == ["failure", "schedule"]
    assert [e.role for e in with_cron_witnesses([run], [])] == ["failure"]


def test_a_job_that_failed_for_want_of_a_channel_accuses_no_provider() -> None:
    run = event("cron_run", "schedule", 3, started=at(0), detail="j1", decision="error", text="Channel is required")
    assert with_cron_witnesses([run], []) == (run,)


def test_a_job_that_ran_well_is_no_witness() -> None:
    run: Event = event("cron_run", "schedule", 3, started=at(0), detail="j1", decision="ok", text="HTTP 402 it said")
    assert with_cron_witnesses([run], []) == (run,)
