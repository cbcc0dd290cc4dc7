"""Evidence as people have it -> plain files to read: a state directory, a home, any folder, a log, a bundle.

Nothing of the evidence is changed. What is packed is unpacked into a private folder that is gone afterwards.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path

from forensics.errors import EvidenceError
from forensics.evidence.folder import SPECIAL, find_files
from forensics.evidence.item import Evidence, Item, Limits, Plain, moment, read_item, refused, unreadable
from forensics.evidence.made_up import MADE_UP, is_made_up
from forensics.evidence.unpack import Room, unpack
from forensics.tables import Reject
from forensics.text import visible

__all__ = ["Evidence", "Item", "Limits", "Plain", "open_evidence", "reopened"]

STANDARD_INPUT = Path("-")
_PASTED = "pasted.txt"
_HASHERS = 4  # files hashed side by side; hashing lets other threads run
_DO = "give a state directory (~/.openclaw), a log file or a bundle"


@contextmanager
def open_evidence(paths: Sequence[Path], limits: Limits | None = None) -> Iterator[Evidence]:
    """Find, unpack and hash every file below `paths`; the items' `real` files live as long as the context.

    Raises EvidenceError where nothing at all can be read.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="forensics-", ignore_cleanup_errors=True) as folder:
        room = Room(Path(folder), limits)
        found = [list(_found(path, room)) for path in paths]
        yield _evidence(_told_apart(paths, found))


@contextmanager
def reopened(paths: Sequence[Path], limits: Limits | None = None) -> Iterator[Mapping[str, Plain]]:
    """The same files by the paths that rows name, not hashed again. Standard input cannot be read twice."""
    if STANDARD_INPUT in paths:
        raise EvidenceError("what came in on standard input cannot be looked at again; save it to a file")
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="forensics-", ignore_cleanup_errors=True) as folder:
        room = Room(Path(folder), limits)
        found = _told_apart(paths, [list(_found(path, room)) for path in paths])
        yield {one.path: one for one in found if isinstance(one, Plain)}


def _found(path: Path, room: Room) -> Iterator[Plain | Reject]:
    """All of one argument, paths relative to it."""
    if path == STANDARD_INPUT:
        yield from unpack(Plain(_PASTED, _received(room), None), room, ())
        return
    try:
        root = path.resolve(strict=True)
        mtime = moment(root.stat().st_mtime)
    except (OSError, RuntimeError, ValueError) as error:
        yield refused(visible(str(path)), unreadable(error) if isinstance(error, OSError) else "not a path")
        return
    if is_made_up(root):
        yield refused(visible(str(path)), MADE_UP)
    elif root.is_file():
        yield from unpack(Plain(visible(root.name), root, mtime), room, ())
    elif root.is_dir():
        for found in find_files(root, room.limits.files):
            yield from unpack(found, room, tuple(found.path.split("/"))) if isinstance(found, Plain) else (found,)
    else:
        yield refused(visible(str(path)), SPECIAL)


def _received(room: Room) -> Path:
    """What comes in on standard input, as a file."""
    file = room.place() / _PASTED
    with file.open("xb") as out:
        shutil.copyfileobj(sys.stdin.buffer, out)
    return file


def _told_apart(paths: Sequence[Path], found: Sequence[Sequence[Plain | Reject]]) -> Iterator[Plain | Reject]:
    """The same with every path unique: under its argument's name where two arguments have the same path.

    Arguments of one name are snapshots more often than not: the second is `2/.openclaw`.
    """
    seen = Counter(chain.from_iterable({f.path for f in part if isinstance(f, Plain)} for part in found))
    collide = any(count > 1 for count in seen.values())
    taken: set[str] = set()
    names: Counter[str] = Counter()
    for path, part in zip(paths, found, strict=True):
        above = ""
        if collide and any(isinstance(f, Plain) for f in part):
            above = f"{visible(path.resolve().name)}/"
            names[above] += 1
            above = f"{names[above]}/{above}" if names[above] > 1 else above
        for one in part:
            if isinstance(one, Reject):
                yield replace(one, source=above + one.source)
                continue
            name = above + one.path
            while name in taken:  # a name that looks the same made visible
                name += "~"
            taken.add(name)
            yield replace(one, path=name)


def _evidence(found: Iterator[Plain | Reject]) -> Evidence:
    with ThreadPoolExecutor(_HASHERS) as pool:
        read = list(pool.map(lambda one: read_item(one) if isinstance(one, Plain) else one, found))
    items = sorted((one for one in read if isinstance(one, Item)), key=lambda item: item.path)
    rejects = sorted((one for one in read if isinstance(one, Reject)), key=lambda one: (one.source, one.why))
    if not items:
        raise EvidenceError(_nothing(rejects))
    return Evidence(tuple(items), tuple(rejects))


def _nothing(rejects: Sequence[Reject]) -> str:
    if not rejects:
        return f"There is no file in the evidence; {_DO}."
    first, more = rejects[0], f" (and {len(rejects) - 1} more)" if len(rejects) > 1 else ""
    return f"{first.source}: {first.why}{more}; {_DO}."
