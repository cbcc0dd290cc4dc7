"""Which files of a home are watched, and the documents of facts in each."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from forensics.openclaw.home_layout import CREDENTIAL_FILES, STATE_DIR
from forensics.recording import databases
from forensics.recording.facts import facts, sessions

Documents = Mapping[str, object]  # path as readers know it -> document
_AUTH = ("auth-profiles.json", "auth-state.json")
_DATABASES = ("-wal", "")


@dataclass(frozen=True, slots=True)
class Watched:
    """One file and how it is read. `shown` is its path below the home."""

    file: Path
    shown: str
    read: Callable[[Path, str], Documents]

    def stamp(self) -> tuple[tuple[int, int, int], ...]:
        """Changes whenever the file does; empty where it is gone."""
        return tuple(stat for suffix in _DATABASES if (stat := _stat(self.file.with_name(self.file.name + suffix))))


def watched(home: Path) -> Iterator[Watched]:
    """Every store of every gateway of a home, and the logins of other tools."""
    for folder in _folders(home):
        if STATE_DIR.fullmatch(folder.name):
            yield from _state(folder, home)
        elif folder.name in CREDENTIAL_FILES:
            yield _one(folder / CREDENTIAL_FILES[folder.name], home, _document)


def _state(state: Path, home: Path) -> Iterator[Watched]:
    yield _one(state / "state" / "openclaw.sqlite", home, databases.state_documents)
    for agent in _folders(state / "agents"):
        for name in _AUTH:
            yield _one(agent / "agent" / name, home, _document)
        yield _one(agent / "agent" / "openclaw-agent.sqlite", home, databases.agent_documents)
        yield _one(agent / "sessions" / "sessions.json", home, _sessions)


def _one(file: Path, home: Path, read: Callable[[Path, str], Documents]) -> Watched:
    return Watched(file, file.relative_to(home).as_posix(), read)


def _folders(folder: Path) -> list[Path]:
    """What cannot be listed raises OSError: its stores are unseen, not gone."""
    try:
        with os.scandir(folder) as listing:
            return sorted(Path(entry.path) for entry in listing if entry.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _stat(file: Path) -> tuple[int, int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _document(file: Path, shown: str) -> Documents:
    return {shown: facts(json.loads(file.read_bytes()))}


def _sessions(file: Path, shown: str) -> Documents:
    return {shown: sessions(json.loads(file.read_bytes()))}
