"""Is a bundle still what was collected? Every member against the manifest, the manifest against its hash."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from forensics.errors import BundleError
from forensics.evidence.formats import DAMAGED
from forensics.sharing.bundle.manifest import MANIFEST, SEAL, Manifest, decoded, seal
from forensics.text import visible

_MOST = 256 << 20  # bytes of a manifest
_CHUNK = 1 << 20


def problems(bundle: Path) -> tuple[Manifest, list[str]]:
    """The manifest, and one line for each thing that is not as it says. Raises BundleError where there is none."""
    try:
        with zipfile.ZipFile(bundle) as archive:
            data = _read(archive, MANIFEST)
            manifest = decoded(data)
            return manifest, [*_of_manifest(archive, data), *_of_members(archive, manifest)]
    except KeyError:
        raise BundleError(f"{bundle} is no bundle: there is no {MANIFEST} in it") from None
    except DAMAGED as error:
        raise BundleError(f"{bundle} is no bundle: {visible(str(error))[:200]}") from None


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(_MOST)


def _of_manifest(archive: zipfile.ZipFile, data: bytes) -> Iterator[str]:
    try:
        stated = _read(archive, SEAL).split()[:1]
    except KeyError:
        yield f"missing: {SEAL}"
        return
    except DAMAGED:
        stated = []
    if stated != [seal(data).encode()]:
        yield f"manifest altered: {SEAL} states another hash"


def _of_members(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[str]:
    there = Counter(info.filename for info in archive.infolist())
    known = {file.path: file for file in manifest.files}
    for path, file in known.items():
        if path not in there:
            yield f"missing: {visible(path)}"
        elif _hash(archive, path, file.collected_bytes) != file.collected_sha256:
            yield f"changed: {visible(path)}"
    for path, count in there.items():
        if path not in known and path not in (MANIFEST, SEAL):
            yield f"extra: {visible(path)}"
        elif count > 1:
            yield f"extra: {visible(path)} is in it {count} times"


def _hash(archive: zipfile.ZipFile, path: str, size: int) -> str | None:
    """None where it cannot be read, or is longer than it should be."""
    hashed = hashlib.sha256()
    try:
        with archive.open(path) as member:
            while size >= 0 and (chunk := member.read(_CHUNK)):
                size -= len(chunk)
                hashed.update(chunk)
    except DAMAGED:
        return None
    return hashed.hexdigest() if size == 0 else None
