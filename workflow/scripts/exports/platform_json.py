"""Write the disclosures in the structure of the JSON file that users of the published data set read.

- Everything comes from the tables of `data/`: the columns, sums, brands and comments that the published file has are
  tables there. Values are those disclosed, with `data/corrections.yml` applied.
- What the structure can't hold is left out: metrics that the published file has no column for, sources and pages of
  values, warnings, and brands of NCMEC's tables that it doesn't list.
- An organization of which nothing is recorded is null. What was not disclosed is null, never zero.
- Rows of an organization run from the latest period to the earliest, a shorter period before a longer one that
  begins with it, a redundant row before the one that it repeats. Rows on NCMEC run by year, then by name.
- A printed row of NCMEC counts for the surveyed organization that it names; if it combines several, for their owner
  of the year. It stands under a former name that held in the year, unless it prints the present one.
- Reports and notices share a row only where an organization has one of each: which of several belong together is
  not known.
- The terms of a subject are a list throughout, and the record `@` is this data set's own.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from countback.corrections import DISCLOSURES, Correction, apply_corrections, read_corrections
from countback.io.errors import DataError
from countback.io.files import write_json
from countback.io.package import find_package, load_package
from countback.io.script import run
from countback.io.tables import read_table
from countback.ownership import owner_of
from countback.periods import parse_period

Tables = Mapping[str, pd.DataFrame]
Row = dict[str, Any]

# the release whose names and brands the structure follows
COMPILATION = "diaphanous-platforms"
CLEARINGHOUSE = "clearinghouse"
CLEARINGHOUSE_COLUMNS = ["platform", "reports", "notifications_sent", "response_time"]
CLEARINGHOUSE_SCHEMA = {"platform": "string", "response_time": "float"}
TOTALS = {"service_providers": "ESP Total", "all": "Total"}
WORDS = {
    "data_format": {"csv": "csv", "xlsx": "xls", "xlsx | csv": "Excel, csv"},
    "history": {
        "archive": "page archive",
        "dropdown": "same page (dropdown)",
        "in_data": "data",
        "linked_pages": "linked list of pages",
        "single_page": "page",
        "tabs": "same page (tabs)",
    },
    "quantities": {"counts": "counts", "rounded": "rounded", "shares": "fractions"},
    "granularity": {"quarter": "Q", "half": "H", "year": "Y"},
    "frequency": {"quarter": "Q", "half": "H", "year": "Y"},
}


def records(frame: pd.DataFrame) -> list[Row]:
    """Return rows as dictionaries, what is missing as None and whole numbers without a point."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): _short(value) for name, value in row.items()} for row in rows]


def _short(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _of(frame: pd.DataFrame, organization: str) -> list[Row]:
    return records(frame[frame["organization"] == organization])


def display_names(tables: Tables) -> dict[str, str]:
    """Return organizations' names as the published file spells them."""
    organizations, names = tables["organizations"], tables["organization_names"]
    spelled = names[(names["kind"] == "alternative") & (names["source"] == COMPILATION)]
    return dict(zip(organizations["organization"], organizations["name"], strict=True)) | dict(
        zip(spelled["organization"], spelled["name"], strict=True)
    )


def former_names(tables: Tables) -> pd.DataFrame:
    """Return the former names that the published file knows, one row per organization and name."""
    names = tables["organization_names"]
    return names[(names["kind"] == "former") & (names["source"] == COMPILATION)]


def features(row: Row) -> Row:
    """Return how an organization discloses, in the published words.

    Raises
    ------
    DataError
        If a word has no published one.
    """
    words = {}
    for column, known in WORDS.items():
        if row[column] is not None and row[column] not in known:
            raise DataError(
                "data/organizations/features.csv",
                found=f"{row[column]!r} as {column} of {row['organization']}",
                expected=f"one of {', '.join(known)}",
                fix="Add its published word to WORDS in workflow/scripts/exports/platform_json.py.",
            )
        words[column] = known.get(row[column])
    coverage = [end for end in (row["coverage_start"], row["coverage_end"]) if end is not None]
    return {
        "data": words["data_format"],
        "history": words["history"],
        "terms": row["subject_terms"].split(" | ") if row["subject_terms"] else [],
        **{name: words[name] for name in ("quantities", "granularity", "frequency")},
        "coverage": " - ".join(coverage) or None,
    }


def cell(row: Row) -> float | str | None:
    """Return a value as published: the expression that states it where there is one, else the number."""
    if row["expression"] is None or row["is_corrected"]:
        return row["value"]  # type: ignore[no-any-return]
    share, total = row["expression"].rsplit(" ", 1)
    return f"{share} {int(total):,}"


def organization_rows(columns: list[Row], disclosed: list[Row]) -> list[Row]:
    """Return an organization's rows, latest first.

    Parameters
    ----------
    columns
        Its rows of `published_columns`.
    disclosed
        Its disclosures; metrics without a column are passed over.

    Raises
    ------
    DataError
        If two disclosures want the same cell.
    """
    place = {(column["metric"], column["component"]): column for column in columns}
    rows: dict[tuple[str, bool, int], list[Any]] = {}
    for row in disclosed:
        column = place.get((row["metric"], row["component"]))
        if column is None:
            continue
        key = (row["period"], row["is_redundant"], column["row_in_period"])
        cells = rows.setdefault(key, [None] * (1 + max(column["position"] for column in columns)))
        if cells[column["position"]] is not None:
            raise DataError(
                "data/organizations/published_columns.csv",
                found=f"two values for {column['column']} of {column['organization']} in {row['period']}",
                expected="one",
                fix="Give the components rows of their own by row_in_period.",
            )
        cells[column["position"]] = cell(row)
    return [
        {period: rows[period, is_redundant, number]} | ({"redundant": True} if is_redundant else {})
        for period, is_redundant, number in sorted(rows, key=_latest_first)
    ]


def _latest_first(key: tuple[str, bool, int]) -> tuple[int, int, bool, int]:
    period, is_redundant, number = key
    parsed = parse_period(period)
    return -parsed.start.toordinal(), parsed.end.toordinal(), not is_redundant, number


def _listed(brands: set[str], year: int, tables: Tables, surveyed: set[str]) -> str | None:
    """Return the organization under which a printed row of these brands is published, if any."""
    published = tables["published_brands"]
    within = dict(zip(published["brand"], published["organization"], strict=True))
    found = {brand for brand in brands if brand in surveyed} or {within[brand] for brand in brands if brand in within}
    owners = found if len(found) < 2 else {owner_of(brand, year, tables["ownership"]) for brand in found}
    if len(owners) > 1:
        raise DataError(
            "data/cybertipline/esp_brands.csv",
            found=f"a row of {year} that combines brands of {', '.join(sorted(owners))}",
            expected="brands of one owner",
            fix="Correct the brands or data/organizations/ownership.csv.",
        )
    return next(iter(owners), None)


def clearinghouse_reports(tables: Tables, surveyed: set[str]) -> dict[tuple[int, str], list[int]]:
    """Return reports of NCMEC's printed rows by year and published name, every name of a year present."""
    names, former = display_names(tables), former_names(tables)
    covered = tables["esp_brands"].dropna(subset="brand").groupby("esp_printed")["brand"].agg(set)
    found: dict[tuple[int, str], list[int]] = {}
    for year in sorted(set(tables["esp_reports"]["year"])):
        earlier = {
            row["organization"]: row["name"]
            for row in records(former)
            if row["name"] not in names.values() and (row["valid_to"] or "9999") >= str(year)
        }
        present = [names[organization] for organization in surveyed]
        found |= {(year, name): [] for name in sorted([*present, *earlier.values()], key=str.lower)}
        for row in records(tables["esp_reports"].query("year == @year")):
            listed = _listed(covered.get(row["esp_printed"], set()), year, tables, surveyed)
            if listed is None:
                continue
            name = names[listed]
            printed_now = row["esp_printed"].startswith(name)
            found[year, name if printed_now else earlier.get(listed, name)].append(row["reports"])
    return found


def clearinghouse_rows(tables: Tables, surveyed: set[str]) -> list[Row]:
    """Return NCMEC's reports and notices by year, its totals at the end of each year."""
    names = display_names(tables)
    reports = clearinghouse_reports(tables, surveyed)
    notices: dict[tuple[int, str], list[list[Any]]] = {}
    for row in records(tables["notices"].sort_values(["year", "organization", "position"])):
        name = names[row["organization"]] if row["organization"] else TOTALS["service_providers"]
        notices.setdefault((row["year"], name), []).append([row["notices"], row["mean_response_days"]])
    years = sorted({year for year, _ in reports})
    totals = tables["reports"][tables["reports"]["year"].isin(years) & tables["reports"]["submitter"].isin(TOTALS)]
    for row in records(totals.sort_values(["year", "submitter"], ascending=[True, False])):
        reports[row["year"], TOTALS[row["submitter"]]] = [row["reports"]]
    return [
        {str(year): [name, *cells]}
        for wanted in years
        for (year, name), counts in reports.items()
        if year == wanted
        for cells in _beside(counts, notices.get((year, name), []))
    ]


def _beside(counts: list[int], notices: list[list[Any]]) -> list[list[Any]]:
    """Return rows of reports and notices: one row if there is at most one of each, else rows of their own."""
    if len(counts) <= 1 and len(notices) <= 1:
        return [[counts[0] if counts else None, *(notices[0] if notices else [None, None])]]
    return [[count, None, None] for count in counts] + [[None, *notice] for notice in notices]


def organization_entry(organization: str, tables: Tables, disclosed: list[Row], surveyed: set[str]) -> Row | None:
    """Return what is published on one organization; None where nothing is recorded."""
    names, former, held = display_names(tables), former_names(tables), tables["ownership"]
    brands = held[(held["parent"] == organization) & (held["source"] == COMPILATION) & held["valid_to"].isna()]
    urls = dict(zip(tables["releases"]["id"], tables["releases"]["url"], strict=True))
    sums: dict[str, list[str]] = {}
    for row in _of(tables["published_sums"].sort_values(["position"]), organization):
        sums.setdefault(row["total"], []).append(row["column"])
    columns = sorted(_of(tables["published_columns"], organization), key=lambda row: row["position"])
    entry = {
        "aka": [row["name"] for row in _of(former, organization)],
        "brands": [names[brand] for brand in brands["organization"] if brand in surveyed],
        "sources": [urls[row["source"]] for row in _of(tables["organization_sources"], organization)],
        "features": next((features(row) for row in _of(tables["features"], organization)), None),
        "comments": [row["comment"] for row in _of(tables["published_comments"], organization)],
        # a column whose components stand in rows of their own is listed for each of them
        "columns": list(dict.fromkeys(row["column"] for row in columns)),
        "schema": {row["column"]: row["schema"] for row in columns if row["schema"]},
        "sums": sums,
        "rows": organization_rows(columns, disclosed),
    }
    return {key: value for key, value in entry.items() if value} or None


def platform_json(
    tables: Tables, disclosures: Tables, corrections: list[Correction], package: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the published structure: the record `@`, then each surveyed organization, then the clearinghouse.

    Parameters
    ----------
    tables
        Tables of `data/` by their file names.
    disclosures
        Disclosures by organization, in the form of `data/disclosures/`.
    corrections
        From `data/corrections.yml`; those of other tables are passed over.
    package
        The data package's descriptor.
    """
    organizations, names = tables["organizations"], display_names(tables)
    surveyed = dict.fromkeys(organizations.loc[organizations["is_surveyed"], "organization"])
    ours = [correction for correction in corrections if correction.table.startswith(DISCLOSURES)]
    corrected = apply_corrections({f"{DISCLOSURES}{name}": frame for name, frame in disclosures.items()}, ours)
    entries: dict[str, Any] = {"@": _record(package)}
    for organization in surveyed:
        disclosed = corrected.get(f"{DISCLOSURES}{organization}")
        rows = [] if disclosed is None else records(disclosed)
        entries[names[organization]] = organization_entry(organization, tables, rows, set(surveyed))
    for organization in organizations.loc[organizations["kind"] == CLEARINGHOUSE, "organization"]:
        entry = organization_entry(organization, tables, [], set(surveyed)) or {}
        columns = {"columns": CLEARINGHOUSE_COLUMNS, "schema": CLEARINGHOUSE_SCHEMA}
        entries[names[organization]] = entry | columns | {"rows": clearinghouse_rows(tables, set(surveyed))}
    return entries


def _record(package: Mapping[str, Any]) -> Row:
    return {
        "author": ", ".join(person["title"] for person in package["contributors"]),
        "title": package["title"],
        "version": package["version"],
        "license": package["licenses"][0]["name"],
        "based_on": package["sources"][0]["path"],
    }


def main(tables: list[str], disclosures: list[str], corrections: str, output: str) -> None:
    """Read, arrange, write."""
    package = load_package(find_package(Path(corrections)))
    content = platform_json(
        {Path(file).stem: read_table(file) for file in tables},
        {Path(file).stem: read_table(file) for file in disclosures},
        read_corrections(corrections),
        package,
    )
    write_json(content, output)


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.input.tables, snakemake.input.disclosures, snakemake.input.corrections, snakemake.output.json
        ),
        snakemake.log[0],
    )
