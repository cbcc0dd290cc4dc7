"""A notebook that an earlier run wrote: it is replaced only where nobody has worked in it since."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import nbformat

from forensics.errors import ReportError

_MARK = "openclaw_forensics"


def sealed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with a hash of its cells, by which a later run knows whether they are still as they were."""
    notebook.metadata[_MARK] = {"cells": _hash(notebook)}
    return notebook


def refuse_to_lose(path: Path, *, force: bool) -> None:
    """Raise ReportError where `path` holds a notebook that was edited, or none of a report, unless `force`."""
    if force or not path.exists():
        return
    try:
        earlier = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise ReportError(f"{path}: is there already and is no notebook of a report; --force replaces it") from error
    if earlier.metadata.get(_MARK, {}).get("cells") != _hash(earlier):
        raise ReportError(f"{path}: was edited since it was written; --force replaces it, or give another -o")


def refuse_unwritable(folder: Path) -> None:
    """Raise ReportError where `folder` cannot be made or written, before any work is done."""
    there = folder.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise ReportError(f"{there}: is no folder; give another folder with -o")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ReportError(f"{there}: cannot be written; give another folder with -o")


def _hash(notebook: nbformat.NotebookNode) -> str:
    """Of the cells as somebody may type into them: outputs and run counts change by running again."""
    sources = "\0".join(f"{cell.cell_type}\0{cell.source}" for cell in notebook.cells)
    return hashlib.sha256(sources.encode("utf-8", "backslashreplace")).hexdigest()
