"""An executed notebook as one HTML file: no script, no request, inputs folded away, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

_PAGE = Path(__file__).parent / "page"
_STYLE = re.compile(r"<style[^>]*>.*?</style>", re.DOTALL)


def to_html(executed: nbformat.NotebookNode, about: str) -> str:
    """HTML text of a scrubbed notebook. Whatever its outputs hold, a content security policy lets nothing load."""
    config = Config()
    config.TemplateExporter.extra_template_basedirs = [str(_PAGE)]
    config.HTMLExporter.exclude_anchor_links = True
    exporter = HTMLExporter(config=config, template_name="postmortem")
    body, _ = exporter.from_notebook_node(_for_reading(executed), resources=_resources(executed, about))
    return str(body)


def _resources(executed: nbformat.NotebookNode, about: str) -> dict[str, object]:
    first_lines = (cell.source.split("\n", 1)[0] for cell in executed.cells if cell.cell_type == "markdown")
    heading = next((line[2:] for line in first_lines if line.startswith("# ")), "Report")
    style = (_PAGE / "page.css").read_text(encoding="utf-8")
    return {"page_style": style, "page_title": f"{heading}: {about}", "page_about": about}


def _for_reading(executed: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without the defaults that were overruled, and without the style sheet that each table brings along: the page
    has one for all, also for dark screens."""
    plain = nbformat.from_dict(executed)
    if any("injected-parameters" in cell.metadata.get("tags", ()) for cell in plain.cells):
        plain.cells = [cell for cell in plain.cells if "parameters" not in cell.metadata.get("tags", ())]
    for output in (output for cell in plain.cells for output in cell.get("outputs", ())):
        if "text/html" in output.get("data", {}):
            output["data"]["text/html"] = _STYLE.sub("", output["data"]["text/html"])
    return plain
