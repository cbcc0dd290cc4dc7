"""The names under which cases leave: `case-00017`. Which is which stays beside the dataset, never in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from forensics.errors import ReportError
from forensics.fleet.sources import Source

_FIELDS = ("case", "source")


def aliases_file(out: Path) -> Path:
    """Where the names of a redacted dataset in `out` are kept: beside it, so that it can be handed on as a folder."""
    return out.with_name(f"{out.absolute().name}.names.csv")


def with_aliases(sources: Iterable[Source], out: Path, *, begun: bool) -> tuple[Source, ...]:
    """The same sources, each under the alias it has had before or a new one. Raises ReportError.

    `begun`: the dataset holds results already; then the file has to be there, or a case would be two.
    """
    path = aliases_file(out)
    try:
        known = dict(_read(path)) if path.exists() or begun else {}
        renamed = tuple(_renamed(sources, known))
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(_FIELDS)
            rows.writerows((alias, name) for name, alias in known.items())
    except (OSError, ValueError) as error:
        raise ReportError(
            f"{path}: the names of the cases in {out} cannot be kept there ({error}); give another folder with -o"
        ) from error
    return renamed


def _read(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if None in row.values() or not row.keys() >= {*_FIELDS}:
                raise ValueError("it is not the list of names that was written")
            yield row["source"], row["case"]


def _renamed(sources: Iterable[Source], known: dict[str, str]) -> Iterator[Source]:
    for source in sources:
        alias = known.setdefault(source.name, f"case-{len(known) + 1:05}")
        yield replace(source, name=alias)
