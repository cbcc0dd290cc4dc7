"""`forensics cache`: what earlier looks at big evidence left behind."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from forensics.errors import ReportError


class CacheAction(StrEnum):
    """What can be done with it."""

    CLEAR = "clear"


def cache(action: Annotated[CacheAction, typer.Argument(help="clear: remove all of it.")]) -> None:
    """Remove what was kept of big evidence for a second look: events and counts, tokens masked, on this machine."""
    from forensics.parsers.timeline_cache import clear, folder

    assert action is CacheAction.CLEAR  # noqa: S101 - there is no other; tells the linter
    try:
        entries, size = clear()
    except OSError as error:
        raise ReportError(f"{folder()}: cannot be removed ({error.strerror})") from error
    sys.stdout.write(f"{entries} removed, {size / 1e6:.1f} MB, from {folder()}\n")
