"""Set this version of the data set against the one before: headline numbers, and the rows of every table.

- What was before is recorded in `data/versions/`; what is now is computed: `results/values.json` and the checksums.
- Of a headline number that the version before did not have, only the present value is there, and the other way round.
"""

import json
from pathlib import Path

import pandas as pd

from countback.io.package import read_json
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table
from countback.versions import version_before


def version_headlines(
    headlines: pd.DataFrame, recorded: pd.DataFrame, now: dict[str, dict[str, object]], before: str | None
) -> pd.DataFrame:
    """Return one row per headline number, as shown in both versions.

    Parameters
    ----------
    headlines, recorded
        `headline_numbers` and `headline_values` of `data/versions/`.
    now
        Values by id.
    before
        The version before, if any.
    """
    was = recorded[recorded["version"] == before].set_index("headline")
    frame = headlines.assign(version_before=before)
    frame["shown_before"] = frame["headline"].map(was["shown"])
    frame["shown_now"] = frame["id"].map({key: entry["text"] for key, entry in now.items()})
    both = frame[["shown_before", "shown_now"]].notna().all(axis=1)
    return frame.assign(is_changed=~both | (frame["shown_before"] != frame["shown_now"]))


def status(before: float, now: float, is_same: bool) -> str:
    """Return in a word what became of a table.

    Examples
    --------
    >>> status(float("nan"), 3, False), status(3, 5, False), status(3, 3, False), status(3, 3, True)
    ('new', 'more rows', 'changed', 'same')
    """
    if pd.isna(before) or pd.isna(now):
        return "new" if pd.isna(before) else "gone"
    if now != before:
        return "more rows" if now > before else "fewer rows"
    return "same" if is_same else "changed"


def version_tables(
    recorded: pd.DataFrame, tables: dict[str, dict[str, object]], titles: dict[str, str], before: str | None
) -> pd.DataFrame:
    """Return one row per table of either version, with its rows in both.

    Parameters
    ----------
    recorded
        `table_sizes` of `data/versions/`.
    tables
        Rows and hash of each present table by its name.
    titles
        Titles of present tables.
    """
    was = (
        recorded[recorded["version"] == before]
        .set_index("table_name")[["row_count", "hash"]]
        .rename(columns={"row_count": "rows"})
    )
    now = pd.DataFrame.from_dict(tables, orient="index")[["rows", "hash"]]
    both = was.join(now, how="outer", lsuffix="_before", rsuffix="_now").rename_axis("table_name").reset_index()
    both["status"] = [
        status(row.rows_before, row.rows_now, row.hash_before == row.hash_now) for row in both.itertuples()
    ]
    both["title"] = both["table_name"].map(titles).fillna(both["table_name"])
    columns = ["table_name", "title", "rows_before", "rows_now", "status"]
    return both.assign(version_before=before).astype({"rows_before": "Int64", "rows_now": "Int64"})[
        [*columns, "version_before"]
    ]


def main(
    values: Path,
    headlines: Path,
    recorded: Path,
    sizes: Path,
    package: Path,
    checksums: Path,
    version_headlines_csv: Path,
    version_tables_csv: Path,
) -> None:
    """Read, compare, write."""
    described, past, held = read_json(package), read_table(recorded), read_json(checksums)
    before = version_before(set(past["version"]), described["version"])
    resources = {one["path"]: one for one in described["resources"]}
    tables = {
        resources[path]["name"]: {"rows": one["rows"], "hash": one["hash"].removeprefix("sha256:")}
        for path, one in held.items()
        if path in resources
    }
    titles = {one["name"]: one["title"] for one in resources.values()}
    now = json.loads(values.read_text(encoding="utf-8"))
    write_table(version_headlines(read_table(headlines), past, now, before), version_headlines_csv)
    write_table(version_tables(read_table(sizes), tables, titles, before), version_tables_csv)


if __name__ == "__main__":
    run_on_files(main, snakemake)
