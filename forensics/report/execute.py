"""Runs a notebook in a kernel of this very interpreter, with the parameters it declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill.exceptions import PapermillExecutionError
from traitlets import default

from forensics.errors import EvidenceError, ForensicsError, ParameterError, ReportError
from forensics.report.notebooks import Notebook
from forensics.text import clip

Progress = Callable[[int, int, str], None]
"""Told before each cell: (cells done, cells in all, the heading it stands under)."""

_OURS: Mapping[str, type[ForensicsError]] = {"EvidenceError": EvidenceError, "ParameterError": ParameterError}


class OwnKernel(AsyncKernelManager):
    """A kernel of this very interpreter, whatever kernels are registered under its name."""

    @default("kernel_spec_manager")
    def _no_registered_kernels(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])  # with nowhere to search, the interpreter's own remains

    @default("transport")
    def _no_ports(self) -> str:
        return "ipc"  # a socket file: nothing listens, not even on loopback


def execute(notebook: Notebook, parameters: Mapping[str, object], progress: Progress) -> nbformat.NotebookNode:
    """The notebook with its outputs. Raises ForensicsError with the words of the cell that failed."""
    # The kernel works in an empty folder of its own: nothing that lies beside the evidence can be imported.
    with TemporaryDirectory(prefix="forensics-") as folder:
        written = Path(folder) / "executed.ipynb"
        try:
            _run(notebook, parameters, progress, written)
        except PapermillExecutionError as error:
            raise _told(notebook, error) from None
        except RuntimeError as error:  # the kernel died or never came up
            raise ReportError(f"notebook {notebook.name!r} could not be run: {clip(str(error), 200)}") from error
        return nbformat.read(written, as_version=4)


def _run(notebook: Notebook, parameters: Mapping[str, object], progress: Progress, written: Path) -> None:
    headings = _headings(nbformat.read(notebook.path, as_version=4).cells)

    def begin(cell: nbformat.NotebookNode, cell_index: int) -> None:
        progress(cell_index, len(headings), headings[min(cell_index, len(headings) - 1)])

    papermill.execute_notebook(
        _literal(notebook.path),
        _literal(written),
        dict(parameters),
        kernel_name="python3",
        cwd=written.parent,
        progress_bar=False,
        record_timing=False,
        kernel_manager_class=OwnKernel,
        on_cell_start=begin,
    )


def _literal(path: Path) -> str:
    """papermill reads braces in a path as placeholders."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _headings(cells: Sequence[nbformat.NotebookNode]) -> list[str]:
    """For each cell, the last heading above it."""
    headings, last = [], ""
    for cell in cells:
        first = cell.source.split("\n", 1)[0]
        if cell.cell_type == "markdown" and first.startswith("#"):
            last = first.lstrip("# ")
        headings.append(last)
    return headings


def _told(notebook: Notebook, error: PapermillExecutionError) -> ForensicsError:
    words = clip(str(error.evalue), 400)
    if error.ename in _OURS:
        return _OURS[error.ename](words)
    return ReportError(f"notebook {notebook.name!r}, cell {error.cell_index + 1}: {error.ename}: {words}")
