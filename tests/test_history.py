"""The recorded week: each edge is where the story puts it, and the notebook shows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from recorded_week import MONDAY, SESSION, record_week

from forensics import Case, open_case
from forensics.evidence.records import members
from forensics.report import history
from forensics.report.charts import history as pictures
from forensics.report.recorded_spans import in_words, spans

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample_data" / "history" / "record.sqlite"


def at(hour: int) -> datetime:
    return MONDAY + timedelta(hours=hour)


@pytest.fixture(scope="module")
def week() -> Case:
    return open_case(SAMPLE)


def of(case: Case, kind: str) -> list[tuple[datetime, datetime, str]]:
    return [(span.start, span.end, span.label) for span in spans(case) if span.kind == kind]


def test_the_copies_ran_apart_from_the_renewal_to_the_new_login(week: Case) -> None:
    (desync,) = week.desyncs
    assert (desync.kind, desync.agents, desync.start, desync.end) == ("stale_copy", ("main",), at(77), at(83))


def test_the_window_reaches_from_its_first_snapshot_to_its_end(week: Case) -> None:
    ((start, end, label),) = of(week, "out of use")
    assert (start, end) == (at(34), at(39))
    assert label.startswith("disabled until 03 Mar 15:00")


def test_the_session_stays_on_the_backup_until_somebody_moves_it(week: Case) -> None:
    (pins,) = [[s for s in spans(week) if s.kind == "pinned" and s.lane == SESSION]]
    assert [(pin.start, pin.end) for pin in pins] == [(MONDAY, at(34)), (at(34), at(52)), (at(52), week.now)]


def test_the_incident_is_over_at_the_first_success_that_a_snapshot_shows(week: Case) -> None:
    (incident,) = week.incidents
    assert (incident.start, incident.end) == (at(80), at(83))


def test_triage_of_a_past_moment_does_not_know_what_came_later() -> None:
    then = open_case(SAMPLE, now=at(81))
    assert [desync.end for desync in then.desyncs] == [None]
    assert [incident.end for incident in then.incidents] == [None]


def test_the_sample_is_what_its_story_records(tmp_path: Path) -> None:
    record_week(tmp_path / "record.sqlite")
    contents = []
    for file in (SAMPLE, tmp_path / "record.sqlite"):
        with members(file) as found:
            contents.append([(member.name, member.open().read()) for member in found])
    assert contents[0] == contents[1]


def test_the_picture_and_the_tables_show_it(week: Case) -> None:
    picture = pictures.history(week)
    assert "snapshots over 6 d" in picture.sentence
    assert "main · anthropic out of sync" in picture.drawing()["image/svg+xml"]
    assert "03 Mar 10:00:00" in history.overview(week)._repr_html_()
    assert "stale copy" in history.apart(week)._repr_html_()


def test_evidence_without_a_record_says_so() -> None:
    case = open_case(ROOT / "sample_data" / "healthy-2026.2.9" / "evidence")
    assert spans(case) == ()
    assert in_words(case).startswith("There is no record")
    assert pictures.history(case).drawing()["text/plain"] == in_words(case)
