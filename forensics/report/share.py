"""Everything that may leave, in one folder: redacted, looked at byte by byte, and only then written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from forensics.report.earlier_notebook import sealed
from forensics.report.execute import Progress, execute
from forensics.report.html import to_html
from forensics.report.outputs import OUTPUTS
from forensics.report.run import checked_order, quiet
from forensics.report.scrub import scrub_for_sharing
from forensics.report.text.basis import evidence_line
from forensics.report.whole_folder import write_whole
from forensics.sharing.redact import Redacted, redact, refuse_leaks
from forensics.text import sealed_json

_NOTEBOOK = 10  # rank of the notebook among the outputs


@dataclass(frozen=True, slots=True)
class SharedFiles:
    """What may be shared: the paths in order of use, the page and the issue text first."""

    paths: tuple[Path, ...]
    incidents: int


def run_share(
    evidence: Sequence[Path],
    out: Path,
    notebook: str = "postmortem",
    parameters: Mapping[str, object] | None = None,
    progress: Progress = quiet,
) -> SharedFiles:
    """Write `out/share/`, and nothing else: page, report.md, notebook, tables, timeline.jsonl and triage.json.

    Nothing is written before all of it is made and looked at; an older `out/share/` stays until then. Raises
    ParameterError, EvidenceError, ReportError, and RedactionError where something that must not leave is left.
    """
    order = checked_order(evidence, notebook, parameters or {})
    redacted = redact(order.case, notes=order.parameters.get("notes") is True)
    executed = execute(order.notebook, {**order.parameters, "share": True}, progress)
    files = dict(_files(notebook, scrub_for_sharing(executed, evidence), redacted))
    refuse_leaks(files, redacted)
    return SharedFiles(write_whole(out / "share", files), len(redacted.case.incidents))


def _files(notebook: str, executed: nbformat.NotebookNode, redacted: Redacted) -> Iterator[tuple[str, bytes]]:
    yield f"{notebook}.html", to_html(executed, evidence_line(redacted.case)).encode("utf-8", "backslashreplace")
    first = [output for output in OUTPUTS if output.rank < _NOTEBOOK]
    yield from (file for output in first for file in output.write(redacted))
    yield f"{notebook}.ipynb", sealed_json(nbformat.writes(sealed(executed))).encode()
    yield from (file for output in OUTPUTS if output not in first for file in output.write(redacted))
