"""`forensics lab`: the notebooks over some evidence, in JupyterLab."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.printing import tell


def lab(
    evidence: Annotated[
        list[Path] | None,
        typer.Argument(help="State directory, folder, log file, archive or fleet; without it, a sample to try it on."),
    ] = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The working folder (default: lab-NAME where you are).")
    ] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="Of JupyterLab on this machine.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser, or only print the address.")] = True,
    start: Annotated[bool, typer.Option(help="Start JupyterLab, or only make the working folder.")] = True,
) -> None:
    """Make a working folder with notebooks over the evidence, and open it in JupyterLab. Run again, it goes on.

    forensics lab ~/.openclaw /tmp/openclaw
    """
    from forensics.evidence.samples import sample
    from forensics.report.lab import prepare

    if not evidence:
        tell("No evidence was given: this is a sample. Your own: forensics lab ~/.openclaw /tmp/openclaw")
    made = prepare(evidence or [sample()], out)
    tell(f"{'Going on in' if made.goes_on else 'The working folder:'} {made.folder}")
    if not start:
        sys.stdout.write(f"{made.folder}\n")
        return
    command = made.command(port, browser=browser)
    sys.stdout.flush()
    os.execve(command[0], command, made.environment(os.environ))  # JupyterLab takes this process over, signals and all
