"""Whether prose calls an interval by a coverage that it has: no interval that falls short is called a 95 percent one.

- How often intervals of a method hold is in `data/calibration/interval_coverage.csv`, under errors as the data show
  them. An interval may be called by its nominal coverage if it falls short of that by no more than the configuration's
  tolerance.
- A line of a chapter says what its intervals are; the ends that it prints name the method by their row or column.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from countback.io.errors import DataError
from countback.text.units import format_number

NOMINAL = re.compile(r"\b95\s?(?:percent|%)")
OBSERVED = "as_observed"


def overstated(
    lines: Iterable[tuple[str, int, str, list[str]]],
    found: Mapping[str, Mapping[str, Any]],
    coverage: pd.DataFrame,
    tolerance: float,
) -> Iterator[DataError]:
    """Yield a fault for each end of an interval whose coverage is unknown, or that its line calls by more than it has.

    Parameters
    ----------
    lines
        Chapter, number of the line, its text, and the ids of the numbers in it.
    found
        Values by id; that of an end of an interval has an `interval_method`.
    coverage
        `data/calibration/interval_coverage.csv`.
    tolerance
        How far the coverage may fall short of the nominal one: a share.
    """
    observed = coverage[coverage["errors"] == OBSERVED].set_index("interval_method")
    for file, line, text, names in lines:
        for name in names:
            method = found.get(name, {}).get("interval_method")
            if method is None:
                continue
            if method not in observed.index:
                yield unjudged(file, line, name, method)
                continue
            held, nominal = (float(observed.loc[method, column]) for column in ("held_share", "nominal"))
            if held < nominal - tolerance and NOMINAL.search(text):
                yield DataError(
                    file,
                    f"line {line}",
                    found=f"{name}, an end of an interval that held in {format_number(held, 'share')} of simulations",
                    expected=f"no mention of {format_number(nominal, 'share', 0)}",
                    fix=f"Print the coverage that it has: interval_coverage.{method}.{OBSERVED}.held_share.",
                )


def unjudged(file: str, line: int, name: str, method: str) -> DataError:
    """Return what to say of an interval whose coverage nobody has simulated."""
    return DataError(
        file,
        f"line {line}",
        found=f"{name}, an end of an interval by the method {method}, whose coverage is not known",
        expected="a row of data/calibration/interval_coverage.csv with the errors as observed",
        fix="Add the method to the functions of its topic in workflow/R, and run snakemake calibration.",
    )
