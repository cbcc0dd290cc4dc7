"""`forensics explain`: what is asked, and what cannot be seen."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def explain(
    detector: Annotated[str | None, typer.Argument(help="Its name; without one, all of them in one line each.")] = None,
) -> None:
    """Say what a detector asks, which evidence it looks at, what makes it fire, and what it cannot see."""
    from forensics.detectors.explain import explanation, named, overview

    sys.stdout.write((explanation(named(detector)) if detector else overview()) + "\n")
