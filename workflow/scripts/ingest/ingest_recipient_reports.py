"""Read how many reports each country received, as referrals and as informational reports, from the compilation.

- A place without either number has no row; where one of the two is missing, it is not zero.
- Codes come from `data/reference/country_aliases.csv`; a name that is not there is refused.
- A year is read from the names of its two columns, such as `ref2024` and `info2024`.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from countback.ingest.compiled import read_count, read_rows
from countback.ingest.sources import only_release, read_releases, release_file
from countback.io.errors import DataError, row_text
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table

SOURCE = "country-reports"
ALIASES = "data/reference/country_aliases.csv"
REFERRALS = re.compile(r"ref([0-9]{4})")
LEVELS = {"referrals": "ref", "informational": "info"}


def recipient_reports(file: Path, source: str, codes: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of all years that have the two columns, in the order of the file.

    Raises
    ------
    DataError
        If a year lacks a column, a name has no code, or a cell is no count.
    """
    rows = list(read_rows(file, ["country"]))
    years = [match[1] for match in map(REFERRALS.fullmatch, rows[0][1]) if match]
    lacking = [f"info{year}" for year in years if f"info{year}" not in rows[0][1]]
    if lacking or not years:
        wanted = ", ".join(lacking) or "two columns for a year, such as ref2024 and info2024"
        fix = "A new layout needs a change of ingest_recipient_reports.py."
        raise DataError(file, 1, None, ", ".join(rows[0][1]), wanted, fix)
    found = [
        country_row(file, number, row, year, position, codes) | {"source": source}
        for year in years
        for position, (number, row) in enumerate(rows)
        if any(row[f"{prefix}{year}"] for prefix in LEVELS.values())
    ]
    return pd.DataFrame(found)


def country_row(
    file: Path, number: int, row: Mapping[str, str], year: str, position: int, codes: Mapping[str, str]
) -> dict[str, object]:
    """Return what a row says of one year.

    Raises
    ------
    DataError
        If its name has no code, or a cell is no count.
    """
    name = row["country"]
    if name not in codes:
        fix = f"Add the row {row_text(name)},<code of countries.csv>, to {ALIASES}."
        raise DataError(file, number, "country", name, "a name with a code", fix)
    found: dict[str, object] = {
        "year": int(year), "position": position, "country_printed": name, "iso3": codes[name], "place": f"row {number}",
    }  # fmt: skip
    for level, prefix in LEVELS.items():
        printed = row[f"{prefix}{year}"]
        found[level] = read_count(printed, file, number, f"{prefix}{year}") if printed else None
        found[f"{level}_printed"] = printed or None
    return found


def main(releases: Path, raw: Iterable[Path], aliases: Path, reports: Path) -> None:
    """Read the file, write the rows, and print their sums."""
    table = read_releases(releases)
    source = only_release(table, SOURCE)
    codes = read_table(aliases).set_index("country_printed")["iso3"].to_dict()
    rows = recipient_reports(release_file(table, source, raw), source, codes).astype(dict.fromkeys(LEVELS, "Int64"))
    write_table(rows, reports)
    print(rows.groupby("year")[list(LEVELS)].sum().to_string())


if __name__ == "__main__":
    run_on_files(main, snakemake)
