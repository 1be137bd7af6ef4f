"""R in the cells of chapters, and data frames from Python to R and back: missing values stay missing.

- `%load_ext countback.io.r` gives the magic `%%R`. R starts there as in the rules: in UTF-8, with no start-up file and
  no saved objects of the user's or of the folder's.
- R has its end of whole numbers at two thousand million: to R they travel as doubles.
- A column that R would silently take as text raises instead.
- On the way back, rpy2 has -2147483648 for a whole number that is missing, and days as numbers; here they stay what
  they are.
"""

import functools
from typing import TYPE_CHECKING, Any

import pandas as pd

from countback.io.environment import set_environment
from countback.io.errors import ConfigError, CountbackError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from rpy2.robjects.conversion import Converter

NA_INTEGER = -(2**31)


def for_r(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a data frame whose columns R receives as they are, with missing values kept.

    Parameters
    ----------
    frame
        Columns of booleans, numbers, text, days (dates without a time) or categories of text: in R, logicals, doubles,
        text, dates and factors.

    Raises
    ------
    CountbackError
        If a column has a type that has no counterpart in R, such as periods or nested values.
    """
    return pd.DataFrame({name: _column_for_r(column) for name, column in frame.items()}, index=frame.index)


def _column_for_r(column: pd.Series) -> pd.Series:
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind == "categorical" and pd.api.types.is_string_dtype(column.cat.categories):
        return column
    if kind == "boolean":
        return column.astype("boolean")
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64")
    if kind == "string" or (kind == "empty" and pd.api.types.is_string_dtype(column)):
        return column.astype("string")
    if kind in ("date", "datetime64"):
        days = pd.to_datetime(column)
        if days.dt.tz is None and (days.dropna() == days.dropna().dt.normalize()).all():
            return days
    raise CountbackError(
        f"Column {column.name} of type {column.dtype} has no counterpart in R. Convert it to text or numbers."
    )


def _days_for_r(days: pd.Series) -> Any:
    """Return days as R's dates, which are numbers of days since 1970."""
    from rpy2 import rinterface

    since = (days - pd.Timestamp(0)) / pd.Timedelta(days=1)
    numbers = rinterface.FloatSexpVector([rinterface.NA_Real if pd.isna(one) else one for one in since])
    # not by robjects, which would turn the dates into Python's again
    return rinterface.baseenv[".Date"](numbers)  # type: ignore[attr-defined]


def _from_r(vector: Any, converted: Any) -> Any:
    """Return a vector of R's as pandas has it: `converted`, as rpy2 has it, unless that loses what is missing."""
    from rpy2 import rinterface

    if "Date" in vector.rclass:
        days = pd.Series(converted, dtype="float64").replace(NA_INTEGER, float("nan"))
        return pd.to_datetime(days, unit="D").array
    if isinstance(vector, rinterface.BoolSexpVector):
        flags = [None if flag is rinterface.NA_Logical else bool(flag) for flag in vector]
        return pd.array(flags, dtype="boolean" if None in flags else "bool")
    is_whole = isinstance(vector, rinterface.IntSexpVector) and "factor" not in vector.rclass
    if is_whole and converted.ndim == 1 and NA_INTEGER in converted:
        return pd.array([None if number == NA_INTEGER else number for number in converted], dtype="Int64")
    return converted


@functools.cache
def converter() -> "Converter":
    """Return the rules by which `%%R -i` and `-o` convert: those of rpy2, with missing values and days kept."""
    from rpy2 import rinterface
    from rpy2.ipython import rmagic
    from rpy2.robjects import conversion, numpy2ri, pandas2ri

    own = conversion.Converter("missing values and days")

    def to_r(series: pd.Series) -> Any:
        is_days = pd.api.types.is_datetime64_any_dtype(series) and series.dt.tz is None
        return _days_for_r(series) if is_days else pandas2ri.py2rpy_pandasseries(series)

    def to_python(vector: Any) -> Any:
        return _from_r(vector, pandas2ri.rpy2py_floatvector(vector))

    own.py2rpy.register(pd.Series, to_r)
    for kind in (rinterface.BoolSexpVector, rinterface.FloatSexpVector):
        own.rpy2py.register(kind, to_python)
    # which converter has the integers, rpy2 looks up by their class: factors are another
    own.rpy2py_nc_map[rinterface.IntSexpVector] = conversion.NameClassMap(
        lambda vector: _from_r(vector, numpy2ri.rpy2py(vector))
    )
    return rmagic.default.converter + own


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Start R, and give a shell the magic `%%R`: what `%load_ext countback.io.r` calls.

    Raises
    ------
    ConfigError
        If R was started before in a locale that does not write UTF-8.
    """
    from rpy2.rinterface_lib import embedded

    set_environment()
    if not embedded.isinitialized():
        embedded.set_initoptions(("rpy2", "--quiet", "--vanilla"))  # type: ignore[arg-type] # any number is meant
    from rpy2 import robjects
    from rpy2.ipython import rmagic

    if not robjects.r("l10n_info()[['UTF-8']]")[0]:
        raise ConfigError(
            "R: found a session that does not write UTF-8, expected one that does. Load countback.io.r before "
            "anything else that starts R."
        )
    rmagic.load_ipython_extension(shell)
    shell.magics_manager.registry["RMagics"].options.converter = converter()
