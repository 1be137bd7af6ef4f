"""The data as committed: sums and row counts that the sources print, checksums, and the package's own validity."""

import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from snapshot import in_snapshot

from countback.checks.validation import load_tables, unlisted_files, validate_data
from countback.corrections import read_corrections
from countback.io.cells import read_rows
from countback.io.tables import read_table
from scripts.validate.checksums import count_rows

ESP = {
    2019: (148, 16_836_694),
    2020: (168, 21_447_786),
    2021: (230, 29_157_083),
    2022: (236, 31_802_525),
    2023: (247, 35_944_826),
}
PUBLIC = {2020: 303_299, 2021: 240_598, 2022: 256_504, 2023: 265_542}
CELLS = {
    **{"amazon": 16, "discord": 22, "facebook": 142, "github": 6, "google": 32, "instagram": 127, "linkedin": 9},
    **{"microsoft": 56, "pinterest": 128, "pornhub": 16, "reddit": 43, "snap": 21, "tiktok": 61, "twitch": 8},
    **{"twitter": 24, "x": 6, "youtube": 16},
}


@pytest.fixture(scope="module")
def data(project):
    return project / "data"


@pytest.fixture(scope="module")
def disclosures(data):
    return {name: in_snapshot(read_table(data / "disclosures" / f"{name}.csv")) for name in CELLS}


def test_the_data_pass_their_own_gate(data):
    rows = validate_data(data)
    assert len(rows) >= 30
    assert all(count > 0 for count in rows.values())


def test_the_gate_reads_each_table_as_those_do_who_compute_from_it(data):
    tables, faults = load_tables(data)
    assert faults == []
    assert unlisted_files(data) == []
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, read_table(frame.attrs["file"].replace("data", str(data), 1)), obj=name)


def test_files_in_raw_are_no_tables_of_the_package_be_they_links_or_not(data, tmp_path):
    copy = Path(shutil.copytree(data, tmp_path / "data", ignore=shutil.ignore_patterns("raw")))
    (copy / "raw" / "meta").mkdir(parents=True)
    (copy / "raw" / "meta" / "a.csv").write_text("a\n1\n")
    (tmp_path / "elsewhere.csv").write_text("a\n1\n")
    (copy / "raw" / "b.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert unlisted_files(copy) == []
    (copy / "reference" / "stray.csv").write_text("a\n1\n")
    assert [error.file for error in unlisted_files(copy)] == ["data/reference/stray.csv"]


def test_rows_and_sums_by_provider_are_those_printed(data):
    frame = read_table(data / "cybertipline" / "esp_reports.csv").groupby("year")["reports"].agg(["size", "sum"])
    assert {year: tuple(row) for year, row in frame.iterrows()} == ESP


def test_the_public_made_the_reports_that_providers_did_not(data):
    frame = read_table(data / "cybertipline" / "reports.csv").pivot(index="year", columns="submitter", values="reports")
    assert (frame["all"] - frame["service_providers"]).dropna().to_dict() == PUBLIC | {
        2019: 150_667,
        2024: 164_497,
        2025: 170_193,
    }
    assert frame["public"].dropna().to_dict() == PUBLIC


def test_every_year_since_1998_has_its_reports(data):
    frame = read_table(data / "cybertipline" / "reports.csv").query("submitter == 'all'")
    assert frame["year"].tolist() == list(range(1998, 2026))
    assert frame["reports"].iloc[[0, -3, -2, -1]].tolist() == [4_560, 36_210_368, 20_512_803, 21_351_493]
    assert frame["provenance"].tolist()[-3:] == ["primary", "secondary", "secondary"]


def test_every_disclosed_cell_of_the_compilation_is_a_row(disclosures):
    found = {name: len(frame) for name, frame in disclosures.items()}
    regions = disclosures["snap"]["component"].notna().sum()  # six rows that the compilation holds as a comment
    assert regions == 6
    # X's user reports are in its document, but not in the compilation
    assert (disclosures["x"]["metric"] == "user_reports").sum() == 1
    assert found == CELLS | {"snap": CELLS["snap"] + regions, "x": CELLS["x"] + 1}
    assert sum(CELLS.values()) == 733


def test_columns_of_the_compilation_are_all_mapped(data, disclosures):
    columns = read_table(data / "organizations" / "published_columns.csv")
    mapped = set(zip(columns["organization"], columns["metric"], columns["component"].fillna(""), strict=True))
    added = {("snap", "accounts"), ("snap", "accounts_enforced_all_reasons"), ("x", "user_reports")}
    for name, frame in disclosures.items():
        for metric, component in zip(frame["metric"], frame["component"].fillna(""), strict=True):
            assert (name, metric, component) in mapped or (name, metric) in added


def test_redundant_rows_are_those_flagged_and_snaps_regions(disclosures):
    flagged = {
        name: int(frame["is_redundant"].sum()) for name, frame in disclosures.items() if frame["is_redundant"].any()
    }
    assert flagged == {"twitch": 8, "reddit": 3, "snap": 7}


def test_snaps_four_expressions_are_the_products_they_state(disclosures):
    rows = disclosures["snap"].dropna(subset="expression")
    assert len(rows) == 4
    for text, value in zip(rows["expression"], rows["value"], strict=True):
        percent, total = text.split(" / 100 * ")
        assert value == pytest.approx(float(percent) / 100 * int(total), rel=1e-12)


def test_snaps_regions_add_up_to_its_accounts(disclosures):
    frame = disclosures["snap"].query("metric == 'accounts' and period == '2019 H2' and expression.isna()")
    whole = frame["component"].isna()
    assert frame.loc[~whole, "value"].sum() == frame.loc[whole, "value"].iloc[0] == 34_830


def test_notices_add_up_to_no_more_than_their_printed_totals(data):
    frame = read_table(data / "cybertipline" / "notices.csv")
    assert len(frame) == 33
    totals = frame[frame["organization"].isna()].set_index("year")["notices"]
    assert totals.to_dict() == {2021: 75_038, 2022: 80_969}
    assert (frame.dropna(subset="organization").groupby("year")["notices"].sum() <= totals).all()


def test_seven_cells_of_the_published_data_set_are_of_an_older_release_than_the_rest(data):
    cells = read_table(data / "organizations" / "published_values.csv")
    assert len(cells) == 7
    assert set(cells["table"]) == {"disclosures/facebook", "disclosures/instagram"}
    assert set(cells["period"]) == {"2022 Q4"}


def test_every_correction_names_a_release(data):
    corrections = read_corrections(data / "corrections.yml")
    releases = set(read_table(data / "releases.csv")["id"])
    assert {correction.source for correction in corrections} <= releases


def test_every_row_names_a_source_with_its_terms(data, disclosures):
    releases = read_table(data / "releases.csv").set_index("id")
    used = set(pd.concat(frame["source"] for frame in disclosures.values()))
    used |= set(read_table(data / "cybertipline" / "esp_reports.csv")["source"])
    assert used <= set(releases.index)
    assert releases.loc[sorted(used), "terms"].notna().all()


def test_checksums_are_those_of_the_files(data):
    stated = json.loads((data / "checksums.json").read_text())
    package = json.loads((data / "datapackage.json").read_text())
    assert set(stated) == {resource["path"] for resource in package["resources"]}
    for path, entry in stated.items():
        content = (data / path).read_bytes()
        assert entry["bytes"] == len(content), f"{path}: run make checksums"
        assert entry["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}", f"{path}: run make checksums"


def test_every_surveyed_organization_has_a_reason_that_a_list_states_or_says_that_none_is_recorded(data):
    organizations = read_table(data / "organizations" / "organizations.csv")
    selection = read_table(data / "organizations" / "selection.csv")
    surveyed = set(organizations.loc[organizations["is_surveyed"], "organization"])
    assert set(selection["organization"]) == surveyed
    is_unrecorded = selection["criterion"] == "not_recorded"
    assert (is_unrecorded == (selection["provenance"] == "unsourced")).all()
    assert not set(selection.loc[is_unrecorded, "organization"]) & set(selection.loc[~is_unrecorded, "organization"])
    criteria = read_table(data / "organizations" / "selection_criteria.csv").set_index("criterion")
    # what a list holds that was not read, nobody knows
    assert criteria.loc[selection["criterion"], "is_read"].all()
    is_listed = selection["criterion"].str.startswith("very_large")
    assert selection.loc[is_listed, ["listed_as", "listed_on"]].notna().all(axis=None)


def test_checksums_count_rows_as_the_gate_does(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("a\nNA\n\n" + '"two\nlines"\n')
    assert count_rows(file) == len(read_rows(file, "a.csv")) - 1 == 3
