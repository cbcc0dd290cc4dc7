"""Bundle file names -> releases: `_meta.path.fileName` of log lines and the frames of stack traces carry them.

The names stand in `chunks.txt`. A name's hash mostly belongs to one release; where several share it, the names of one
file together leave one (facts 0.2, and the published packages of the read releases).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from importlib.resources import files
from pathlib import PurePosixPath

from forensics.openclaw.releases.release import Release


def _read() -> dict[str, frozenset[Release]]:
    found: dict[str, set[Release]] = defaultdict(set)
    for line in files(__package__).joinpath("chunks.txt").read_text("utf-8").splitlines():
        version, _, names = line.partition(": ")
        if release := Release.parse(version):
            for name in names.split():
                found[name].add(release)
    return {name: frozenset(releases) for name, releases in found.items()}


CHUNKS: Mapping[str, frozenset[Release]] = _read()


def releases_of_chunk(name: str) -> frozenset[Release]:
    """The releases that ship `subsystem-DPnkvS73.js` (paths and `:line` are fine); none if unknown."""
    file = PurePosixPath(name.replace("\\", "/")).name.split(":")[0]
    return CHUNKS.get(file.removesuffix(".js").removesuffix(".mjs"), frozenset())


def release_of_chunk(name: str) -> Release | None:
    """The one release that ships this file; None where it is unknown or several do."""
    found = releases_of_chunk(name)
    return next(iter(found)) if len(found) == 1 else None


def vote(names: Counter[str]) -> Counter[Release]:
    """Lines per file name -> lines per release. A shared name speaks for those releases that an own name speaks for."""
    shared = {name: releases_of_chunk(name) for name in names}
    sure = {release for found in shared.values() if len(found) == 1 for release in found}
    votes: Counter[Release] = Counter()
    for name, found in shared.items():
        for release in found & sure or set(sorted(found)[:1]):
            votes[release] += names[name]
    return votes
