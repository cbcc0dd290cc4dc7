"""One Chromium for all tests, offline; and what a page asked for, complained of and ran while it was open."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass
class EvidenceCoverage:
    """A page that is open, and all that it did."""

    page: Page
    asked: list[str] = field(default_factory=list)  # requests, other than for the file itself
    complained: list[str] = field(default_factory=list)  # console, exceptions, refusals of the content policy
    ran: list[str] = field(default_factory=list)  # dialogs, popups, downloads, workers


Open = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)}): the pages were not opened")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def opened(chromium: Browser) -> Open:
    """Opens a file without a network, with the given options of a browser context."""

    @contextmanager
    def open_page(file: Path, **options: Any) -> Iterator[EvidenceCoverage]:
        context = chromium.new_context(offline=True, **options)
        context.set_default_timeout(10_000)
        page = context.new_page()
        seen = EvidenceCoverage(page)
        page.on("request", lambda r: None if r.url == file.as_uri() else seen.asked.append(r.url[:200]))
        page.on("console", lambda m: seen.complained.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: seen.complained.append(str(e)))
        page.on("dialog", lambda d: (seen.ran.append(f"dialog {d.message}"), d.dismiss()))
        for event in ("popup", "download", "worker"):
            page.on(event, lambda _, event=event: seen.ran.append(event))
        page.goto(file.as_uri())
        yield seen
        context.close()

    return open_page
