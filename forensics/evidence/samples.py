"""The sample cases that come with the package: real evidence of invented people, small enough to be played with."""

from __future__ import annotations

from pathlib import Path

from forensics.errors import ParameterError

_PACKAGE = Path(__file__).parent.parent
_SHIPPED = _PACKAGE / "_samples"  # in an installed wheel; in the repository they lie beside the package
FOLDER = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent / "sample_data"
FIRST = "scope403-2026.2.9"


def sample(name: str = FIRST) -> Path:
    """The evidence of a sample case. Raises ParameterError naming those there are.

    >>> sample("scope403-2026.2.9").name
    'evidence'
    """
    there = {path.parent.name: path for path in sorted(FOLDER.glob("*/evidence"))}
    if name not in there:
        raise ParameterError(f"there is no sample {name!r}; there are {', '.join(there)}")
    return there[name]
