"""Which command lines of `openclaw` a release understands.

Read from the command definitions of six npm packages (`inventory.txt`). Of a release between two of them only that
is taken to exist which both have; of any other, or of an unknown one, what all six have.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from forensics.openclaw.releases import Release, in_span

_ASSIGNMENT = re.compile(r"[A-Z][A-Z0-9_]*=")


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the inventory. `arguments` are `<needed>` or `[optional]`; an option in `valued` takes a value."""

    span: str
    path: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    valued: frozenset[str] = frozenset()


def _read(line: str) -> Command:
    span, words, options = (*(part.strip() for part in line.split("|")), "")[:3]
    path = tuple(word for word in words.split() if word[0] not in "<[")
    names = [option.partition("=") for option in options.split()]
    return Command(
        span=span,
        path=path,
        arguments=tuple(words.split()[len(path) :]),
        flags=frozenset(name for name, equals, _ in names if not equals),
        valued=frozenset(name for name, equals, _ in names if equals),
    )


def _inventory() -> tuple[Command, ...]:
    lines = files("forensics.remediation.commands").joinpath("inventory.txt").read_text("utf-8").splitlines()
    return tuple(_read(line) for line in lines if line and not line.startswith("#"))


COMMANDS: tuple[Command, ...] = _inventory()
RELEASES = tuple(
    Release(2026, month, patch) for month, patch in ((2, 9), (3, 11), (4, 5), (5, 28), (7, 1), (9, 6))
)  # fmt: skip


def exists(line: str, release: Release | None) -> bool:
    """Whether `openclaw …` is a command line of this release: its words, its options and their values.

    None is a release that nobody knows. Assignments before the command (`NAME=value openclaw …`) do not count.
    """
    words = shlex.split(line)
    while words and _ASSIGNMENT.match(words[0]):
        words = words[1:]
    return bool(words) and words[0] == "openclaw" and all(_understood(words[1:], r) for r in _around(release))


def _around(release: Release | None) -> tuple[Release, ...]:
    """The releases that were read and must all know a command before this release is taken to know it."""
    if release is None or not RELEASES[0] <= release <= RELEASES[-1]:
        return RELEASES
    before = max(r for r in RELEASES if r <= release)
    after = min(r for r in RELEASES if r >= release)
    return (before,) if before == after else (before, after)


def _understood(words: Sequence[str], release: Release) -> bool:
    rows = [row for row in COMMANDS if in_span(release, row.span)]
    plain, used = _split(words, frozenset(name for row in rows for name in row.valued))
    path = _longest(plain, {row.path for row in rows})
    if path is None:
        return False
    own = [row for row in rows if row.path == path]
    above = [
        row for row in rows if row.path == path[: len(row.path)]
    ]  # options of a group may stand before its command
    known = {name for row in above for name in row.flags | row.valued}
    return used <= known and _fits(len(plain) - len(path), [a for row in own for a in row.arguments])


def _split(words: Sequence[str], valued: frozenset[str]) -> tuple[list[str], set[str]]:
    """Plain words and options of a command line; the values of options are neither."""
    plain, used, rest = [], set(), iter(words)
    for word in rest:
        if not word.startswith("-"):
            plain.append(word)
            continue
        name, equals, _ = word.partition("=")
        used.add(name)
        if name in valued and not equals:
            next(rest, None)
    return plain, used


def _longest(plain: Sequence[str], paths: set[tuple[str, ...]]) -> tuple[str, ...] | None:
    starts = (tuple(plain[:length]) for length in range(len(plain), 0, -1))
    return next((start for start in starts if start in paths), None)


def _fits(given: int, arguments: Sequence[str]) -> bool:
    needed = sum(argument.startswith("<") for argument in arguments)
    endless = any("..." in argument for argument in arguments)
    return given >= needed and (endless or given <= len(arguments))
