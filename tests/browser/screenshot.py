"""The README's picture: `make report && python tests/browser/screenshot.py report/share/postmortem.html docs`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from conftest import NAMES, QUIET
from playwright.sync_api import Page, sync_playwright

WIDTH = 1100
AROUND = 24  # pixels over the first heading and under the chart


def edge(page: Page, selector: str, side: str) -> float:
    return float(page.evaluate(f"s => document.querySelector(s).getBoundingClientRect().{side} + scrollY", selector))


def take(page: Page, picture: Path) -> None:
    """From the answer to the end of the chart."""
    first, last = edge(page, "h2", "top") - AROUND, edge(page, "svg", "bottom") + AROUND
    page.screenshot(path=picture, full_page=True, clip={"x": 0, "y": first, "width": WIDTH, "height": last - first})


def main(report: Path, folder: Path) -> None:
    found = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        for scheme, name in (("light", "report.png"), ("dark", "report-dark.png")):
            page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme=scheme, offline=True)
            page.goto(report.resolve().as_uri())
            take(page, folder / name)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
