"""What stands around a place of the evidence."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

from forensics.errors import ParameterError
from forensics.evidence import Plain
from forensics.places.excerpt import EvidenceLine, Excerpt
from forensics.places.masking import masked_lines
from forensics.places.place import Place
from forensics.places.pointer import line_of
from forensics.places.raw import database, is_database, physical_lines, table_rows

_MARGIN = 60  # lines beyond those shown that are looked at: a token may begin before and end after them
_LARGEST = 64 << 20  # characters of a document that a pointer is looked up in


def excerpt_at(place: Place, plain: Plain, secrets: Collection[str], *, around: int, width: int) -> Excerpt:
    """`around` lines (or rows) before and after it, each cut at `width` characters.

    Without a line, the beginning of the file; of a pointer, the line its value stands in. Raises ParameterError for a
    line, table or row that is not there, EvidenceError for a database that cannot be read.
    """
    if place.table is not None or is_database(plain.real):
        return _rows(place, plain, secrets, around, width)
    hit, note = (place.line, None) if place.line else _pointed(place, plain)
    window, beyond = _window(physical_lines(plain.real), hit or 1, around)
    if hit and hit not in {number for number, _ in window}:
        raise ParameterError(f"{plain.path} has {beyond:,} lines, and so no line {hit:,}")
    return _excerpt(_named(plain.path, hit), window, hit, secrets, (around, width), note)


def _pointed(place: Place, plain: Plain) -> tuple[int | None, str | None]:
    if place.pointer is None:
        return None, None
    with plain.real.open("rb") as file:
        text = file.read(_LARGEST).decode("utf-8", "replace")
    line = line_of(text, place.pointer)
    return (
        line,
        None if line else f"the value of #{place.pointer} was not found by its key; this is how the file begins",
    )


def _named(path: str, line: int | None) -> str:
    return f"{path}:{line}" if line else path


def _window(lines: Iterable[tuple[int, str]], hit: int, around: int) -> tuple[list[tuple[int, str]], int]:
    """The lines around one, with the margin; and the number of the last line that was read."""
    reach, last, kept = around + _MARGIN, 0, []
    for number, text in lines:
        last = number
        if number > hit + reach:
            break
        if number >= hit - reach:
            kept.append((number, text))
    return kept, last


def _rows(place: Place, plain: Plain, secrets: Collection[str], around: int, width: int) -> Excerpt:
    with database(plain) as connected:
        if place.table not in connected.tables:
            there = ", ".join(sorted(connected.tables)) or "none"
            raise ParameterError(f"{plain.path} has no table {place.table!r}; its tables are: {there}")
        window = _rows_around(table_rows(connected, place.table), place.row, around)
    name = f"{plain.path}!{place.table}"
    if place.row is None:
        return _excerpt(name, window, None, secrets, (around, width), None)
    if place.row not in {number for number, _ in window}:
        raise ParameterError(f"{name} has no row {place.row}")
    return _excerpt(f"{name}/{place.row}", window, place.row, secrets, (around, width), None)


def _rows_around(rows: Iterable[tuple[int, str]], hit: int | None, around: int) -> list[tuple[int, str]]:
    """By their order: row ids may have gaps."""
    before: deque[tuple[int, str]] = deque(maxlen=around)
    after: list[tuple[int, str]] = []
    for row in rows:
        if after or hit is None or row[0] == hit:
            after.append(row)
            if len(after) > around:
                break
        else:
            before.append(row)
    return [*before, *after] if after else []


def _excerpt(
    name: str,
    window: list[tuple[int, str]],
    hit: int | None,
    secrets: Collection[str],
    room: tuple[int, int],
    note: str | None,
) -> Excerpt:
    around, width = room
    texts = masked_lines([text for _, text in window], secrets)
    at = next((n for n, (number, _) in enumerate(window) if number == hit), 0)
    lines = [
        EvidenceLine(number, _cut(text, width), number == hit)
        for n, ((number, _), text) in enumerate(zip(window, texts, strict=True))
        if at - around <= n <= at + around
    ]
    return Excerpt(name, tuple(lines), note)


def _cut(text: str, width: int) -> str:
    more = len(text) - width
    return f"{text[:width]}… ({more:,} more characters)" if more > 0 else text
