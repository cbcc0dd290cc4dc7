"""Every event kind that a module names is one that something gives: a kind that was renamed is noticed here."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import forensics
from forensics.detectors.desync.model import EXPIRED, OVERWRITTEN, RACE, STALE
from forensics.parsers.logs.templates import TEMPLATES
from forensics.parsers.stores import STORES

PACKAGE = Path(forensics.__file__).parent
GIVEN = {template.kind for template in TEMPLATES} | {kind for store in STORES for kind in store.events}
OF_OTHER_ROWS = {  # what `.kind` is of files, windows, desyncs, signs, …
    "log", "empty", "unknown", *(store.name for store in STORES), "cooldown", "disabled", "blocked",
    EXPIRED, OVERWRITTEN, RACE, STALE, "attempt", "echo", "cron", "transcripts",
}  # fmt: skip
ROOMS = ("incidents", "detectors", "remediation", "report", "fleet")
MODULES = sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py"))


def named_kinds(path: Path) -> Iterator[str]:
    """Every text that the module holds against some `.kind`, `begins_so_*`; names of constants are looked up."""
    dotted = ".".join(("forensics", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    module = import_module(dotted)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare) and is_kind(node.left):
            yield from (text for side in node.comparators for text in texts(side, module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "startswith":
            yield from (f"{text}*" for text in texts(node.args[0], module) if is_kind(node.func.value))
        if isinstance(node, ast.Subscript) and is_kind(node.slice):
            yield from texts(node.value, module)


def is_kind(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "kind"


def texts(node: ast.expr, module: ModuleType) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name):
        value = getattr(module, node.id, ())
        yield from [value] if isinstance(value, str) else strings(value)
    elif isinstance(node, ast.Tuple | ast.Set | ast.List):
        yield from (text for part in node.elts for text in texts(part, module))
    elif isinstance(node, ast.Starred):
        yield from texts(node.value, module)


def strings(value: object) -> Iterator[str]:
    """The texts of a collection; of a mapping its keys."""
    return (one for one in value if isinstance(one, str)) if isinstance(value, Iterable) else iter(())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_names_only_kinds_that_something_gives(path: Path) -> None:
    named = set(named_kinds(path)) - OF_OTHER_ROWS
    assert {name for name in named if not any(fnmatchcase(kind, name) for kind in GIVEN)} == set()


def test_the_kinds_that_modules_name_are_found() -> None:
    named = {name for path in MODULES for name in named_kinds(path)}
    assert len(named & GIVEN) >= 45
    assert "transcript_*" in named
