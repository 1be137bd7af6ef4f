"""Set the clearinghouse's numbers against each other: every pair that it prints for what it calls the same thing.

- What is compared stands in `data/cybertipline/repeated_statements.csv`. A number that is rounded keeps its bounds.
- Of the reports to Congress, the newest printed value of each fact is taken, corrected; sums that no source prints are
  left out. What later reports print again is a comparison of its own: a fact that two of them print, equal or not.
- A year that only one of two tables covers makes no pair. A place that only one of them lists in a common year is
  listed as not comparable, and so is a pair that looks alike but counts different things.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from countback.agreement import Limits
from countback.clearinghouse import NUMBER, Statement, compared, numbers_of, side_by_side
from countback.io.errors import DataError
from countback.io.package import fields_of
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.row_warnings import has_warning

STATEMENTS = "data/cybertipline/repeated_statements.csv"
FACT = ["table", "item", "measure", "year"]
REPRINTS = "reprints"


def printed_facts(facts: pd.DataFrame, compiled: pd.DataFrame) -> pd.DataFrame:
    """Return the facts of the reports to Congress that a source prints, each with its source and its place there.

    Parameters
    ----------
    facts
        The tidy table `ojjdp_facts`, one value of each fact.
    compiled
        `data/cybertipline/compiled_facts.csv`, for places.
    """
    stated = facts[~has_warning(facts["warnings"], "derived")]
    return stated.merge(compiled[[*FACT, "source", "place"]], on=[*FACT, "source"], how="left")


def statement_pairs(statements: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Yield the pairs of each comparison.

    Raises
    ------
    DataError
        If a row names a table or a column that is not there, has a condition that can't be read, or finds no pair.
    """
    for row, statement in zip(statements.index, statements.to_dict("records"), strict=True):
        line = int(row) + 2
        by = None if pd.isna(statement["by"]) else statement["by"]
        first, second = (side_numbers(statement, side, by, tables, line) for side in ("first", "second"))
        both = side_by_side(first, second)
        if both.empty:
            fix = "Correct the conditions, or remove the row."
            raise DataError(STATEMENTS, line, None, statement["comparison"], "a year that both tables cover", fix)
        found = both["subject"] if by else statement["subject"]
        yield both.assign(
            comparison=statement["comparison"], kind=statement["kind"], subject=found, reason=statement["reason"]
        )


def side_numbers(
    statement: Mapping[str, Any], side: str, by: str | None, tables: Mapping[str, pd.DataFrame], line: int
) -> pd.DataFrame:
    """Return the numbers of one side of a comparison; the row at fault is named by its line."""
    name = statement[f"{side}_table"]
    if name not in tables:
        fix = "Name one of them, or add it to the rule."
        raise DataError(STATEMENTS, line, f"{side}_table", name, f"one of {', '.join(sorted(tables))}", fix)
    where = statement[f"{side}_where"]
    chosen = Statement(name, "" if pd.isna(where) else where, statement[f"{side}_column"].split("|"))
    try:
        return numbers_of(tables[name], chosen, by)
    except (KeyError, ValueError) as error:
        wanted = "conditions such as item=us;measure=reports on columns of the table"
        raise DataError(STATEMENTS, line, f"{side}_where", str(error), wanted, "Correct the row.") from None


def reprints(printed: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of values that two reports to Congress print of one fact.

    A row that a later report repeats is a pair of equal numbers; two rows of one fact are a pair of different ones.

    Parameters
    ----------
    printed
        `data/cybertipline/ojjdp_facts.csv`, with the first and the last report that print each value.
    """
    counts = printed[(printed["unit"] == "count") & printed["value"].notna()].sort_values([*FACT, "first_report"])
    again = counts[counts["first_report"] != counts["last_report"]]
    earlier = counts.groupby(FACT)[["value", "last_report", "page"]].shift()
    changed = counts[earlier["value"].notna()]
    before = earlier.loc[changed.index]
    rows = [
        _reprint(again, again["value"], again["first_report"], None, again["last_report"]),
        _reprint(changed, before["value"], before["last_report"], before["page"], changed["first_report"]),
    ]
    return pd.concat(rows, ignore_index=True)


def _reprint(
    rows: pd.DataFrame, value: pd.Series, first: pd.Series, first_page: pd.Series | None, second: pd.Series
) -> pd.DataFrame:
    """Return pairs of an earlier value and the one of the rows; the page of an earlier report may not be known."""
    numbers = {f"first_{part}": value for part in NUMBER} | {f"second_{part}": rows["value"] for part in NUMBER}
    is_newest = rows["last_report"] == second
    return pd.DataFrame(
        {
            "comparison": REPRINTS,
            "kind": REPRINTS,
            "subject": rows["table"] + "." + rows["item"] + "." + rows["measure"],
            "year": rows["year"],
            **numbers,
            "first_source": first,
            "first_place": pd.NA if first_page is None else "page " + first_page.astype("string"),
            "second_source": second,
            "second_place": ("page " + rows["page"].astype("string")).where(is_newest),
            "reason": pd.NA,
        }
    )


def names(subjects: pd.Series, countries: pd.DataFrame) -> pd.Series:
    """Return names for readers: of places after `data/reference/countries.csv`, of others from their ids.

    Examples
    --------
    >>> countries = pd.DataFrame({"iso3": ["TCD"], "name": ["Chad"]})
    >>> names(pd.Series(["TCD", "all", "recipients.icac_units.total"]), countries).tolist()
    ['Chad', 'All', 'Recipients, icac units, total']
    """
    known = countries.set_index("iso3")["name"].to_dict()

    def name(subject: str) -> str:
        words = subject.replace(".", ", ").replace("_", " ")
        return str(known.get(subject, words[:1].upper() + words[1:]))

    return subjects.map(name)


def clearinghouse_pairs(
    statements: pd.DataFrame,
    printed: pd.DataFrame,
    countries: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    limits: Limits,
) -> pd.DataFrame:
    """Return one row per comparison, subject and year.

    Parameters
    ----------
    statements
        `data/cybertipline/repeated_statements.csv`.
    printed
        `data/cybertipline/ojjdp_facts.csv`.
    countries
        `data/reference/countries.csv`, for names.
    tables
        By the names that the statements use.
    limits
        Thresholds of the verdicts.
    """
    parts = [*statement_pairs(statements, tables), reprints(printed)]
    pairs = compared(pd.concat([part.astype({"reason": "string"}) for part in parts], ignore_index=True), limits)
    return pairs.assign(name=names(pairs["subject"], countries))


def main(tables: list[Path], files: Mapping[str, Path], csv: Path, parquet: Path, limits: Limits) -> None:
    """Read, compare, write."""
    stated = {file.stem: read_table(file) for file in tables}
    stated["ojjdp_facts"] = printed_facts(read_table(files["facts"]), read_table(files["compiled"]))
    statements, printed, countries = (read_table(files[name]) for name in ("statements", "printed", "countries"))
    pairs = clearinghouse_pairs(statements, printed, countries, stated, limits)
    write_table(pairs[list(fields_of(csv))], csv, parquet)


if __name__ == "__main__":
    run(
        lambda: main(
            [Path(file) for file in snakemake.input.tables],
            {name: Path(snakemake.input[name]) for name in ("facts", "compiled", "statements", "printed", "countries")},
            Path(snakemake.output.csv),
            Path(snakemake.output.parquet),
            Limits(*(snakemake.params.limits[name] for name in Limits._fields)),
        ),
        snakemake.log[0],
    )
