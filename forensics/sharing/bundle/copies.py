"""One file of the evidence -> what the bundle holds of it: as many lines, without tokens and messages."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from forensics.evidence.item import HEAD, unreadable
from forensics.evidence.lines import LONGEST_LINE, opened_as_far_as
from forensics.parsers import stores
from forensics.parsers.log_reader import is_log
from forensics.parsers.logs.prefilter import looks_like_file_log, scan_parts
from forensics.parsers.logs.templates import PREFILTER
from forensics.parsers.stores.reading.document import MAX_BYTES
from forensics.parsers.stores.reading.parse import decode
from forensics.sharing.bundle.copy_result import Taken
from forensics.sharing.bundle.databases import masked_database
from forensics.sharing.bundle.json_text import masked_document
from forensics.sharing.bundle.json_values import masked_json
from forensics.sharing.bundle.log_lines import collected_lines
from forensics.sharing.bundle.masker import Masker
from forensics.sharing.bundle.originals import Original

_LOGINS = frozenset({"auth_profiles", "claude_credentials", "codex_auth", "cli_oauth"})
_UNREAD = {
    "known_state": "nothing is read of it, and it may hold secrets",
    "sqlite_sidecar": "its rows are in the database that it lies beside",
}
_UNRECOGNISED = "it would not be recognised any more without its texts"
_HEADING = re.compile(r"(\s*(?:- )?[A-Za-z][\w /().-]{0,40}?\s*[:=]\s*)(\S.*)", re.S)
_PARTIAL = re.compile(r"[\w-]{4,}(?:\.{3}|…)[\w-]{2,}")  # a token that OpenClaw itself has shortened


class NotCollectedError(Exception):
    """Why nothing of a file is in the bundle."""


def copied(original: Original, masker: Masker) -> tuple[Taken, Iterator[bytes]]:
    """The bytes for the bundle; `Taken` is complete when they are used up. Raises NotCollectedError."""
    taken = Taken(original.item.sha256, original.item.bytes)
    try:
        return taken, _chunks(original, masker, taken)
    except OSError as error:
        raise NotCollectedError(unreadable(error)) from None
    except (sqlite3.Error, ValueError) as error:
        raise NotCollectedError(str(error)) from None


def _chunks(original: Original, masker: Masker, taken: Taken) -> Iterator[bytes]:
    store = original.store
    if original.log:
        return _log(original, masker, taken)
    if store is None:
        raise NotCollectedError("not recognised as anything of OpenClaw" if original.item.bytes else "empty")
    if store.name in _UNREAD:
        raise NotCollectedError(_UNREAD[store.name])
    if store.name.endswith("_database"):
        return masked_database(original, masker, taken)
    if store.name == "collected":
        return iter((_whole(original, taken),))
    masker = masker.of_logins() if store.name in _LOGINS else masker
    if store.line_oriented:
        return _lines(original, masker, taken)
    return iter((_document(original, masker, taken),))


def _log(original: Original, masker: Masker, taken: Taken) -> Iterator[bytes]:
    picked = _picked(original) if looks_like_file_log(original.item.head) else None
    lines = _with_ends(collected_lines(_raw_lines(original, taken), picked, masker), taken)
    first = list(_head(lines))
    if not is_log(replace(original.item, head=b"".join(first)[:HEAD])):
        raise NotCollectedError(_UNRECOGNISED)
    return chain(first, lines)


def _head(lines: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for line in lines:
        yield line
        size += len(line)
        if size >= HEAD:
            return


def _picked(original: Original) -> Iterator[int]:
    for part in scan_parts(original.item.real, PREFILTER, size=original.item.size):
        yield from part.picked["line"]


def _with_ends(lines: Iterator[bytes], taken: Taken) -> Iterator[bytes]:
    """The lines in pieces of some size; a last one without a line end stays one."""
    piece: list[bytes] = []
    size = 0
    for line in lines:
        if size > HEAD:
            yield b"\n".join([*piece, b""])
            piece, size = [], 0
        piece.append(line)
        size += len(line)
    if piece:
        yield b"\n".join(piece) + (b"" if taken.open_end else b"\n")


def _raw_lines(original: Original, taken: Taken) -> Iterator[bytes]:
    """The lines of a file as far as it was hashed: a gateway may be writing more. Of a very long one the beginning."""
    hashed, size = hashlib.sha256(), 0
    try:
        with opened_as_far_as(original.item.real, original.item.size) as file:
            while raw := file.readline(LONGEST_LINE):
                rest = raw
                hashed.update(raw)
                size += len(raw)
                while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
                    rest = file.readline(LONGEST_LINE)
                    hashed.update(rest)
                    size += len(rest)
                taken.lines += 1
                taken.open_end = bool(rest) and not rest.endswith(b"\n")
                yield raw.replace(b"\0", b"")
        if original.live and original.item.real.stat().st_size > size:
            taken.notes.append("it was still growing: taken as far as it was hashed")
    except OSError as error:
        taken.notes.append(f"read up to line {taken.lines:,}: {unreadable(error)}")
    if original.live:
        taken.settle(hashed.hexdigest(), size)


def _whole(original: Original, taken: Taken) -> bytes:
    if original.item.real.stat().st_size > MAX_BYTES:
        raise NotCollectedError(f"larger than {MAX_BYTES >> 20} MiB: not read")
    data = original.item.real.read_bytes()
    if original.live:
        taken.settle(hashlib.sha256(data).hexdigest(), len(data))
    taken.lines = data.count(b"\n") + bool(data and not data.endswith(b"\n"))
    return data


def _document(original: Original, masker: Masker, taken: Taken) -> bytes:
    text = decode(_whole(original, taken))
    try:
        masked = masked_document(text, masker)
    except (ValueError, RecursionError):
        masked = "\n".join(map(masker.line, text.split("\n")))
        taken.notes.append("it is no JSON that can be read: only the lengths of its lines are here")
    if masked.count("\n") != text.count("\n"):
        taken.notes.append("it was written anew: a line of it is not the line that it was")
    data = masked.encode("utf-8", "replace")
    if stores.claim(original.item.path, data[:HEAD]) is not original.store:
        raise NotCollectedError(_UNRECOGNISED)
    return data


def _lines(original: Original, masker: Masker, taken: Taken) -> Iterator[bytes]:
    """A store of lines: JSON is masked by its keys; of plain text the lines stay that the store reads."""
    is_json = any(line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") for line in original.item.head.splitlines())
    read = frozenset[int]() if is_json else _lines_read(original)
    if original.item.head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        whole = decode(_whole(original, taken)).encode("utf-8", "replace")
        lines: Iterator[bytes] = iter(whole.splitlines(keepends=True))
    else:
        lines = _raw_lines(original, taken)
    made = (_line(raw, number in read, is_json, masker) for number, raw in enumerate(lines, 1))
    return _with_ends(made, taken)


def _line(raw: bytes, read: bool, is_json: bool, masker: Masker) -> bytes:
    text = raw.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n")
    if not text.strip():
        return b" " if text else b""
    if read:
        return masker.clean(_PARTIAL.sub("***", text)).encode("utf-8", "replace")
    if is_json:
        return (masked_json(text, masker) or masker.body(text)).encode("utf-8", "replace")
    heading = _HEADING.fullmatch(text)
    return (masker.clean(heading[1]) + masker.body(heading[2]) if heading else masker.body(text)).encode()


def _lines_read(original: Original) -> frozenset[int]:
    """The lines that give a row."""
    assert original.store  # noqa: S101 - only stores have lines to be read; tells mypy
    contents = original.store.read(original.source)
    places = (row.source.rpartition(":")[2] for row in contents.state)
    return frozenset({e.line for e in contents.events} | {int(place) for place in places if place.isdecimal()})
