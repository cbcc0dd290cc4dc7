"""Which command lines of `openclaw` a release understands.

Read from the command definitions of ten npm packages (`inventory.txt`). Of a release between two of them only that
is taken to exist which both have; of any other, or of an unknown one, what all ten have.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from forensics.openclaw.releases import Release, in_span

_ASSIGNMENT = re.compile(r"[A-Z][A-Z0-9_]*=")


@dataclass(frozen=True, slots=True)
class Command:
    """What one command has in some releases. `arguments`: `<needed>` or `[optional]`; `valued` options take a value."""

    span: str
    path: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    valued: frozenset[str] = frozenset()


def _read(line: str) -> Iterator[Command]:
    """A line of the inventory: the command itself, and for each span of its options a row more."""
    span, words, options = (*(part.strip() for part in line.split("|", 2)), "")[:3]
    path = tuple(word for word in words.split() if word[0] not in "<[")
    arguments = tuple(words.split()[len(path) :])
    by_span: dict[str, list[str]] = {span: []}
    for option in options.split():
        name, _, since = option.partition("@")
        by_span.setdefault(since or span, []).append(name)
    for within, names in by_span.items():
        split = [name.partition("=") for name in names]
        yield Command(
            span=within,
            path=path,
            arguments=arguments if within == span else (),
            flags=frozenset(name for name, equals, _ in split if not equals),
            valued=frozenset(name for name, equals, _ in split if equals),
        )


def _inventory() -> tuple[Command, ...]:
    lines = files("forensics.remediation.commands").joinpath("inventory.txt").read_text("utf-8").splitlines()
    return tuple(row for line in lines if line and not line.startswith("#") for row in _read(line))


COMMANDS: tuple[Command, ...] = _inventory()
RELEASES = tuple(
    Release(2026, month, patch)
    for month, patch in ((2, 9), (2, 23), (3, 11), (4, 5), (4, 21), (5, 28), (6, 11), (7, 1), (8, 2), (9, 6))
)


def exists(line: str, release: Release | None) -> bool:
    """Whether `openclaw …` is a command line of this release: its words, its options and their values.

    None is a release that nobody knows. Assignments before the command (`NAME=value openclaw …`) do not count.
    """
    words = words_of(line)
    return bool(words) and all(understood(words, known) for known in _around(release))


def words_of(line: str) -> Sequence[str]:
    """The words after `openclaw`; none where the line is no command of it."""
    try:
        words = shlex.split(line)
    except ValueError:  # no closing quotation
        return ()
    while words and _ASSIGNMENT.match(words[0]):
        words = words[1:]
    return words[1:] if words and words[0] == "openclaw" else ()


def _around(release: Release | None) -> tuple[Release, ...]:
    """The releases that were read and must all know a command before this release is taken to know it."""
    if release is None or not RELEASES[0] <= release <= RELEASES[-1]:
        return RELEASES
    before = max(r for r in RELEASES if r <= release)
    after = min(r for r in RELEASES if r >= release)
    return (before,) if before == after else (before, after)


def understood(words: Sequence[str], release: Release) -> bool:
    """Whether one of the releases that were read takes the words after `openclaw`."""
    rows = rows_of(release)
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


@cache
def rows_of(release: Release) -> tuple[Command, ...]:
    """The inventory of one release that was read."""
    return tuple(row for row in COMMANDS if in_span(release, row.span))


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
