"""Looks for planted values in whatever a command wrote: every file, as it stands and as it reads once decoded."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import polars as pl
import zstandard
from shapes import TELLING, Canary

_BLANK = re.compile(r"\s+")
_WRAP = re.compile(r"(?:\\[nrt]|[\s│|>⏎])+")  # what a line break leaves behind
_TAG = re.compile(r"<[^>]{0,2000}>|<!--|-->")
_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|([\"'/\\]))")
_SEPARATED = re.compile(r"(?<=\d)[\s()./\-]{1,3}(?=\d)")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")
_BEGINNING = 8  # bytes that a run or an address is known by at first sight: none is shorter
_HASHED = 24  # bits
_PART = 1 << 19
_ZSTD = b"\x28\xb5\x2f\xfd"


Marks = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One planted value, or a telling piece of it, in one artefact."""

    artefact: str
    place: str
    label: str
    text: str


class Hunt:
    """The pieces of many canaries, all looked for in one pass over a text."""

    def __init__(self, planted: Iterable[Canary]) -> None:
        self.runs: dict[bytes, Canary] = {}
        self.addresses: dict[bytes, list[tuple[bytes, Canary]]] = {}  # by how they begin
        for canary in planted:
            for tell in canary.tells:
                self._learn(_digits(tell) if canary.shape.kind == "phone number" else _plain(tell), canary)
        self.marks = _marks({run[:_BEGINNING] for run in self.runs} | self.addresses.keys())

    def _learn(self, tell: str, canary: Canary) -> None:
        letters = tell.encode()
        if canary.shape.kind == "IP address":  # a piece of an address is not telling
            self.addresses.setdefault(letters[:_BEGINNING], []).append((letters, canary))
        else:
            self.runs.update((letters[n : n + TELLING], canary) for n in range(len(letters) - TELLING + 1))

    def in_text(self, text: str) -> set[Canary]:
        """The canaries a text tells of, however it is encoded."""
        return {canary for view in views(text) for canary in self._in(view.encode("utf-8", "replace"))}

    def _in(self, view: bytes) -> Iterator[Canary]:
        for n in _marked(view, self.marks):
            if canary := self.runs.get(view[n : n + TELLING]):
                yield canary
            for tell, canary in self.addresses.get(view[n : n + _BEGINNING], ()):
                if view.startswith(tell, n):
                    yield canary

    def in_files(self, artefacts: Mapping[str, bytes]) -> list[Found]:
        """The canaries in finished files, members of archives, cells of tables and pages of databases."""
        return sorted(
            {
                Found(name, canary.place, label(canary), canary.value)
                for artefact, data in artefacts.items()
                for name, text in texts(artefact, data)
                for canary in self.in_text(text)
            }
        )


def label(canary: Canary) -> str:
    return f"{canary.shape.kind}: {canary.shape.label}"


def _marks(beginnings: Iterable[bytes]) -> Marks:
    """Which hashes of eight bytes are worth a closer look."""
    marks = np.zeros(1 << _HASHED, bool)
    marks[_hash(np.frombuffer(b"".join(beginnings), "<u8"))] = True
    return marks


def _marked(view: bytes, marks: Marks) -> Iterator[int]:
    for start in range(0, len(view), _PART):
        part = view[start : start + _PART + _BEGINNING - 1]
        if len(part) >= _BEGINNING:
            yield from (np.flatnonzero(marks[_hashes(part)]) + start).tolist()


def _hashes(letters: bytes) -> Numbers:
    """One hash for every eight bytes that follow each other."""
    each = np.frombuffer(letters, np.uint8).astype(np.uint64)
    count = len(each) - _BEGINNING + 1
    packed = np.zeros(count, np.uint64)
    for n in range(_BEGINNING):
        packed |= each[n : n + count] << np.uint64(8 * n)
    return _hash(packed)


def _hash(packed: Numbers) -> Numbers:
    return (packed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _HASHED)


def views(text: str) -> Iterator[str]:
    """A text as it reads to people and programs: without markup, escapes, percent signs, blanks; decoded."""
    read = html.unescape(text)
    read = unquote(_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], read))
    joined = _WRAP.sub("", _TAG.sub("", read))
    yield _plain(read)
    yield _plain(joined)
    yield _SEPARATED.sub("", read)
    yield _SEPARATED.sub("", joined)
    decoded = "\n".join(_decoded(text))
    if decoded:
        yield _plain(decoded)
        yield _SEPARATED.sub("", decoded)


def _plain(text: str) -> str:
    return _BLANK.sub("", text).lower()


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)[-TELLING:]


def _decoded(text: str) -> Iterator[str]:
    """What runs of base64 (at each of its four alignments) and of hexadecimal digits say."""
    for found in _BASE64.finditer(_BLANK.sub(" ", text)):
        run = found[0].translate(str.maketrans("-_", "+/"))
        for start in range(4):
            part = run[start:-1] if len(run[start:]) % 4 == 1 else run[start:]
            yield base64.b64decode(part + "=" * (-len(part) % 4)).decode("latin-1")
    for found in _HEX.finditer(text):
        yield binascii.unhexlify(found[0]).decode("latin-1")


def texts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """Every text in a file, under the name of the place where it is; the name is a text too."""
    yield name, name
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from texts(f"{name}!{member}", archive.read(member))
            yield f"{name} (comments)", repr([archive.comment, *((m.comment, m.extra) for m in archive.infolist())])
    elif data.startswith(b"PAR1"):
        yield name, "\n".join(pl.read_parquet(io.BytesIO(data)).write_ndjson().splitlines())
        yield name, repr(pl.read_parquet_metadata(io.BytesIO(data)))
    else:
        yield name, data.decode("utf-8", "replace")
        yield from _inside(name, data)


def _inside(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    if data.startswith(b"SQLite format 3\0"):
        yield f"{name} (rows)", "\n".join(_rows(data))
    if data.startswith(b"\x1f\x8b"):
        yield from texts(f"{name} (gunzipped)", gzip.decompress(data))
    for start in (found.start() for found in re.finditer(re.escape(_ZSTD), data)):
        try:
            yield (
                f"{name} (zstd)",
                zstandard.decompress(data[start:], max_output_size=1 << 22).decode("utf-8", "replace"),
            )
        except zstandard.ZstdError:
            continue


def _rows(data: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "copy.sqlite")
        path.write_bytes(data)
        with closing(sqlite3.connect(path)) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                yield from map(repr, connection.execute(f'SELECT * FROM "{table}"'))
