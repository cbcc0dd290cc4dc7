"""A folder -> the files in it that are evidence. Never leaves the folder, never follows a link out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from forensics.evidence.at_limit import most_telling
from forensics.evidence.item import Plain, moment, refused, unreadable
from forensics.evidence.made_up import MADE_UP, is_made_up
from forensics.evidence.selection import file_left_out, folder_left_out, path_left_out
from forensics.openclaw.home_layout import STATE_DIR
from forensics.tables import Reject
from forensics.text import visible

Parts = tuple[str, ...]
SPECIAL = "not a file: a socket, pipe or device"
LINK = "a link that leads "  # how the reasons not to follow one begin
_AHEAD = 4  # times the limit: so many files are known at once before the least telling are dropped
_NAMED = 20
_SHOWN = 200


@dataclass(slots=True)
class _Walk:
    """What one walk has seen so far."""

    root: Path
    limit: int
    files: dict[Path, Plain] = field(default_factory=dict)
    entered: set[Path] = field(default_factory=set)
    links: list[tuple[Parts, Path]] = field(default_factory=list)
    left_out: dict[str, list[Parts]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    dropped: int = 0

    def keep(self, most: int) -> None:
        """Drop the least telling files beyond so many."""
        if len(self.files) > most:
            kept = {plain.path for plain in most_telling(self.files.values(), self.limit)}
            files = {file: plain for file, plain in self.files.items() if plain.path in kept}
            self.dropped += len(self.files) - len(files)
            self.files = files


def find_files(root: Path, limit: int) -> Iterator[Plain | Reject]:
    """Every file of a folder, in order, then a reject row for each thing refused and each reason to leave out.

    `root` must be resolved. A link inside the folder is read where the walk did not come by its target anyway.
    """
    walk = _Walk(root, limit)
    _enter(walk, root, (root.name,), None)
    for parts, target in walk.links:
        _follow(walk, target, parts)
    walk.keep(limit)
    yield from walk.files.values()
    yield from walk.rejects
    if walk.dropped:
        why = f"more than {limit:,} files: {walk.dropped:,} with less telling names are not read; give a smaller folder"
        yield refused(visible(root.name), why)
    yield from grouped(walk.left_out)


def grouped(left_out: Mapping[str, Sequence[Parts]]) -> Iterator[Reject]:
    """One reject row per reason, naming the first few."""
    for reason, paths in left_out.items():
        why = reason if len(paths) == 1 else f"{reason} ({len(paths):,} of them)"
        yield refused(shown(paths[0]), why, ", ".join(map(shown, paths[:_NAMED]))[:_SHOWN])


def shown(parts: Parts) -> str:
    """The names below the root as one path, nothing invisible in it."""
    return visible("/".join(parts[1:])) or visible(parts[0])


def _enter(walk: _Walk, folder: Path, parts: Parts, home: int | None) -> None:
    if folder in walk.entered:
        return
    walk.entered.add(folder)
    try:
        if is_made_up(folder):
            walk.left_out.setdefault(MADE_UP, []).append(parts)
            return
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=_order)
    except OSError as error:
        walk.rejects.append(refused(shown(parts), unreadable(error)))
        return
    if any(STATE_DIR.fullmatch(entry.name) for entry in entries):
        home = len(parts)
    for entry in entries:
        _visit(walk, entry, (*parts, entry.name), home)


def _order(entry: os.DirEntry[str]) -> tuple[bool, bool, bool, str]:
    """State directories first, today's name before the old ones: what else leads to them is a duplicate."""
    name = entry.name
    return not STATE_DIR.fullmatch(name), entry.is_symlink(), not name.startswith(".openclaw"), name


def _visit(walk: _Walk, entry: os.DirEntry[str], parts: Parts, home: int | None) -> None:
    if entry.is_symlink():
        _link(walk, Path(entry.path), parts)
    elif entry.is_dir(follow_symlinks=False):
        reason = folder_left_out(parts, home)
        if reason:
            walk.left_out.setdefault(reason, []).append(parts)
        else:
            _enter(walk, Path(entry.path), parts, home)
    elif entry.is_file(follow_symlinks=False):
        _take(walk, Path(entry.path), parts, home)
    else:
        walk.rejects.append(refused(shown(parts), SPECIAL))


def _take(walk: _Walk, file: Path, parts: Parts, home: int | None = None) -> None:
    reason = file_left_out(parts[:-1], parts[-1], home)
    if reason:
        walk.left_out.setdefault(reason, []).append(parts)
    else:
        _add(walk, file, parts)
        walk.keep(_AHEAD * walk.limit)


def _add(walk: _Walk, file: Path, parts: Parts) -> None:
    try:
        walk.files.setdefault(file, Plain(shown(parts), file, moment(file.stat().st_mtime)))
    except OSError as error:
        walk.rejects.append(refused(shown(parts), unreadable(error)))


def _link(walk: _Walk, link: Path, parts: Parts) -> None:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links in a circle
        walk.rejects.append(refused(shown(parts), f"{LINK}nowhere"))
        return
    if not target.is_relative_to(walk.root):
        walk.rejects.append(refused(shown(parts), f"{LINK}out of the evidence: not followed"))
    elif STATE_DIR.fullmatch(link.name) and target.is_dir():
        _enter(walk, target, parts, None)
    else:
        walk.links.append((parts, target))


def _follow(walk: _Walk, target: Path, parts: Parts) -> None:
    if target in walk.files:
        return
    if target.is_file():
        _take(walk, target, parts)
    elif any(map(STATE_DIR.fullmatch, parts)) and not path_left_out(parts):
        _enter(walk, target, parts, None)
