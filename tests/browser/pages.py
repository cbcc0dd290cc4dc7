"""Pages to look at, made without starting a kernel for each: the cells run here, the rest is the way of a report."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import RichOutput, capture_output
from nbformat.v4 import new_output

from forensics.report.html import to_html
from forensics.report.notebooks import FOLDER
from forensics.report.scrub import scrub
from forensics.report.text.basis import evidence_line

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
NOTEBOOKS = tuple(path.stem for path in sorted(FOLDER.glob("*.ipynb")) if path.stem != "7_fleet")  # which has no case


def write_page(folder: Path, notebook: str, evidence: Path) -> Path:
    """The HTML page of a notebook over some evidence."""
    page = folder / f"{notebook}-{evidence.parent.name}.html"
    shell = InteractiveShell.instance(colors="nocolor")
    executed = scrub(_executed(shell, notebook, evidence), [evidence])
    page.write_text(to_html(executed, evidence_line(shell.user_ns["case"])), encoding="utf-8")
    return page


def _executed(shell: InteractiveShell, notebook: str, evidence: Path) -> nbformat.NotebookNode:
    book = nbformat.read(FOLDER / f"{notebook}.ipynb", as_version=4)
    shell.reset(new_session=False)
    for n, cell in enumerate((cell for cell in book.cells if cell.cell_type == "code"), 1):
        if n == 1:
            cell.source += f"\nevidence = {str(evidence)!r}"
        cell.execution_count = n
        cell.outputs = list(_outputs(shell, cell.source))
    return book


def _outputs(shell: InteractiveShell, source: str) -> Iterator[nbformat.NotebookNode]:
    with contextlib.redirect_stderr(io.StringIO()), capture_output() as said:
        done = shell.run_cell(source)
    done.raise_error()
    shown: list[RichOutput] = said.outputs
    yield from (new_output("display_data", data=out.data, metadata=out.metadata or {}) for out in shown)
    if done.result is not None:
        data, metadata = shell.display_formatter.format(done.result)
        yield new_output("execute_result", data=data, metadata=metadata, execution_count=shell.execution_count)
