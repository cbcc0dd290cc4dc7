"""What people write about a case: kept beside it under the hash of its content, so that it survives every new run."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from platformdirs import user_data_path

from forensics.errors import ReportError


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """One note: about an incident (`I1`) or a place, in the words of whoever wrote it, tokens masked."""

    about: str
    text: str
    tag: str  # "action" for what somebody did or has to do, or any other word
    written: datetime
    time: datetime | None = None  # the moment in the timeline that it is about


def notes_file(hashes: Iterable[str]) -> Path:
    """Where the notes on files of these SHA-256 lie; the environment's `FORENSICS_NOTES` names another folder."""
    folder = Path(os.environ.get("FORENSICS_NOTES") or user_data_path("openclaw-forensics") / "notes")
    return folder / f"{sha256(' '.join(sorted(hashes)).encode()).hexdigest()[:16]}.jsonl"


def read_notes(file: Path) -> tuple[Note, ...]:
    """In the order they were written; none where there is no file. Raises ReportError where it cannot be read."""
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ReportError(f"{file}: the notes cannot be read ({error.strerror})") from error
    try:
        return tuple(msgspec.json.decode(line, type=Note) for line in lines if line.strip())
    except msgspec.DecodeError as error:
        raise ReportError(f"{file}: a line of it is no note ({error})") from error


def add_note(file: Path, note: Note) -> None:
    """Append it. Raises ReportError where the folder cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab") as out:
            out.write(msgspec.json.encode(note) + b"\n")
    except OSError as error:
        raise ReportError(f"{file}: cannot be written ({error.strerror}); set FORENSICS_NOTES to a folder") from error
