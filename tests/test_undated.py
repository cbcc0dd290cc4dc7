"""Records without a time take part: nothing is dropped, and nothing is given a time that no record states."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import open_case
from forensics.incidents.undated import dated, with_stand_in_times
from forensics.tables import Event
from forensics.text import in_figures
from forensics.triage import stamp

END = "[agent/embedded] embedded run agent end: runId={run} isError=true model=m-1 provider={provider} error={error}\n"
KINDS = [
    ("HTTP 401 authentication_error: invalid x-api-key", 401, ("auth", "auth_permanent")),
    ("HTTP 402 Insufficient Balance", 402, ("billing",)),
    ("HTTP 403 permission_error: OAuth token does not meet scope requirement user:profile", 403, ("auth_permanent",)),
    ("HTTP 529 overloaded_error: Overloaded", 529, ("overloaded",)),
]


def paste(tmp_path: Path, text: str) -> dict[str, object]:
    (tmp_path / "paste.txt").write_text(text)
    return open_case(tmp_path / "paste.txt").triage()


@pytest.mark.parametrize(("error", "status", "reasons"), KINDS)
def test_a_line_without_its_clock_gives_the_same_answer_with_the_time_unknown(
    tmp_path: Path, error: str, status: int, reasons: tuple[str, ...]
) -> None:
    line = END.format(run="r1", provider="deepseek", error=error)
    (incident,) = paste(tmp_path, line)["incidents"]  # type: ignore[misc, attr-defined]
    first = incident["first_failure"]
    assert (first["time"], first["time_basis"], first["http_status"]) == (None, "none", status)
    assert (incident["start"], incident["provider"]) == (None, "deepseek")
    assert incident["true_reason"] in reasons
    assert "1000" not in json.dumps(incident["chain"]) + incident["sentence"]


def test_of_dated_and_undated_failures_of_one_kind_the_first_dated_one_is_the_first(tmp_path: Path) -> None:
    line = END.format(run="r1", provider="deepseek", error=KINDS[0][0])
    later = "2026-03-18T07:41:09.204Z " + END.format(run="r2", provider="deepseek", error=KINDS[0][0])
    (tmp_path / "a.txt").write_text(line)
    (tmp_path / "b.txt").write_text(later)
    (incident,) = open_case(tmp_path).triage()["incidents"]  # type: ignore[misc, attr-defined]
    assert incident["first_failure"]["time"] == "2026-03-18T07:41:09.204Z"
    assert incident["failures"] == 2


@given(lines=st.lists(st.integers(1, 100_000), min_size=1, max_size=8, unique=True), known=st.booleans())
@settings(max_examples=60, deadline=None)
def test_stand_in_times_keep_the_order_of_the_lines_and_never_pass_for_a_time(lines: list[int], known: bool) -> None:
    events = [Event(kind="k", role="failure", source="a.txt", line=n, text=str(n)) for n in lines]
    real = Event(kind="k", role="failure", source="b.txt", line=1, time=datetime(2026, 1, 1, tzinfo=UTC))
    placed = with_stand_in_times([*events, *([real] if known else [])])
    stood_in = [e for e in placed if dated(e.time) is None]
    assert [e.line for e in stood_in] == sorted(lines)
    assert all(e.time and e.time < real.time for e in stood_in)  # type: ignore[operator]


def test_an_undated_copy_of_a_dated_record_is_not_counted_again() -> None:
    real = Event(
        kind="k", role="failure", source="a", line=1, run="r1", text="x", time=datetime(2026, 1, 1, tzinfo=UTC)
    )
    copy = Event(kind="k", role="failure", source="b", line=9, run="r1", text="x")
    assert with_stand_in_times([real, copy]) == (real,)


@pytest.mark.parametrize(
    ("time", "printed"),
    [
        (None, "time unknown"),
        (datetime(1000, 1, 3, 0, 0, 1, tzinfo=UTC), "time unknown"),  # stands in for no time at all
        (datetime(2000, 1, 1, 14, 40, 31, tzinfo=UTC), "14:40:31 (day unknown)"),  # … for a day nobody states
        (datetime(2026, 11, 20, 9, 18, 58, tzinfo=UTC), "2026-11-20 09:18:58 UTC"),
    ],
)
def test_a_time_that_only_stands_in_is_never_printed(time: datetime | None, printed: str) -> None:
    assert in_figures(time) == printed
    assert stamp(time) == ("2026-11-20T09:18:58.000Z" if printed.endswith("UTC") else None)
