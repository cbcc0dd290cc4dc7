"""A user's own file of provider sentences: the same entries as in `providers/`, asked first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from forensics.errors import ParameterError
from forensics.openclaw.reasons.classifier import forget
from forensics.openclaw.reasons.reason import Reason, compiled
from forensics.openclaw.reasons.table import RowsFile, put_first, rows, rows_of


def add_own_rules(path: Path) -> tuple[Reason, ...]:
    """Put the rows of a user's file before those of the package. ParameterError names the file, line and fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    file = RowsFile(str(path), text)
    own = tuple(msgspec.structs.replace(one, is_own_rule=True) for one in rows_of(file))
    _refuse_twins(file, own, {one.id for one in rows()})
    for n, one in enumerate(own):
        _refuse_unusable(file, n, one)
    put_first(own)
    forget()
    return own


def _refuse_twins(file: RowsFile, own: Iterable[Reason], ids: set[str]) -> None:
    for n, one in enumerate(own):
        if one.id in ids:
            raise file.error(n, one.id, "this id is there already")
        ids.add(one.id)


def _refuse_unusable(file: RowsFile, n: int, one: Reason) -> None:
    if not (one.status or one.types or one.pattern):
        raise file.error(n, one.id, "it needs a pattern, a status or types to be known by")
    try:
        compiled(one.pattern or "")
    except re.error as error:
        raise file.error(n, one.id, f"pattern: {error}") from None
