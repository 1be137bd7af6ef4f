"""The tables as rewritten say what the first version of the compilation of disclosures says, cell by cell.

What organizations have disclosed since is compared with the compilation's later files in `test_later_disclosures`.

What is compared is what its snapshot has, with the values that it holds of older releases.
"""

import csv
import json
import os
from collections import defaultdict
from pathlib import Path

import pytest
from snapshot import as_published

from countback.io.tables import read_table
from countback.periods import parse_period

pytestmark = pytest.mark.raw

# rows of NCMEC's tables whose brands belong to a surveyed owner, but which the compilation does not have
NOT_COMPILED = {"giphy", "lemon8", "novi", "oculus", "threads", "wickr"}
NOT_COMPILED |= {"amino", "grindr", "imgur", "kik", "medialab", "openai"}
# what the compilation has had since its first version begins so
SINCE = "diaphanous-2025-"
FORMER_NAMES = {"MindGeek": "aylo", "Wordpress": "wordpress"}
# organizations that have columns only since the first version
NEW_COLUMNS = {"meta", "openai"}
# the last period of those who then had disclosed less than others
LAST_PERIODS = {"discord": "2023 Q4"}
TOTALS = {"ESP Total": "service_providers", "Total": "all"}


@pytest.fixture(scope="module")
def transcribed():
    return Path(os.environ["COUNTBACK_RAW"]) / "transcribed"


@pytest.fixture(scope="module")
def compiled(transcribed):
    entries = json.loads((transcribed / "ocse-reports-per-platform.json").read_text())
    return {name: entry for name, entry in entries.items() if name != "@" and entry is not None}


@pytest.fixture(scope="module")
def platforms(compiled):
    found = {name: entry for name, entry in compiled.items() if entry.get("rows") and name != "NCMEC"}
    assert len(found) == 17
    return found


@pytest.fixture(scope="module")
def tables(project):
    folder = project / "data"
    values = read_table(folder / "organizations" / "published_values.csv")
    frames = {
        file.relative_to(folder).with_suffix("").as_posix(): read_table(file)
        for file in sorted(folder.rglob("*.csv"))
        if folder / "raw" not in file.parents
    }
    disclosed = {
        name: as_published(name, frame, values) for name, frame in frames.items() if name.startswith("disclosures/")
    }
    return {name: frame.astype(object) for name, frame in (frames | disclosed).items()}


@pytest.fixture(scope="module")
def identifier(tables):
    """Return a function from a name of the compilation to the organization's id."""
    organizations = tables["organizations/organizations"]
    ids = dict(zip(organizations["name"], organizations["organization"], strict=True)) | FORMER_NAMES
    return lambda name: ids[name]


def records(frame):
    """Return rows as dictionaries, what is missing as None."""
    return frame.where(frame.notna(), None).to_dict("records")


def cell(row):
    """Return a value as the compilation writes it: the expression with its thousands separated, where there is one."""
    if row["expression"] is None:
        return row["value"]
    share, total = row["expression"].rsplit(" ", 1)
    return f"{share} {int(total):,}"


def rebuilt(tables, organization):
    """Return rows of the compilation as made of the tables: cells by period, flag and number of the row within it."""
    columns = [row for row in records(tables["organizations/published_columns"]) if row["organization"] == organization]
    place = {(column["metric"], column["component"]): column for column in columns}
    width = max(column["position"] for column in columns) + 1
    rows, not_compiled = defaultdict(lambda: [None] * width), []
    for row in first_disclosed(tables, organization):
        column = place.get((row["metric"], row["component"]))
        if column is None:
            not_compiled.append(row)
            continue
        cells = rows[row["period"], row["is_redundant"], column["row_in_period"]]
        assert cells[column["position"]] is None, (organization, row)
        cells[column["position"]] = cell(row)
    return dict(rows), not_compiled


def first_disclosed(tables, organization):
    """Return the rows of an organization up to the last period that the compilation's first version has."""
    last = LAST_PERIODS.get(organization, "2024 Q2")
    for row in records(tables[f"disclosures/{organization}"]):
        is_early = parse_period(row["period"]).start <= parse_period(last).start
        if is_early and SINCE not in (row["place"] or ""):
            yield row


def published(entry):
    """Return the rows of a platform in the compilation, in the form of `rebuilt`."""
    rows, seen = {}, defaultdict(int)
    for row in entry["rows"]:
        is_redundant = row.get("redundant", False)
        period, cells = next((key, value) for key, value in row.items() if key != "redundant")
        rows[period, is_redundant, seen[period, is_redundant]] = cells
        seen[period, is_redundant] += 1
    return rows


def counted(rows):
    return sum(value is not None for cells in rows.values() for value in cells)


def test_every_platforms_table_can_be_rebuilt_cell_by_cell(platforms, tables, identifier):
    cells, redundant = 0, {}
    for name, entry in platforms.items():
        expected, (found, _) = published(entry), rebuilt(tables, identifier(name))
        assert set(found) == set(expected), name
        assert {key: found[key] for key in expected if found[key] != expected[key]} == {}, name
        assert all(len(row) == len(entry["columns"]) for row in found.values()), name
        cells += counted(found)
        redundant[name] = sum(is_redundant for _, is_redundant, _ in found)
    assert cells == 733
    assert {name: count for name, count in redundant.items() if count} == {"Reddit": 2, "Snap": 4, "Twitch": 8}


def test_a_changed_cell_would_be_found(platforms, tables, identifier):
    changed = {name: frame.copy() for name, frame in tables.items()}
    frame = changed["disclosures/github"]
    frame.loc[frame["period"] == "2023", "value"] += 1
    assert rebuilt(changed, identifier("GitHub"))[0] != published(platforms["GitHub"])


def test_nothing_but_snaps_regions_and_xs_user_reports_was_added_to_the_platforms_tables(platforms, tables, identifier):
    added = {name: rows for name in platforms if (rows := rebuilt(tables, identifier(name))[1])}
    assert set(added) == {"Snap", "X"}
    assert [(row["metric"], row["value"]) for row in added["X"]] == [("user_reports", 8_928_019)]
    assert {row["component"] for row in added["Snap"]} == {"EU", "North America", "rest of world"}
    assert len(added["Snap"]) == 6
    comments = " ".join(platforms["Snap"]["comments"])
    assert all(f"{row['value']:,.0f}" in comments for row in added["Snap"])


def test_snaps_expressions_have_the_value_that_they_state(tables):
    rows = [row for row in records(tables["disclosures/snap"]) if row["expression"]]
    assert len(rows) == 4
    for row in rows:
        percent, total = cell(row).split(" / 100 * ")
        assert row["value"] == pytest.approx(float(percent) / 100 * int(total.replace(",", "")), rel=1e-12)


def test_columns_their_order_and_their_types_are_those_of_the_compilation(platforms, tables, identifier):
    expected = [
        (identifier(name), position, column, entry.get("schema", {}).get(column))
        for name, entry in platforms.items()
        for position, column in enumerate(entry["columns"])
    ]
    mapped = records(tables["organizations/published_columns"])
    found = {(row["organization"], row["position"], row["column"], row["schema"]) for row in mapped}
    assert len(expected) == len(set(expected)) > 80
    assert {row for row in found if row[0] not in NEW_COLUMNS} == set(expected)
    assert {row[0] for row in found} - {row[0] for row in expected} == NEW_COLUMNS


def test_sums_are_those_that_the_compilation_declares(compiled, tables, identifier):
    expected = [
        (identifier(name), total, position, column)
        for name, entry in compiled.items()
        for total, columns in entry.get("sums", {}).items()
        for position, column in enumerate(columns)
    ]
    found = tables["organizations/published_sums"][["organization", "total", "position", "column"]]
    assert len(expected) == 24
    assert sorted(found.itertuples(index=False, name=None)) == sorted(expected)


def test_every_source_of_the_compilation_is_a_release(compiled, tables):
    addresses = set(tables["releases"]["url"].dropna())
    listed = {address for entry in compiled.values() for address in entry.get("sources", [])}
    assert len(listed) > 50
    assert listed - addresses == set()


def ncmec_rows(compiled):
    """Return year, name, reports, notices and days to a response of each row about NCMEC."""
    return [(int(year), *cells) for row in compiled["NCMEC"]["rows"] for year, cells in row.items()]


def owner(brands, tables):
    """Return the organization under which the compilation lists a printed row that covers these brands.

    A surveyed brand stands for itself; several of them, or none, for the one that owns the others.
    """
    organizations = tables["organizations/organizations"]
    surveyed = set(organizations.loc[organizations["is_surveyed"].astype(bool), "organization"])
    latest = tables["organizations/ownership"].drop_duplicates("organization", keep="last")
    parents = dict(zip(latest["organization"], latest["parent"], strict=True))
    candidates = surveyed & brands
    if len(candidates) == 1:
        return candidates.pop()
    owners = {brand if brand in parents.values() else parents[brand] for brand in candidates or brands}
    assert len(owners) == 1, brands
    return owners.pop()


def printed_rows(tables):
    """Return the reports of NCMEC's printed rows about surveyed organizations, by year and organization."""
    brands = defaultdict(set)
    for row in records(tables["cybertipline/esp_brands"]):
        if row["brand"] is not None:
            brands[row["esp_printed"]].add(row["brand"])
    found = defaultdict(list)
    for row in records(tables["cybertipline/esp_reports"]):
        covered = brands.get(row["esp_printed"], set())
        if covered and not covered <= NOT_COMPILED:
            found[row["year"], owner(covered, tables)].append(row["reports"])
    return {key: sorted(counts) for key, counts in found.items()}


def test_ncmecs_counts_by_year_and_organization_are_those_of_its_printed_rows(compiled, tables, identifier):
    expected = defaultdict(list)
    for year, name, reports, _, _ in ncmec_rows(compiled):
        if reports is not None and name not in TOTALS:
            expected[year, identifier(name)].append(reports)
    expected = {key: sorted(counts) for key, counts in expected.items()}
    found = printed_rows(tables)
    assert sum(map(len, expected.values())) == 126
    sums = [{key: sum(counts) for key, counts in rows.items()} for rows in (found, expected)]
    assert sums[0] == sums[1]
    assert found == expected


def test_ncmecs_totals_are_those_of_the_years(compiled, tables):
    reports = tables["cybertipline/reports"].set_index(["year", "submitter"])["reports"]
    totals = {
        (year, TOTALS[name]): count
        for year, name, count, _, _ in ncmec_rows(compiled)
        if name in TOTALS and count is not None
    }
    assert len(totals) == 10
    assert {key: reports[key] for key in totals} == totals


def test_notices_are_those_of_the_compilation(compiled, tables, identifier):
    expected, seen = {}, defaultdict(int)
    for year, name, _, notices, days in ncmec_rows(compiled):
        if notices is not None:
            organization = None if name == "ESP Total" else identifier(name)
            expected[year, organization, seen[year, organization]] = (notices, days)
            seen[year, organization] += 1
        assert notices is not None or days is None
    found = {
        (row["year"], row["organization"], row["position"]): (row["notices"], row["mean_response_days"])
        for row in records(tables["cybertipline/notices"])
    }
    assert len(expected) == len(tables["cybertipline/notices"]) == 33
    assert found == expected


def test_reports_of_all_years_are_those_of_the_compilation(transcribed, tables):
    with (transcribed / "ocse-reports-per-year.csv").open(newline="") as file:
        expected = {int(row["year"]): int(row["reports"]) for row in csv.DictReader(file)}
    found = tables["cybertipline/reports"].query("submitter == 'all' and provenance == 'primary'")
    assert len(expected) == len(found) == 26
    assert dict(zip(found["year"], found["reports"], strict=True)) == expected
