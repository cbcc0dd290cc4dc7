"""Outages, freezes and missing logs are told; a restart that was asked for and an idle night are not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from forensics.detectors.questions.examples import LOG, answer, at, event, facts, failure, turn
from forensics.detectors.questions.silence import DETECTOR
from forensics.incidents.gateway_uptime import gateway_runs, up_times
from forensics.tables import Activity, Event, File, Finding


def start(clock: str, pid: int = 21, kind: str = "gateway_listening", **more: Any) -> Event:
    return event(clock, kind, "lifecycle", text=f"listening on ws://127.0.0.1:18789 (PID {pid})", **more)


def stop(clock: str, **more: Any) -> Event:
    said = {"text": "received SIGTERM; shutting down", "detail": "SIGTERM"}
    return event(clock, "gateway_signal", "lifecycle", **said | more)


def frozen(clock: str, seconds: int, kind: str = "host_frozen") -> Event:
    return event(clock, kind, "health", duration_ms=seconds * 1000)


def findings(events: Iterable[Event], now: str = "20:00") -> list[Finding]:
    return [f.finding for f in DETECTOR.detect(facts(events=events, now=now))]


def verdicts(events: Iterable[Event], now: str = "20:00") -> list[tuple[str, str]]:
    return [(f.verdict, f.severity) for f in findings(events, now)]


@pytest.mark.parametrize(
    ("again", "told"),
    [("09:04", []), ("09:30", [("down", "info")]), ("12:00", [("down", "low")])],
)
def test_a_planned_stop_is_told_by_how_long_it_lasted(again: str, told: list[tuple[str, str]]) -> None:
    assert verdicts([start("08:00"), stop("09:00"), start(again, 77)]) == told


def test_it_says_who_asked_for_a_stop() -> None:
    asked = event("08:59:59", "gateway_restart_log", "lifecycle", detail="update", text="openclaw restart attempt")
    summary = findings([start("08:00"), asked, stop("09:00"), start("09:30", 77)])[0].summary
    assert summary.endswith("from 2026-03-02 09:00:00 UTC to 2026-03-02 09:30:00 UTC: SIGTERM, asked for by update.")


def test_a_gateway_that_stays_down_at_the_end_was_stopped() -> None:
    assert verdicts([start("08:00"), stop("09:00")]) == []


def test_a_start_without_a_stop_before_it_is_a_crash_or_a_kill() -> None:
    error = event("11:58", "process_error", "lifecycle", text="Cannot read properties of undefined")
    found = findings([start("08:00"), answer("11:00"), error, start("12:00", 77)])[0]
    assert (found.verdict, found.severity, found.first_time) == ("ended_unannounced", "medium", at("11:58"))
    assert "it had said 'Cannot read properties of undefined'" in found.summary
    assert found.evidence == (f"{LOG}:43081", f"{LOG}:43201")


@pytest.mark.parametrize(
    "line",
    [
        start("08:00:05", kind="gateway_ready"),
        start("08:00:00.900"),
        start("12:00", 77, time_basis="assumed_zone"),
        event("12:00", "gateway_starting", "lifecycle", text="loading configuration"),
    ],
    ids=["the next line of one start", "the same line in another log", "a time without a zone", "a start that failed"],
)
def test_what_is_no_second_start(line: Event) -> None:
    assert verdicts([start("08:00"), line]) == []


def test_the_same_line_a_minute_later_is_a_second_start() -> None:
    assert verdicts([start("08:00"), start("08:01")]) == [("ended_unannounced", "medium")]


def test_a_gateway_that_failed_to_start_does_not_serve() -> None:
    failed = event("08:00:09", "gateway_startup_failed", "lifecycle", text="listen EADDRINUSE")
    assert findings([failed])[0].summary == (
        "The gateway failed to start at 2026-03-02 08:00:09 UTC and stayed alive without serving: listen EADDRINUSE."
    )


def test_freezes_in_a_row_are_one_episode() -> None:
    rows = [
        frozen("09:02", 90),
        frozen("09:02:00.005", 90, "liveness_delayed"),
        frozen("09:10", 90),
        frozen("11:00", 40),
    ]
    found = findings([start("08:00"), *rows, frozen("13:00", 20)])
    assert [(f.first_time, f.last_time, f.severity) for f in found] == [
        (at("09:00:30"), at("09:10"), "low"),
        (at("10:59:20"), at("11:00"), "low"),
    ]
    assert "stood still 2 times" in found[0].summary
    assert "3 min in all, 90 s at most" in found[0].summary


@pytest.mark.parametrize("seconds", [-1, 0, 29, 10**18])
def test_a_freeze_of_an_impossible_or_harmless_length_is_none(seconds: int) -> None:
    assert verdicts([start("08:00"), frozen("09:00", seconds)]) == []


def test_a_freeze_that_timeouts_fall_into_is_worse() -> None:
    timeout = failure("09:01", http_status=None, error_type=None, text="Request timed out.", detail="timed out")
    found = findings([start("08:00"), turn("08:59"), timeout, frozen("09:02", 120)])
    assert [(f.verdict, f.severity) for f in found if f.verdict == "frozen"] == [("frozen", "medium")]
    assert "1 timeout in that time need not be the provider's" in found[0].summary


@pytest.mark.parametrize(
    ("kind", "told"), [("log_size_cap", ("log_full", "medium")), ("log_queue_overflow", ("records_dropped", "low"))]
)
def test_a_log_that_lost_lines_says_so(kind: str, told: tuple[str, str]) -> None:
    assert verdicts([start("08:00"), event("09:00", kind, "lifecycle", count=812)]) == [told]


def test_a_log_that_begins_after_the_failure_is_told() -> None:
    seen = facts(events=[turn("09:00"), failure("09:00:01"), start("12:00")], now="13:00")
    files = tuple(replace(f, first_time=at("12:00")) if f.kind == "log" else f for f in seen.files)
    found = [f.finding for f in DETECTOR.detect(replace(seen, files=files))]
    assert [(f.verdict, f.first_time, f.last_time) for f in found] == [("log_begins_late", at("09:00:01"), at("12:00"))]


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["logs/openclaw.log"], "does not prune a file of this name"),
        (["tmp/openclaw-2026-03-02.log"], "deletes dated files after 24 hours"),
        (["tmp/openclaw-2026-03-02.log", "tmp/openclaw-2026-03-02.5.log"], "keeps five; the older ones are gone"),
        (["logs/openclaw.5.log.gz"], "keeps five"),
    ],
)
def test_what_became_of_older_lines_is_told_by_the_names_of_the_files(names: list[str], why: str) -> None:
    seen = facts(events=[turn("09:00"), failure("09:00:01"), start("12:00")], now="13:00")
    logs = tuple(File(path=name, kind="log", first_time=at("12:00")) for name in names)
    (found,) = DETECTOR.detect(replace(seen, files=logs))
    assert why in found.finding.summary
    assert found.answer.what == "log_begins_late"


def test_a_gap_over_a_day_without_its_log_file_says_so() -> None:
    seen = facts(
        events=[start("08:00"), turn("09:00"), failure("09:00:05"), turn("56:59"), answer("57:00")], now="58:00"
    )
    dated = [File(path=f"tmp/openclaw-2026-03-0{day}.log", kind="log", first_time=at("08:00")) for day in (2, 4)]
    (found,) = DETECTOR.detect(replace(seen, files=tuple(dated)))
    assert "the log file of 2026-03-03 is not in the evidence" in found.finding.summary


def test_the_longest_quiet_stretch_of_an_incident_is_told_and_an_idle_night_is_not() -> None:
    idle = [start("08:00"), turn("09:00"), answer("09:00:05"), turn("19:00"), answer("19:00:05")]
    assert verdicts(idle) == []
    failing = [
        start("08:00"),
        turn("09:00"),
        failure("09:00:05"),
        turn("12:00"),
        failure("12:00:05"),
        answer("19:00:05"),
    ]
    found = findings(failing)
    assert [(f.verdict, f.first_time, f.last_time) for f in found] == [("quiet", at("12:00:05"), at("19:00:05"))]


def test_activity_without_events_is_a_sign_of_life() -> None:
    seen = facts(events=[start("08:00"), start("12:00", 77)])
    busy = tuple(Activity(source=LOG, minute=at(m), level="info", subsystem=None, lines=3) for m in ("10:30", "12:00"))
    assert [f.finding.first_time for f in DETECTOR.detect(replace(seen, activity=busy))] == [at("10:30")]


def test_a_gateway_is_up_from_its_start_to_its_last_sign() -> None:
    events = [start("08:00"), stop("09:00"), start("09:01", 77), answer("10:00"), start("12:00", 99), answer("13:00")]
    assert up_times(events) == (
        (at("08:00"), at("09:00")),
        (at("09:01"), at("10:00")),
        (at("12:00"), at("13:00")),
    )


def test_each_run_of_the_gateway_says_how_it_ended() -> None:
    events = [start("08:00"), stop("09:00"), start("09:01", 77), answer("10:00"), start("12:00", 99), answer("13:00")]
    assert [(r.start, r.end, r.planned, r.why) for r in gateway_runs(events)] == [
        (at("08:00"), at("09:00"), True, "SIGTERM"),
        (at("09:01"), at("10:00"), False, "no line says why"),
        (at("12:00"), None, None, None),
    ]
    assert gateway_runs([*events, stop("14:00")])[-1].end == at("14:00")
    assert gateway_runs([]) == ()


def test_without_a_gateway_log_it_has_not_looked() -> None:
    seen = facts(events=[turn("09:00"), failure("09:00:01")])
    assert File(path="x", kind="log") not in seen.files
    assert not DETECTOR.sees(seen)
