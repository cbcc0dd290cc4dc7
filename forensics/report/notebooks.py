"""The notebooks a report can be made of, and the parameters each takes."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import nbformat
import papermill

from forensics.errors import ParameterError

_PACKAGE = Path(__file__).parent.parent
_SHIPPED = _PACKAGE / "_notebooks"  # in an installed wheel; in the repository they lie beside the package
FOLDER = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent / "notebooks"


@dataclass(frozen=True, slots=True)
class Notebook:
    """One parameterised notebook; `parameters` maps each name to its default."""

    name: str
    path: Path
    parameters: Mapping[str, object]


def find_notebook(name: str) -> Notebook:
    """A notebook by name. Raises ParameterError naming the nearest where there is none of that name."""
    known = {path.stem: path for path in sorted(FOLDER.glob("*.ipynb"))}
    if name not in known:
        raise ParameterError(f"there is no notebook {name!r}{_nearest(name, known)}")
    path = known[name]
    return Notebook(name, path, _parameters(path))


@dataclass(frozen=True, slots=True)
class Described:
    """A notebook for people: its first heading, and each parameter's type, default and meaning."""

    name: str
    title: str
    parameters: tuple[Mapping[str, object], ...]


def describe_notebooks() -> tuple[Described, ...]:
    """All notebooks, by name."""
    return tuple(_described(path) for path in sorted(FOLDER.glob("*.ipynb")))


def _described(path: Path) -> Described:
    heading = nbformat.read(path, as_version=4).cells[0].source.split("\n", 1)[0]
    helps = {name: one["help"] for name, one in papermill.inspect_notebook(str(path)).items()}
    parameters = tuple(
        {"name": name, "type": _kind(default), "default": default, "help": helps[name]}
        for name, default in _parameters(path).items()
    )
    return Described(path.stem, heading.lstrip("# "), parameters)


def in_words(notebooks: Sequence[Described]) -> str:
    """A paragraph a notebook, a line a parameter."""
    return "\n".join(map(_paragraph, notebooks))


def _paragraph(notebook: Described) -> str:
    lines = (f"  {one['name']:<10} {one['type']}: {one['help']}\n" for one in notebook.parameters)
    return f"{notebook.name}: {notebook.title}\n{''.join(lines)}"


def _parameters(path: Path) -> dict[str, object]:
    found = papermill.inspect_notebook(str(path))
    return {name: ast.literal_eval(parameter["default"]) for name, parameter in found.items()}


def check_parameters(notebook: Notebook, parameters: Mapping[str, object]) -> None:
    """Raise ParameterError for a name the notebook does not take, or a value of another type than its default's."""
    for name, value in parameters.items():
        if name not in notebook.parameters:
            raise ParameterError(
                f"notebook {notebook.name!r} takes no parameter {name!r}{_nearest(name, notebook.parameters)}"
            )
        default = notebook.parameters[name]
        if not _fits(value, default):
            raise ParameterError(
                f"parameter {name!r} of notebook {notebook.name!r} takes {_kind(default)}, not {value!r}"
            )


def _fits(value: object, default: object) -> bool:
    """A text parameter also takes a list of texts (several places are one case); one without a default, a text."""
    if default is None:
        return value is None or isinstance(value, str)
    if isinstance(default, str):
        return isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    return isinstance(value, int | float) if isinstance(default, float) else isinstance(value, type(default))


def _kind(default: object) -> str:
    kinds = {bool: "true or false", int: "a whole number", float: "a number", str: "a text or a list of texts"}
    return kinds.get(type(default), "a text or nothing" if default is None else f"a {type(default).__name__}")


def _nearest(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(sorted(known))}"
