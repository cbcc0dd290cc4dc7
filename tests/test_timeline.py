"""One record seen in several files is one event with several sources, placed in UTC."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics import open_case
from forensics.tables import Event

LANE = 'lane task error: lane=main durationMs={} error="FailoverError: HTTP 403 permission_error: no (request_id: {})"'


def file_line(time: str, milliseconds: int, rid: str) -> str:
    meta = {"runtime": "node", "name": "x", "date": time, "logLevelId": 5, "logLevelName": "ERROR"}
    record = {"0": '{"subsystem":"diagnostic"}', "1": LANE.format(milliseconds, rid), "_meta": meta, "time": time}
    return json.dumps(record, separators=(",", ":")) + "\n"


def pretty(clock: str, milliseconds: int, rid: str) -> str:
    return f"{clock} [diagnostic] {LANE.format(milliseconds, rid)}\n"


def lanes(folder: Path, timezone: str | None = None) -> list[Event]:
    events = open_case(folder, timezone=timezone).timeline.events
    return [e for e in events if e.kind == "lane_task_error"]


def test_the_same_record_in_log_and_console_is_one_event_with_the_exact_time(tmp_path: Path) -> None:
    (tmp_path / "openclaw.log").write_text(
        file_line("2026-02-11T09:18:58.941Z", 122, "req_aaaaaaaa")
        + file_line("2026-02-11T09:19:40.100Z", 7, "req_bbbbbbbb")
    )
    (tmp_path / "console.txt").write_text(
        pretty("09:18:58", 122, "req_aaaaaaaa") + pretty("09:19:40", 7, "req_bbbbbbbb")
    )
    first, second = lanes(tmp_path)
    assert first.sources == ("openclaw.log:1", "console.txt:1")
    assert (first.time, first.time_basis) == (datetime(2026, 2, 11, 9, 18, 58, 941_000, UTC), "exact")
    assert second.sources == ("openclaw.log:2", "console.txt:2")


def test_equal_records_in_one_file_stay_two(tmp_path: Path) -> None:
    line = file_line("2026-02-11T09:18:58.941Z", 122, "req_aaaaaaaa")
    (tmp_path / "openclaw.log").write_text(line + line)
    assert len(lanes(tmp_path)) == 2


@pytest.mark.parametrize(("shift", "zone"), [("14:48:58", "Asia/Kolkata"), ("10:18:58", "Europe/Berlin")])
def test_a_console_in_an_unknown_zone_is_placed_by_the_records_it_shares_with_a_log(
    tmp_path: Path, shift: str, zone: str
) -> None:
    later = {"14:48:58": "14:49:40", "10:18:58": "10:19:40"}[shift]
    (tmp_path / "openclaw.log").write_text(
        file_line("2026-02-11T09:18:58.941Z", 122, "req_aaaaaaaa")
        + file_line("2026-02-11T09:19:40.100Z", 7, "req_bbbbbbbb")
    )
    (tmp_path / "console.txt").write_text(
        pretty(shift, 122, "req_aaaaaaaa") + pretty(later, 7, "req_bbbbbbbb") + pretty(later, 9, "req_cccccccc")
    )
    alone = [e for e in lanes(tmp_path) if e.sources == ("console.txt:3",)]
    assert [(e.time, e.time_basis) for e in alone] == [(datetime(2026, 2, 11, 9, 19, 40, tzinfo=UTC), "aligned")]


def test_a_console_alone_takes_date_from_its_name_and_zone_from_the_caller(tmp_path: Path) -> None:
    (tmp_path / "console-2026-02-11.txt").write_text(pretty("10:18:58", 122, "req_aaaaaaaa"))
    (event,) = lanes(tmp_path, timezone="Europe/Berlin")
    assert (event.time, event.time_basis) == (datetime(2026, 2, 11, 9, 18, 58, tzinfo=UTC), "assumed_date")


def test_a_record_over_several_lines_counts_its_continuations(tmp_path: Path) -> None:
    (tmp_path / "console-2026-02-11.txt").write_text(
        pretty("10:18:58", 122, "req_aaaaaaaa") + "10:19:00 [gateway] some text\n  more of it\n  and more\n"
    )
    (file,) = open_case(tmp_path).timeline.files
    assert (file.lines, file.events, file.other, file.continuations, file.rejects) == (4, 1, 1, 2, 0)


def test_the_prefix_of_another_program_is_taken_off_continuations_too(tmp_path: Path) -> None:
    prefix = "Feb 11 09:18:58 host openclaw[412]: "
    lane = LANE.format(5, "req_aaaaaaaa").replace("permission_error: no", "permission_error: no,")
    first, second = lane.split(" (request_id")
    (tmp_path / "journal.txt").write_text(
        f"{prefix}2026-02-11T09:18:58.941+00:00 [diagnostic] {first}\n{prefix}it says (request_id{second}\n"
    )
    (event,) = lanes(tmp_path)
    assert event.text.endswith("no,\nit says (request_id: req_aaaaaaaa)")


def test_a_token_in_a_log_line_never_reaches_a_row(tmp_path: Path) -> None:
    token = "sk-ant-api03-" + "CANARY" * 6
    (tmp_path / "openclaw.log").write_text(
        file_line("2026-02-11T09:18:58.941Z", 122, "req_aaaaaaaa").replace(
            "permission_error: no", f"auth_error: {token}"
        )
        + f'{{"torn": "{token}\n'
    )
    case = open_case(tmp_path)
    assert token not in repr(case.timeline.events)
    assert token not in repr(case.timeline.rejects)
    assert "fp:" in case.timeline.events[0].text
