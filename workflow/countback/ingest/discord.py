"""Discord's transparency reports: the CSV files behind the tables of a half-year or quarter.

- Two layouts are known: a file is one table of months, or it stacks sections, each a title in a line of its own, a
  header, and rows, with or without empty lines between them. Titles, the heads of first columns, totals and the columns
  of reports to NCMEC are those of `data/printed/discord_labels.csv`; columns are found by the header above them.
- A row's label may be missing (the totals of some files), and a table may print a total or not. What is printed in
  what row is kept as it stands, faults included: these are rows of `data/corrections.yml`.
- Values are counts (`1,071`), percentages (`13.76%`) or `--`, which is kept as a fact without a number. A cell that
  repeats the header of its column is text, and a fact without a number too. Anything else is refused.
- Blanks and line breaks around labels are dropped. What is empty was not disclosed.
- Disclosures are the reports to NCMEC: the printed total of the months, or their sum where no total is printed.
"""

import calendar
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.ingest.opened import COUNT, read_csv
from countback.ingest.printed import facts, with_remarks
from countback.ingest.sources import Source
from countback.io.errors import DataError, row_text
from countback.periods import parse_period

ORGANIZATION = "discord"
REPORTS = "reports to NCMEC"
MONTHS = [name for name in calendar.month_name if name]
PERCENTAGE = re.compile(r"([0-9]{1,6}(?:\.[0-9]+)?)%")
NOT_COUNTED = "--"
LABELS = "data/printed/discord_labels.csv"
NEW_LABEL = "Look at the file. If the label is new, add the row {row} to {table}."


class Labels:
    """What the labels of the files are, by their kind: those of `data/printed/discord_labels.csv`."""

    def __init__(self, table: pd.DataFrame) -> None:
        rows = table[["kind", "printed", "meaning"]].fillna("").itertuples(index=False, name=None)
        self._rows = [(kind, printed.casefold(), meaning) for kind, printed, meaning in rows]

    def has(self, kind: str, label: str) -> bool:
        """Tell whether a label is one of a kind."""
        return self.meaning(kind, label) is not None

    def meaning(self, kind: str, label: str) -> str | None:
        """Return what a label of a kind means; None if it is not one."""
        text = label.casefold()
        return next((means for of, form, means in self._rows if of == kind and fnmatchcase(text, form)), None)

    def meanings(self, kind: str) -> set[str]:
        """Return everything that labels of a kind mean."""
        return {meaning for of, _, meaning in self._rows if of == kind}


class Line(NamedTuple):
    """A row of the file: its number (the first is 1) and its cells without the blanks around them."""

    number: int
    cells: list[str]


def parse_discord(source: Source, labels: pd.DataFrame) -> pd.DataFrame:
    """Read the file of one half-year or quarter.

    Parameters
    ----------
    source
        The release.
    labels
        `data/printed/discord_labels.csv`.

    Returns
    -------
    pandas.DataFrame
        Printed facts (`countback.ingest.printed.FACTS`), row by row. `item` is the label of the row, `place` the row
        and column of the file.

    Raises
    ------
    DataError
        If a section, a table or a value is not known, or the months do not add up to a printed total.
    """
    file, known = source.file, Labels(labels)
    frame = facts([(source.period.label, *fact, source.id) for fact in read_facts(read_lines(file), known, file)])
    reported = frame[monthly(frame, known)]
    found = {known.meaning("component", measure) for measure in reported["measure"].unique()}
    if not known.meanings("component") <= found:
        raise DataError(
            file,
            found=f"months with the columns {', '.join(reported['measure'].unique()) or 'none'}",
            expected="a table of months with a column for each kind of report to NCMEC",
            fix=NEW_LABEL.format(row="component,<column>,<what it counts>,", table=LABELS),
        )
    for measure, rows in reported.groupby("measure", sort=False):
        check_total(str(measure), rows, file)
    return frame


def read_lines(file: Path) -> list[Line]:
    """Return the rows of the file.

    Raises
    ------
    DataError
        If it is not CSV in UTF-8, begins with an empty row, or its rows are not of one width.
    """
    rows = [cells for _, cells in read_csv(file)[1]]
    lines = [Line(number, [cell.strip() for cell in row]) for number, row in enumerate(rows, start=1)]
    if lines and not lines[0].cells:
        raise DataError(file, 1, None, "nothing", "a title or a header", "Fetch the file anew.")
    for line in lines:
        if len(line.cells) != len(lines[0].cells):
            width = f"{len(lines[0].cells)}, as in the first row"
            raise DataError(file, line.number, None, f"{len(line.cells)} cells", width, "The file may be cut off.")
    return lines


def read_facts(lines: list[Line], labels: Labels, file: Path) -> Iterator[tuple[object, ...]]:
    """Yield block, item, measure, value, unit, printed value, mark and place of each printed value.

    Raises
    ------
    DataError
        If a row is neither title, header nor row of a table, or a value has an unknown form.
    """
    block: str | None = None
    header: list[str] = []
    for number, cells in lines:
        label, others = cells[0], cells[1:]
        if labels.has("head", label) and any(others):
            header = cells
        elif not any(others) and labels.has("title", label):
            block, header = label, []
        elif not any(others) and labels.has("document", label):
            continue
        elif any(others) and header:
            for place, printed in enumerate(others, start=1):
                if not printed and header[place] and label and not labels.has("total", label):
                    raise DataError(
                        file, number, header[place], "", f"a value for {label}", "The file may be cut off or edited."
                    )
                if printed:
                    value, unit = read_value(printed, header[place], number, file)
                    where = f"row {number}, column {place + 1}"
                    yield block, label or None, header[place], value, unit, printed, None, where
        elif any(cells) and not labels.has("total", label):
            kind, meaning = ("head", "") if any(others) else ("title", "<meaning>")
            raise DataError(
                file,
                number,
                found=", ".join(filter(None, cells)),
                expected=f"a title, or a table below a head, of {LABELS}",
                fix=NEW_LABEL.format(row=row_text(kind, label, meaning, ""), table=LABELS),
            )


def read_value(printed: str, measure: str, row: int, file: Path) -> tuple[float | None, str]:
    """Return the number and the unit of a printed value.

    Raises
    ------
    DataError
        If it has no column, or is neither a count nor a percentage where its column has one.
    """
    is_share = "%" in measure
    match = (PERCENTAGE if is_share else COUNT).fullmatch(printed)
    unit = "share" if is_share else "count"
    if measure and printed in (NOT_COUNTED, measure):
        return None, unit
    if not measure or not match:
        kind = f"a {'percentage' if is_share else 'count'}" if measure else "no value, since the column has no header"
        raise DataError(file, row, measure or None, printed, kind, "Look at the file: nothing is guessed.")
    # a percentage has few decimals, its hundredth two more
    return (round(float(match[1]) / 100, 10) if is_share else float(printed.replace(",", ""))), unit


def monthly(frame: pd.DataFrame, labels: Labels) -> pd.Series:
    """Tell which facts stand in the table of reports to NCMEC by month: the only one of a file without sections."""
    blocks = [block for block in frame["block"].dropna().unique() if labels.meaning("title", block) == REPORTS]
    return frame["block"].isna() | frame["block"].isin(blocks)


def check_total(measure: str, rows: pd.DataFrame, file: Path) -> None:
    """Refuse months that are not three or six, or do not add up to the total below them.

    Raises
    ------
    DataError
        If they do not.
    """
    months, total = by_months(rows)
    if len(months) not in (3, 6) or months["value"].isna().any():
        found = f"{len(months)} months"
        raise DataError(file, None, measure, found, "three or six, with a count each", "The file may be cut off.")
    # a total that is not a number differs from every sum
    if len(total) and not (total["value"] == months["value"].sum()).fillna(False).all():
        raise DataError(
            file,
            str(total["place"].iloc[0]),
            measure,
            found=total["value_printed"].iloc[0],
            expected=f"{months['value'].sum():,.0f}, the sum of the months",
            fix="Look at the file: a number was read wrongly, or Discord's total is wrong.",
        )


def by_months(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the months and the first row below them, which is their total if there is one."""
    is_month = rows["item"].isin(MONTHS).fillna(False)
    return rows[is_month], rows[~is_month].head(1)


def check_months(printed: pd.DataFrame, labels: pd.DataFrame) -> None:
    """Refuse months that are not those of the period.

    Parameters
    ----------
    printed
        Facts with corrected labels.
    labels
        `data/printed/discord_labels.csv`.

    Raises
    ------
    DataError
        With the first release that has others.
    """
    months = printed[monthly(printed, Labels(labels)) & printed["item"].isin(MONTHS).fillna(False)]
    for source, rows in months.groupby("source", sort=False):
        period = parse_period(rows["period"].iloc[0])
        expected = MONTHS[period.start.month - 1 : period.end.month]
        found = rows["item"].drop_duplicates().tolist()
        if found != expected:
            raise DataError(
                str(source),
                rows["place"].iloc[0],
                found=", ".join(found),
                expected=f"{', '.join(expected)}, the months of {period.label}",
                fix="Correct the release's period or file; if Discord mislabeled them, add a row to corrections.yml.",
            )


def reports_disclosed(printed: pd.DataFrame, labels: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    """Return Discord's disclosures, by metric, component and period.

    Parameters
    ----------
    printed
        Facts as printed (`FACTS`).
    labels
        `data/printed/discord_labels.csv`.
    remarks
        Warnings and notes on disclosures of any organization.

    Raises
    ------
    DataError
        If a remark is about a row that is not there.
    """
    known, rows = Labels(labels), []
    reported = printed[monthly(printed, known)]
    components = {measure: known.meaning("component", measure) for measure in reported["measure"].unique()}
    reported = reported[reported["measure"].map(components).notna()]
    for (period, measure, source), group in reported.groupby(["period", "measure", "source"], sort=False):
        months, total = by_months(group)
        where = [str(months["place"].iloc[0]), str(months["place"].iloc[-1])]
        place = total["place"].iloc[0] if len(total) else f"{where[0]} to {where[1]}, added up"
        text = total["value_printed"].iloc[0] if len(total) else None
        rows.append(("reports", components[str(measure)], period, months["value"].sum(), "count", text, source, place))
    frame = with_remarks(rows, remarks, ORGANIZATION)
    added = frame["value_printed"].isna()
    frame.loc[added, "warnings"] = ("derived|" + frame["warnings"].fillna("")).str.rstrip("|")
    return frame
