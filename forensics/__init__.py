"""Find the first real failure behind an OpenClaw cooldown: `open_case(evidence)` gives the tables and the answer.

>>> import forensics
>>> case = forensics.open_case(forensics.sample())
>>> case.incidents[0].true_reason
'auth_permanent'

`Case` is what `open_case` gives, and `charts` draws it (`charts.explore(case)` in JupyterLab).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.case import Case, open_case
    from forensics.evidence.samples import sample
    from forensics.report import charts

__all__ = ["Case", "charts", "open_case", "sample"]

_HOMES = {
    "Case": "forensics.case",
    "open_case": "forensics.case",
    "sample": "forensics.evidence.samples",
    "charts": "forensics.report",
}


def __getattr__(name: str) -> object:
    """Loads what a name needs when it is first asked for: `forensics --help` needs none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "charts":
        return import_module("forensics.report.charts")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
