"""The envelopes a log line may come in, and the one function that reads them all.

A shape or a wrapper is a file in this folder that exports `SHAPE`, `WRAPPER` (or `WRAPPERS`). A line is tried with
the shapes whose samples begin as it does; if none reads it, the prefix of another program is taken off, at most three
deep, and the rest is tried again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from forensics.parsers.logs.envelopes.envelope import Envelope, Outer, Record, Wrapper

_DEEPEST = 3
_COLOUR = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")


def _modules() -> Iterator[ModuleType]:
    for module in iter_modules(__path__):
        yield import_module(f"{__name__}.{module.name}")


def _walk() -> tuple[tuple[Envelope, ...], tuple[Wrapper, ...]]:
    shapes: list[Envelope] = []
    wrappers: list[Wrapper] = []
    for module in _modules():
        shapes += [module.SHAPE] if hasattr(module, "SHAPE") else []
        wrappers += [module.WRAPPER] if hasattr(module, "WRAPPER") else getattr(module, "WRAPPERS", ())
    return tuple(sorted(shapes, key=lambda s: s.rank)), tuple(sorted(wrappers, key=lambda w: w.name))


def _beginning(line: str) -> str:
    return "0" if line[:1] in "0123456789" else line[:1]


def _by_beginning(shapes: tuple[Envelope, ...]) -> dict[str, tuple[Envelope, ...]]:
    starts: defaultdict[str, dict[str, Envelope]] = defaultdict(dict)
    for shape in shapes:
        for sample in shape.samples:
            starts[_beginning(sample.line)][shape.name] = shape
    return {start: tuple(found.values()) for start, found in starts.items()}


SHAPES, WRAPPERS = _walk()
RANKS = {shape.name: shape.rank for shape in SHAPES}
STRUCTURED = frozenset({"file-jsonl", "logs-json", "console-json", "support-log"})
"""Shapes that nothing but OpenClaw writes: their line needs no known sentence."""
_STARTS = _by_beginning(SHAPES)


def strip(line: str) -> str:
    """The line without colours, line end, and the NULs or byte order mark a damaged file has in front."""
    line = line.rstrip("\r\n").lstrip("\0\ufeff")
    return _COLOUR.sub("", line) if "\x1b" in line else line


def read_line(line: str) -> Record | None:
    """One physical line -> Record; None where no shape knows it (a continuation, or a reject). Never raises."""
    found = _read(strip(line), _DEEPEST)
    return found[0] if found else None


def unwrap(line: str, like: str) -> str:
    """A line that continues the record begun in line `like`, without the prefixes that `like` wears."""
    line = strip(line)
    found = _read(strip(like), _DEEPEST)
    for wrapper in found[1] if found else ():
        peeled = wrapper.peel(line)
        line = peeled[0] if peeled else line
    return line


def _read(line: str, deep: int) -> tuple[Record, tuple[Wrapper, ...]] | None:
    for shape in _STARTS.get(_beginning(line), ()):
        if record := shape.read(line):
            return record, ()
    for wrapper in WRAPPERS if deep else ():
        peeled = wrapper.peel(line)
        inner = _read(peeled[0], deep - 1) if peeled else None
        if peeled and inner:
            return _timed(inner[0], peeled[1]), (wrapper, *inner[1])
    return None


def _timed(record: Record, outer: Outer) -> Record:
    """A full time outside is worth more than a time of day inside, a time of day outside only more than nothing."""
    if outer is None or record.time is not None:
        return record
    if isinstance(outer, datetime):
        return replace(record, time=outer, clock=None)
    return record if record.clock else replace(record, clock=outer)
