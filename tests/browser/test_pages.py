"""Every page in a real browser without a network: nothing is asked for, nothing is wrong, everybody can read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Open
from pages import NOTEBOOKS, SAMPLES, write_page
from playwright.sync_api import Page

from forensics.report.share import run_share

CASES = {
    **{
        f"postmortem of {name}": ("postmortem", name)
        for name in sorted(p.parent.name for p in SAMPLES.glob("*/evidence"))
    },
    **{name: (name, "desync-2026.3.11") for name in NOTEBOOKS if name != "postmortem"},
    "shared": ("postmortem", "shared"),
}
TOLD = (
    "First failure",
    "permission_error",
    "09:18:58",
    "auth_permanent",
    "rate_limit",
    "What to do",
    "anthropic answers",
)
FOCUSED = """() => {
  const on = document.activeElement, style = getComputedStyle(on);
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const seen = !!on.offsetParent && on.getBoundingClientRect().width > 0;
  return on === document.body ? null : [on.dataset.stop ?? null, ring || style.boxShadow !== 'none', seen];
}"""
STOPS = """() => {
  const stops = [...document.querySelectorAll('a[href], summary, button, input, select, [tabindex="0"]')]
    .filter(e => e.checkVisibility());
  stops.forEach((e, n) => { e.dataset.stop = `${n} ${e.tagName} ${e.textContent.trim().slice(0, 30)}`; });
  return stops.map(e => e.dataset.stop);
}"""
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.shown, figure, pre'))
  .map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`).slice(0, 5)"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, chromium: object) -> dict[str, Path]:
    """Every page once. Only the shared one needs the whole way of the command."""
    folder = tmp_path_factory.mktemp("pages")
    shared = run_share([SAMPLES / "scope403-2026.2.9" / "evidence"], folder)
    pages = {"shared": next(path for path in shared.paths if path.suffix == ".html")}
    for name, (notebook, sample) in CASES.items():
        if name not in pages:
            pages[name] = write_page(folder, notebook, SAMPLES / sample / "evidence")
    return pages


every_page = pytest.mark.parametrize("name", CASES)


@every_page
def test_a_page_asks_for_nothing_and_complains_of_nothing(name: str, files: dict[str, Path], opened: Open) -> None:
    with opened(files[name]) as seen:
        seen.page.wait_for_load_state("networkidle")
        assert seen.page.locator("h1").inner_text()
    assert (seen.asked, seen.complained, seen.ran) == ([], [], [])


@every_page
def test_axe_finds_nothing_serious_in_light_or_dark(name: str, files: dict[str, Path], opened: Open) -> None:
    serious = {}
    with opened(files[name], bypass_csp=True) as seen:
        for scheme in ("light", "dark"):
            seen.page.emulate_media(color_scheme=scheme)
            found = Axe().run(seen.page).response["violations"]
            serious[scheme] = [_told(one) for one in found if one["impact"] in ("serious", "critical")]
    assert serious == {"light": [], "dark": []}


def _told(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    where = [node["target"] for node in nodes[:3]]
    return (
        f"{violation['id']}, {len(nodes)} places such as {where}: {nodes[0]['failureSummary']} {nodes[0]['html'][:200]}"
    )


@every_page
def test_with_scripts_off_the_story_is_told(name: str, files: dict[str, Path], opened: Open) -> None:
    with opened(files[name], java_script_enabled=False) as seen:
        text = seen.page.locator("main").inner_text()
        drawn = [svg.bounding_box() for svg in seen.page.locator("figure svg").all()]
        tables = [table.bounding_box() for table in seen.page.locator("table").all()]
    assert tables
    assert all(box and box["width"] > 200 and box["height"] > 20 for box in [*drawn, *tables])
    if name in ("shared", "postmortem of scope403-2026.2.9"):
        assert drawn
        assert [words for words in TOLD if words not in text] == []


@every_page
def test_the_keyboard_reaches_everything_and_shows_where_it_is(name: str, files: dict[str, Path], opened: Open) -> None:
    with opened(files[name]) as seen:
        stops = seen.page.evaluate(STOPS)
        visited = _visited(seen.page, 3 * len(stops) + 40)
    assert [stop for stop in stops if stop not in {name for name, _, _ in visited}] == []
    assert [name for name, ring, _ in visited if name and not ring] == []
    assert [name for name, _, shown in visited if name and not shown] == []


def _visited(page: Page, most: int) -> list[tuple[str | None, bool, bool]]:
    """Where Tab leads from the top of the page until it leaves the page."""
    visited = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        visited.append(tuple(focused))
    return visited


@every_page
def test_a_page_prints(name: str, files: dict[str, Path], opened: Open) -> None:
    with opened(files[name]) as seen:
        printed = seen.page.pdf(format="A4")
    assert printed.startswith(b"%PDF-")
    assert len(printed) > 20_000


@every_page
def test_no_page_scrolls_sideways_on_a_phone(name: str, files: dict[str, Path], opened: Open) -> None:
    with opened(files[name], viewport={"width": 320, "height": 800}) as seen:
        assert seen.page.evaluate(TOO_WIDE) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") == 320
