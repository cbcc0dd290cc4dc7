"""What part of the evidence is asked about, and as of when: `--since`, `--until`, `--provider`, `--agent`, `--now`."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening import opened

from forensics.case import open_case
from forensics.errors import ParameterError
from forensics.report.terminal import page
from forensics.when import read_when

SAMPLE = Path(__file__).parents[1] / "sample_data" / "scope403-2026.2.9" / "evidence"
NOW = datetime(2026, 11, 20, 11, 44, 14, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.integers(0, 5 * 365 * 86_400).map(lambda seconds: NOW - timedelta(seconds=seconds))


def placed(text: str, zone: tzinfo = UTC) -> str:
    return f"{read_when('--since', text, zone)(NOW):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T09:18:58.877Z", "2026-11-20 09:18:58"),
        ("2026-11-20 09:18", "2026-11-20 09:18:00"),
        ("2026-11-20 09:18 UTC", "2026-11-20 09:18:00"),
        ("2026-11-20T09:18+02:00", "2026-11-20 07:18:00"),
        ("2026-11-20", "2026-11-20 00:00:00"),
        ("Fri 20 Nov 2026 09:18:58 UTC", "2026-11-20 09:18:58"),
        ("20 Nov 09:18", "2026-11-20 09:18:00"),
        ("Nov 20, 2026 09:18", "2026-11-20 09:18:00"),
        ("28 Dec 09:18", "2025-12-28 09:18:00"),
        ("29 Feb", "2000-02-29 00:00:00"),
        ("yesterday", "2026-11-19 00:00:00"),
        ("Yesterday 18:30", "2026-11-19 18:30:00"),
        ("today", "2026-11-20 00:00:00"),
        ("today at 9:05", "2026-11-20 09:05:00"),
        ("09:05:06", "2026-11-20 09:05:06"),
        ("now", "2026-11-20 11:44:14"),
        ("2h", "2026-11-20 09:44:14"),
        ("-90m", "2026-11-20 10:14:14"),
        ("1d 2h", "2026-11-19 09:44:14"),
        ("3 hours ago", "2026-11-20 08:44:14"),
        ("1795166938000", "2026-11-20 09:28:58"),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, moment: str) -> None:
    assert placed(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20 09:18", "2026-11-20 08:18:00"),
        ("today 09:00", "2026-11-20 08:00:00"),
        ("yesterday", "2026-11-18 23:00:00"),
        ("20 Nov 09:18", "2026-11-20 08:18:00"),
        ("20 Nov 09:18 UTC", "2026-11-20 09:18:00"),
        ("09:00Z", "2026-11-20 09:00:00"),
    ],
)
def test_a_time_without_a_zone_is_one_of_the_zone_that_was_given(text: str, moment: str) -> None:
    assert placed(text, BERLIN) == moment


@pytest.mark.parametrize(
    "text",
    ["", " ", "12", "the other day", "2026-13-01", "25:00", "today 9", "31 Nov", "2 fortnights", "h", "03/04/2026"],
)
def test_what_is_no_time_is_refused_with_its_option_and_the_forms(text: str) -> None:
    with pytest.raises(ParameterError, match=r"^--since .* is not a time; write it like 2026"):
        placed(text)


def test_a_length_that_leads_out_of_the_calendar_is_refused() -> None:
    with pytest.raises(ParameterError, match="outside of the calendar"):
        placed("999999w")


@given(moment=MOMENTS, form=st.sampled_from(["%a %d %b %Y %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S", "%d %b %Y %H:%M:%S"]))
def test_a_time_of_our_own_pages_can_be_given_back(moment: datetime, form: str) -> None:
    assert read_when("--until", f"{moment:{form}}")(NOW) == moment


@given(
    parts=st.lists(st.tuples(st.integers(0, 400), st.sampled_from("smhd")), min_size=1, max_size=4),
    space=st.sampled_from(["", " "]),
    tail=st.sampled_from(["", " ago"]),
)
def test_lengths_add_up_and_count_from_now(parts: list[tuple[int, str]], space: str, tail: str) -> None:
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    length = sum((timedelta(**{units[unit]: number}) for number, unit in parts), timedelta())
    text = " ".join(f"{number}{space}{unit}" for number, unit in parts) + tail
    assert read_when("--since", text)(NOW) == NOW - length


def test_a_relative_time_counts_from_the_last_moment_of_the_evidence_or_from_now() -> None:
    whole = opened(SAMPLE)
    assert whole.now is not None
    assert open_case(SAMPLE, since="2h").scope.since == whole.now - timedelta(hours=2)
    asked = open_case(SAMPLE, since="30m", now="2026-11-20T10:00:00Z")
    assert asked.scope.since == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["provider", "agent"])
def test_a_name_that_is_not_in_the_evidence_is_refused_with_those_that_are(name: str) -> None:
    known = {"provider": "anthropic", "agent": "main"}
    with pytest.raises(ParameterError, match=rf"--{name} 'acme' is not in the evidence: it names .*{known[name]}"):
        open_case(SAMPLE, **{name: "acme"})
    assert open_case(SAMPLE, **{name: known[name]}).incidents  # type: ignore[arg-type] # one name


def test_a_name_outside_of_the_span_that_is_asked_about_is_not_a_stranger() -> None:
    assert open_case(SAMPLE, provider="anthropic", until="2026-11-20T08:34:30Z").incidents == ()


def test_until_ends_the_time_of_every_question_and_invents_no_silence() -> None:
    until = datetime(2026, 11, 20, 9, 40, tzinfo=UTC)
    case = open_case(SAMPLE, until=until)
    assert (case.now, case.asked.basis) == (until, "end of the span")
    times = [time for finding in case.answers.findings for time in (finding.first_time, finding.last_time) if time]
    starts = [incident.start for incident in case.incidents]
    assert max([*times, *starts]) <= until
    assert case.timeline.last_time is not None
    assert case.timeline.last_time <= until
    assert [row for row in case.answers.sections["silence"] if row["what"] == "quiet"] == []


def test_the_page_and_the_contract_name_the_filters() -> None:
    case = open_case(SAMPLE, provider="anthropic", agent="main", since="2h", until="2026-11-20 11:00")
    shown = " ".join(page(case, 120).plain.split())
    assert "Only provider anthropic, agent main, from 2026-11-20 09:44:14 UTC until 2026-11-20 11:00:00 UTC" in shown
    asked = case.triage()["asked"]
    assert asked == {
        "provider": "anthropic",
        "agent": "main",
        "since": "2026-11-20T09:44:14.357Z",
        "until": "2026-11-20T11:00:00.000Z",
        "now": "2026-11-20T11:00:00.000Z",
        "now_basis": "end of the span",
    }


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ParameterError, match="lies after --until"):
        open_case(SAMPLE, since="2026-11-20 10:00", until="2026-11-20 09:00")


STAMPED = 1_775_218_048_000  # 2026-04-03 12:07:28 UTC


def store(folder: Path, *, stamped: bool) -> Path:
    """An auth store with a block, saved months later; with the time of its last use inside, or without."""
    stats = {"errorCount": 1, "cooldownUntil": STAMPED + 600_000, **({"lastUsed": STAMPED} if stamped else {})}
    file = folder / "auth-profiles.json"
    file.write_text(json.dumps({"version": 1, "profiles": {}, "usageStats": {"acme:default": stats}}))
    saved = datetime(2026, 4, 3, 12, 10, tzinfo=UTC).timestamp()
    os.utime(file, (saved, saved))
    return file


@pytest.mark.parametrize(
    ("stamped", "moment", "words"),
    [
        (True, datetime(2026, 4, 3, 12, 7, 28, tzinfo=UTC), "the newest time in the state"),
        (False, datetime(2026, 4, 3, 12, 10, tzinfo=UTC), "the newest date of a file"),
    ],
)
def test_without_an_event_now_is_the_newest_time_of_the_state_else_of_a_file(
    tmp_path: Path, stamped: bool, moment: datetime, words: str
) -> None:
    case = open_case(store(tmp_path, stamped=stamped))
    assert case.now == moment
    shown = " ".join(page(case, 120).plain.split())
    assert f'"Now" is {moment:%a %d %b %Y %H:%M:%S} UTC, {words}' in shown
    assert "9999" not in shown + json.dumps(case.triage())
