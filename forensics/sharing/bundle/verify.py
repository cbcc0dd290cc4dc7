"""Is a bundle still what was collected? The manifest against its hashes, every member and the archive's own bytes
against the manifest.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from forensics.errors import BundleError
from forensics.evidence.formats import DAMAGED
from forensics.sharing.bundle.archive_bytes import alterations, content, other_time
from forensics.sharing.bundle.manifest import MANIFEST, SEAL, Manifest, decoded, seal
from forensics.text import visible

_MOST = 256 << 20  # bytes of a manifest


@dataclass(frozen=True, slots=True)
class Verification:
    """What a bundle says of itself, its hashes, and one line for each thing that is not as it says."""

    manifest: Manifest
    manifest_sha256: str
    bundle_sha256: str
    differences: tuple[str, ...]


def verified(bundle: Path, manifest_sha256: str | None = None) -> Verification:
    """Raises BundleError where there is none. `manifest_sha256` is the hash that was kept elsewhere."""
    try:
        with bundle.open("rb") as file, zipfile.ZipFile(file) as archive:
            data = _read(archive, MANIFEST)
            manifest, own = decoded(data), seal(data)
            differences = (
                *_of_manifest(archive, own, manifest_sha256),
                *_of_members(file, archive, manifest),
                *alterations(file, archive),
            )
            file.seek(0)
            whole = hashlib.file_digest(file, "sha256").hexdigest()
            return Verification(manifest, own, whole, differences)
    except KeyError:
        raise BundleError(f"{bundle} is no bundle: there is no {MANIFEST} in it") from None
    except DAMAGED as error:
        raise BundleError(f"{bundle} is no bundle: {visible(str(error))[:200]}") from None


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(_MOST)


def _of_manifest(archive: zipfile.ZipFile, own: str, expected: str | None) -> Iterator[str]:
    if expected and expected != own:
        yield f"another manifest: its SHA-256 is {own}, not the one given; this bundle was not made by that collect"
    try:
        stated = _read(archive, SEAL)
    except KeyError:
        yield f"missing: {SEAL}"
        return
    except DAMAGED:
        stated = b""
    if stated.split()[:1] != [own.encode()]:
        yield f"manifest altered: {SEAL} states another hash"
    elif stated != seal_line(own):
        yield f"extra: more than the hash is in {SEAL}"


def seal_line(own: str) -> bytes:
    """The whole of manifest.sha256, as `sha256sum -c` reads it."""
    return f"{own}  {MANIFEST}\n".encode()


def _of_members(file: BinaryIO, archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[str]:
    infos, known = {info.filename: info for info in archive.infolist()}, {one.path: one for one in manifest.files}
    for path, one in known.items():
        if path not in infos:
            yield f"missing: {visible(path)}"
        elif _hash(file, infos[path], one.collected_bytes) != one.collected_sha256:
            yield f"changed: {visible(path)}"
    times = {one.path: one.mtime for one in manifest.files}
    times |= {path: time for path, time in ((MANIFEST, manifest.latest), (SEAL, manifest.earliest)) if time}
    for path, count in Counter(info.filename for info in archive.infolist()).items():
        if path not in known and path not in (MANIFEST, SEAL):
            yield f"extra: {visible(path)}"
        elif count > 1:
            yield f"extra: {visible(path)} is in it {count} times"
        if path in times and other_time(infos[path], times[path]):
            yield f"other time: {visible(path)} states another one than the manifest"
    if len(infos) == len(known) + 2 and [*infos] != [*known, MANIFEST, SEAL]:
        yield "archive altered: its members are in another order than in the manifest"


def _hash(file: BinaryIO, info: zipfile.ZipInfo, size: int) -> str | None:
    """None where it cannot be read, or is longer than it should be."""
    hashed = hashlib.sha256()
    try:
        for chunk in content(file, info):
            size -= len(chunk)
            hashed.update(chunk)
            if size < 0:
                return None
    except (OSError, ValueError, struct.error, zlib.error):
        return None
    return hashed.hexdigest()
