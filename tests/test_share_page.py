"""The page people are given: small, without a request, and for every reader, also where the case is crowded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from forensics import open_case
from forensics.report.answer_card import with_code
from forensics.report.issue_text import LIMIT
from forensics.report.share import run_share

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parent.parent / "sample_data" / "scope403-2026.2.9" / "evidence"
CSS = (Path(__file__).parent.parent / "forensics" / "report" / "page" / "page.css").read_text(encoding="utf-8")
HOSTILE = "|`@kim` #12 <script>alert(1)</script><img src=x onerror=alert(2)> ${{7*7}}"
VOID = {"meta", "br", "img", "hr"}


class Page(HTMLParser):
    """Every element with its attributes and its own text, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.elements[self.open.pop()][0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for number in self.open:
            self.elements[number][2].append(data)

    def all(self, *tags: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attrs, "".join(words).strip()) for tag, attrs, words in self.elements if tag in tags]


def log_line(time: datetime, text: str) -> str:
    name = json.dumps({"subsystem": "diagnostic"}, separators=(",", ":"))
    stamp = time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    meta = {"runtime": "node", "name": name, "date": stamp, "logLevelId": 5, "logLevelName": "ERROR"}
    return json.dumps({"0": name, "1": text, "_meta": meta, "time": stamp}, separators=(",", ":"))


def crowded_log(providers: int) -> Iterator[str]:
    """Every provider's refresh is refused several times, in words that want to be markup."""
    dead = "OAuth token refresh failed for {}: invalid_grant {}. Please try again."
    start = datetime(2026, 3, 2, tzinfo=UTC)
    for n in range(providers * 20):
        said = dead.format(f"provider{n // 20}", HOSTILE)
        time = start + timedelta(seconds=20 * n)
        yield log_line(time, f'lane task error: lane=main durationMs=58 error="Error: {said}"')


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crowded")
    (folder / "case").mkdir()
    (folder / "case" / "openclaw.log").write_text("\n".join(crowded_log(150)) + "\n", encoding="utf-8")
    assert len(open_case(folder / "case").incidents) == 150
    run_share([folder / "case"], folder)
    return folder / "share"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    run_share([SAMPLE], folder)
    return folder / "share"


@pytest.fixture(params=["sample", "crowded"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page((request.getfixturevalue(request.param) / "postmortem.html").read_text(encoding="utf-8"))


def test_page_and_text_of_a_crowded_case_keep_their_sizes_and_say_what_they_leave_out(crowded: Path) -> None:
    html = (crowded / "postmortem.html").read_text(encoding="utf-8")
    markdown = (crowded / "report.md").read_text(encoding="utf-8")
    assert len(html.encode()) < 2_500_000
    assert len(markdown) <= LIMIT
    assert "more incidents in triage.json" in html
    assert "more incidents left out" in markdown
    assert len(json.loads((crowded / "triage.json").read_bytes())["incidents"]) == 150


def test_a_page_runs_nothing_and_asks_for_nothing(page: Page) -> None:
    tags = {tag for tag, _, _ in page.elements}
    assert not tags & {"script", "iframe", "object", "embed", "link", "base", "form", "img"}
    for _, attrs, _ in page.elements:
        assert not any(name.startswith("on") for name in attrs)
        assert (attrs.get("href") or "#").startswith("#")
    policies = [a["content"] for a, _ in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


def test_a_page_names_its_language_itself_and_its_parts(page: Page) -> None:
    assert page.all("html")[0][0]["lang"] == "en"
    assert re.match("OVER|NOT OVER|STILL BLOCKED|CANNOT TELL|WELL", page.all("title")[0][1])  # what is so now
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1


def test_headings_go_down_one_level_at_a_time(page: Page) -> None:
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_every_header_cell_has_words_and_a_scope(page: Page) -> None:
    headers = page.all("th")
    assert len(headers) > 20
    assert all(words and attrs["scope"] == "col" for attrs, words in headers)


def test_every_picture_has_a_name(page: Page) -> None:
    pictures = page.all("svg")
    assert len(pictures) == 2
    assert all(attrs["role"] == "img" and len(attrs["aria-label"] or "") > 20 for attrs, _ in pictures)


def test_every_link_of_the_page_leads_to_a_place_on_it_once(page: Page) -> None:
    ids = [attrs["id"] for _, attrs, _ in page.elements if attrs.get("id")]
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for attrs, _ in page.all("a")]
    assert links[0] == "#main"
    assert {link and link[1:] for link in links} <= set(ids)


def test_what_scrolls_can_be_reached_by_keyboard(page: Page) -> None:
    frames = [attrs for _, attrs, _ in page.elements if attrs.get("class") == "scroll"] + [
        a for a, _ in page.all("figure")
    ]
    assert frames
    assert all(attrs["tabindex"] == "0" for attrs in frames)


def test_the_page_says_what_was_removed_and_from_which_files(sample: Path) -> None:
    shown = Page((sample / "postmortem.html").read_text(encoding="utf-8"))
    assert "What was removed" in [words for _, words in shown.all("h2")]
    cells = {words for _, words in shown.all("td")}
    assert {file.sha256 for file in open_case(SAMPLE).timeline.files} <= cells


def test_commands_are_code_and_not_in_backticks(sample: Path) -> None:
    shown = Page((sample / "postmortem.html").read_text(encoding="utf-8"))
    assert any(words.startswith("openclaw models auth ") for _, words in shown.all("code"))
    assert not [words for _, words in shown.all("li", "td") if "`" in words]


@pytest.mark.parametrize(
    ("sentence", "html"),
    [
        ("run `a <b>` now", "run <code>a &lt;b&gt;</code> now"),
        ("one ` only <b>", "one ` only &lt;b&gt;"),
        ("`\u202e`", "<code>&lt;U+202E&gt;</code>"),
    ],
)
def test_backticks_become_code_and_nothing_else_does(sentence: str, html: str) -> None:
    assert with_code(sentence) == html


def colours(scheme: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", scheme))


def luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "link", "accent", "calm"])
@pytest.mark.parametrize("paper", ["paper", "strip"])
def test_text_stands_out_from_its_paper(scheme: int, ink: str, paper: str) -> None:
    found = colours(re.findall(r":root \{(.*?)\}", CSS, re.S)[scheme])
    light, dark = sorted((luminance(found[ink]), luminance(found[paper])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
