"""`forensics verify`: a bundle against its manifest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forensics.text import moment


def verify(bundle: Annotated[Path, typer.Argument(help="A bundle that `forensics collect` wrote.")]) -> None:
    """Check a collected bundle against its manifest. Exit 0: all as it was, 1: something differs, 2: no bundle."""
    from forensics.sharing.bundle import problems

    manifest, found = problems(bundle)
    as_it_was = f"{len(manifest.files)} files, as they were collected at {moment(manifest.collected_at)}"
    sys.stdout.write("\n".join(found or [as_it_was]) + "\n")
    raise typer.Exit(1 if found else 0)
