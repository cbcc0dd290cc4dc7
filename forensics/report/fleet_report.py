"""A fleet's dataset as a report: the executed notebook and its page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import nbformat

from forensics.errors import RedactionError, ReportError
from forensics.fleet import questions
from forensics.fleet.dataset import read_fleet
from forensics.report.execute import Progress, execute
from forensics.report.html import to_html
from forensics.report.notebooks import check_parameters, find_notebook
from forensics.report.run import quiet
from forensics.report.scrub import scrub, scrub_for_sharing
from forensics.report.whole_folder import write_whole
from forensics.sharing.redact import scan_tokens
from forensics.text import counted, sealed_json

NOTEBOOK = "7_fleet"


def run_fleet_report(
    folder: Path,
    out: Path,
    parameters: Mapping[str, object] | None = None,
    progress: Progress = quiet,
    *,
    share: bool = False,
) -> tuple[Path, ...]:
    """Write page and notebook of a dataset into `out`, with `share` into `out/share/`; their paths, the page first.

    Raises EvidenceError, ParameterError, ReportError; RedactionError where `share` is asked of rows that were not
    redacted when they were made.
    """
    fleet = read_fleet(folder)
    if share and not fleet.manifest.shared:
        raise RedactionError(f"{folder}: its rows were not redacted; run forensics fleet … --share into another folder")
    notebook = find_notebook(NOTEBOOK)
    given = {"fleet": str(folder.absolute()), **(parameters or {})}
    check_parameters(notebook, given)
    executed = execute(notebook, given, progress)
    clean = scrub_for_sharing(executed, [folder]) if share else scrub(executed, [folder])
    totals = questions.totals(fleet)
    about = counted(totals["cases"] + totals["errors"], "case")
    files = {
        f"{NOTEBOOK}.html": to_html(clean, about).encode("utf-8", "backslashreplace"),
        f"{NOTEBOOK}.ipynb": sealed_json(nbformat.writes(clean)).encode(),
    }
    if share:
        _refuse_tokens(files)
        return write_whole(out / "share", files)
    return tuple(_written(out / name, data) for name, data in files.items())


def _refuse_tokens(files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        if leaks := scan_tokens(name, data):
            raise RedactionError(f"{name}: {leaks[0].kind} would leave in {leaks[0].place}; nothing was written")


def _written(path: Path, data: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise ReportError(f"{path}: cannot be written ({error.strerror}); give another folder with -o") from error
    return path
