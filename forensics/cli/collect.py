"""`forensics collect`: the evidence in one file to hand over."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.printing import progress


def collect(
    evidence: Annotated[
        list[Path] | None, typer.Argument(help="What to collect; without it, what is found in the home.")
    ] = None,
    *,
    home: Annotated[Path, typer.Option(help="The home whose state, logs and logins are looked for.")] = Path("~"),
    out: Annotated[Path, typer.Option("--out", "-o", help="The bundle to write.")] = Path("case.zip"),
    force: Annotated[bool, typer.Option("--force", help="Replace a file of that name.")] = False,
) -> None:
    """Put the evidence into one file to hand over: no tokens, no messages, and a manifest that proves what it was."""
    from forensics.sharing.bundle import Place, collect, told
    from forensics.sharing.host import about, places_of
    from forensics.sharing.interruption import stopped_cleanly

    home = home.expanduser()
    with stopped_cleanly(), nullcontext([Place(evidence)]) if evidence else places_of(home) as places:
        bundle = collect(places, out, about(home), progress, force=force)
    sys.stdout.write(f"{bundle.path}\n{bundle.sha256}\n")
    sys.stderr.write(told(bundle.manifest) + "\n")
