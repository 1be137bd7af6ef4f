"""The export in the published structure holds the published file, but for what is corrected, and what came later."""

import copy
import hashlib
import json
import os
from pathlib import Path

import pandas as pd
import pytest

from countback.corrections import read_corrections
from countback.io.errors import DataError
from countback.io.package import load_package
from countback.io.tables import read_table
from scripts.exports.platform_json import clearinghouse_reports, features, organization_rows, platform_json

DIGESTS = Path(__file__).resolve().parents[1] / "data" / "platform_digests.json"
TABLES = {
    "organizations": "organizations organization_names ownership features organization_sources published_columns "
    "published_sums published_brands published_comments published_values",
    "cybertipline": "reports esp_reports esp_brands notices",
    ".": "releases",
}


@pytest.fixture(scope="module")
def tables(project):
    data = project / "data"
    return {
        name: read_table(data / folder / f"{name}.csv") for folder, names in TABLES.items() for name in names.split()
    }


@pytest.fixture(scope="module")
def exported(project, tables):
    data = project / "data"
    content = platform_json(
        tables,
        {file.stem: read_table(file) for file in sorted((data / "disclosures").glob("*.csv"))},
        read_corrections(data / "corrections.yml"),
        load_package(data / "datapackage.json"),
    )
    return json.loads(json.dumps(content))


def cells(entry):
    """Return an organization's columns and rows in one spelling; rows on NCMEC have no order within a year."""
    entry = entry or {}
    rows = [json.dumps(row, sort_keys=True) for row in json.loads(json.dumps(entry.get("rows", [])), parse_float=short)]
    return [entry.get("columns", []), sorted(rows) if "platform" in entry.get("columns", []) else rows]


def short(number):
    return int(float(number)) if float(number).is_integer() else float(number)


def digests(entries):
    return {
        name: hashlib.sha256(json.dumps(cells(entry)).encode()).hexdigest()
        for name, entry in entries.items()
        if name != "@"
    }


def as_first_published(exported, rows):
    """Return the export without what came later: organizations, and rows beyond those that the published file has.

    Rows of an organization run from the latest to the earliest, those on NCMEC from the earliest to the latest.

    Parameters
    ----------
    rows
        How many rows the published file has, by organization.
    """
    entries, later = {}, set(exported) - set(rows)
    for name, number in rows.items():
        entry = copy.deepcopy(exported[name]) or {}
        if "platform" in entry.get("columns", []):
            kept = [row for row in entry["rows"] if next(iter(row.values()))[0] not in later]
            entries[name] = entry | {"rows": kept[:number]}
        else:
            # Meta's entry had no columns
            kept = entry.get("rows", [])
            entries[name] = entry | {"rows": kept[len(kept) - number :], "columns": entry["columns"] if number else []}
    return entries


def corrected(published, project, tables):
    """Return the published file with values of later releases and corrections, and the cells that these change."""
    entries, changed = copy.deepcopy(published), []
    ids = dict(zip(tables["organizations"]["organization"], tables["organizations"]["name"], strict=True))
    columns = tables["published_columns"].fillna({"component": ""}).set_index(["organization", "metric", "component"])
    key = ["metric", "component", "period"]
    for cell in tables["published_values"].fillna({"component": ""}).to_dict("records"):
        organization = cell["table"].split("/")[1]
        disclosed = read_table(project / "data" / f"{cell['table']}.csv").fillna({"component": ""}).set_index(key)
        position = columns.loc[(organization, cell["metric"], cell["component"]), "position"]
        row = next(row for row in entries[ids[organization]]["rows"] if cell["period"] in row)
        assert row[cell["period"]][position] == cell["value"]
        row[cell["period"]][position] = int(disclosed.loc[tuple(cell[name] for name in key), "value"])
        changed.append((ids[organization], cell["period"], int(position)))
    for correction in read_corrections(project / "data" / "corrections.yml"):
        folder, organization = correction.table.split("/")
        if folder != "disclosures":
            continue
        period = correction.key["period"]
        position = columns.loc[(organization, correction.key["metric"], correction.key["component"] or ""), "position"]
        row = next(row for row in entries[ids[organization]]["rows"] if period in row)
        assert row[period][position] == correction.expect
        row[period][position] = correction.value
        changed.append((ids[organization], period, int(position)))
    return entries, changed


def known(column):
    """Return the number of rows or the digest of each organization in the published file."""
    return {name: entry[column] for name, entry in json.loads(DIGESTS.read_text()).items()}


def test_every_cell_of_the_published_file_is_there_with_corrections_applied(exported):
    assert digests(as_first_published(exported, known("rows"))) == known("digest")


def test_a_changed_cell_changes_the_digest_of_its_organization_only(exported):
    changed = copy.deepcopy(exported)
    next(row for row in changed["GitHub"]["rows"] if "2023" in row)["2023"][0] += 1
    assert [name for name, digest in digests(changed).items() if digest != digests(exported)[name]] == ["GitHub"]


def test_what_was_disclosed_since_the_published_file_stands_above_it(exported):
    assert exported["Reddit"]["rows"][0] == {"2025 H2": [55048, 32747, 72981, 7, 267, 12615, 48660, 10741, 10.1]}
    assert exported["Meta"]["rows"][-1] == {"2023 Q2": [3700000]}
    assert {"2025 H2": ["146.92 / 100 * 959"], "redundant": True} in exported["Twitch"]["rows"]


@pytest.fixture(scope="module")
def published():
    file = Path(os.environ["COUNTBACK_RAW"]) / "transcribed" / "ocse-reports-per-platform.json"
    return json.loads(file.read_text())


@pytest.mark.raw
def test_the_digests_are_those_of_the_published_file(published, project, tables):
    assert digests(corrected(published, project, tables)[0]) == known("digest")
    assert {name: len((entry or {}).get("rows", [])) for name, entry in published.items() if name != "@"} == known(
        "rows"
    )


@pytest.mark.raw
def test_the_cells_that_differ_from_the_published_file_are_those_that_are_listed(exported, published, project, tables):
    exported = as_first_published(exported, known("rows"))
    differing = [
        (name, period, position)
        for name, entry in published.items()
        if name != "@" and cells(entry) != cells(exported[name])
        for ours, theirs in zip(exported[name]["rows"], entry["rows"], strict=True)
        for period in theirs
        if isinstance(theirs[period], list)
        for position, value in enumerate(theirs[period])
        if ours[period][position] != value
    ]
    expected = corrected(published, project, tables)[1]
    assert len(expected) == 8
    assert sorted(differing) == sorted(expected)


@pytest.mark.raw
def test_everything_beside_the_cells_is_that_of_the_published_file_but_for_its_record_and_one_list(exported, published):
    assert [name for name in exported if name in published] == list(published)
    differing = {
        (name, key)
        for name, entry in published.items()
        if name != "@"
        for key in {*(entry or {})} - {"rows", "sources"}
        if entry[key] != exported[name].get(key)
    }
    assert differing == {("Pornhub", "features"), ("Discord", "features")}
    theirs, ours = published["Pornhub"]["features"], exported["Pornhub"]["features"]
    assert {**theirs, "terms": [theirs["terms"]]} == ours
    for name, entry in published.items():
        sources = (entry or {}).get("sources", [])
        assert [source for source in (exported[name] or {}).get("sources", []) if source in sources] == sources, name


def test_an_organization_of_which_nothing_is_recorded_is_null(exported):
    assert exported["Telegram"] is exported["X.AI"] is None
    assert all(exported.values()) is False


def column(name, position, metric, component=None, row_in_period=0):
    return {
        "organization": "acme",
        "position": position,
        "column": name,
        "metric": metric,
        "component": component,
        "row_in_period": row_in_period,
    }


def disclosed(metric, period, value, component=None, is_redundant=False, expression=None):
    return {
        "metric": metric,
        "component": component,
        "period": period,
        "value": value,
        "expression": expression,
        "is_redundant": is_redundant,
        "is_corrected": False,
    }


COLUMNS = [column("pieces", 0, "pieces"), column("reports", 1, "reports")]


def test_rows_run_from_the_latest_period_and_what_was_not_disclosed_is_null():
    rows = organization_rows(
        COLUMNS,
        [disclosed("reports", "2031 H1", 0), disclosed("pieces", "2031 Q1", 3), disclosed("pieces", "2031 Q3", 4)],
    )
    assert rows == [{"2031 Q3": [4, None]}, {"2031 Q1": [3, None]}, {"2031 H1": [None, 0]}]


def test_a_redundant_row_says_so_and_stands_before_the_one_that_it_repeats():
    rows = organization_rows(
        COLUMNS,
        [
            disclosed("pieces", "2031", 7),
            disclosed("pieces", "2031", 7.5, is_redundant=True, expression="1.5 / 100 * 1500"),
        ],
    )
    assert rows == [{"2031": ["1.5 / 100 * 1,500", None], "redundant": True}, {"2031": [7, None]}]


def test_metrics_without_a_column_are_left_out():
    assert organization_rows(COLUMNS, [disclosed("appeals", "2031", 5)]) == []


def test_two_values_for_one_cell_are_refused():
    with pytest.raises(DataError, match="two values for pieces of acme in 2031"):
        organization_rows(COLUMNS, [disclosed("pieces", "2031", 5), disclosed("pieces", "2031", 6)])


def test_a_feature_without_a_published_word_is_refused():
    row = {
        "organization": "acme",
        "data_format": "papyrus",
        "history": None,
        "quantities": "counts",
        "granularity": "year",
        "frequency": "year",
        "subject_terms": None,
        "coverage_start": "2031",
        "coverage_end": None,
    }
    with pytest.raises(DataError, match="'papyrus' as data_format of acme"):
        features(row)
    assert features(row | {"data_format": None})["coverage"] == "2031"


def test_a_row_that_combines_brands_counts_for_their_owner_and_others_for_what_they_name(tables):
    frame = pd.DataFrame(
        {"esp_printed": ["Facebook*", "Instagram, Inc.", "Giphy"], "year": [2031] * 3, "reports": [5, 3, 9]}
    )
    found = clearinghouse_reports({**tables, "esp_reports": frame}, {"meta", "facebook", "instagram", "whatsapp"})
    assert found == {(2031, "Facebook"): [], (2031, "Instagram"): [3], (2031, "Meta"): [5], (2031, "WhatsApp"): []}
