"""The one place where pandas comes in: a table as an Arrow-backed DataFrame, for those who prefer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import pandas as pd


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """polars -> pandas with Arrow-backed types: nulls stay nulls, times stay aware UTC.

    Only here is pandas loaded: a third of a second that whoever asks the command line need not wait for.
    """
    return frame.to_pandas(use_pyarrow_extension_array=True)
