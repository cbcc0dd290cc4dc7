"""The results as Parquet: `DIR/<table>/release=<release>/part-<run>.parquet`, of several runs the last one counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import msgspec
import polars as pl

from forensics import tables
from forensics.errors import EvidenceError, ReportError
from forensics.fleet.one_case import CaseResult, done_key
from forensics.fleet.tables import ROWS, Row

SCHEMA = "openclaw-forensics/fleet/1"
_NAME = "fleet.json"


class Manifest(msgspec.Struct, frozen=True):
    """What the dataset is: its format, whether it may leave, and how many runs wrote to it."""

    schema: str
    shared: bool
    runs: int = 0


@dataclass(frozen=True)
class Fleet:
    """A dataset that was written. Each table is a LazyFrame of the rows in `fleet.tables`, one result a case."""

    folder: Path
    manifest: Manifest

    def table(self, name: str) -> pl.LazyFrame:
        """One table: cases, incidents, findings, windows, unknown_records or errors."""
        parts = sorted((self.folder / name).glob("release=*/part-*.parquet"))
        rows = pl.scan_parquet(parts) if parts else pl.LazyFrame(schema=_schema(name))
        return rows.join(self._last_runs, on=("case", "run"), how="semi").drop("run")

    @cached_property
    def _last_runs(self) -> pl.LazyFrame:
        parts = sorted(path for name in ("cases", "errors") for path in self.folder.glob(f"{name}/*/part-*.parquet"))
        seen = [pl.scan_parquet(part).select("case", "run") for part in parts]
        rows = pl.concat(seen) if seen else pl.LazyFrame(schema={"case": pl.String(), "run": pl.Int64()})
        return rows.group_by("case").agg(pl.max("run")).collect().lazy()

    @property
    def done(self) -> dict[str, str]:
        """Case -> the key of what was looked at, which need not be looked at again."""
        keys: dict[str, str] = {}
        for name in ("cases", "errors"):
            rows = self.table(name).filter(pl.col("content_hash") != "").collect()
            keys |= zip(rows["case"], map(done_key, rows["content_hash"], rows["tool_version"]), strict=True)
        return keys


def read_fleet(folder: Path | str) -> Fleet:
    """Open a dataset. Raises EvidenceError where there is none, or one of another format."""
    path = Path(folder) / _NAME
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise EvidenceError(f"{folder}: no fleet dataset ({error.strerror}); `forensics fleet` writes one") from error
    except msgspec.DecodeError as error:
        raise EvidenceError(f"{path}: cannot be read ({error})") from error
    if manifest.schema != SCHEMA:
        raise EvidenceError(f"{path}: its format is {manifest.schema!r}, this version reads {SCHEMA!r}")
    return Fleet(Path(folder), manifest)


def is_fleet(folder: Path) -> bool:
    """Whether a dataset lies here."""
    return (folder / _NAME).is_file()


def opened(folder: Path, *, shared: bool) -> Fleet:
    """The dataset to add to, made if need be. Raises ReportError where redacted and other rows would mix."""
    if not is_fleet(folder):
        _write_manifest(folder, Manifest(SCHEMA, shared))
    fleet = read_fleet(folder)
    if fleet.manifest.shared != shared:
        kind = "redacted rows only" if fleet.manifest.shared else "rows that were not redacted"
        raise ReportError(f"{folder}: holds {kind}; give another folder with -o")
    return fleet


def add(fleet: Fleet, results: Iterable[CaseResult]) -> Fleet:
    """Write the results of one run as parts of their own; earlier parts stay as they are. Raises ReportError."""
    run = fleet.manifest.runs + 1
    collected: dict[str, list[Row]] = {name: [] for name in ROWS}
    for result in results:
        for name, rows in collected.items():
            rows.extend(getattr(result, name))
    try:
        for name, rows in collected.items():
            _write_parts(fleet.folder / name, _frame(name, rows, run), run)
        manifest = msgspec.structs.replace(fleet.manifest, runs=run)
        _write_manifest(fleet.folder, manifest)
    except OSError as error:
        raise ReportError(
            f"{fleet.folder}: cannot be written ({error.strerror}); the journal keeps the rows"
        ) from error
    return Fleet(fleet.folder, manifest)


def _frame(name: str, rows: list[Row], run: int) -> pl.DataFrame:
    frame = tables.frame(ROWS[name], rows).with_columns(pl.lit(run, pl.Int64()).alias("run"))
    return frame.sort("case", maintain_order=True)


def _schema(name: str) -> Mapping[str, pl.DataType]:
    return {**tables.schema(ROWS[name]), "run": pl.Int64()}


def _write_parts(folder: Path, frame: pl.DataFrame, run: int) -> None:
    for (release,), part in frame.partition_by("release", as_dict=True).items():
        home = folder / f"release={quote(str(release), safe='')}"
        home.mkdir(parents=True, exist_ok=True)
        unfinished = home / f".part-{run}.unfinished"
        part.write_parquet(unfinished)
        unfinished.replace(home / f"part-{run}.parquet")


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{_NAME}.unfinished"
        unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
        unfinished.replace(folder / _NAME)
    except OSError as error:
        raise ReportError(f"{folder}: cannot be written ({error.strerror}); give another folder with -o") from error
