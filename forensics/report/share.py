"""Everything that may leave, in one folder: redacted, looked at byte by byte, and only then written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from forensics.errors import ParameterError
from forensics.report.earlier_notebook import sealed
from forensics.report.execute import Progress, execute
from forensics.report.html import to_html
from forensics.report.issue_fields import to_fill_in
from forensics.report.issue_text import subject_of
from forensics.report.outputs import OUTPUTS
from forensics.report.run import checked_order, quiet
from forensics.report.scrub import scrub_for_sharing
from forensics.report.text.basis import evidence_line
from forensics.report.text.title import title_of
from forensics.report.whole_folder import write_whole
from forensics.sharing.redact import Redacted, redact, refuse_leaks
from forensics.text import sealed_json

_NOTEBOOK = 10  # rank of the notebook among the outputs


@dataclass(frozen=True, slots=True)
class SharedFiles:
    """What may be shared: the paths in order of use, the page and the issue text first."""

    paths: tuple[Path, ...]
    incidents: int
    to_fill_in: tuple[str, ...]  # fields of report.md that the form requires and the evidence leaves open


def run_share(
    evidence: Sequence[Path],
    out: Path,
    notebook: str = "postmortem",
    parameters: Mapping[str, object] | None = None,
    progress: Progress = quiet,
    *,
    incident: str | None = None,
) -> SharedFiles:
    """Write `out/share/`, and nothing else: page, report.md, notebook, tables, timeline.jsonl and triage.json.

    `incident`: the one that report.md is about. Nothing is written before all of it is made and looked at; an older
    `out/share/` stays until then. Raises ParameterError, EvidenceError, ReportError, and RedactionError where
    something that must not leave is left.
    """
    order = checked_order(evidence, notebook, parameters or {})
    names = [known.id for known in order.case.incidents]
    if incident is not None and incident not in names:
        raise ParameterError(f"there is no incident {incident} here, but {', '.join(names) or 'none'}")
    redacted = replace(redact(order.case, notes=order.parameters.get("notes") is True), subject=incident)
    executed = execute(order.notebook, {**order.parameters, "share": True}, progress)
    files = dict(_files(notebook, scrub_for_sharing(executed, evidence), redacted))
    refuse_leaks(files, redacted)
    case = redacted.case
    return SharedFiles(
        write_whole(out / "share", files), len(case.incidents), to_fill_in(case, subject_of(case, incident))
    )


def _files(notebook: str, executed: nbformat.NotebookNode, redacted: Redacted) -> Iterator[tuple[str, bytes]]:
    page = to_html(executed, evidence_line(redacted.case), title_of(redacted.case))
    yield f"{notebook}.html", page.encode("utf-8", "backslashreplace")
    first = [output for output in OUTPUTS if output.rank < _NOTEBOOK]
    yield from (file for output in first for file in output.write(redacted))
    yield f"{notebook}.ipynb", sealed_json(nbformat.writes(sealed(executed))).encode()
    yield from (file for output in OUTPUTS if output not in first for file in output.write(redacted))
