"""Find the first real failure behind an OpenClaw cooldown: `open_case(evidence)` gives the tables and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.case import Case, open_case

__all__ = ["Case", "open_case"]


def __getattr__(name: str) -> object:
    """Loads what reads a case when it is first asked for: `forensics --help` needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from forensics import case

    return getattr(case, name)
