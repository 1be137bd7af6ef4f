"""Find where Discord's data files contradict themselves: its releases hold one period each, so nothing can be revised.

- Months: a table whose rows are months of another period than the file's. How many of its numbers differ from those
  that another file prints for the same months is counted, since a mere repeat would be another fault.
- Repeated table: a table of a file that is cell by cell the one of the file before, though of another period.
- Shifted column: a measure that a file prints in two tables, with the same numbers in the same order, beside other
  labels. Two tables that only share the name of a measure count different things.
- Sums: a total that is not the sum of what stands above it, or before it in its row. A row without a label that follows
  such cells is a total as well.
- Repeated row: a label that stands twice in one table, with other numbers. Which of them holds can't be told.
- Shares: a printed share that is not the ratio of the two counts that `data/printed/discord_shares.csv` names, by more
  than half a unit of its last printed place; and a part that exceeds its whole.
- Remarks: what `data/organizations/remarks.csv` calls doubtful of Discord's counts, such as a page that says accounts
  where reports are meant. That is read, not found.
- Sums, shares and wholes are taken after the labels are corrected; all else as printed. `is_corrected` says whether
  `data/corrections.yml` corrects a label of the cells, so that the project's numbers are free of the fault.
"""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd

from countback.corrections import LabelCorrection, correct_labels, match_label, read_label_corrections
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, counts, numbers_table
from countback.periods import parse_period

PUBLISHER = "discord"
TABLE = f"printed/{PUBLISHER}"
MONTHS = list(calendar.month_name)
TOTALS = {"total", "sum"}
CELL = ["item", "measure"]
COLUMNS = [
    "period",
    "block",
    "contradiction",
    "measure",
    "item",
    "n_cells",
    "printed",
    "expected",
    "is_corrected",
    "place",
    "source",
]


def prepare(printed: pd.DataFrame, corrections: Sequence[LabelCorrection]) -> pd.DataFrame:
    """Return the printed cells with `label`, their corrected item, `is_corrected`, and `row`, in the order of files."""
    touched = pd.Series(False, index=printed.index)
    for correction in corrections:
        if correction.table == TABLE:
            touched |= match_label(printed, correction)
    labels = correct_labels(printed, TABLE, list(corrections))["item"]
    rows = printed["place"].str.extract(r"row (\d+)")[0].astype("int64")
    cells = printed.assign(label=labels, is_corrected=touched.astype(bool), row=rows)
    cells["_start"] = cells["period"].map(lambda label: parse_period(label).start)
    return cells.sort_values(["_start"], kind="stable", ignore_index=True).drop(columns="_start")


def finding(cells: pd.DataFrame, contradiction: str, printed: str, expected: str) -> dict[str, object]:
    """Return a row of the table: what a file prints in some of its cells, and what would agree with the rest of it."""
    first = cells.iloc[0]
    same = {name: first[name] if cells[name].nunique(dropna=False) == 1 else None for name in ("measure", "item")}
    where = [first["place"], cells.iloc[-1]["place"]]
    return {
        **{name: first[name] for name in ("period", "block", "source")},
        **same,
        "contradiction": contradiction,
        "n_cells": len(cells),
        "printed": printed,
        "expected": expected,
        "is_corrected": bool(cells["is_corrected"].any()),
        "place": " to ".join(dict.fromkeys(where)),
    }


def wrong_months(cells: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the tables whose rows are months outside of their file's period."""
    monthly = cells[cells["item"].isin(MONTHS[1:])]
    numbers = monthly.assign(year=monthly["period"].str[:4], column=monthly["measure"].str.casefold())
    for (label, _), table in numbers.groupby(["period", "block"], dropna=False, sort=False):
        period = parse_period(str(label))
        expected = [MONTHS[month] for month in range(period.start.month, period.end.month + 1)]
        outside = table[~table["item"].isin(expected)]
        if outside.empty:
            continue
        same = outside.merge(numbers[numbers["period"] != label], on=["item", "column"], suffixes=("", "_other"))
        later = same[same["period_other"] > label].drop_duplicates(["item", "column"])
        unlike = int((later["value"] != later["value_other"]).sum())
        others = ", ".join(later["period_other"].unique())
        note = f"; the file of {others} gives other numbers in {unlike} of {len(later)} cells" if others else ""
        months = ", ".join(outside["item"].drop_duplicates())
        yield finding(outside, "months_of_another_period", months, ", ".join(expected) + note)


def repeated_tables(cells: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the tables that are, cell by cell, those of the file before."""
    for older, newer in pairwise(cells["period"].unique()):
        before, after = (cells[cells["period"] == period] for period in (older, newer))
        for block, table in after.groupby("block", sort=False):
            former = before[before["block"] == block]
            shown = [rows[[*CELL, "value_printed"]].reset_index(drop=True) for rows in (former, table)]
            if shown[0].equals(shown[1]) and table["value"].nunique() > 1:
                yield finding(table, "repeated_table", f"the table of {older}", f"numbers of {newer}")


def shifted_columns(cells: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the columns whose numbers another table of the file prints in the same order beside other labels."""
    names = ["value_printed", "value_printed_other"]
    for _, column in cells[cells["unit"] == "count"].groupby(["period", "measure"], sort=False):
        tables = [table for _, table in column.groupby("block", sort=False)]
        for first, second in pairwise(tables):
            both = first.merge(second, on=["period", "item"], suffixes=("", "_other"))
            unlike = both[(both["value"] != both["value_other"]).fillna(True)]
            numbers = [table["value"].dropna().tolist() for table in (first, second)]
            if unlike.empty or numbers[0] != numbers[1]:
                continue
            printed, expected = (f"{unlike.iloc[0]['item']}: {unlike.iloc[0][name]}" for name in names)
            expected += f", as in {unlike.iloc[0]['block_other']}"
            yield finding(first[first["item"].isin(unlike["item"])], "shifted_column", printed, expected)


def _is_total(labels: pd.Series) -> pd.Series:
    return labels.isna() | labels.str.casefold().str.strip(" :").isin(TOTALS)


def wrong_sums(cells: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the totals that are not the sum of the cells above them, or before them in their row."""
    counts = cells[(cells["unit"] == "count") & cells["value"].notna()]
    counts = counts.assign(is_total=_is_total(counts["label"]))
    for _, column in counts.groupby(["period", "block", "measure"], dropna=False, sort=False):
        parts: list[float] = []
        for index, row in column.sort_values("row").iterrows():
            if not row["is_total"]:
                parts.append(row["value"])
                continue
            if len(parts) > 1 and sum(parts) != row["value"]:
                yield finding(cells.loc[[index]], "wrong_sum", row["value_printed"], f"{sum(parts):,.0f}")
            parts = []
    sums = counts["measure"].str.casefold().str.contains(r"\btotal\b", regex=True)
    for _, row in counts.groupby(["period", "block", "row"], dropna=False, sort=False):
        total, parts_of_row = row[sums.loc[row.index]], row[~sums.loc[row.index]]
        if len(total) == 1 and len(parts_of_row) > 1 and total["value"].item() != parts_of_row["value"].sum():
            expected = f"{parts_of_row['value'].sum():,.0f}"
            yield finding(cells.loc[total.index], "wrong_sum", total["value_printed"].item(), expected)


def repeated_rows(cells: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the labels that stand twice in a table, which is not a repeat of the whole table."""
    named = cells[~_is_total(cells["label"])]
    for (_, _, label), rows in named.groupby(["period", "block", "label"], dropna=False, sort=False):
        if rows["row"].nunique() > 1 and rows.duplicated("measure").any():
            printed = "; ".join(", ".join(row["value_printed"]) for _, row in rows.groupby("row"))
            yield finding(rows, "repeated_row", f"{label}: {printed}", "one row; which of them holds is not known")


def wrong_shares(cells: pd.DataFrame, relations: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the shares that are not the ratio of their counts, and the parts that exceed their wholes."""
    place = ["period", "block", "row"]
    for names in relations.itertuples(index=False):
        sides = [
            cells.loc[cells["measure"] == name, [*place, "value", "value_printed"]]
            for name in (names.part_measure, names.whole_measure)
        ]
        counts = sides[0].merge(sides[1], on=place, suffixes=("_part", "_whole"))
        counts = counts[counts["value_whole"] > 0]
        shares = cells[cells["measure"] == names.share_measure].reset_index().merge(counts, on=place)
        for row in shares.dropna(subset="value").itertuples():
            ratio = row.value_part / row.value_whole
            # printed as a percentage
            half = 0.5 * 10.0 ** -(2 + len(row.value_printed.rstrip("%").partition(".")[2]))
            if abs(ratio - row.value) > half + 1e-9:
                of = f"{row.value_printed_part} of {row.value_printed_whole} is {ratio:.2%}"
                yield finding(cells.loc[[row.index]], "wrong_share", row.value_printed, of)
        for row in counts[counts["value_part"] > counts["value_whole"]].itertuples():
            in_row = (cells["row"] == row.row) & (cells["period"] == row.period)
            part = cells[in_row & (cells["measure"] == names.part_measure)]
            expected = f"at most the {row.value_printed_whole} {names.whole_measure}"
            yield finding(part, "part_exceeds_whole", row.value_printed_part, expected)


def doubtful_remarks(remarks: pd.DataFrame, disclosures: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield what remarks call doubtful, by period and wording."""
    ours = remarks[(remarks["organization"] == PUBLISHER) & remarks["warnings"].str.contains("doubtful", na=False)]
    counts = ours.merge(disclosures, on=["metric", "component", "period"], suffixes=("", "_disclosed"))
    for (period, note), rows in counts.groupby(["period", "note"], sort=False):
        yield {
            "period": period,
            "contradiction": "doubtful_by_remark",
            "n_cells": len(rows),
            "printed": note,
            "expected": ", ".join(rows["metric"].unique()),
            "is_corrected": False,
            "source": rows["source"].iloc[0],
        }


def contradictions(
    printed: pd.DataFrame,
    corrections: Sequence[LabelCorrection],
    relations: pd.DataFrame,
    remarks: pd.DataFrame,
    disclosures: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per contradiction, by period.

    Parameters
    ----------
    printed
        `data/printed/discord.csv`.
    corrections
        Of labels.
    relations
        `data/printed/discord_shares.csv`.
    remarks, disclosures
        `data/organizations/remarks.csv` and `data/disclosures/discord.csv`.
    """
    cells = prepare(printed, corrections)
    rows = [*wrong_months(cells), *repeated_tables(cells), *shifted_columns(cells), *wrong_sums(cells)]
    rows += [*repeated_rows(cells), *wrong_shares(cells, relations), *doubtful_remarks(remarks, disclosures)]
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values(["period", "contradiction"], kind="stable", ignore_index=True)


def numbers(found: pd.DataFrame) -> Iterator[Number]:
    """Yield in how many places Discord's files contradict themselves, in how many files, and how many are corrected."""
    rows = {
        "n": (len(found), "all"),
        "n_files": (found["source"].nunique(), "sources"),
        "n_corrected": (int(found["is_corrected"].sum()), "is_corrected"),
    }
    yield from counts("all", "discord_contradictions", rows)


def main(files: Mapping[str, str], corrections: Path, outputs: Mapping[str, str]) -> None:
    """Read, check, write."""
    tables = {name: read_table(file) for name, file in files.items()}
    found = contradictions(corrections=read_label_corrections(corrections), **tables)
    write_table(found, outputs["csv"], outputs["parquet"])
    write_table(numbers_table(numbers(found)), outputs["numbers"])


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in ("printed", "relations", "remarks", "disclosures")},
            Path(snakemake.input.corrections),
            dict(snakemake.output.items()),
        ),
        snakemake.log[0],
    )
