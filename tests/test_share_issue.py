"""report.md and its chart: the form is filled, it fits, and hostile evidence stays text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import story
from markdown_it import MarkdownIt
from markdown_it.token import Token
from opening import opened

from forensics.case import Case
from forensics.incidents.causal_chain import Link
from forensics.report.escapes import chart_name, code, in_summary, prose, spreadsheet, table
from forensics.report.gantt import gantt
from forensics.report.issue_fields import to_fill_in
from forensics.report.issue_text import LIMIT, issue_text
from forensics.tables import File, Finding
from forensics.text import sealed_json

SAMPLES = sorted((Path(__file__).parent.parent / "sample_data").glob("*/evidence"))
FORM = [  # bug_report.yml of openclaw/openclaw
    "Bug type", "Summary", "Steps to reproduce", "Expected behavior", "Actual behavior", "OpenClaw version",
    "Operating system", "Install method", "Model", "Provider / routing chain",
    "Additional provider/model setup details", "Logs, screenshots, and evidence", "Impact and severity",
    "Additional information",
]  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</details></td></table><!-- <!--",
    "@octocat please look at #12, GH-34 and openclaw/openclaw#56",
    "[click](https://evil.example) ![pixel](https://evil.example/p.png) https://evil.example www.evil.example",
    "a | b | c \\| d \\\\| e",
    "`one` ``two``` ```` \\` $`x`$",
    "```\n# heading\n- list\n\n| x |\n| --- |\n> quote\n\n---\n~~~",
    "%%{init: {'theme':'dark'}}%%\nclick I1 call alert(1)\nsection x : y; z # w",
    "*b* _i_ **bb** ~~s~~ &lt;b&gt; :tada: 1) x",
    "\x1b[31mred\x1b[0m \u202egnp\u202c \u200b\x00\r\n\u2028",
    "deadbeef0123456789 cafe123 deadbee 12345678",
    "=cmd|' /C calc'!A0",
]
ALL = " ".join(HOSTILE)
TASK = r"\d{4}(-\d\d){2} \d\d(:\d\d){2}, (\d{4}(-\d\d){2} \d\d(:\d\d){2}|0d)"
NAME = r"[\w./ ·-]+"
MERMAID = [re.compile(line) for line in (
    r"gantt", rf"    title {NAME}[(),\w ]+", r"    dateFormat YYYY-MM-DD HH:mm:ss", r"    axisFormat [%\w: ]+",
    r"    todayMarker off", rf"    section {NAME}",
    rf"        (I\d+|cooldown|disabled|blocked|window) {NAME} :(active|crit|milestone, crit), {TASK}",
)]  # fmt: skip


def hostile(text: str) -> Case:
    """The story with one text in every place that evidence can fill."""
    first = replace(story.FIRST, text=text, source=text, sources=(text,), profile=text, error_type=text, model=text)
    chain = tuple(replace(link, text=text, source=text) for link in story.CHAIN)
    incident = replace(
        story.INCIDENT, first_failure=first, chain=chain, sentence=f"{text} failed", remedy=(f"run `{text}`",),
        provider=text, models=(text,), recorded_reasons=(text,), misfiled=(text,), true_reason=text, profiles=(text,),
    )  # fmt: skip
    window = replace(story.WINDOWS[0], reason_recorded=text, profile=text, opened_by=text, kind=text, provider=text)
    finding = Finding(
        detector="silence", severity="high", confidence="high", verdict="quiet", owner=None, summary=text,
        evidence=(text,),
    )  # fmt: skip
    case = story.tell(name=text, incidents=(incident,) * 5, window_rows=(window,))
    read = replace(case.timeline, files=(replace(story.FILES[0], path=text, kind=text),))
    return replace(case, timeline=read, answers=replace(case.answers, findings=(finding,)))


def written(case: Case) -> str:
    return issue_text(case, {"tokens": 2, "mail addresses": 1}, "0.1.0")


def leaves(markdown: str) -> Iterator[Token]:
    """Every token of a CommonMark parser with tables, inline ones included."""
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        yield from token.children or [token]


@pytest.mark.parametrize("evidence", SAMPLES, ids=lambda path: path.parent.name)
def test_the_cause_comes_first_and_every_field_of_the_form_follows_in_its_order(evidence: Path) -> None:
    markdown = written(opened(evidence))
    assert markdown.startswith(("**Cause:** ", "**No incident:** "))
    assert re.findall(r"^### (.+)$", markdown, re.M) == FORM
    fields = re.split(r"^### .+$", markdown, flags=re.M)[1:]
    assert all(field.strip() for field in fields)
    assert "not in the evidence" in fields[FORM.index("Operating system")]


def test_what_the_evidence_tells_is_filled_in() -> None:
    markdown = written(opened(SAMPLES[-1]))
    fields = dict(zip(FORM, re.split(r"^### .+$", markdown, flags=re.M)[1:], strict=True))
    assert "`2026.2.9`" in fields["OpenClaw version"]
    assert "`anthropic/claude-opus-4-5`" in fields["Model"]
    assert "openclaw → `anthropic/claude-opus-4-5` → " in fields["Provider / routing chain"]
    assert "I1 is recorded as `auth_permanent`" in fields["Expected behavior"]
    assert fields["Logs, screenshots, and evidence"].count("\n| 20 Nov ") == 12
    assert "openclaw/openclaw#13909" in fields["Additional information"]
    assert "mail addresses: 1; tokens: 2" in fields["Additional information"]
    assert re.search(r"`[0-9a-f]{64}`", fields["Additional information"])


@pytest.mark.parametrize("text", [*HOSTILE, ALL], ids=range(len(HOSTILE) + 1))
def test_hostile_evidence_makes_no_markup_no_link_and_no_mention(text: str) -> None:
    tokens = list(leaves(written(hostile(text))))
    kinds = {token.type for token in tokens}
    assert not kinds & {"link_open", "image", "html_inline", "blockquote_open", "hr", "s_open", "em_open"}
    raw = {line for t in tokens if t.type == "html_block" for line in t.content.strip().splitlines()}
    assert {re.sub(r"<summary>(?:I\d: <code>[^<>]*</code>|[A-Z][a-z ]+)</summary>", "", line) for line in raw} <= {
        "", "<details>", "</details>",
    }  # fmt: skip
    told = "".join(t.content for t in tokens if t.type == "text")
    own = re.sub(r"openclaw/openclaw#\d+", "", told)
    assert not re.search(r"[@#<>`*_~\[\]&$|\\]|GH-|://|www\.|\b[0-9a-f]{7,40}\b", own)
    headings = [n for n, t in enumerate(tokens) if t.type == "heading_open"]
    assert len(headings) == len(FORM)


@pytest.mark.parametrize("text", [*HOSTILE, ALL], ids=range(len(HOSTILE) + 1))
def test_hostile_evidence_leaves_nothing_invisible(text: str) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]", written(hostile(text)))


@pytest.mark.parametrize("text", [*HOSTILE, ALL], ids=range(len(HOSTILE) + 1))
def test_a_table_keeps_its_columns_whatever_a_cell_holds(text: str) -> None:
    lines = "\n".join(table(("a", "b", "c"), [(code(text), prose(text), "end")] * 2))
    cells = [t for t in MarkdownIt("commonmark").enable("table").parse(lines) if t.type == "td_open"]
    assert len(cells) == 6


def plain_cases() -> Iterator[Case]:
    yield from (opened(path) for path in SAMPLES)
    yield from (hostile(text) for text in (*HOSTILE, ALL, "", "section", "click a call b", "end"))


@pytest.mark.parametrize(
    "case", list(plain_cases()), ids=lambda case: case.name[:12].encode("ascii", "replace").decode()
)
def test_every_line_of_the_chart_is_one_mermaid_knows(case: Case) -> None:
    lines = gantt(case)
    assert bool(lines) == bool(case.incidents)
    for line in lines[1:-1]:
        assert any(known.fullmatch(line) for known in MERMAID), line
    assert lines[:1] == ["```mermaid"] * bool(lines)


def test_a_window_of_many_years_ends_at_the_edge_of_the_chart() -> None:
    endless = replace(story.WINDOWS[0], end=story.at("09:00:00") + timedelta(days=365_000))
    (line,) = [line for line in gantt(story.tell(window_rows=(endless,))) if "cooldown" in line]
    assert line.rpartition(", ")[2].startswith("2026-11-20 1")


def crowded(count: int) -> Case:
    """Many incidents, windows, files and findings, each with as long and as hostile a text as there is."""
    text = (ALL * 9)[:4000]
    link = Link(time=story.at("09:20:00"), role="failure", text=text, source=text)
    one = replace(hostile(text).incidents[0], chain=(link,) * 12, recorded_reasons=(text,) * 9, misfiled=(text,) * 9)
    incidents = tuple(replace(one, id=f"I{n}") for n in range(1, count + 1))
    base = hostile(text)
    files = tuple(File(path=f"{text}/{n}", kind="log", sha256="0" * 64) for n in range(count))
    findings = base.answers.findings * count
    return replace(
        base, incidents=incidents, window_rows=base.window_rows * count,
        timeline=replace(base.timeline, files=files), answers=replace(base.answers, findings=findings),
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 4, 40, 2000])
def test_the_text_fits_an_issue_whatever_the_case(count: int) -> None:
    markdown = written(crowded(count))
    assert len(markdown) <= LIMIT
    assert re.findall(r"^### (.+)$", markdown, re.M) == FORM
    fences = re.findall(r"^(`{3,})", markdown, re.M)
    assert len(fences) % 2 == 0
    assert len(re.findall("^<details>$", markdown, re.M)) == len(re.findall("^</details>$", markdown, re.M))
    if count == 2000:
        assert re.search(r"\d+ more incidents left out to fit an issue; all of them are in `triage.json`", markdown)
        assert re.search(r"and \d+ more in `tables/files.csv`", markdown)


def test_a_case_that_fits_is_not_cut() -> None:
    assert "left out" not in written(opened(SAMPLES[-1]))
    assert " more in `" not in written(opened(SAMPLES[-1]))


def test_the_same_case_gives_the_same_text() -> None:
    assert written(story.tell()) == written(story.tell())


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("failed with rate_limit; waiting helps.", "failed with `rate_limit`; waiting helps."),
        ("run `openclaw cron list`, then wait", "run `openclaw cron list`, then wait"),
        ("at 09:18:58 (main): no-one's 50% done…", "at 09:18:58 (main): no-one's 50% done…"),
        ("`a``b`c``", "`a` `b`c"),
        ("`x", "`` `x ``"),
        ("", ""),
    ],
)
def test_prose_sets_only_what_is_no_plain_word_as_code(sentence: str, shown: str) -> None:
    assert prose(sentence) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("anthropic:default", "anthropic·default"),
        ('a;b#c"d`e%%f\n{g}', "a·b·c·d·e·f·g"),
        (":::", "unnamed"),
        ("x" * 99, f"{'x' * 20}·{'x' * 19}"),
    ],
)
def test_a_name_in_a_chart_has_no_syntax(name: str, shown: str) -> None:
    assert chart_name(name) == shown


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        (" +1", "' +1"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\t=x", "'\t=x"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
    ],
)
def test_a_spreadsheet_takes_no_cell_for_a_formula(cell: str, shown: str) -> None:
    assert spreadsheet(cell) == shown


def test_a_summary_holds_html_as_text() -> None:
    assert in_summary("<b>@kim\n") == "<code>&lt;b&gt;@kim</code>"


def test_json_shows_nothing_invisible_and_means_the_same() -> None:
    assert sealed_json('{"a":"ü\u202e\U000e0041"}\n') == '{"a":"ü\\u202e\\udb40\\udc41"}\n'


def unfolded(markdown: str) -> list[str]:
    """The lines that a reader sees without unfolding anything."""
    return [
        line
        for line in re.sub(r"^<details>$.*?^</details>$", "", markdown, flags=re.S | re.M).splitlines()
        if line.strip()
    ]


@pytest.mark.parametrize("case", [opened(SAMPLES[-1]), crowded(40), story.healthy()], ids=["sample", "crowded", "well"])
def test_at_most_sixty_lines_are_not_folded(case: Case) -> None:
    assert len(unfolded(written(case))) <= 60


def two() -> Case:
    """An incident that is filed rightly and hurts more, and one that is filed wrongly."""
    right = replace(story.INCIDENT, id="I1", provider="relay", misfiled=(), end=None, sentence="relay failed")
    return story.tell(incidents=(right, replace(story.INCIDENT, id="I2", sentence="anthropic was misread")))


def fields_of(markdown: str) -> dict[str, str]:
    return dict(zip(FORM, re.split(r"^### .+$", markdown, flags=re.M)[1:], strict=True))


def test_the_issue_is_about_the_incident_that_was_filed_wrongly_in_every_field() -> None:
    markdown = written(two())
    fields = fields_of(markdown)
    assert markdown.startswith("**Cause:** anthropic was misread")
    assert "call `anthropic`" in fields["Steps to reproduce"]
    assert "I2 is recorded as" in fields["Expected behavior"]
    assert "Consequence of I2" in fields["Impact and severity"]


def test_another_incident_can_be_asked_for() -> None:
    markdown = issue_text(two(), {}, "0.1.0", "I1")
    assert markdown.startswith("**Cause:** relay failed")
    assert "call `relay`" in fields_of(markdown)["Steps to reproduce"]


def test_what_the_form_requires_and_nobody_can_know_is_marked() -> None:
    fields = fields_of(written(story.tell()))
    marked = tuple(label for label in FORM if "**To fill in**" in fields[label])
    assert marked == to_fill_in(story.tell(), story.INCIDENT) == ("Operating system",)
