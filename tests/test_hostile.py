"""Text that attacks its reader, planted in every place of the evidence, is shown by every command and does nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import hostile
import nbformat
import pytest
import running
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.token import Token

from forensics import open_case
from forensics.report.exports import table_files
from forensics.report.issue_text import issue_text
from forensics.report.timesketch import timeline_jsonl

pytestmark = pytest.mark.slow

UNSEEN = re.compile(  # control, bidirectional, zero-width and tag characters
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """html head meta title style body main header footer nav section article div p span br hr h1 h2 h3 h4 a code
        pre em strong small mark kbd sup sub abbr time ul ol li dl dt dd table caption colgroup col thead tbody tfoot
        tr th td figure figcaption details summary svg g path rect line circle polygon polyline text tspan desc defs
        clippath lineargradient stop use symbol pattern""",
    )
)
GANTT = re.compile(
    r"gantt|title [^;#]+|dateFormat YYYY-MM-DD HH:mm:ss|axisFormat %[\w:%]+|todayMarker off|section [^;#:,]+"
    r"|[^;#:,{}\[\]\"`<>%]+ :(?:(?:crit|active|done|milestone), )*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, (?:0d|[\d: -]+)"
)
OURS = r"(?:</?details>|<summary>(?:[^<>]|</?code>)*</summary>|<br>|\s)+"
LINKED = re.compile(r"https?://|ftp://|www\.|mailto:|javascript:|[\w.+-]+@[\w-]+\.\w", re.I)
MENTIONED = re.compile(r"(?<![\w`])@[A-Za-z0-9]|(?<![\w&/])#\d|\bGH-\d|\b[\w.-]+/[\w.-]+#\d|\b[0-9a-f]{40}\b")
KNOWN = re.compile(r"openclaw/openclaw#\d{4,6}\b")  # issues that the tool itself names
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE]-?\d+)?")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile.evidence(tmp_path_factory.mktemp("hostile"))


def run(*arguments: str | Path) -> CompletedProcess[str]:
    done = running.run(*arguments)
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def written(evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All that people open of a report, with nothing taken out of it: redaction would make it tamer."""
    out = tmp_path_factory.mktemp("out")
    for option in ("--notebook=postmortem", "--notebook=5_credential_desync"):
        run("report", evidence, "-o", out, option)
    pages = {path.name: path.read_text(encoding="utf-8") for path in sorted(out.iterdir()) if path.is_file()}
    case = open_case(evidence)
    tables = {name: data.decode() for name, data in table_files(case) if not name.endswith(".parquet")}
    text = {"report.md": issue_text(case, {}, "0"), "timeline.jsonl": timeline_jsonl(case).decode()}
    return {f"share/{name}": content for name, content in {**pages, **tables, **text}.items()}


@pytest.mark.parametrize("options", [(), ("--provider", "openai")])
def test_a_terminal_gets_no_control_or_invisible_character(evidence: Path, options: tuple[str, ...]) -> None:
    done = run("triage", evidence, *options)
    assert done.stdout.count("\n") > 10
    assert UNSEEN.findall(done.stdout + done.stderr) == []


def test_the_answer_for_programs_is_whole_and_holds_no_raw_control_character(evidence: Path) -> None:
    done = run("triage", evidence, "--json")
    assert json.loads(done.stdout)["incidents"]
    assert UNSEEN.findall(done.stdout) == []


def test_the_hostile_text_is_there(written: dict[str, str]) -> None:
    """Nothing shown would prove nothing."""
    page = BeautifulSoup(written["share/postmortem.html"], "html.parser").get_text()
    assert "<script>window.fired=1" in page
    assert "=HYPERLINK" in written["share/tables/events.csv"]


def test_a_page_has_only_elements_and_attributes_that_do_nothing(written: dict[str, str]) -> None:
    for name in (name for name in written if name.endswith(".html")):
        page = BeautifulSoup(written[name], "html.parser")
        assert {tag.name for tag in page.find_all()} - ELEMENTS == set(), name
        assert [offence for tag in page.find_all() for offence in _offences(tag.name, tag.attrs)] == [], name
        assert [
            style for tag in page.find_all("style") if re.search(r"url\(|@import|</", style := tag.get_text())
        ] == []
        assert UNSEEN.findall(page.get_text()) == [], name


def _offences(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        points = name in ("href", "xlink:href", "src", "srcset", "action", "formaction", "poster", "data", "ping")
        if name.startswith("on") or name in ("srcdoc", "autofocus"):
            yield f"{tag} {name}"
        if points and not str(value).startswith(("#", "data:image/")):
            yield f"{tag} {name}={value}"
        if name == "style" and re.search(r"url\(|expression|@import|javascript", str(value), re.I):
            yield f"{tag} style={value}"
        if name == "http-equiv" and value != "Content-Security-Policy":
            yield f"{tag} {name}={value}"


def test_an_issue_text_parses_to_text_tables_and_its_own_details_only(written: dict[str, str]) -> None:
    report = written["share/report.md"]
    assert len(report) <= 60_000
    assert UNSEEN.findall(report) == []
    tokens = list(_flat(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(report)))
    kinds = {token.type for token in tokens}
    assert kinds & {"image", "link_open", "heading_setext", "footnote_ref"} == set()
    html = [token.content.strip() for token in tokens if token.type in ("html_block", "html_inline")]
    assert [raw for raw in html if not re.fullmatch(OURS, raw)] == []
    assert {token.tag for token in tokens if token.type == "heading_open"} <= {"h2", "h3", "h4"}
    assert {token.info for token in tokens if token.type == "fence"} <= {"text", "mermaid", "json", ""}
    words = [token.content for token in tokens if token.type == "text"]
    assert [text for text in words if LINKED.search(text)] == []
    assert [text for text in words if MENTIONED.search(KNOWN.sub("", text))] == []
    ours = "".join(html)  # without what stands in code spans
    assert ours.count("<details>") == ours.count("</details>") > 0


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])


def test_an_issue_text_has_its_own_headings_and_no_other(written: dict[str, str]) -> None:
    """One more would have come out of the evidence, one less been swallowed by it."""
    tokens = MarkdownIt("commonmark").enable("table").parse(written["share/report.md"])
    headings = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings == [
        "Bug type", "Summary", "Steps to reproduce", "Expected behavior", "Actual behavior", "OpenClaw version",
        "Operating system", "Install method", "Model", "Provider / routing chain",
        "Additional provider/model setup details", "Logs, screenshots, and evidence", "Impact and severity",
        "Additional information",
    ]  # fmt: skip


def test_a_gantt_holds_only_lines_of_a_gantt(written: dict[str, str]) -> None:
    tokens = MarkdownIt("commonmark").parse(written["share/report.md"])
    (gantt,) = [token.content for token in tokens if token.type == "fence" and token.info == "mermaid"]
    assert [line for line in gantt.splitlines() if line.strip() and not GANTT.fullmatch(line.strip())] == []


def test_no_cell_of_a_table_is_a_formula_or_breaks_its_row(written: dict[str, str]) -> None:
    for name in (name for name in written if name.endswith(".csv")):
        head, *rows = csv.reader(io.StringIO(written[name], newline=""), strict=True)
        assert {len(row) for row in rows} <= {len(head)}, name
        cells = [cell for row in rows for cell in row if FORMULA.match(cell) and not NUMBER.fullmatch(cell)]
        assert cells == [], name
        assert UNSEEN.findall(written[name].replace("\r\n", "\n")) == [], name


def test_a_timeline_is_one_whole_record_a_line(written: dict[str, str]) -> None:
    lines = written["share/timeline.jsonl"].split("\n")
    records = [json.loads(line) for line in lines if line]
    assert all({"message", "datetime", "timestamp_desc"} <= record.keys() for record in records)
    assert [record for record in records if UNSEEN.search("".join(map(str, record.values())))] == []


def test_a_notebook_stays_a_notebook_and_holds_nothing_that_runs(written: dict[str, str]) -> None:
    for name in (name for name in written if name.endswith(".ipynb")):
        book = nbformat.reads(written[name], as_version=4)
        nbformat.validate(book)
        kinds = {kind for cell in book.cells for out in cell.get("outputs", ()) for kind in out.get("data", {})}
        assert kinds <= {"text/html", "text/plain", "image/svg+xml", "application/vnd.vegalite.v5+json"}, name
        for out in (out for cell in book.cells for out in cell.get("outputs", ())):
            shown = BeautifulSoup(out.get("data", {}).get("text/html", ""), "html.parser")
            assert {tag.name for tag in shown.find_all()} - ELEMENTS == set(), name


@pytest.mark.parametrize("payload", ["script", "colours", "bidi", "braces", "NUL", "long", "mentions"])
def test_an_option_that_attacks_is_refused_in_one_clean_line(payload: str, evidence: Path) -> None:
    text = hostile.PAYLOADS[payload].replace("\x00", "")
    done = running.run("triage", evidence, "--since", text)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert UNSEEN.findall(done.stderr) == []
