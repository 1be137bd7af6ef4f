"""Data frames from Python to R, in chapters that mix both.

- R has no nullable integers, and its own end at two thousand million: whole numbers travel as doubles.
- A column that R would silently take as text raises instead.
"""

import pandas as pd

from countback.io.errors import CountbackError


def for_r(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a data frame whose columns R receives as they are: doubles, logicals, text, with missing values kept.

    Raises
    ------
    CountbackError
        If a column has a type that has no counterpart in R, such as periods or nested values.
    """
    columns = {}
    for name, column in frame.items():
        if pd.api.types.is_bool_dtype(column):
            columns[name] = column.astype(bool)
        elif pd.api.types.is_numeric_dtype(column):
            columns[name] = column.astype("float64")
        elif pd.api.types.is_string_dtype(column):
            columns[name] = column.astype(object).where(column.notna(), None)
        else:
            raise CountbackError(
                f"Column {name} of type {column.dtype} has no counterpart in R. Convert it to text or numbers."
            )
    return pd.DataFrame(columns)
