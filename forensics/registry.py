"""What grows by files: each module of a folder that has a certain constant adds to the folder's registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def modules(package: str, path: Iterable[str]) -> Iterator[ModuleType]:
    """The modules of a package, by name, without its sub-packages. `path`: its `__path__`."""
    names = sorted(module.name for module in iter_modules(path) if not module.ispkg)
    return (import_module(f"{package}.{name}") for name in names)


def constants(package: str, path: Iterable[str], constant: str) -> Iterator[object]:
    """The constant of each module that has it; `path`: the package's `__path__`."""
    return (getattr(module, constant) for module in modules(package, path) if hasattr(module, constant))
