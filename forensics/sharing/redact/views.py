"""The bytes of an artefact as everything they can be read as: plain, unescaped, without breaks and tags, unwrapped.

Each view is a text with a way to tell the place of a character in it.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

import polars as pl

from forensics.secrets.wrapped import decoded_runs, without_blanks

_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([nrtbf\"'/\\]))")
_TAG = re.compile(r"<[^<>]{0,200}>")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_BREAKS = {"n": "\x1f", "r": "\x1f", "t": "\x1f", "b": "", "f": "\x1f"}
_MEMBER = 64 << 20  # bytes of one member of an archive


@dataclass(frozen=True, slots=True)
class View:
    """One reading of an artefact: `plain` as it is, `unescaped` as it is shown, `squeezed` without breaks and tags."""

    text: str
    place: Callable[[int], str]
    kind: str = "unescaped"


def views(name: str, data: bytes) -> Iterator[View]:
    """Every reading of a file; an archive's members and a Parquet file's cells are read, too."""
    if data.startswith(b"PK\x03\x04") and zipfile.is_zipfile(io.BytesIO(data)):
        yield from _members(data)
    elif data.startswith(b"PAR1") and data.endswith(b"PAR1"):
        yield from _cells(data)
    else:
        yield from text_views(data.decode("utf-8", "replace"))


def text_views(text: str) -> Iterator[View]:
    """Every reading of one text."""
    read = unescaped(text)
    plain, shown = _Lines(text), _Lines(read)
    if read != text:
        yield View(text, plain.place, "plain")
    yield View(read, shown.place)
    yield View(_squeezed(read), partial(_before_squeezing, read, shown), "squeezed")
    for start, _, held in decoded_runs(text):
        yield View(held, partial(_always, f"{plain.place(start)}, in base64"))
    for _, _, held in decoded_runs("".join(map(str.strip, text.splitlines()))) if "\n" in text else ():
        yield View(held, partial(_always, "base64 over several lines"))


def _always(place: str, at: int) -> str:
    return place


def _before_squeezing(text: str, lines: _Lines, at: int) -> str:
    return lines.place(without_blanks(text).at(at))


def _squeezed(text: str) -> str:
    return _INVISIBLE.sub("", "".join(_TAG.sub("", text).split()))


class _Lines:
    def __init__(self, text: str) -> None:
        self._ends = [found.start() for found in re.finditer("\n", text)]

    def place(self, at: int) -> str:
        return f"line {bisect_right(self._ends, at - 1) + 1}"


def unescaped(text: str) -> str:
    """HTML entities, JSON escapes and percent-encoding undone; line breaks stay where they are."""
    text = html.unescape(text) if "&" in text else text
    text = _ESCAPED.sub(_character, text) if "\\" in text else text
    return unquote(text, errors="replace") if "%" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _BREAKS.get(found[3], found[3])


def _members(data: bytes) -> Iterator[View]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for number, info in enumerate(archive.infolist(), 1):
            yield View(info.filename, partial(_always, f"the name of member {number}"))
            with archive.open(info) as member:
                inner = views(info.filename, member.read(_MEMBER))
                yield from (View(view.text, partial(_below, f"member {number}", view), view.kind) for view in inner)


def _below(where: str, view: View, at: int) -> str:
    return f"{where}, {view.place(at)}"


def _cells(data: bytes) -> Iterator[View]:
    frame = pl.read_parquet(io.BytesIO(data))
    yield View(" ".join(frame.columns), partial(_always, "the column names"))
    for column in frame.columns:
        dtype = frame[column].dtype
        if dtype in (pl.String, pl.Binary, pl.Categorical) or dtype == pl.List(pl.String):
            text = "\n".join(map(_cell, frame[column].to_list()))
            inner = text_views(text)
            yield from (View(view.text, partial(_below, f"column {column}", view), view.kind) for view in inner)


def _cell(cell: object) -> str:
    if isinstance(cell, list):
        return "\x1f".join(map(_cell, cell))
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace").replace("\n", "\x1f")
    return str(cell).replace("\n", "\x1f") if cell is not None else ""
