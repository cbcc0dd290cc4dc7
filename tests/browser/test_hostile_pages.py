"""Hostile evidence in a real browser, with and without the page's own content policy: nothing of it runs or loads."""

from __future__ import annotations

from pathlib import Path

import hostile
import pytest
from conftest import Open
from pages import write_page

TOUCHED = """() => document.querySelectorAll("summary, a, td, text").forEach(
  e => e.dispatchEvent(new MouseEvent("mouseover", {bubbles: true})))"""
RAN = "() => [window.fired, document.querySelectorAll('main script, iframe, form, object, embed, base').length]"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory, chromium: object) -> Path:
    return hostile.evidence(tmp_path_factory.mktemp("hostile"), hostile.MARKUP)


@pytest.fixture(scope="module", params=["postmortem", "5_credential_desync"])
def page(request: pytest.FixtureRequest, evidence: Path) -> Path:
    return write_page(evidence.parent, request.param, evidence)


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["as written", "without its content policy"])
def test_hostile_text_runs_nothing_and_loads_nothing(bypass_csp: bool, page: Path, opened: Open) -> None:
    with opened(page, bypass_csp=bypass_csp) as seen:
        seen.page.evaluate(TOUCHED)
        for _ in range(20):
            seen.page.keyboard.press("Tab")
        seen.page.wait_for_load_state("networkidle")
        assert seen.page.evaluate(RAN) == [None, 0]
        assert "<script>window.fired=1" in seen.page.locator("main").inner_text()
    assert (seen.asked, seen.complained, seen.ran) == ([], [], [])
