"""What a command of `openclaw` changes and destroys, and whether it asks: effects.toml, by the longest path."""

from __future__ import annotations

import shlex
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Of one command, or of one of its flags. Empty texts: nothing."""

    command: str  # words, and the flag if only that does it
    does: str
    changes: str = ""
    destroys: str = ""
    interactive: bool = False  # asks, and so needs a terminal
    asked_as: tuple[str, ...] = ()  # words of commands that people are told instead


@cache
def effects() -> tuple[Effect, ...]:
    """All that are known, the most exact first."""
    text = files("forensics.remediation.commands").joinpath("effects.toml").read_text("utf-8")
    rows = (
        Effect(command=name, **row | {"asked_as": tuple(row.get("asked_as", "").split())})
        for name, row in tomllib.loads(text).items()
    )
    return tuple(sorted(rows, key=lambda row: -len(row.command.split())))


def effect(line: str) -> Effect | None:
    """The effect of `openclaw …`; None for a command of which none is written down."""
    try:
        words = shlex.split(line)
    except ValueError:  # no closing quotation
        return None
    names = words[words.index("openclaw") + 1 :] if "openclaw" in words else []
    return next((row for row in effects() if _is_of(row, names)), None)


def _is_of(row: Effect, words: list[str]) -> bool:
    *path, last = row.command.split()
    flag = [last] if last.startswith("--") else []
    path = path if flag else [*path, last]
    plain = [word for word in words if word.startswith("--") is False]
    return _in_order(path, plain) and all(any(w.split("=")[0] == f for w in words) for f in flag)


def _in_order(path: list[str], plain: list[str]) -> bool:
    """The words of the path, in order; values of options may stand between them."""
    rest = iter(plain)
    return plain[:1] == path[:1] and all(word in rest for word in path)
