"""What is done, one line a case, written at once: a run that is killed loses nothing but the case in hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from forensics.fleet.one_case import CaseResult

_NAME = "journal.jsonl"


class Journal:
    """The results of a run that are in no dataset yet."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made if need be; an older journal in it goes on. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / _NAME
        _end_the_last_line(self._path)
        self._file = self._path.open("ab")

    def add(self, result: CaseResult) -> None:
        """Keep a result; when this returns it is on the disk."""
        self._file.write(msgspec.json.encode(result) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def results(self) -> Iterator[CaseResult]:
        """Everything kept; a line that was cut off in the middle is left out, its case is done again."""
        decoder = msgspec.json.Decoder(CaseResult)
        with self._path.open("rb") as lines:
            for line in lines:
                try:
                    yield decoder.decode(line)
                except msgspec.DecodeError:
                    continue

    def clear(self) -> None:
        """Forget everything: it is in the dataset now."""
        self._file.truncate(0)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _end_the_last_line(path: Path) -> None:
    """A line that was cut off must not run into the next one."""
    if path.exists() and path.stat().st_size:
        with path.open("r+b") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
