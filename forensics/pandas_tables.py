"""The one place where pandas comes in: a table as an Arrow-backed DataFrame, for those who prefer it."""

from __future__ import annotations

import pandas as pd
import polars as pl


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """polars -> pandas with Arrow-backed types: nulls stay nulls, times stay aware UTC."""
    return frame.to_pandas(use_pyarrow_extension_array=True)
