"""Meta's quarterly CSV "Community Standards Enforcement Report": every release holds the whole history.

- The five columns are found by their names, in any order. A byte order mark, either kind of line end, quotes around
  cells and empty lines before the header are the same file; another encoding is refused.
- Values are counts (`9,999`), percentages (`97.3%`), ranges of percentages (`4%-5%`) or `N/A`; a number may be called
  approximate (`approximately 3%`), which is kept as a mark. Which of them a metric may have is said by
  `data/histories/meta_units.csv`; a new metric or another form of value is refused. Apps and policy areas are taken as
  printed.
- A release ends with the quarter that it is named after, and no quarter is left out before it.
- A file that ends within a line is cut off. So is one without the last of the bounds that its table of units pairs, or
  whose last row is of another quarter than the release's. A last line end may be lacking if the last row is a bound and
  its value complete: a percentage that is cut off has lost its sign.
- In which order releases print their rows is said by `data/histories/meta_blocks.csv`, so the rows of a release can be
  written as they were printed. Of quotes, empty lines and line ends nothing is kept.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import dropwhile, pairwise
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.histories import at_release, check_key, rebuild, restore
from countback.ingest.opened import COUNT, read_csv
from countback.ingest.sources import Source
from countback.io.errors import DataError, row_text
from countback.periods import Period, parse_period

PRINTED = ["app", "policy_area", "metric", "period", "value"]
KEY = PRINTED[:-1]
VALUES = ["value", "value_low", "value_high", "unit", "value_printed", "is_approximate"]

UNITS_TABLE = "data/histories/meta_units.csv"
QUARTER = re.compile(r"([12][0-9]{3})(Q[1-4])")
APPROXIMATE = "approximately "
FORMS = {
    "count": re.compile(f"({COUNT.pattern})"),
    "percent": re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)%(?:-([0-9]{1,3}(?:\.[0-9]+)?)%)?"),
}
MISSING = "N/A"
# what a value ends with that can't be the beginning of a longer one
CLOSED = ("%", '"', MISSING)


class Value(NamedTuple):
    """A printed value: its number, or the lower and the upper one where it is a range; none where it is missing."""

    value: float | None
    low: float | None = None
    high: float | None = None
    is_approximate: bool = False


def parse_meta(source: Source, units: pd.DataFrame) -> pd.DataFrame:
    """Read the file of one release, whose period is the last quarter in it.

    Parameters
    ----------
    source
        The release.
    units
        `data/histories/meta_units.csv`.

    Returns
    -------
    pandas.DataFrame
        `KEY` and `VALUES`, in printed order. Labels are those printed, periods the project's (`2023 Q4`); `value` is in
        the row's `unit`, missing where `value_printed` is N/A or a range, which has `value_low` and `value_high`;
        `is_approximate` where Meta says so.

    Raises
    ------
    DataError
        If the layout is not the known one, or the file is about another time.
    """
    file = source.file
    text, lines = read_rows(file)
    of_metric = dict(zip(units["metric"], units["unit"], strict=True))
    rows = [parse_row(row, number, of_metric, file) for number, row in lines]
    frame = pd.DataFrame(rows, columns=[*KEY, *VALUES])
    numbers = dict.fromkeys(["value", "value_low", "value_high"], "Float64")
    texts = dict.fromkeys([*KEY, "unit", "value_printed"], "string")
    frame = frame.astype(texts | numbers | {"is_approximate": "boolean"})
    check_key(frame, KEY, str(file))
    check_quarters(sorted(frame["period"].unique()), source.period, file)
    bounds = units.dropna(subset="bound_of")
    check_end(frame, bounds, source.period, file)
    if not text.endswith("\n") and not (text.endswith(CLOSED) and frame["metric"].iloc[-1] in set(bounds["metric"])):
        fix = "The file may be cut off: fetch it anew."
        raise fault(file, lines[-1][0], "no line end", "one after a value that could go on", fix)
    return frame


def read_rows(file: Path) -> tuple[str, list[tuple[int, dict[str, str]]]]:
    """Return the text, and its rows by column name, each with the line on which it ends (the first is line 1).

    Raises
    ------
    DataError
        If the text is not UTF-8, a column is missing, unknown or repeated, or a row has another number of cells than
        the header.
    """
    text, lines = read_csv(file)
    lines = list(dropwhile(lambda line: not line[1], lines))  # empty lines before the header
    first, header = lines[0] if lines else (1, [])
    if sorted(header) != sorted(PRINTED):
        new, gone = set(header) - set(PRINTED), set(PRINTED) - set(header)
        fix = f"New: {', '.join(sorted(new)) or 'none'}; missing: {', '.join(sorted(gone)) or 'none'}."
        raise fault(file, first, f"columns {', '.join(header)}", f"columns {', '.join(PRINTED)}", fix)
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            raise fault(file, number, f"{len(cells)} cells", f"{len(header)}, one for each column", "Look at the line.")
    return text, [(number, dict(zip(header, cells, strict=True))) for number, cells in lines[1:]]


def parse_row(row: dict[str, str], number: int, units: Mapping[str, str], file: Path) -> tuple[object, ...]:
    """Return a row's cells in the order of `KEY` and `VALUES`.

    Raises
    ------
    DataError
        If a label is empty, the metric is not known, or period or value have another form.
    """
    for column in KEY:
        if row[column] != row[column].strip() or not row[column]:
            raise fault(file, number, row[column], "a label without spaces around it", "Look at the line.", column)
    if row["metric"] not in units:
        fix = f"If it is new, add the row {row_text(row['metric'])},<count or percent>,, to {UNITS_TABLE}."
        raise fault(file, number, row["metric"], f"one of {', '.join(units)}", fix, "metric")
    quarter = QUARTER.fullmatch(row["period"])
    if quarter is None:
        raise fault(file, number, row["period"], "a quarter such as 2023Q4", "Look at the line.", "period")
    unit = units[row["metric"]]
    try:
        value = parse_value(row["value"], unit)
    except ValueError as error:
        raise fault(file, number, row["value"], str(error), "Look at the line: nothing is guessed.", "value") from error
    labels = (row["app"], row["policy_area"], row["metric"], f"{quarter[1]} {quarter[2]}")
    return *labels, value.value, value.low, value.high, unit, row["value"], value.is_approximate


# releases print again what those before them did
@lru_cache(maxsize=1 << 16)
def parse_value(printed: str, unit: str) -> Value:
    """Return the number that a printed value stands for.

    Raises
    ------
    ValueError
        If it has none of the forms of its unit; the message says what they are.

    Examples
    --------
    >>> parse_value("20,800,000", "count").value, parse_value("4%-5%", "percent")
    (20800000.0, Value(value=None, low=4.0, high=5.0, is_approximate=False))
    >>> parse_value("approximately 3%", "percent")
    Value(value=3.0, low=None, high=None, is_approximate=True)
    """
    if printed == MISSING:
        return Value(None)
    match = FORMS[unit].fullmatch(printed.removeprefix(APPROXIMATE))
    if match is None:
        example = "9,999" if unit == "count" else "97.3% or 4%-5%"
        raise ValueError(f"a {unit} such as {example}, perhaps after {APPROXIMATE.strip()}, or {MISSING}")
    numbers = [float(text.replace(",", "")) for text in match.groups() if text]
    if unit == "percent" and (max(numbers) > 100 or numbers != sorted(numbers)):
        raise ValueError("percentages of at most 100, the lower one first")
    is_approximate = printed.startswith(APPROXIMATE)
    if len(numbers) == 1:
        return Value(numbers[0], is_approximate=is_approximate)
    return Value(None, numbers[0], numbers[1], is_approximate)


def check_quarters(labels: Sequence[str], period: Period, file: Path) -> None:
    """Refuse a release whose quarters, in order, don't run without gap up to the one that it is named after.

    Raises
    ------
    DataError
        If the last is another one, or one is left out.
    """
    if not labels or labels[-1] != period.label:
        found = f"{labels[-1]} as the last quarter" if labels else "no rows"
        raise fault(file, None, found, f"{period.label}, the release's", "Correct the release's period or file.")
    for earlier, later in pairwise(map(parse_period, labels)):
        if (later.start - earlier.end).days != 1:
            found = f"{earlier.label} followed by {later.label}"
            raise fault(file, None, found, "quarters without a gap", "Look at the periods.", "period")


def check_end(frame: pd.DataFrame, bounds: pd.DataFrame, period: Period, file: Path) -> None:
    """Refuse a release that lacks one of a pair of bounds, or ends before the last app's bounds or within a series.

    Parameters
    ----------
    frame
        The release's rows, in printed order.
    bounds
        The units of metrics that are bounds, with `bound_of`: what two of them are the lower and the upper one of.
    period
        The release's.
    file
        Its file.

    Raises
    ------
    DataError
        If a bound is lacking, or the last row is of an earlier quarter.
    """
    fix = "The file may be cut off: fetch it anew."
    named = frame.merge(bounds[["metric", "bound_of"]], on="metric")
    pairs = named.groupby(["app", "policy_area", "period", "bound_of"])["metric"].nunique()
    if (pairs != 2).any():
        *place, of = pairs[pairs != 2].index[0]
        raise fault(file, None, f"one bound of {of} for {', '.join(place)}", "both", fix)
    newest = named.loc[named["period"] == period.label, "app"]
    lacking = sorted(set(frame["app"].unique()) - set(newest.unique()))
    if lacking:
        found = f"no bounds in {period.label} for {', '.join(lacking)}"
        raise fault(file, None, found, "bounds for every app in the release's quarter", fix)
    last = frame["period"].iloc[-1]
    if last != period.label:
        raise fault(file, None, f"a last row on {last}", f"one on {period.label}: quarters end each series", fix)


def printed_order(frame: pd.DataFrame, blocks: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a release, with aligned labels, in the order in which the release prints them.

    By app, metric, policy area and quarter; then the blocks, one after the other. Metrics that share a block are
    printed in turns: those of a quarter follow each other.

    Parameters
    ----------
    frame
        The rows.
    blocks
        Of `data/histories/meta_blocks.csv`: `metric` and its `block_number` in this release.
    """
    block = frame["metric"].map(dict(zip(blocks["metric"], blocks["block_number"], strict=True))).fillna(0)
    shared = set(blocks.loc[blocks.duplicated("block_number", keep=False), "metric"])
    keys = frame.assign(_block=block.astype(int), _metric=frame["metric"].mask(frame["metric"].isin(shared), ""))
    order = ["_block", "app", "_metric", "policy_area", "period", "metric"]
    return frame.loc[keys.sort_values(order).index].reset_index(drop=True)


def rebuild_release(
    history: pd.DataFrame, labels: pd.DataFrame, blocks: pd.DataFrame, release: str, releases: Sequence[str]
) -> pd.DataFrame:
    """Return the rows of a release as they were printed: five columns, labels, values, order.

    Parameters
    ----------
    history
        `data/histories/meta.csv`.
    labels
        `data/histories/meta_labels.csv`.
    blocks
        `data/histories/meta_blocks.csv`.
    release
        The release's id.
    releases
        The ids of all releases, in order of publication.
    """
    rows = printed_order(rebuild(history, release, releases), at_release(blocks, release, releases))
    rows = rows.assign(value=rows["value_printed"], period=rows["period"].str.replace(" ", ""))
    return restore(rows, labels, release, releases)[PRINTED]


def fault(file: Path, row: int | None, found: object, expected: str, fix: str, column: str | None = None) -> DataError:
    """Return an error that names the place in a release."""
    return DataError(file, row, column, found=found, expected=expected, fix=fix)
