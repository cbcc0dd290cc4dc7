"""The last look: is there a token anywhere in what was written? In each line, each cell and each name."""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import polars as pl

from forensics.evidence.private_copy import SQLITE
from forensics.secrets.detect import secrets_in
from forensics.sharing.bundle.encoded import encoded_tokens
from forensics.sharing.bundle.unmatched_lines import said_in
from forensics.sharing.redact import scan_tokens

_LINES = 4_000  # looked at together
_SHORT, _MANY = 200, 4_096  # short texts whose answer is remembered: most lines of a log say little
_PIECE = 1 << 20  # of a line
_OVERLAP = 16 << 10
_WHOLE = 1 << 20  # bytes of a member that is also looked at as a whole, in every way it can be read

Texts = Iterable[tuple[str, str]]  # (place, text)


def leaky_members(bundle: Path, secrets: Sequence[str]) -> Iterator[str]:
    """The first place of each member where there is a token: `member line n`, `member table row n`, or its name."""
    with zipfile.ZipFile(bundle) as archive:
        for info in archive.infolist():
            if _holds_token(info.filename, secrets):
                yield "the name of a member"
            with archive.open(info) as member:
                is_database = member.read(len(SQLITE)) == SQLITE
            with archive.open(info) as member:
                place = _first(_cells(member) if is_database else _lines(member), secrets)
            if place is None and not is_database and info.file_size <= _WHOLE:
                place = next((leak.place for leak in scan_tokens(info.filename, archive.read(info), secrets)), None)
            if place is not None:
                yield f"{info.filename} {place}"


def _lines(member: Iterable[bytes]) -> Texts:
    for number, raw in enumerate(member, 1):
        for at in range(0, max(len(raw), 1), _PIECE):
            yield f"line {number}", raw[max(0, at - _OVERLAP) : at + _PIECE].decode("utf-8", "replace")


def _cells(member: Iterable[bytes]) -> Texts:
    """A database of ours: in its pages two cells stand side by side as if they were one word."""
    with tempfile.NamedTemporaryFile(prefix="forensics-") as file:
        file.writelines(member)
        file.flush()
        with closing(sqlite3.connect(file.name)) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master").fetchall():
                for number, *cells in connection.execute(f'SELECT rowid, * FROM "{table}"'):
                    texts = (c.decode("utf-8", "replace") if isinstance(c, bytes) else str(c) for c in cells)
                    yield from ((f"{table} row {number}", text) for text in texts)


def _first(texts: Texts, secrets: Sequence[str]) -> str | None:
    remaining, answers = iter(texts), dict[str, bool]()
    while batch := list(islice(remaining, _LINES)):
        for (place, text), is_known in zip(batch, _are_known([text for _, text in batch], secrets), strict=True):
            said = said_in(text)
            leaky = answers.get(said)
            if leaky is None:
                leaky = _holds_token(said, secrets)
            if len(said) < _SHORT and len(answers) < _MANY:
                answers[said] = leaky
            if is_known or leaky:
                return place
    return None


def _are_known(texts: Sequence[str], secrets: Sequence[str]) -> Iterable[bool]:
    """Which of the texts hold one of the exact values: all in one pass."""
    return pl.Series(texts).str.contains_any(list(secrets)) if secrets else [False] * len(texts)


def _holds_token(text: str, secrets: Sequence[str]) -> bool:
    return bool(secrets_in(text)) or any(True for _ in encoded_tokens(text, secrets)) or any(s in text for s in secrets)
