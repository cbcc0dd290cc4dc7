"""The tables of a case: each made once, when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from forensics import tables

if TYPE_CHECKING:
    import pandas as pd

    from forensics.detectors.run import Findings
    from forensics.parsers.timeline import Timeline

TABLES = ("files", "events", "rejects", "activity", "drift", "state", "credentials", "windows", "findings", "checks")


class CaseTables:
    """The part of a `Case` that turns its rows into polars DataFrames of the schemas in `tables`."""

    timeline: Timeline
    window_rows: tuple[tables.Window, ...]
    answers: Findings

    @cached_property
    def files(self) -> pl.DataFrame:
        """One row per evidence file (`tables.File`)."""
        return tables.frame(tables.File, self.timeline.files)

    @cached_property
    def events(self) -> pl.DataFrame:
        """Everything that happened, in order of time (`tables.Event`)."""
        return tables.frame(tables.Event, self.timeline.events)

    @cached_property
    def rejects(self) -> pl.DataFrame:
        """Everything that could not be read, and why (`tables.Reject`)."""
        return tables.frame(tables.Reject, self.timeline.rejects)

    @cached_property
    def activity(self) -> pl.DataFrame:
        """Lines per source, minute, level and subsystem that no template needs (`tables.Activity`)."""
        return tables.frame(tables.Activity, self.timeline.activity)

    @cached_property
    def drift(self) -> pl.DataFrame:
        """Warnings and errors that no template knows, by source and shape (`tables.Drift`)."""
        return tables.frame(tables.Drift, self.timeline.drift)

    @cached_property
    def state(self) -> pl.DataFrame:
        """One row per value of a store (`tables.Observation`)."""
        return tables.frame(tables.StateValue, self.timeline.state)

    @cached_property
    def credentials(self) -> pl.DataFrame:
        """One row per credential, fingerprints only (`tables.Credential`)."""
        return tables.frame(tables.Credential, self.timeline.credentials)

    @cached_property
    def windows(self) -> pl.DataFrame:
        """Cooldown, disabled and blocked windows (`tables.Window`)."""
        return tables.frame(tables.Window, self.window_rows)

    @cached_property
    def findings(self) -> pl.DataFrame:
        """One row per answer of a detector (`tables.Finding`)."""
        return tables.frame(tables.Finding, self.answers.findings)

    @cached_property
    def checks(self) -> pl.DataFrame:
        """One row per detector: did it run, and on what (`tables.Check`)."""
        return tables.frame(tables.Check, self.answers.checks)

    def pandas(self, table: str) -> pd.DataFrame:
        """A table as an Arrow-backed pandas DataFrame, so that nulls stay nulls and times stay aware UTC.

        `table` is the name of one of the properties above. pandas is loaded here and nowhere else.
        """
        if table not in TABLES:
            raise ValueError(f"no table {table!r}; there are {', '.join(TABLES)}")
        frame: pl.DataFrame = getattr(self, table)
        return frame.to_pandas(use_pyarrow_extension_array=True)
