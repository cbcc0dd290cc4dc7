"""An upgrade in the middle of an incident: each moment is judged by the release that ran then, the plan by the last."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forensics import Case, open_case
from forensics.openclaw.releases import Release, Running
from forensics.report.terminal import page
from forensics.report.text.incident import how_filed
from forensics.secrets.fingerprints import identifier_hash

DAY = datetime(2026, 11, 20, tzinfo=UTC)
PROFILE = "anthropic:default"
OLD, NEW = ("2026.2.9", "subsystem-DPnkvS73.js"), ("2026.5.28", "subsystem-Blo0_rG4.js")
REFUSED = (
    '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token does not meet scope requirement '
    'user:profile"},"request_id":"req_%s"}'
)
SAID = "HTTP 403 permission_error: OAuth token does not meet scope requirement user:profile (request_id: req_%s)"
ECHO = (
    "All models failed (1): anthropic/claude-opus-4-5: Provider anthropic is in cooldown (all profiles unavailable) "
    "(rate_limit)"
)


def at(clock: str) -> datetime:
    hours, minutes, seconds = clock.split(":")
    return DAY + timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def ms(clock: str) -> int:
    return int(at(clock).timestamp() * 1000)


def stamp(clock: str) -> str:
    return at(clock).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def line(by: tuple[str, str], clock: str, subsystem: str, text: str, level: str = "ERROR", **more: object) -> str:
    """A file log line of a release; its bundle file names the release."""
    binding = json.dumps({"subsystem": subsystem}, separators=(",", ":"))
    arguments = [binding, *([more] if more else []), text]
    meta = {
        "runtime": "node",
        "name": binding,
        "date": stamp(clock),
        "logLevelName": level,
        "path": {"fileName": by[1]},
    }
    time = stamp(clock) if by is OLD else stamp(clock).replace("Z", "+00:00")
    logged = {str(n): argument for n, argument in enumerate(arguments)}
    return json.dumps({**logged, "_meta": meta, "time": time}, separators=(",", ":"))


def failed_2_9(clock: str, rid: str) -> str:
    return line(
        OLD, clock, "diagnostic", f'lane task error: lane=main durationMs=122 error="FailoverError: {SAID % rid}"'
    )


def failed_5_28(clock: str, rid: str, until: str, errors: int, *, reused: bool = False) -> list[str]:
    run = {"runId": f"run-{rid}", "provider": "anthropic"}
    ended = {
        "event": "embedded_run_agent_end", **run, "isError": True, "model": "claude-opus-4-5", "failoverReason": "auth",
        "rawErrorPreview": REFUSED % rid, "rawErrorHash": identifier_hash(REFUSED % rid), "httpCode": "403",
        "providerErrorType": "permission_error",
    }  # fmt: skip
    written = {
        "event": "auth_profile_failure_state_updated", **run, "profileId": identifier_hash(PROFILE), "reason": "auth",
        "windowType": "cooldown", "windowReused": reused, "errorCount": errors, "cooldownUntil": ms(until),
    }  # fmt: skip
    later = f"{clock[:6]}{float(clock[6:]) + 0.003:06.3f}"
    return [
        line(NEW, clock, "agent/embedded", "embedded run agent end", "WARN", **ended),
        line(NEW, later, "agent/embedded", "auth profile failure state updated", "WARN", **written),
    ]


def entries(*refused: tuple[str, str]) -> str:
    """A transcript: every prompt, and the provider's refusal half a second later."""
    said: list[Mapping[str, object]] = [{"type": "session", "version": 3, "id": "s1", "timestamp": stamp("08:59:00")}]
    for clock, rid in refused:
        asked = at(clock) - timedelta(seconds=0.5)
        told = {
            "role": "assistant", "content": [], "provider": "anthropic", "model": "claude-opus-4-5",
            "stopReason": "error", "errorMessage": REFUSED % rid, "timestamp": int(asked.timestamp() * 1000) + 400,
        }  # fmt: skip
        prompt = {"role": "user", "content": f"please {rid}", "timestamp": int(asked.timestamp() * 1000)}
        said += [
            {"type": "message", "id": f"u{rid}", "timestamp": asked.isoformat(), "message": prompt},
            {"type": "message", "id": f"a{rid}", "timestamp": stamp(clock), "message": told},
        ]
    return "\n".join(map(json.dumps, said)) + "\n"


STATS = {"version": 1, "usageStats": {PROFILE: {"errorCount": 2, "lastFailureAt": ms("09:09:00.5")}}}
STORE = {"version": 1, "profiles": {PROFILE: {"type": "token", "provider": "anthropic", "token": "x" * 40}}}
BEFORE = [
    line(OLD, "08:58:00", "gateway", "listening on ws://127.0.0.1:18789 (PID 41)", "INFO"),
    failed_2_9("09:00:00.510", "a1"),
    line(OLD, "09:00:30.100", "diagnostic", f'lane task error: lane=main durationMs=9 error="Error: {ECHO}"'),
    failed_2_9("09:02:00.510", "a2"),
]
UPGRADE = [
    line(OLD, "09:02:50", "gateway", "signal SIGTERM received", "INFO"),
    line(NEW, "09:03:00", "gateway", "http server listening (7 plugins: browser; 1.6s)", "INFO"),
]


def case(tmp_path: Path, after: list[str], *refused: tuple[str, str]) -> Case:
    files = {
        "logs/openclaw-2026-11-20.log": "\n".join([*BEFORE, *UPGRADE, *after]) + "\n",
        "agents/main/agent/auth-profiles.json": json.dumps(STORE),
        "agents/main/agent/auth-state.json": json.dumps(STATS),
        "agents/main/sessions/s1.jsonl": entries(("09:00:00.5", "a1"), ("09:02:00.5", "a2"), *refused),
        "openclaw.json": json.dumps({"meta": {"lastTouchedVersion": NEW[0]}}),
    }
    for name, content in files.items():
        path = tmp_path / ".openclaw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return open_case(tmp_path)


def upgraded(tmp_path: Path) -> Case:
    after = failed_5_28("09:08:00.5", "b1", "09:08:30.5", 1) + failed_5_28("09:09:00.5", "b2", "09:10:00.5", 2)
    return case(tmp_path, after, ("09:08:00.5", "b1"), ("09:09:00.5", "b2"))


def test_both_releases_are_named_and_the_last_one_runs_now(tmp_path: Path) -> None:
    found = upgraded(tmp_path)
    assert found.triage()["evidence"]["releases"] == ["2026.2.9", "2026.5.28"]  # type: ignore[index]
    assert str(found.release.release) == "2026.5.28"
    assert [str(found.release.at(at(clock))) for clock in ("08:00:00", "09:02:49", "09:04:00")] == [
        "2026.2.9", "2026.2.9", "2026.5.28",
    ]  # fmt: skip


def test_each_window_has_the_length_of_the_release_that_set_it(tmp_path: Path) -> None:
    (incident,) = upgraded(tmp_path).incidents
    assert [(w.start_basis, w.start, w.end, w.prolonged) for w in incident.windows] == [
        ("computed", at("09:00:00.5"), at("09:01:00.5"), 0),
        ("computed", at("09:02:00.5"), at("09:07:00.5"), 0),
        ("event", at("09:08:00.503"), at("09:08:30.5"), 0),
        ("event", at("09:09:00.503"), at("09:10:00.5"), 0),
    ]


def test_a_window_that_outlives_the_upgrade_is_one_window(tmp_path: Path) -> None:
    after = failed_5_28("09:04:00.5", "b1", "09:07:00.5", 3, reused=True)
    (incident,) = case(tmp_path, after, ("09:04:00.5", "b1")).incidents
    assert [(w.start_basis, w.start, w.end, w.prolonged) for w in incident.windows] == [
        ("computed", at("09:00:00.5"), at("09:01:00.5"), 0),
        ("computed", at("09:02:00.5"), at("09:07:00.5"), 1),
    ]


def test_what_was_recorded_is_told_by_the_release_of_that_moment(tmp_path: Path) -> None:
    found = upgraded(tmp_path)
    (incident,) = found.incidents
    assert set(incident.recorded_reasons) == {"auth", "rate_limit"}
    said = how_filed(incident, found.release.at(incident.start)) or ""
    assert "2026.2.9 says rate_limit of every credential it skips; from 2026.2.23 it says what it counted." in said
    assert "The answer itself is filed as auth by 2026.2.9" in said
    assert incident.first_failure.time == at("09:00:00.4")


def test_the_plan_is_made_of_commands_of_the_release_that_runs_now(tmp_path: Path) -> None:
    found = upgraded(tmp_path)
    (plan,) = found.plans.values()
    words = " ".join([*plan.steps, *plan.does_not_help, *plan.do_not_touch])
    assert "openclaw secrets reload" in words  # not there in 2026.2.9
    assert "every failed call prolongs the window" not in words  # no longer true


@pytest.mark.parametrize(
    ("state", "now"), [("2026.5.28", "2026.5.28"), ("2026.9.6", "2026.9.6"), ("2026.2.9", "2026.5.28")]
)
def test_a_config_written_by_a_later_release_than_the_log_s_tells_the_one_that_runs_now(
    tmp_path: Path, state: str, now: str
) -> None:
    upgraded(tmp_path)
    (tmp_path / ".openclaw/openclaw.json").write_text(json.dumps({"meta": {"lastTouchedVersion": state}}))
    found = open_case(tmp_path).release
    assert (str(found.release), str(found.at(at("09:08:00")))) == (now, "2026.5.28")


def test_before_the_first_release_that_is_told_that_one_ran() -> None:
    old, new = Release.parse("2026.2.9"), Release.parse("2026.5.28")
    assert old
    assert new
    running = Running(new, ((at("09:00:00"), old), (at("10:00:00"), new)))
    assert [running.at(at(clock)) for clock in ("08:00:00", "09:00:00", "09:59:59", "10:00:00")] == [old, old, old, new]
    assert Running(new).at(at("08:00:00")) == new


# --- releases that nobody read


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("2026.11.3", "release 2026.11.3 is newer than the newest known, 2026.9.6, whose facts are used"),
        ("2027.1.4-beta.2", "release 2027.1.4-beta.2 is newer than the newest known, 2026.9.6, whose facts are used"),
        ("2026.1.5", "release 2026.1.5 is older than the oldest known, 2026.1.29, whose facts are used"),
        ("2026.5.30", "release 2026.5.30 is not known itself; the facts of 2026.5.28 are used"),
    ],
)
def test_a_release_that_was_not_read_is_judged_by_another_and_it_is_said(
    tmp_path: Path, stated: str, told: str
) -> None:
    (tmp_path / "openclaw.json").write_text(json.dumps({"meta": {"lastTouchedVersion": stated}}))
    (tmp_path / "openclaw.log").write_text("2026-11-20T09:00:00.000Z [gateway] listening on ws://127.0.0.1:1 (PID 4)\n")
    found = open_case(tmp_path)
    evidence = found.triage()["evidence"]
    assert evidence["releases"] == [stated]  # type: ignore[index]
    assert evidence["release_basis"] == f"named by the evidence; {told}"  # type: ignore[index]
    assert " ".join(words(found).split()).count(told[1:]) == 1


@pytest.mark.parametrize("stated", ["banana", "0.0.0-dev", "2026.13.1", "2026.11.3; rm -rf"])
def test_a_version_that_is_none_of_openclaw_s_is_said_and_not_used(tmp_path: Path, stated: str) -> None:
    (tmp_path / "openclaw.json").write_text(json.dumps({"meta": {"lastTouchedVersion": stated}}))
    found = open_case(tmp_path)
    assert (found.releases, found.release.exact) == ((), False)
    assert f'the release it names, "{stated}", is none of OpenClaw\'s' in found.release.basis
    assert f'"{stated}", is none of' in words(found)


def test_a_newer_release_whose_bundle_files_nobody_knows_counts_beside_the_one_in_the_log(tmp_path: Path) -> None:
    upgraded(tmp_path)
    (tmp_path / ".openclaw/openclaw.json").write_text(json.dumps({"meta": {"lastTouchedVersion": "2026.11.3"}}))
    found = open_case(tmp_path)
    assert found.releases == ("2026.2.9", "2026.5.28", "2026.11.3")
    assert str(found.release.release) == "2026.11.3"
    assert found.plans


def words(found: Case) -> str:
    return page(found).plain
