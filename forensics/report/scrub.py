"""Takes out of an executed notebook what tells of the machine and the minute it ran on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat

_KEPT = ("kernelspec", "language_info")
_CELL_KEPT = ("tags",)
_INJECTED = "injected-parameters"
_SET = re.compile(r"^(\w+) = ", re.MULTILINE)


def scrub(notebook: nbformat.NotebookNode, evidence: Sequence[Path]) -> nbformat.NotebookNode:
    """The notebook without metadata of its run, every path of the evidence shown as its last name alone."""
    clean = nbformat.from_dict(_renamed(notebook, _names(evidence)))
    clean.metadata = _only(clean.metadata, _KEPT)
    for number, cell in enumerate(clean.cells, 1):
        cell.id = f"cell-{number:02}"  # papermill gives its own cell a random one
        cell.metadata = _only(cell.metadata, _CELL_KEPT)
    return clean


def scrub_for_sharing(notebook: nbformat.NotebookNode, evidence: Sequence[Path]) -> nbformat.NotebookNode:
    """The same without the parameters' values, the kernel, and what a library said on stderr."""
    clean = scrub(notebook, evidence)
    clean.metadata = nbformat.from_dict({"language_info": {"name": "python"}})
    for cell in clean.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        if _INJECTED in cell.metadata.get("tags", ()):
            cell.source = f"# given for this run; the values are left out: {', '.join(_SET.findall(cell.source))}"
    return clean


def _names(evidence: Sequence[Path]) -> dict[str, str]:
    """Path as given and as resolved -> its last name; the longest first, so that none hides inside another."""
    forms = {str(form): path.resolve().name for path in evidence for form in (path.absolute(), path.resolve())}
    return {path: forms[path] for path in sorted(forms, key=len, reverse=True) if forms[path]}


def _renamed(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, str):
        for path, name in names.items():
            value = value.replace(path, name)
        return value
    if isinstance(value, Mapping):
        return {key: _renamed(inner, names) for key, inner in value.items()}
    return [_renamed(inner, names) for inner in value] if isinstance(value, list) else value


def _only(metadata: Mapping[str, object], kept: Sequence[str]) -> nbformat.NotebookNode:
    return nbformat.from_dict({key: metadata[key] for key in kept if metadata.get(key)})
