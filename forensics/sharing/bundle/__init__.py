"""Evidence -> a bundle that can be handed to somebody: one zip, without tokens and messages, that proves what it is.

It answers every question as the original does: lines keep their number, tokens become fingerprints that still compare
equal, and messages become their length. Nothing of the original is changed, and nothing is kept that the kit does not
read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forensics.errors import BundleError
from forensics.parsers.known_secrets import known_secrets
from forensics.sharing.bundle.bundle import add_member, whole_file
from forensics.sharing.bundle.copies import NotCollectedError, copied
from forensics.sharing.bundle.leaks import leaky_members
from forensics.sharing.bundle.manifest import MANIFEST, SCHEMA, SEAL, Collected, LeftOut, Manifest, Tool, encoded, seal
from forensics.sharing.bundle.masker import Masker
from forensics.sharing.bundle.originals import Original, Originals, Place, originals
from forensics.sharing.bundle.places import find_places, journal_place, units
from forensics.sharing.bundle.verify import Verification, seal_line, verified
from forensics.text import counted

__all__ = [
    "About",
    "Bundle",
    "Place",
    "Verification",
    "collect",
    "find_places",
    "journal_place",
    "told",
    "units",
    "verified",
]

Progress = Callable[[int, int, str], None]
_TOOL = "openclaw-forensics"


@dataclass(frozen=True, slots=True)
class About:
    """What the package cannot know by itself: the caller reads the clock and asks the system."""

    collected_at: datetime  # aware
    system: str
    version: str
    home: Path  # shown as ~


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was written."""

    path: Path
    sha256: str  # of its manifest
    manifest: Manifest


def collect(
    places: Sequence[Place], out: Path, about: About, progress: Progress | None = None, *, force: bool = False
) -> Bundle:
    """Write the bundle of what lies in `places`.

    Raises EvidenceError where there is nothing, BundleError where `out` exists, cannot be written, or would hold a
    token; in each case nothing is written.
    """
    with whole_file(out, force=force) as part, originals(places, about.home) as found:
        masker = Masker(known_secrets(found.secrets))
        manifest = _write(part, found, masker, about, progress or (lambda *_: None))
        if leaks := list(leaky_members(part, masker.secrets)):
            raise BundleError(f"a token would be in {leaks[0]}: nothing was written; please report this")
        return Bundle(out, seal(encoded(manifest)), manifest)


def told(manifest: Manifest) -> str:
    """What is in a bundle and what is not, for whoever is about to hand it over."""
    tokens, bodies = (sum(getattr(file, name) for file in manifest.files) for name in ("tokens", "bodies"))
    left = len(manifest.left_out)
    rest = f"what was left out stands in the manifest ({counted(left, 'line')})" if left else "nothing was left out"
    return (
        f"{counted(len(manifest.files), 'file')}: {counted(tokens, 'token')} became fingerprints and "
        f"{counted(bodies, 'message')} lengths; {rest}. Names, mail addresses and chat ids are still in it: give it to "
        "somebody you trust. What may be published is made by forensics report --share."
    )


def _write(part: Path, found: Originals, masker: Masker, about: About, progress: Progress) -> Manifest:
    files: list[Collected] = []
    left_out = list(found.left_out)
    paths = dict(_paths(found.files, masker))
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, original in enumerate(found.files, 1):
            progress(number, len(found.files), masker.clean(original.item.path))
            try:
                files.append(_add(archive, original, paths[original.item.path], masker))
            except NotCollectedError as error:
                left_out.append(LeftOut(masker.clean(original.shown), original.item.bytes, str(error)))
        # Whether the times of files can be believed is asked of all of them, also of those left out.
        times = [original.item.mtime for original in found.files if original.item.mtime]
        manifest = Manifest(
            schema=SCHEMA,
            tool=Tool(_TOOL, about.version),
            collected_at=about.collected_at,
            system=about.system,
            openclaw=found.versions,
            files=tuple(files),
            left_out=tuple(left_out),
            earliest=min(times, default=None),
            latest=max(times, default=None),
        )
        data = encoded(manifest)
        add_member(archive, MANIFEST, manifest.latest, (data,))
        add_member(archive, SEAL, manifest.earliest, (seal_line(seal(data)),))
    return manifest


def _add(archive: zipfile.ZipFile, original: Original, path: str, masker: Masker) -> Collected:
    taken, chunks = copied(original, masker)
    item = original.item
    member = add_member(archive, path, item.mtime, chunks)
    return Collected(
        path=path,
        original=masker.clean(original.shown),
        kind=original.store.name if original.store else "log",
        sha256=taken.sha256,
        bytes=taken.bytes,
        mtime=item.mtime,
        lines=taken.lines,
        collected_sha256=member.sha256,
        collected_bytes=member.bytes,
        tokens=member.tokens,
        bodies=member.bodies,
        notes=tuple(taken.notes),
    )


def _paths(files: Sequence[Original], masker: Masker) -> Iterator[tuple[str, str]]:
    """Each file's path in the bundle: its own, without tokens, and another for the manifest of an earlier bundle."""
    taken: set[str] = {MANIFEST, SEAL}
    for file in files:
        path = re.sub(r"^(?:\.?/)+", "", masker.clean(file.item.path)) or "file"
        path = f"earlier/{path}" if path in (MANIFEST, SEAL) else path
        while path in taken:
            path += "~"
        taken.add(path)
        yield file.item.path, path
