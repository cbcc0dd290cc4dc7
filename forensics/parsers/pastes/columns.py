"""The Control UI's copy of its log page: time, level, subsystem and message, each on a line of its own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator

from forensics.parsers.logs.envelopes.subsystems import LEVEL
from forensics.parsers.pastes.decorations import as_console, is_clock

_COLUMNS = 4
_LEVEL = re.compile(LEVEL, re.I)
_NAME = re.compile(r"[a-z][\w./@-]*|-|—")
Line = tuple[int, str, int]
"""Number of the first physical line, text, and how many lines it is."""


def joined_columns(lines: Iterable[str]) -> Iterator[Line]:
    """The lines, numbered from 1, with every four that are one record of the page joined as the command prints it."""
    numbered = enumerate(lines, 1)
    ahead: deque[tuple[int, str]] = deque()
    while True:
        if not ahead:
            following = next(numbered, None)
            if following is None:
                return
            ahead.append(following)
        number, line = ahead.popleft()
        if not is_clock(line):
            yield number, line, 1
            continue
        while len(ahead) < _COLUMNS - 1 and (following := next(numbered, None)):
            ahead.append(following)
        record = _record(line, [text.strip() for _, text in list(ahead)[: _COLUMNS - 1]])
        taken = record[1] if record else 1
        for _ in range(taken - 1):
            ahead.popleft()
        yield number, record[0] if record else line, taken


def _record(clock: str, rest: list[str]) -> tuple[str, int] | None:
    """(`HH:MM:SS level subsystem message`, lines); the subsystem's line is missing for lines of the root logger."""
    if len(rest) < 2 or not _LEVEL.fullmatch(rest[0]):
        return None
    named = len(rest) > 2 and bool(_NAME.fullmatch(rest[1]))
    message = rest[2] if named else rest[1]
    name = f"{rest[1]} " if named and len(rest[1]) > 1 else ""
    return as_console(f"{clock.strip()} {rest[0].lower()} {name}{message}"), _COLUMNS if named else _COLUMNS - 1
