"""What the last check of this machine told, so that the next one tells only what is new."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from platformdirs import user_state_path

from forensics.errors import ReportError


class LastCheck(msgspec.Struct, frozen=True):
    """When it was, and the keys of its troubles."""

    time: datetime
    keys: tuple[str, ...] = ()


def state_file(evidence: Sequence[Path]) -> Path:
    """One file for each evidence that is watched, in the user's state folder; `FORENSICS_STATE` names another."""
    folder = Path(os.environ.get("FORENSICS_STATE") or user_state_path("openclaw-forensics"))
    name = sha256("\0".join(sorted(str(path.absolute()) for path in evidence)).encode()).hexdigest()[:16]
    return folder / f"check-{name}.json"


def read_last(file: Path) -> LastCheck | None:
    """What was kept; None where nothing was, or what is there cannot be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=LastCheck)
    except (OSError, msgspec.DecodeError):
        return None


def keep(file: Path, last: LastCheck) -> None:
    """Write it as a whole. Raises ReportError where the folder cannot be written."""
    beside = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(msgspec.json.encode(last))
        beside.replace(file)
    except OSError as error:
        raise ReportError(f"{file}: cannot be written ({error.strerror}); set FORENSICS_STATE to a folder") from error
