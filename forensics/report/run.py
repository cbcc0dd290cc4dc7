"""Evidence in, report out: checked parameters, an executed notebook, one HTML file, and triage.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from forensics.case import Case, open_case
from forensics.errors import ParameterError, ReportError
from forensics.report.earlier_notebook import sealed
from forensics.report.execute import Progress, execute
from forensics.report.html import to_html
from forensics.report.notebooks import Notebook, check_parameters, find_notebook
from forensics.report.scrub import scrub
from forensics.report.text.basis import evidence_line
from forensics.report.text.title import title_of
from forensics.text import json_text

_SCOPE = ("since", "until", "provider", "agent", "now", "timezone")


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where the parts of a report lie, and how many incidents it tells of."""

    notebook: Path
    html: Path
    triage: Path
    incidents: int

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them, the page first."""
        return self.html, self.notebook, self.triage


@dataclass(frozen=True, slots=True)
class Order:
    """What a report is made of: a notebook, its parameters, and the case it will open."""

    notebook: Notebook
    parameters: Mapping[str, object]
    case: Case


def quiet(done: int, total: int, heading: str) -> None:
    """Nobody wants to know how far it is."""


def run_report(
    evidence: Sequence[Path],
    out: Path,
    notebook: str = "postmortem",
    parameters: Mapping[str, object] | None = None,
    progress: Progress = quiet,
) -> ReportFiles:
    """Write `<notebook>.ipynb`, `<notebook>.html` and `triage.json` into `out`, which is made if need be.

    `parameters` are the notebook's own, as JSON values; names and types are checked before anything runs. Raises
    ParameterError, EvidenceError, or ReportError where a cell failed or `out` cannot be written.
    """
    order = checked_order(evidence, notebook, parameters or {})
    if order.parameters.get("share"):
        raise ParameterError("share=true leaves names in triage.json; use --share, which looks at every file it writes")
    executed = scrub(execute(order.notebook, order.parameters, progress), evidence)
    case = order.case
    files = ReportFiles(out / f"{notebook}.ipynb", out / f"{notebook}.html", out / "triage.json", len(case.incidents))
    _write(files.notebook, nbformat.writes(sealed(executed)))
    _write(files.html, to_html(executed, evidence_line(case), title_of(case)))
    _write(files.triage, json_text(case.triage()))
    return files


def checked_order(evidence: Sequence[Path], notebook: str, parameters: Mapping[str, object]) -> Order:
    """Everything that can be refused before a kernel starts. Raises ParameterError or EvidenceError."""
    chosen = find_notebook(notebook)
    places = [str(path.absolute()) for path in evidence]
    given = {"evidence": places[0] if len(places) == 1 else places, **parameters}
    check_parameters(chosen, given)
    scope: dict[str, Any] = {name: given[name] for name in _SCOPE if name in given}
    return Order(chosen, given, open_case(list(evidence), **scope))


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise ReportError(f"{path}: cannot be written ({error.strerror}); give another folder with -o") from error
