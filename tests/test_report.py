import json
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import nbformat
import pytest
import story
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import forensics
from forensics.errors import EvidenceError, ParameterError, ReportError
from forensics.report import tables
from forensics.report.answer_card import AnswerCard
from forensics.report.html import to_html
from forensics.report.notebooks import FOLDER, check_parameters, find_notebook
from forensics.report.run import run_report
from forensics.report.scrub import scrub

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parent.parent / "sample_data" / "scope403-2026.2.9" / "evidence"
TAG = re.compile(r"<(?:script|iframe|object|embed|link|base|form)\b", re.I)
REQUEST = re.compile(r"""(?:src|href|srcset|action|poster)\s*=\s*["']?+(?!#|data:)|@import|url\(""", re.I)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """One report of the sample case, written while a foreign kernel claims the name python3."""
    folder = tmp_path_factory.mktemp("report")
    foreign = folder / "jupyter" / "kernels" / "python3"
    foreign.mkdir(parents=True)
    (foreign / "kernel.json").write_text('{"argv": ["/bin/false"], "display_name": "other", "language": "python"}')
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        files = run_report([SAMPLE], folder / "new" / "out", progress=lambda *step: seen.append(step))
    return files, seen


def test_a_report_is_a_notebook_a_page_and_the_answer(report):
    files, _ = report
    assert sorted(path.name for path in files.html.parent.iterdir()) == [
        "postmortem.html",
        "postmortem.ipynb",
        "triage.json",
    ]
    assert files.incidents == 1


def test_triage_json_is_what_the_command_answers(report):
    answer = json.loads(report[0].triage.read_text(encoding="utf-8"))
    assert answer == json.loads(msgspec.json.encode(forensics.open_case(SAMPLE).triage()))


def test_progress_counts_up_under_the_headings(report):
    _, seen = report
    assert [done for done, _, _ in seen] == list(range(len(seen)))
    assert {heading for _, _, heading in seen} >= {"The answer", "The picture"}


def test_the_page_is_one_small_file_that_asks_for_nothing(report):
    page = report[0].html.read_text(encoding="utf-8")
    assert len(page) < 2_500_000
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert not TAG.search(page)
    assert not REQUEST.search(page)


def test_the_page_shows_picture_sentence_table_and_folded_code(report):
    page = report[0].html.read_text(encoding="utf-8")
    picture, sentence, table = (
        page.index(part) for part in ("<svg", "calls to a provider really failed", 'id="windows"')
    )
    assert picture < sentence < table
    assert page.count("<details") == sum(
        cell.cell_type == "code" for cell in nbformat.read(report[0].notebook, as_version=4).cells
    ) - len(["the defaults, which the given parameters overrule"])


def test_neither_page_nor_notebook_tells_where_the_evidence_lay(report):
    for path in (report[0].html, report[0].notebook):
        text = path.read_text(encoding="utf-8")
        assert str(SAMPLE.parent) not in text
        assert "papermill" not in text


def test_every_code_cell_of_the_written_notebook_ran(report):
    notebook = nbformat.read(report[0].notebook, as_version=4)
    nbformat.validate(notebook)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"sinse": None}, "takes no parameter 'sinse'; did you mean 'since'?"),
        ({"zebra": 1}, "takes no parameter 'zebra'; there are: agent, evidence, notes, now"),
        ({"since": 5}, "parameter 'since' of notebook 'postmortem' takes a text or nothing, not 5"),
        ({"evidence": True}, "takes a text or a list of texts, not True"),
        ({"evidence": ["x", 1]}, "takes a text or a list of texts, not ['x', 1]"),
    ],
)
def test_wrong_parameters_are_refused_before_anything_runs(parameters, words, tmp_path):
    with pytest.raises(ParameterError, match=re.escape(words)):
        run_report([SAMPLE], tmp_path / "out", parameters=parameters)
    assert not (tmp_path / "out").exists()


def test_a_misspelt_notebook_names_the_nearest(tmp_path):
    with pytest.raises(ParameterError, match="no notebook 'postmorten'; did you mean 'postmortem'"):
        run_report([SAMPLE], tmp_path, notebook="postmorten")


def test_unusable_evidence_is_refused_before_anything_runs(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(EvidenceError):
        run_report([tmp_path / "empty"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_said_before_anything_runs(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportError, match="cannot be written"):
        run_report([SAMPLE], tmp_path / "file" / "out")


def test_every_notebook_takes_what_open_case_takes():
    names = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
    assert {"1_evidence", "2_timeline", "3_first_failure", "4_misclassified_errors", "5_credential_desync"} < set(names)
    for name in names:
        notebook = find_notebook(name)
        if "evidence" not in notebook.parameters:  # of a fleet, or of a record
            continue
        scope = ["since", "until", "provider", "agent", "now", "timezone"]
        assert list(notebook.parameters) == ["evidence", *scope, "share", *(["notes"] if name == "postmortem" else [])]
        check_parameters(notebook, {**notebook.parameters, "evidence": ["a", "b"], "since": "2026-11-20T09:00:00Z"})


KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def test_scrubbing_leaves_names_and_takes_paths_times_and_random_ids():
    path = Path("/home/somebody/case one/.openclaw")
    cell = new_code_cell(
        f"evidence = '{path}'", id="random", metadata={"papermill": {"start_time": "now"}, "tags": ["x"]}
    )
    cell.outputs = [new_output("stream", text=f"read {path}/logs")]
    notebook = new_notebook(cells=[cell], metadata={"papermill": {"input_path": str(path)}, "kernelspec": KERNEL})
    clean = scrub(notebook, [path])
    assert clean.metadata == {"kernelspec": KERNEL}
    assert (clean.cells[0].id, clean.cells[0].metadata) == ("cell-01", {"tags": ["x"]})
    assert clean.cells[0].source == "evidence = '.openclaw'"
    assert clean.cells[0].outputs[0].text == "read .openclaw/logs"


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202egnp\x00</td>"


def hostile_case():
    first = replace(story.FIRST, text=HOSTILE, source=HOSTILE, sources=(HOSTILE,), profile=HOSTILE, error_type=None)
    chain = (replace(story.CHAIN[1], text=HOSTILE, source=HOSTILE),)
    incident = replace(story.INCIDENT, first_failure=first, chain=chain, sentence=HOSTILE, remedy=(HOSTILE,))
    window = replace(story.WINDOWS[0], reason_recorded=HOSTILE, profile=HOSTILE, opened_by=HOSTILE)
    return story.tell(name=HOSTILE, incidents=(incident,), window_rows=(window,))


@pytest.mark.parametrize(
    "show", [AnswerCard, tables.chains, tables.first_failures, tables.windows, tables.incidents, tables.files]
)
def test_evidence_reaches_a_report_only_as_text(show):
    html = show(hostile_case())._repr_html_()
    assert not TAG.search(html)
    assert "<img" not in html
    assert not set(HOSTILE) & {"\x1b", "\u202e", "\x00"} & set(html)


def test_a_page_shows_hostile_outputs_of_every_kind_as_text():
    cell = new_code_cell("1")
    cell.outputs = [
        new_output("stream", text=HOSTILE),
        new_output("error", ename="E", evalue=HOSTILE, traceback=[HOSTILE]),
        new_output("execute_result", data={"text/plain": HOSTILE, "application/javascript": HOSTILE}),
    ]
    page = to_html(new_notebook(cells=[new_markdown_cell("# Title"), cell]), HOSTILE)
    assert not TAG.search(page)
    assert "<img" not in page


def test_a_long_table_is_cut_and_says_so():
    case = story.tell(window_rows=story.WINDOWS * 20)
    html = tables.windows(case)._repr_html_()
    assert html.count("<tr") < 100
    assert "and 100 more" in html


def test_an_empty_table_says_none():
    assert ">none<" in tables.findings(story.tell())._repr_html_()


def test_the_same_case_gives_the_same_tables():
    assert tables.chains(story.tell())._repr_html_() == tables.chains(story.tell())._repr_html_()
