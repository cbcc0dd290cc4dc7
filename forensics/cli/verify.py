"""`forensics verify`: a bundle against its manifest."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from forensics.errors import ParameterError
from forensics.text import moment

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NO_PROOF = (
    "It agrees with itself. That tells of damage, not of intent: who changes a file can write a new manifest. "
    "Give the hash that `collect` printed, kept elsewhere: --manifest-sha256 HASH."
)
_SAME = "The manifest is the one whose hash you gave: all of this is what was collected then."


def verify(
    bundle: Annotated[Path, typer.Argument(help="A bundle that `forensics collect` wrote.")],
    *,
    manifest_sha256: Annotated[
        str | None, typer.Option(help="The hash that `collect` printed, as you have kept it elsewhere.")
    ] = None,
) -> None:
    """Check a collected bundle against its manifest. Exit 0: all as it was, 1: something differs, 2: no bundle."""
    from forensics.sharing.bundle import verified

    expected = _hash(manifest_sha256)
    result = verified(bundle, expected)
    as_it_was = f"{len(result.manifest.files)} files, as they were collected at {moment(result.manifest.collected_at)}"
    hashes = (f"manifest SHA-256  {result.manifest_sha256}", f"bundle SHA-256    {result.bundle_sha256}")
    lines = result.differences or (as_it_was, _SAME if expected else _NO_PROOF)
    sys.stdout.write("\n".join((*lines, *hashes)) + "\n")
    raise typer.Exit(1 if result.differences else 0)


def _hash(given: str | None) -> str | None:
    plain = given.strip().lower() if given is not None else None
    if plain is not None and not _SHA256.fullmatch(plain):
        raise ParameterError(f"--manifest-sha256 {given!r} is no SHA-256; it has 64 digits of 0-9 and a-f")
    return plain
