"""Count the providers and years set against NCMEC's counts by verdict, and say what share of reports they cover.

- Shares are of all reports that service providers made in a year, as NCMEC counts them; a year without a comparable
  pair has none. The last year is the last one with a comparable pair.
- A year that a provider does not disclose in full is told apart by whether it discloses a part of it.
"""

from collections.abc import Iterator

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, count_codes, counts, numbers_table
from countback.rounding import n_within_rounding

TABLE = "provider_pairs"
# verdicts whose number the prose prints
SELECTED = "selected"  # a table of which a compilation holds some rows
ALWAYS = ("comparable", "no_own_reports", "own_year_incomplete")


def verdict_numbers(pairs: pd.DataFrame) -> Iterator[Number]:
    """Yield how many pairs have which verdict, and what is behind those that can't be compared."""
    yield from counts("all", TABLE, {"n_listed": (len(pairs), "all")})
    yield from count_codes("verdict", TABLE, pairs["verdict"], always=ALWAYS)
    lacking = pairs.loc[pairs["verdict"] == "no_own_reports", "provider"].nunique()
    yield from counts("no_own_reports", TABLE, {"n_providers": (lacking, "providers, verdict is no_own_reports")})
    has_part = pairs.loc[pairs["verdict"] == "own_year_incomplete", "own_periods"].notna()
    parts = {
        "n_with_part": (int(has_part.sum()), "verdict is own_year_incomplete, with own periods"),
        "n_without": (int((~has_part).sum()), "verdict is own_year_incomplete, without own periods"),
    }
    yield from counts("own_year_incomplete", TABLE, parts)


def comparable_numbers(pairs: pd.DataFrame) -> Iterator[Number]:
    """Yield, of comparable pairs, where both counts come from, how many are equal, and how many are rounded."""
    comparable = pairs[pairs["is_comparable"]]
    for code in ("primary", "secondary"):
        rows = comparable[comparable["own_provenance"] == code]
        n_equal = int((rows["provider_reports"] == rows["ncmec_reports"]).sum())
        found = {
            "n_comparable": (len(rows), f"comparable, own count is {code}"),
            "n_equal": (n_equal, f"comparable, own count is {code}, both counts equal"),
        }
        yield from counts(code, TABLE, found)
    yield from count_codes("ncmec_table", TABLE, comparable["ncmec_table"], ", comparable")
    is_second_hand = (comparable["own_provenance"] == "secondary") & (comparable["ncmec_table"] == SELECTED)
    said = "comparable, own count is secondary, of NCMEC's table only selected rows are known"
    yield from counts("both_secondary", TABLE, {"n_comparable": (int(is_second_hand.sum()), said)})
    rounded, inside = n_within_rounding(comparable)
    found = {
        "n_comparable": (rounded, "comparable, provider_low less than provider_high"),
        "n_within": (inside, "of these, NCMEC's count between provider_low and provider_high"),
    }
    yield from counts("rounded", TABLE, found)


def coverage_numbers(pairs: pd.DataFrame, years: pd.DataFrame) -> Iterator[Number]:
    """Yield what share of service providers' reports comparable pairs cover in each year, and again in the last one."""
    comparable = pairs[pairs["is_comparable"]]
    whole = years[years["submitter"] == "service_providers"].set_index("year")["reports"]
    first, last = comparable["year"].min(), comparable["year"].max()
    yield Number("first", "year", float(first), "year", TABLE, "first year with a comparable pair")
    for year, rows in comparable.groupby("year"):
        for subset in [str(year), *(["last"] if year == last else [])]:
            where = "last year" if subset == "last" else f"year is {year}"
            if subset == "last":
                yield Number(subset, "year", float(last), "year", TABLE, "last year with a comparable pair")
            yield from counts(subset, TABLE, {"n_comparable": (len(rows), f"comparable, {where}")})
            if year in whole.index:
                share = rows["ncmec_reports"].sum() / whole[year]
                said = f"comparable, {where}, NCMEC's count, over all reports of service providers"
                yield Number(subset, "covered_share", float(share), "share", TABLE, said)


def numbers(pairs: pd.DataFrame, years: pd.DataFrame) -> Iterator[Number]:
    """Yield all numbers.

    Parameters
    ----------
    pairs, years
        The tables `provider_pairs` and `cybertipline_years`.
    """
    yield from verdict_numbers(pairs)
    yield from comparable_numbers(pairs)
    yield from coverage_numbers(pairs, years)


if __name__ == "__main__":
    run(
        lambda: write_table(
            numbers_table(numbers(read_table(snakemake.input.pairs), read_table(snakemake.input.years))),
            snakemake.output.numbers,
        ),
        snakemake.log[0],
    )
