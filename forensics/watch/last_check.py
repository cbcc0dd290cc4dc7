"""What earlier checks told, so that the next one tells only what is new, and what is over."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from platformdirs import user_state_path

from forensics.errors import ReportError
from forensics.watch.check import CANNOT_LOOK, CheckResult
from forensics.watch.condition import Trouble
from forensics.watch.conditions import CONDITIONS

_LASTING = frozenset(condition.name for condition in CONDITIONS if condition.lasts)


class Told(msgspec.Struct, frozen=True):
    """A trouble that was told."""

    sentence: str
    since: datetime | None = None


class LastCheck(msgspec.Struct, frozen=True):
    """When it was, and the troubles told and not over, by their keys."""

    time: datetime
    told: Mapping[str, Told] = {}


@dataclass(frozen=True, slots=True)
class News:
    """How a check differs from the one before: what began, what is over, and what goes on (or may)."""

    began: tuple[Trouble, ...]
    ended: Mapping[str, Told]
    kept: Mapping[str, Told]


def news(result: CheckResult, last: LastCheck | None) -> News:
    """A trouble is over where its condition was asked, could look, and names something that lasts."""
    told = last.told if last else {}
    here = {trouble.key for trouble in result.troubles}
    gone = {key: one for key, one in told.items() if key not in here and _asked(key, result)}
    ended = {key: one for key, one in gone.items() if key.partition(":")[0] in _LASTING}
    kept = {key: one for key, one in told.items() if key not in gone}
    return News(tuple(trouble for trouble in result.troubles if trouble.key not in told), ended, kept)


def _asked(key: str, result: CheckResult) -> bool:
    return key.partition(":")[0] in result.asked and result.code != CANNOT_LOOK


def told(trouble: Trouble) -> Told:
    """What is kept of a trouble."""
    return Told(trouble.sentence, trouble.since)


def state_file(evidence: Sequence[Path], listener: str = "") -> Path:
    """One file for each evidence and whom it is told to, in the user's state folder (or that of `FORENSICS_STATE`)."""
    folder = Path(os.environ.get("FORENSICS_STATE") or user_state_path("openclaw-forensics"))
    named = "\0".join([*sorted(str(path.absolute()) for path in evidence), listener])
    return folder / f"check-{sha256(named.encode()).hexdigest()[:16]}.json"


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
