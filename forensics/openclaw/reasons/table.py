"""The table of reasons: `kinds.toml`, a file for each provider in `providers/`, and the user's own rules.

Files are read once, when a text is first classified; an error names its file and line.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from forensics.errors import ParameterError
from forensics.openclaw.reasons.reason import Reason
from forensics.openclaw.releases import Filed

_HERE = Path(__file__).parent
_ENTRY = re.compile(r"^\[\[reason\]\]", re.M)
_PART = re.compile(r"<<(\w+)>>")
_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_MAY_BE_UNKNOWN = ("waiting_helps", "other_credential_helps")
_own_rules: list[Reason] = []


class Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What rows are made like, the ways in which several are filed, and typed words that only name a class."""

    kinds: dict[str, dict[str, Any]]
    recorded: dict[str, dict[str, str]]
    class_types: frozenset[str]


@dataclass(frozen=True, slots=True)
class RowsFile:
    """One file of rows as it was read."""

    name: str
    text: str

    def error(self, entry: int, id: object, why: str) -> ParameterError:
        starts = [self.text.count("\n", 0, match.start()) + 1 for match in _ENTRY.finditer(self.text)]
        line = starts[entry] if entry < len(starts) else 1
        return ParameterError(f"{self.name}:{line}: reason {id}: {why}")

    def decoded(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            at = _TOML_LINE.search(str(error))
            line = at[1] if at else self.text.count("\n") + 1  # else it is the end of the file that came too soon
            raise ParameterError(f"{self.name}:{line}: {str(error).partition(' (at ')[0]}") from None


def rows() -> tuple[Reason, ...]:
    """All rows: the user's own, then the package's, files in the order of their names, each in its own order."""
    return (*_own_rules, *_package_rows())


def row(id: str) -> Reason:
    """The row of that id. KeyError where there is none."""
    return {found.id: found for found in rows()}[id]


def put_first(own: Iterable[Reason]) -> None:
    """Have the rows of a user's own file asked before those of the package."""
    _own_rules.extend(own)


@cache
def kinds() -> Kinds:
    data = RowsFile("kinds.toml", (_HERE / "kinds.toml").read_text(encoding="utf-8")).decoded()
    return msgspec.convert({**data, "class_types": data["class_types"]["words"]}, Kinds)


@cache
def unknown() -> Reason:
    """What a text is that no row fits."""
    return msgspec.convert(_plain(kinds().kinds["unknown"]), Reason)


@cache
def _package_rows() -> tuple[Reason, ...]:
    files = sorted((_HERE / "providers").glob("*.toml"), key=lambda path: path.stem)
    found = [one for path in files for one in rows_of(RowsFile(path.name, path.read_text(encoding="utf-8")))]
    twins = [id for id, times in Counter(one.id for one in found).items() if times > 1]
    if twins:
        raise ParameterError(f"reasons with one id: {', '.join(twins)}")
    return tuple(found)


def rows_of(file: RowsFile) -> list[Reason]:
    data = file.decoded()
    parts, entries = data.pop("parts", {}), data.pop("reason", [])
    if data or not isinstance(entries, list) or not isinstance(parts, dict):
        raise ParameterError(f"{file.name}: it holds [[reason]] entries and [parts] of patterns, nothing else")
    return [_row(file, n, entry, parts) for n, entry in enumerate(entries)]


def _row(file: RowsFile, n: int, entry: Mapping[str, Any], parts: Mapping[str, str]) -> Reason:
    id = entry.get("id", f"number {n + 1}")
    like = entry.get("like")
    if like not in kinds().kinds:
        raise file.error(n, id, f"like = {like!r}: it is like one of {', '.join(kinds().kinds)}")
    try:
        return msgspec.convert(_plain({**kinds().kinds[like], **entry}, parts), Reason)
    except (msgspec.ValidationError, KeyError, TypeError, AttributeError) as error:
        raise file.error(n, id, str(error)) from None


def _plain(entry: Mapping[str, Any], parts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An entry as `Reason` has it: no `like`, "unknown" is None, parts put in, ways of filing spelt out."""
    values: dict[str, Any] = {
        key: None if value == "unknown" and key in _MAY_BE_UNKNOWN else value
        for key, value in entry.items()
        if key != "like"
    }
    if "pattern" in values:
        values["pattern"] = _PART.sub(lambda name: f"(?:{(parts or {})[name[1]]})", values["pattern"])
    for key in ("recorded", "recorded_with_status"):
        if key in values:
            values[key] = _filed(values[key])
    return values


def _filed(value: str | Mapping[str, str]) -> Filed:
    spans = kinds().recorded[value] if isinstance(value, str) else value
    return tuple((span, None if reason == "-" else reason) for span, reason in spans.items())
