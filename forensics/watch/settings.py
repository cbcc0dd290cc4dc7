"""Which conditions are asked, and with which numbers: defaults, then a small TOML file, then the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from forensics.errors import ParameterError
from forensics.watch.conditions import CONDITIONS

_ENABLED = "enabled"


@dataclass(frozen=True, slots=True)
class Settings:
    """Condition -> its numbers; a condition that is not in it is not asked."""

    asked: Mapping[str, Mapping[str, float]]


def read_settings(file: Path | None, changes: Iterable[str] = (), off: Iterable[str] = ()) -> Settings:
    """Defaults with the changes of a file (`[open_incident]`, `quiet_after_hours = 48`, `enabled = false`) and of
    `CONDITION.SETTING=NUMBER` texts. Raises ParameterError naming what is misspelt, and the nearest right name."""
    asked: dict[str, dict[str, float]] = {condition.name: dict(condition.settings) for condition in CONDITIONS}
    left_out = {_known(name, asked, "condition") for name in off}
    for name, values in _read(file).items() if file else ():
        numbers = asked[_known(name, asked, f"{file}: condition")]
        for setting, value in values.items():
            if setting == _ENABLED:
                left_out |= set() if value else {name}
            else:
                numbers[_known(setting, numbers, f"{file}: setting of {name}")] = _number(f"{name}.{setting}", value)
    for text in changes:
        path, _, value = text.partition("=")
        name, _, setting = path.partition(".")
        numbers = asked[_known(name, asked, "condition")]
        numbers[_known(setting, numbers, f"setting of {name}")] = _number(path, value)
    return Settings({name: numbers for name, numbers in asked.items() if name not in left_out})


def _read(file: Path) -> dict[str, dict[str, object]]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"{file}: is no TOML ({error})") from error
    if wrong := next((name for name, values in table.items() if not isinstance(values, dict)), None):
        raise ParameterError(f"{file}: {wrong} stands alone; write it under its condition, such as [open_incident]")
    return table


def _known(name: str, names: Iterable[str], what: str) -> str:
    if name not in names:
        near = get_close_matches(name, list(names), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(names)) or 'none'}"
        raise ParameterError(f"{what} {name!r} is not known; {hint}")
    return name


def _number(path: str, value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        raise ParameterError(f"{path} takes a number, not {value!r}") from None
    if isinstance(value, bool) or not 0 <= number < float("inf"):
        raise ParameterError(f"{path} takes a number from 0 on, not {value!r}")
    return number
