"""An executed notebook as one HTML file: no script, no request, inputs folded away, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

from forensics.report.page_parts import picture, table

_PAGE = Path(__file__).parent / "page"


def to_html(executed: nbformat.NotebookNode, about: str, title: str | None = None) -> str:
    """HTML text of a scrubbed notebook. Whatever its outputs hold, a content security policy lets nothing load."""
    config = Config()
    config.TemplateExporter.extra_template_basedirs = [str(_PAGE)]
    config.HTMLExporter.exclude_anchor_links = True
    exporter = HTMLExporter(config=config, template_name="postmortem")
    body, _ = exporter.from_notebook_node(_for_reading(executed), resources=_resources(executed, about, title))
    return str(body)


def _resources(executed: nbformat.NotebookNode, about: str, title: str | None) -> dict[str, object]:
    first_lines = (cell.source.split("\n", 1)[0] for cell in executed.cells if cell.cell_type == "markdown")
    heading = next((line[2:] for line in first_lines if line.startswith("# ")), "Report")
    style = (_PAGE / "page.css").read_text(encoding="utf-8")
    return {
        "page_style": style,
        "page_title": title or f"{heading}: {about}",
        "page_about": about,
        "page_contents": _contents(executed),
    }


def _contents(executed: nbformat.NotebookNode) -> dict[str, str]:
    """Anchor -> heading, for every section of the notebook."""
    firsts = [cell.source.split("\n", 1)[0] for cell in executed.cells if cell.cell_type == "markdown"]
    return {_anchor(line): line[3:] for line in firsts if line.startswith("## ")}


def _anchor(heading: str) -> str:
    return "-".join(re.findall(r"\w+", heading.lower()))


def _for_reading(executed: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without the defaults that were overruled, and without the style sheet that each table brings along: the page
    has one for all, also for dark screens."""
    plain = nbformat.from_dict(executed)
    if any("injected-parameters" in cell.metadata.get("tags", ()) for cell in plain.cells):
        plain.cells = [cell for cell in plain.cells if "parameters" not in cell.metadata.get("tags", ())]
    for cell in plain.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            cell.metadata["anchor"] = _anchor(cell.source.split("\n", 1)[0])
        for data in (output.get("data", {}) for output in cell.get("outputs", ())):
            _for_page(data)
    return plain


def _for_page(data: dict[str, str]) -> None:
    if "text/html" in data:
        data["text/html"] = table(data["text/html"])
    if "image/svg+xml" in data:
        data["image/svg+xml"] = picture(data["image/svg+xml"], data.get("text/plain", "picture"))
