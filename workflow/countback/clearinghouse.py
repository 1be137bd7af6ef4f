"""What the clearinghouse prints twice: numbers picked from tables by conditions, and set side by side.

- `data/cybertipline/repeated_statements.csv` says which rows of which two tables are held to be the same, and why.
- A number is exact, and then its bounds are itself, or rounded, and then its table states its bounds in `low`, `high`.
- Where rows are added up, so are their bounds; a row without a number adds nothing. A sum has no value of its own
  where one of its rows has bounds only, and is no number where one of the values that its conditions name is missing.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

import pandas as pd

from countback import agreement
from countback.agreement import Limits, judged

KINDS = {
    "platform": "Table by country and Global Platform",
    "congress": "Table by country and report to Congress",
    "totals": "Totals and sums",
    "reprints": "Numbers printed again",
}
VERDICTS = {**agreement.VERDICTS, "not_comparable": "not comparable"}
REASONS = {
    "each_recipient_counted": "one counts each recipient, the other each report once",
    "no_first_number": "only the second source prints a number",
    "no_second_number": "only the first source prints a number",
}
NUMBER = ["value", "low", "high"]
SIDES = ("first", "second")
SMALL_PART = 0.1  # of another number: so little that one of the two is likely a fault


class Statement(NamedTuple):
    """Where one of two numbers comes from.

    Attributes
    ----------
    table
        Name of its table.
    where
        Conditions, as `matching` reads them.
    columns
        Columns that are added up.
    """

    table: str
    where: str
    columns: Sequence[str]


def matching(frame: pd.DataFrame, where: str) -> pd.Series:
    """Tell which rows meet all conditions.

    Parameters
    ----------
    where
        Conditions separated by semicolons, each a column, `=` or `!=`, and values separated by bars, where `*` stands
        for any text.

    Raises
    ------
    KeyError
        If there is no such column.
    ValueError
        If a condition has no `=`.

    Examples
    --------
    >>> rows = pd.DataFrame({"kind": ["state", "total", "subtotal"], "year": [2030, 2030, 2031]})
    >>> matching(rows, "kind!=total;year=2030").tolist(), matching(rows, "kind=*total").tolist()
    ([True, False, False], [False, True, True])
    """
    chosen = pd.Series(True, index=frame.index)
    for column, is_not, patterns in conditions(where):
        texts = frame[column].astype("string").fillna("")
        is_named = texts.map(lambda text, patterns=patterns: any(fnmatchcase(text, one) for one in patterns))
        chosen &= is_named.astype(bool) ^ is_not
    return chosen


def conditions(where: str) -> Iterator[tuple[str, bool, list[str]]]:
    """Yield of each condition its column, whether it excludes, and its values."""
    for condition in filter(None, where.split(";")):
        column, is_given, values = condition.partition("=")
        if not is_given:
            raise ValueError(f"{condition!r}, which has no =")
        yield column.removesuffix("!"), column.endswith("!"), values.split("|")


def numbers_of(frame: pd.DataFrame, statement: Statement, by: str | None) -> pd.DataFrame:
    """Return the numbers of a statement by subject and year: `value`, `low`, `high`, `source`, `place`.

    Parameters
    ----------
    frame
        The statement's table, with `year`, `source` and, of each row, a `place` or a `page`.
    by
        Column of subjects; None where all rows of a year make one number, whose subject is empty.
    """
    rows = frame[matching(frame, statement.where)]
    values = rows[list(statement.columns)].sum(axis=1, min_count=1).astype("Float64")
    has_bounds = {"low", "high"} <= set(rows)
    listed = pd.DataFrame(
        {
            "subject": rows[by].astype("string") if by else "",
            "year": rows["year"],
            "value": values,
            "low": rows["low"] if has_bounds else values,
            "high": rows["high"] if has_bounds else values,
            "source": rows["source"],
            "place": places(rows),
        }
    )
    listed["is_without_value"] = listed["value"].isna() & listed["low"].notna()
    grouped = listed.groupby(["subject", "year"])
    found = grouped[NUMBER].sum(min_count=1).astype("Float64")
    found["value"] = found["value"].mask(grouped["is_without_value"].any())
    found["source"] = grouped["source"].agg(lambda names: "|".join(sorted(set(names))))
    counted = grouped["low"].count()
    found["place"] = grouped["place"].first().where(grouped.size() == 1, "sum of " + counted.astype(str) + " numbers")
    return found[has_all_named(rows, listed, statement.where)].reset_index()


def has_all_named(rows: pd.DataFrame, listed: pd.DataFrame, where: str) -> pd.Series:
    """Tell by subject and year whether rows have all values that conditions name: a sum of some parts is another."""
    key = [listed["subject"], listed["year"]]
    is_whole = listed.groupby(["subject", "year"]).size() > 0
    for column, is_not, patterns in conditions(where):
        if not is_not and not any("*" in one for one in patterns):
            is_whole &= rows[column].astype("string").groupby(key).nunique() == len(patterns)
    return is_whole


def places(rows: pd.DataFrame) -> pd.Series:
    """Return where each row stands in its source: its place, or else its page; missing where neither is known."""
    place = rows["place"] if "place" in rows else pd.Series(pd.NA, index=rows.index)
    if "page" not in rows:
        return place.astype("string")
    return place.astype("string").fillna("page " + rows["page"].astype("string"))


def side_by_side(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of two statements in the years that both cover, by subject and year.

    Where one lacks a subject, its source of that year stands for it, so that what is missing can be looked for. What
    neither gives a number is left out.
    """
    years = set(first["year"]) & set(second["year"])
    sides = dict(zip(SIDES, (first, second), strict=True))
    columns = [*NUMBER, "source", "place"]
    named = [
        side[side["year"].isin(years)].rename(columns={column: f"{name}_{column}" for column in columns})
        for name, side in sides.items()
    ]
    both = named[0].merge(named[1], on=["subject", "year"], how="outer")
    for name, side in sides.items():
        by_year = side.groupby("year")["source"].agg(lambda names: "|".join(sorted(set("|".join(names).split("|")))))
        both[f"{name}_source"] = both[f"{name}_source"].fillna(both["year"].map(by_year))
    return both[both["first_low"].notna() | both["second_low"].notna()]


def compared(pairs: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Return pairs with `difference`, `gap`, `ratio`, what `judged` says of them, and `reason`.

    Parameters
    ----------
    pairs
        With `first_` and `second_` value, low and high, and `reason` where it is known that the two count different
        things.
    limits
        Thresholds of the verdicts.

    Notes
    -----
    Two numbers agree if one can be meant by both: if their bounds overlap. The gap is what is left between them.
    """
    first, second = ({part: pairs[f"{side}_{part}"].astype("Float64") for part in NUMBER} for side in SIDES)
    over, under = first["low"] - second["high"], second["low"] - first["high"]
    gap = over.where(over > under, under)
    gap = gap.where(gap > 0, 0).where(gap.notna())
    reason = pairs["reason"].astype("string")
    reason = reason.fillna(first["low"].isna().map({True: "no_first_number"}).astype("string"))
    reason = reason.fillna(second["low"].isna().map({True: "no_second_number"}).astype("string"))
    found = judged(pairs, limits)
    found["verdict"] = found["verdict"].mask(reason.notna(), "not_comparable")
    found["is_straddling"] = found["is_straddling"].where(reason.isna())
    return pairs.assign(
        difference=first["value"] - second["value"],
        gap=gap,
        ratio=first["value"] / second["value"].where(second["value"] > 0),
        reason=reason,
        **found,
    )
