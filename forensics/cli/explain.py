"""`forensics explain`: what is asked, and what cannot be seen."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def explain(
    name: Annotated[
        str | None, typer.Argument(help="A detector, or a condition of `check`; without one, a line for each.")
    ] = None,
) -> None:
    """Say what a detector or a condition asks, what it looks at, what makes it fire, and what it cannot see."""
    from forensics.detectors import explain as detectors
    from forensics.watch import explain as conditions

    if name is None:
        text = f"{detectors.overview()}\n\nforensics check asks:\n\n{conditions.overview()}"
    elif condition := conditions.find(name):
        text = conditions.explanation(condition)
    else:
        text = detectors.explanation(detectors.named(name))
    sys.stdout.write(f"{text}\n")
