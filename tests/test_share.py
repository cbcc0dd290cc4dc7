"""`forensics report --share`: one folder of files that may leave, whole or not at all, the same at every run."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import msgspec
import nbformat
import polars as pl
import pytest
import story
from nbformat.v4 import new_code_cell, new_notebook, new_output
from opening import redacted
from running import run

from forensics import open_case
from forensics.case.tables import TABLES
from forensics.errors import ParameterError, ReportError
from forensics.report.exports import to_csv
from forensics.report.run import run_report
from forensics.report.scrub import scrub_for_sharing
from forensics.report.share import run_share
from forensics.report.timesketch import timeline_jsonl
from forensics.report.whole_folder import swap, write_whole
from forensics.sharing.redact import leaks
from forensics.text import json_text

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parent.parent / "sample_data" / "scope403-2026.2.9" / "evidence"
FILES = {
    "postmortem.html", "postmortem.ipynb", "report.md", "timeline.jsonl", "triage.json",
    *(f"tables/{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")),
}  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shared") / "new" / "out"
    run_share([SAMPLE], folder)
    return folder


@pytest.fixture(scope="module")
def shared(out: Path) -> dict[str, bytes]:
    return contents(out / "share")


def test_everything_shareable_lies_in_one_folder_and_nothing_beside_it(out: Path, shared: dict[str, bytes]) -> None:
    assert set(shared) == FILES
    assert [path.name for path in out.iterdir()] == ["share"]


def test_another_run_through_the_command_replaces_it_by_the_same_bytes(out: Path, shared: dict[str, bytes]) -> None:
    done = run("report", SAMPLE, "--share", "-o", out)
    assert done.returncode == 0
    assert {Path(line) for line in done.stdout.splitlines()} == {out / "share" / name for name in FILES}
    assert done.stdout.splitlines()[0].endswith("postmortem.html")
    assert contents(out / "share") == shared
    assert [path.name for path in out.iterdir()] == ["share"]


def test_no_file_says_where_the_evidence_lay_or_holds_what_was_removed(shared: dict[str, bytes]) -> None:
    clean = redacted(SAMPLE)
    for name, data in shared.items():
        assert leaks(name, data, clean.known) == ()
        assert str(SAMPLE.parent).encode() not in data


def test_the_answer_is_that_of_the_redacted_case(shared: dict[str, bytes]) -> None:
    answer = json.loads(msgspec.json.encode(redacted(SAMPLE).case.triage()))
    assert json.loads(shared["triage.json"]) == answer


def test_the_notebook_ran_and_tells_neither_its_parameters_nor_its_kernel(shared: dict[str, bytes]) -> None:
    notebook = nbformat.reads(shared["postmortem.ipynb"].decode(), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.pop("openclaw_forensics").keys() == {"cells"}  # a hash of what the cells hold
    assert notebook.metadata == {"language_info": {"name": "python"}}
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    (given,) = [cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", ())]
    assert given.source == "# given for this run; the values are left out: evidence, share"
    assert "papermill" not in str(notebook)


def test_scrubbing_for_sharing_takes_values_and_what_libraries_said() -> None:
    cell = new_code_cell(
        "# Parameters\nevidence = '/home/kim'\nsince = None", metadata={"tags": ["injected-parameters"]}
    )
    cell.outputs = [new_output("stream", name="stderr", text="/usr/lib/x.py: warning"), new_output("stream", text="ok")]
    clean = scrub_for_sharing(
        new_notebook(cells=[cell], metadata={"kernelspec": {"name": "x", "display_name": "kim"}}), [Path("/home/kim")]
    )
    assert clean.cells[0].source == "# given for this run; the values are left out: evidence, since"
    assert [output.text for output in clean.cells[0].outputs] == ["ok"]
    assert clean.metadata == {"language_info": {"name": "python"}}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_there_twice_and_the_same(shared: dict[str, bytes], name: str) -> None:
    frame = getattr(redacted(SAMPLE).case, name)
    assert pl.read_parquet(shared[f"tables/{name}.parquet"]).equals(frame)
    rows = list(csv.DictReader(StringIO(shared[f"tables/{name}.csv"].decode())))
    assert len(rows) == frame.height
    assert not rows or list(rows[0]) == frame.columns


def test_a_csv_says_times_lists_and_formulas_in_plain_words() -> None:
    time = story.at("09:18:58.877")
    data = {"t": [time], "l": [["=a", "b"]], "s": ["=1\x1b\u202e+1"], "n": [-1], "b": [True], "z": [None]}
    head, row = csv.reader(StringIO(to_csv(pl.DataFrame(data)).decode()))
    assert head == list(data)
    assert row == ["2026-11-20T09:18:58.877000Z", '["=a","b"]', "'=1␛<U+202E>+1", "-1", "true", ""]


def test_json_of_hostile_text_is_plain_ascii_where_it_would_be_invisible() -> None:
    assert json_text({"a": "\u202e\x1b\u0085ü"}) == '{\n  "a": "\\u202e\\u001b\\u0085ü"\n}'


EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def test_timesketch_takes_every_line_of_the_timeline(shared: dict[str, bytes]) -> None:
    """As its importer reads a line: three fields must be there, `timestamp` is microseconds, `tag` a list."""
    lines = [json.loads(line) for line in shared["timeline.jsonl"].decode().splitlines()]
    assert len(lines) > len([e for e in open_case(SAMPLE).timeline.events if e.time])
    for line in lines:
        assert line["message"]
        assert line["timestamp_desc"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", line["datetime"])
        moment = datetime.fromisoformat(line["datetime"])
        assert line["timestamp"] == (moment - EPOCH) // timedelta(microseconds=1)
        assert isinstance(line["tag"], list)
    assert [line["timestamp"] for line in lines] == sorted(line["timestamp"] for line in lines)


def test_an_attribute_of_the_timeline_has_one_type_in_every_line(shared: dict[str, bytes]) -> None:
    types: dict[str, set[type]] = {}
    for line in shared["timeline.jsonl"].decode().splitlines():
        for name, value in json.loads(line).items():
            types.setdefault(name, set()).add(type(value))
    assert {name for name, kinds in types.items() if len(kinds) > 1} == set()
    assert {"source", "kind", "role", "profile", "model", "reason", "http_status"} <= set(types)


def test_the_timeline_tags_the_first_failure_and_has_the_edges_of_windows() -> None:
    lines = [json.loads(line) for line in timeline_jsonl(open_case(SAMPLE)).splitlines()]
    (first,) = [line for line in lines if "first-failure-I1" in line["tag"]]
    assert (first["http_status"], first["timestamp_desc"]) == (403, "Provider call failed")
    meanings = [line["timestamp_desc"] for line in lines]
    assert (meanings.count("Window began"), meanings.count("Window ends"), meanings.count("Incident began")) == (
        8,
        8,
        1,
    )


OURS = {"report.md": b"old", "triage.json": b"old"}


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "share", {**OURS, "tables/a.csv": b"old"})
    write_whole(tmp_path / "share", {"report.md": b"new", "x.html": b"new"})
    assert contents(tmp_path) == {"share/report.md": b"new", "share/x.html": b"new"}


def test_where_writing_fails_the_older_folder_stays_and_no_half_file_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "share", OURS)
    with pytest.raises(ReportError, match="cannot be written"):
        write_whole(tmp_path / "share", {"report.md": b"new", "report.md/x": b"no folder"})
    assert contents(tmp_path) == {f"share/{name}": data for name, data in OURS.items()}
    assert [path.name for path in tmp_path.iterdir()] == ["share"]


def test_where_the_last_move_fails_the_older_folder_is_back(tmp_path: Path) -> None:
    write_whole(tmp_path / "share", OURS)
    with pytest.raises(FileNotFoundError):
        swap(tmp_path / "never made", tmp_path / "share", tmp_path / "older")
    assert contents(tmp_path) == {f"share/{name}": data for name, data in OURS.items()}


@pytest.mark.parametrize("mine", ["diary.txt", "photo.html"])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, mine: str) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / mine).write_text("mine")
    with pytest.raises(ReportError, match=re.escape(f"holds '{mine}', which is not of a report")):
        write_whole(tmp_path / "share", OURS)
    assert contents(tmp_path) == {f"share/{mine}": b"mine"}


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "share").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReportError, match="is no folder"):
        write_whole(tmp_path / "share", OURS)
    assert contents(tmp_path / "elsewhere") == {}


def test_an_unchecked_report_does_not_pass_for_a_shared_one(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="use --share"):
        run_report([SAMPLE], tmp_path / "out", parameters={"share": True})
    assert not (tmp_path / "out").exists()
