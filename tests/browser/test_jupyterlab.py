"""Real JupyterLab in a real browser: open the first notebook, run all, brush, click, filter, read what is selected,
write a note, run again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

import forensics

pytestmark = pytest.mark.slow
CHANGED = "old => ![...document.querySelectorAll('.widget-html-content')].some(e => e.innerText === old)"
TIMEOUT = 60_000  # milliseconds, on a machine that does other things
ADDRESS = re.compile(r"http://(?:localhost|127\.0\.0\.1):(\d+)/lab\S*token=(\w+)")


@dataclass
class Lab:
    """A JupyterLab that runs, in a browser."""

    page: Page
    asked: list[str]  # requests that went elsewhere than to it

    def run(self, code: str) -> str:
        """The output of a new cell at the end of the notebook."""
        page = self.page
        page.keyboard.press("Escape")
        page.locator(".jp-Notebook .jp-Cell").last.click(position={"x": 5, "y": 5})
        page.keyboard.press("Escape")
        page.keyboard.press("b")
        page.keyboard.press("Enter")
        page.keyboard.insert_text(code)
        page.keyboard.press("Control+Enter")
        cell = page.locator(".jp-Notebook .jp-CodeCell").last
        cell.locator(".jp-OutputArea-output").first.wait_for(timeout=TIMEOUT)
        return cell.locator(".jp-OutputArea-output").first.inner_text()

    def number(self, expression: str) -> int:
        return int(self.run(f"print({expression})"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, chromium: object) -> Iterator[tuple[str, str]]:
    """Port and token of JupyterLab, as `forensics lab` starts it over the sample."""
    folder = tmp_path_factory.mktemp("lab")
    environment = {**os.environ, "FORENSICS_NOTES": str(folder / "notes"), "PYTHONUNBUFFERED": "1"}
    command = [
        sys.executable,
        "-m",
        "forensics",
        "lab",
        str(forensics.sample()),
        "-o",
        str(folder / "work"),
        "--no-browser",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder) as server:
        assert server.stderr
        found = next(filter(None, map(ADDRESS.search, server.stderr)), None)
        assert found, "JupyterLab did not come up"
        yield found[1], found[2]
        server.send_signal(signal.SIGTERM)
        server.stderr.read()


@pytest.fixture
def lab(address: tuple[str, str], chromium: Browser) -> Iterator[Lab]:
    port, token = address
    page = chromium.new_page(viewport={"width": 1400, "height": 1500})
    page.set_default_timeout(TIMEOUT)
    asked: list[str] = []
    here = (f"http://127.0.0.1:{port}/", f"ws://127.0.0.1:{port}/", "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(here) else asked.append(r.url[:120]))
    page.goto(f"http://127.0.0.1:{port}/lab/tree/0_start.ipynb?token={token}")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.locator("text=/Python 3.*Idle/").first.wait_for()
    yield Lab(page, asked)
    page.close()


def run_all(page: Page) -> None:
    page.wait_for_timeout(1_500)  # the kernel takes its first message only once its channels stand
    page.click("li.lm-MenuBar-item:has-text('Run')")
    page.click("li.lm-Menu-item[data-command='runmenu:run-all']")
    page.locator("svg.marks").nth(1).wait_for()
    page.locator("table.dataTable tbody tr").first.wait_for()


def drag(page: Page, start: float, end: float) -> None:
    """Over the overview, by parts of its width."""
    box = page.locator("svg.marks").first.bounding_box()
    assert box
    y = box["y"] + box["height"] / 3
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, y, steps=6)
    page.mouse.up()


def test_an_investigation_in_jupyterlab(lab: Lab) -> None:
    page = lab.page
    run_all(page)
    assert "incident" in page.locator(".jp-OutputArea-output strong").first.inner_text()
    total = page.locator(".widget-html-content", has_text="events from").first.inner_text()

    page.locator("svg.marks").first.scroll_into_view_if_needed()
    drag(page, 0.25, 0.5)
    page.wait_for_function(CHANGED, arg=total)
    brushed = page.locator(".widget-html-content", has_text="events from").first.inner_text()
    count = int(brushed.split()[0])
    assert 0 < count < int(total.split()[0])

    page.locator("svg.marks").nth(1).locator("path[aria-roledescription='point']").first.click(force=True)
    page.locator(".widget-html-content mark").first.wait_for()

    detail = page.locator("svg.marks").nth(1)
    detail.hover()
    page.mouse.wheel(0, -240)
    status = page.locator(".widget-html-content", has_text="events from").first
    page.wait_for_function(CHANGED, arg=brushed)
    assert int(status.inner_text().split()[0]) < count

    page.locator(".dt-search input").first.fill("permission_error")
    page.wait_for_timeout(500)
    assert all("permission_error" in text for text in page.locator("table.dataTable tbody tr").all_inner_texts())

    page.locator("button", has_text="echo").first.click()
    assert lab.number("view.selected.height") < count
    assert lab.number("view.selected.filter(role='echo').height") == 0
    assert lab.number("view.clicked is not None and len(view.lines.lines)") > 1
    assert "rotated" in lab.run("case.note('I1', 'rotated the key', tag='action').text")

    run_all(page)
    page.locator(".jp-OutputArea-output", has_text="Notes and action items").first.wait_for()
    assert lab.asked == []
