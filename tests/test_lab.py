"""A working folder for the notebooks, notes that stay, objects that show themselves, and the explorer's selection."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening import opened
from typer.testing import CliRunner

import forensics
from forensics.cli import app
from forensics.errors import ParameterError
from forensics.report import charts, tables
from forensics.report.charts import explorer_charts
from forensics.report.charts.exploring import BINS, MOST_MARKS, Selection, binned, events_of
from forensics.report.lab import prepare
from forensics.report.notebooks import find_notebook
from forensics.sharing.redact import redact

SAMPLE = forensics.sample()
DESYNC = forensics.sample("desync-2026.3.11")
TOKEN = "sk-ant-oat01-" + "Kq7Zp2Xw9Rt4Vb6N" * 3


@pytest.fixture(autouse=True)
def own_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORENSICS_NOTES", str(tmp_path / "notes"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "notes"


# --- the working folder


def test_a_working_folder_holds_every_notebook_over_this_evidence(tmp_path: Path) -> None:
    lab = prepare([SAMPLE], tmp_path / "lab")
    books = sorted(path.name for path in lab.folder.glob("*.ipynb"))
    assert books[0] == "0_start.ipynb"
    assert {"postmortem.ipynb", "2_timeline.ipynb"} < set(books)
    assert "7_fleet.ipynb" not in books
    for name in books:
        book = nbformat.read(lab.folder / name, as_version=4)
        nbformat.validate(book)
        (given,) = [cell for cell in book.cells if "injected-parameters" in cell.metadata.get("tags", ())]
        assert repr(str(SAMPLE.absolute()))[1:-1] in given.source


def test_run_again_it_goes_on_with_what_was_written(tmp_path: Path) -> None:
    first = prepare([SAMPLE], tmp_path / "lab")
    (first.folder / "0_start.ipynb").write_text("mine")
    (first.folder / "1_evidence.ipynb").unlink()
    again = prepare([SAMPLE], tmp_path / "lab")
    assert (first.goes_on, again.goes_on) == (False, True)
    assert (again.folder / "0_start.ipynb").read_text() == "mine"
    assert (again.folder / "1_evidence.ipynb").exists()


def test_a_folder_of_other_evidence_or_inside_the_evidence_is_refused(tmp_path: Path) -> None:
    prepare([SAMPLE], tmp_path / "lab")
    with pytest.raises(ParameterError, match=r"holds work on .*scope403"):
        prepare([DESYNC], tmp_path / "lab")
    (tmp_path / "evidence").mkdir()
    with pytest.raises(ParameterError, match="lies inside the evidence"):
        prepare([tmp_path / "evidence"], tmp_path / "evidence" / "lab")
    assert not any((tmp_path / "evidence").iterdir())


def test_where_one_stands_inside_the_evidence_the_folder_is_made_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    lab = prepare([home])
    assert lab.folder.is_relative_to(tmp_path / "data")
    assert not any(home.iterdir())


def test_jupyterlab_runs_this_interpreter_and_asks_nobody_for_news(tmp_path: Path) -> None:
    lab = prepare([SAMPLE], tmp_path / "lab")
    command, environment = lab.command(8899, browser=False), lab.environment({"JUPYTER_PATH": "/other"})
    assert {"--no-browser", "--ServerApp.port=8899", "--LabApp.extension_manager=readonly"} <= set(command)
    first = Path(environment["JUPYTER_PATH"].split(os.pathsep)[0])
    kernel = json.loads((first / "kernels" / "python3" / "kernel.json").read_text())
    assert kernel["argv"][0] == command[0]
    settings = json.loads((first / "labconfig" / "default_setting_overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def told(*arguments: object) -> str:
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False).stdout


def test_the_command_takes_a_sample_where_none_is_given(tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    assert told("lab", "-o", folder, "--no-start") == f"{folder}\n"
    assert str(SAMPLE) in json.loads((folder / ".lab.json").read_text())["evidence"]


def test_notebooks_are_listed_with_typed_parameters() -> None:
    listed = {book["name"]: book for book in json.loads(told("notebooks", "--json"))}
    assert {parameter["name"] for parameter in listed["2_timeline"]["parameters"]} == set(
        find_notebook("2_timeline").parameters
    )
    assert all(parameter["type"] and parameter["help"] for parameter in listed["2_timeline"]["parameters"])
    assert "  share      true or false: " in told("notebooks")


# --- notes


def test_a_note_stays_over_copies_of_the_same_files_and_shows_in_timeline_and_report(tmp_path: Path) -> None:
    case = forensics.open_case(SAMPLE)
    case.note("I1", f"rotated {TOKEN}", tag="action", at="10:40")
    case.note(case.windows["opened_by"][0], "the first refusal")
    again = forensics.open_case([SAMPLE])
    assert [(n.about, n.tag) for n in again.notes] == [("I1", "action"), (case.windows["opened_by"][0], "note")]
    assert TOKEN not in again.notes[0].text
    assert again.notes[0].time == datetime(2026, 11, 20, 10, 40, tzinfo=UTC)
    assert again.notes[1].time == again.windows["start"][0]
    assert "rotated" in tables.notes(again)._repr_html_()
    assert "rotated" in json.dumps(charts.timeline(again).to_dict())
    assert charts.explore(again).selected.filter(role="note").height == 2
    assert forensics.open_case(DESYNC).notes == ()


def test_a_note_on_what_is_not_there_is_refused() -> None:
    with pytest.raises(ParameterError, match="'I9' is no place in the evidence"):
        opened(SAMPLE).note("I9", "?")


def test_notes_leave_only_when_asked_and_then_redacted() -> None:
    case = forensics.open_case(SAMPLE)
    case.note("I1", "told kim@example.org about /home/kim/work")
    assert redact(case).case.notes == ()
    (note,) = redact(case, notes=True).case.notes
    assert "told" in note.text
    assert "kim" not in note.text


def test_the_command_keeps_a_note() -> None:
    assert told("note", SAMPLE, "I1", "called support", "--tag", "action") == "I1 [action] called support\n"
    assert [note.text for note in forensics.open_case(SAMPLE).notes] == ["called support"]


# --- objects


def test_objects_show_themselves_in_a_few_lines_and_escape_what_they_show() -> None:
    case = opened(DESYNC)
    for shown in (case, case.incidents[0], case.plans["I1"], case.desyncs[0], case.answers.findings[0]):
        assert len(repr(shown)) < 3_000
        assert shown._repr_html_().startswith("<div><strong>")
    assert case.incidents[0].sentence in repr(case)
    hostile = forensics.open_case(DESYNC)
    object.__setattr__(hostile, "name", "<script>alert(1)</script>\x1b[31m")
    assert "<script" not in hostile._repr_html_()
    assert "\x1b" not in repr(hostile)


def test_the_package_shows_a_few_public_names_alone() -> None:
    assert dir(forensics) == ["Case", "charts", "open_case", "sample"]
    assert all(getattr(forensics, name).__doc__ for name in dir(forensics))


# --- the explorer


def many(count: int) -> pl.DataFrame:
    """Events of one day, a few roles, agents and profiles."""
    start = datetime(2026, 11, 20, tzinfo=UTC)
    n = pl.int_range(count, eager=True)
    frame = pl.DataFrame({"n": n}).with_columns(
        time=pl.lit(start).dt.cast_time_unit("us") + pl.duration(milliseconds=n * (86_400_000 // count)),
        role=pl.when(n % 5 == 0).then(pl.lit("failure")).otherwise(pl.lit("echo")),
        agent=pl.format("agent-{}", n % 3), profile=pl.format("p:{}", n % 7), kind=pl.lit("k"),
        text=pl.format("said {}", n), place=pl.format("x.log:{}", n + 1),
    )  # fmt: skip
    return frame.with_columns(pl.col("time").cast(pl.Datetime("us", "UTC")))


DAY = many(86_400)


@given(st.integers(0, 86_000), st.integers(2, 40_000), st.sets(st.sampled_from(["agent-0", "agent-1", "agent-2"])))
def test_what_is_selected_is_what_lies_in_the_stretch_and_is_not_hidden(
    start: int, length: int, hidden: set[str]
) -> None:
    selection = Selection(DAY)
    first = selection.first + timedelta(seconds=start)
    selection.choose(first, first + timedelta(seconds=length))
    selection.hide("agent", sorted(hidden))
    expected = [n for n in range(start, min(start + length, 86_399) + 1) if f"agent-{n % 3}" not in hidden]
    assert selection.events["n"].to_list() == expected
    counts = binned(selection.events, *selection.span, "role")
    assert counts["events"].sum() == len(expected)
    assert counts.height <= 2 * (BINS + 1)


def test_a_hundred_thousand_events_are_counted_and_few_are_drawn_one_by_one() -> None:
    selection = Selection(many(100_000))
    spec = explorer_charts.detail(selection, "role").to_dict()
    assert len(spec["data"]["values"]) <= 2 * (BINS + 1)
    assert sum(row["events"] for row in spec["data"]["values"]) == 100_000
    selection.choose(selection.first, selection.first + timedelta(minutes=10))
    spec = explorer_charts.detail(selection, "role").to_dict()
    assert len(spec["data"]["values"]) == selection.events.height <= MOST_MARKS


def test_a_search_takes_a_regular_expression_and_refuses_what_is_none() -> None:
    selection = Selection(DAY)
    selection.pattern = r"said 12\d$"
    assert selection.events["n"].to_list() == list(range(120, 130))
    selection.pattern = "("
    with pytest.raises(ParameterError, match="is no regular expression"):
        selection.events  # noqa: B018 - reading it is what fails


def test_profiles_behind_hashes_and_calls_are_named() -> None:
    case = opened(SAMPLE)
    assert {"anthropic:default", "anthropic:backup"} <= {
        name for name, _ in Selection(events_of(case)).values("profile")
    }


def test_the_explorer_is_static_where_scripts_do_not_run_and_knows_its_record() -> None:
    view = charts.explore(opened(SAMPLE))
    shown = view._repr_mimebundle_()
    assert "<svg" in shown["image/svg+xml"]
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert view.record is None
    view.clicked = 5
    assert view.record["n"] == 5
    assert view.lines.lines
    assert view.selected.height == view.selection.everything.height
