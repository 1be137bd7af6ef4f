"""CSV files of a compilation of the clearinghouse's publications, for years whose own documents are not at hand.

- What labels of the compilation mean is said by tables of `data/`; one without a meaning is refused, with the row to
  write.
- Numbers are counts as `1,276,041` or `1276041`; an empty cell is a number that was not disclosed, and has no row.
- Where the clearinghouse's own documents print the same number, theirs is taken, and the compilation's must be equal.
- A value's place is its row in the file, the header being row 1.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from countback.ingest.opened import COUNT, read_csv
from countback.io.errors import DataError, row_text

FACT_KEY = ["table", "item", "measure", "year"]
FACTS = [*FACT_KEY, "value", "unit", "value_printed", "label_compiled", "source", "place"]
LABELS = "data/reference/compiled_labels.csv"
ESP_LABELS = "data/cybertipline/selected_esp_brands.csv"
SELECTED = ["year", "esp_printed", "reports", "reports_printed", "source", "place"]


def read_rows(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a file by column name, each with its number (the header is row 1).

    Raises
    ------
    DataError
        If it is not CSV in UTF-8, a column is missing or repeated, there are no rows, or a row has another number of
        cells than the header.
    """
    lines = [cells for _, cells in read_csv(file)[1]]
    header = lines[0] if lines else []
    missing = [column for column in columns if column not in header]
    if missing or len(set(header)) < len(header):
        found = ", ".join(header) or "no header"
        wanted = f"a column {' and '.join(missing)}" if missing else "each column once"
        raise DataError(file, 1, None, found, wanted, "A new layout needs a change of ingest/compiled.py.")
    if not lines[1:]:
        raise DataError(file, found="no rows", expected="rows below the header", fix="Get the file anew.")
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(header):
            found, wanted = f"{len(cells)} cells", f"{len(header)}, one for each column"
            raise DataError(file, number, None, found, wanted, "The file may be cut off: get it anew.")
        yield number, dict(zip(header, cells, strict=True))


def read_count(printed: str, file: Path, row: int, column: str) -> int:
    """Return the number that a cell prints.

    Raises
    ------
    DataError
        If it is no count.
    """
    if not COUNT.fullmatch(printed):
        raise DataError(file, row, column, printed, "a count such as 1,276,041", "Look at the row: nothing is guessed.")
    return int(printed.replace(",", ""))


def read_facts(file: Path, source: str, columns: Sequence[str], value: str) -> pd.DataFrame:
    """Return the numbers of a file whose rows have a year and one number.

    Parameters
    ----------
    columns
        The two columns that say what a number is; none, one or two.
    value
        The column of the numbers.

    Returns
    -------
    pandas.DataFrame
        With `first_label` and `second_label`, empty where the file has no such column, `year`, `value`,
        `value_printed`, `source` and `place`.
    """
    names = [*columns, "", ""][:2]
    rows = [
        {
            "first_label": row.get(names[0], ""),
            "second_label": row.get(names[1], ""),
            "year": read_count(row["year"], file, number, "year"),
            "value": read_count(row[value], file, number, value),
            "value_printed": row[value],
            "source": source,
            "place": f"row {number}",
        }
        for number, row in read_rows(file, [*columns, "year", value])
        if row[value]
    ]
    return pd.DataFrame(rows)


def meanings(facts: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return the facts under the ids that the labels of the reports to OJJDP have (`FACTS`).

    Raises
    ------
    DataError
        If a label has no meaning.
    """
    named = facts.merge(labels.fillna(""), on=["source", "first_label", "second_label"], how="left")
    unknown = named[named["table"].isna()]
    for row in unknown.itertuples():
        found = f"{row.first_label!r}, {row.second_label!r} of {row.source}, {row.place}"
        written = row_text(row.source, row.first_label, row.second_label)
        fix = f"Add the row {written}, followed by table, item and measure."
        raise DataError(LABELS, None, "second_label", found, "a label with a meaning", fix)
    printed = named[["first_label", "second_label"]].agg(lambda texts: ": ".join(filter(None, texts)), axis=1)
    return named.assign(unit="count", label_compiled=printed.where(printed != ""))[FACTS]


def beyond(compiled: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Return the facts about years that come after the last one that the clearinghouse's own reports print.

    Parameters
    ----------
    compiled
        Facts of the compilation (`FACTS`).
    printed
        `data/cybertipline/ojjdp_facts.csv`.

    Raises
    ------
    DataError
        If one about an earlier year is another number than the reports print.
    """
    last = printed.groupby("table")["year"].max()
    both = compiled.merge(printed[[*FACT_KEY, "value"]], on=FACT_KEY, suffixes=("", "_theirs"))
    # several reports can print a number, and one of them may have revised it
    agrees = (both["value"] == both["value_theirs"]).groupby([both["source"], both["place"]]).transform("any")
    for row in both[~agrees].itertuples():
        raise DataError(
            row.source,
            row.place,
            found=row.value_printed,
            expected=f"{row.value_theirs:,.0f}, as the clearinghouse prints",
            fix="Look at both; a wrong number of the compilation is left out by taking the file's next version.",
        )
    return compiled[compiled["year"] > compiled["table"].map(last).fillna(0)].reset_index(drop=True)


def selected_rows(file: Path, source: str, labels: pd.DataFrame, full_years: set[int]) -> pd.DataFrame:
    """Return the clearinghouse's rows of surveyed organizations in years of which the full table is not at hand.

    Parameters
    ----------
    labels
        `data/cybertipline/selected_esp_brands.csv`.
    full_years
        Years with a full table: their rows are left out here.

    Returns
    -------
    pandas.DataFrame
        `SELECTED`, in the order of the file; rows without a number are left out.

    Raises
    ------
    DataError
        If a row is about an organization that has no meaning in the labels.
    """
    known = {
        (row.platform, "" if pd.isna(row.row_comment) else row.row_comment): row.esp_printed
        for row in labels.itertuples()
    }
    found = []
    for number, row in read_rows(file, ["year", "platform", "reports", "comment"]):
        year = read_count(row["year"], file, number, "year")
        if not row["reports"] or year in full_years or is_total(row):
            continue
        name = (row["platform"], row["comment"])
        if name not in known:
            fix = f"Add the row {row_text(*name)}, followed by the printed row and its brand."
            raise DataError(ESP_LABELS, None, "platform", f"{name} in {file.name}, row {number}", "a known row", fix)
        reports = read_count(row["reports"], file, number, "reports")
        found.append((year, known[name], reports, row["reports"], source, f"row {number}"))
    return pd.DataFrame(found, columns=SELECTED)


def is_total(row: Mapping[str, str]) -> bool:
    """Tell whether a row is a total over providers or over all reports."""
    return row["platform"].endswith("Total")
