"""What a bundle says of itself: where each file comes from, what it was, what is left of it, and what is not there."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

SCHEMA = "openclaw-forensics/bundle/1"
MANIFEST, SEAL = "manifest.json", "manifest.sha256"


class Tool(msgspec.Struct, frozen=True):
    """Who made it."""

    name: str
    version: str


class Collected(msgspec.Struct, frozen=True):
    """One file of a bundle. Hash, size and time are the original's; the `collected_` ones those of what is here."""

    path: str
    original: str  # where it was found, the home as ~
    kind: str  # log, or a store's name
    sha256: str
    bytes: int
    mtime: datetime | None
    lines: int  # of the original; as many are here, but for databases
    collected_sha256: str
    collected_bytes: int
    tokens: int  # fingerprints that stand in it
    bodies: int  # lengths that stand in it
    notes: tuple[str, ...] = ()


class LeftOut(msgspec.Struct, frozen=True):
    """Something that was there and is not in the bundle."""

    path: str
    bytes: int | None
    why: str


class Manifest(msgspec.Struct, frozen=True):
    """The whole of it."""

    schema: str
    tool: Tool
    collected_at: datetime
    system: str
    openclaw: tuple[str, ...]  # the releases that the state names
    files: tuple[Collected, ...]
    left_out: tuple[LeftOut, ...]
    # The oldest and newest time of all files that were there; the two members that are no files bear them.
    earliest: datetime | None = None
    latest: datetime | None = None


def encoded(manifest: Manifest) -> bytes:
    """The bytes of manifest.json."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def decoded(data: bytes) -> Manifest:
    """Raises ValueError for anything else."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None
    if manifest.schema != SCHEMA:
        raise ValueError(f"its schema is {manifest.schema!r}, not {SCHEMA!r}")
    return manifest


def seal(data: bytes) -> str:
    """The manifest's own hash."""
    return hashlib.sha256(data).hexdigest()
