"""What organizations have disclosed since the compilation's first version: taken over, or left out with a reason."""

import csv
import os
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from countback.checks import histories
from countback.corrections import read_corrections
from countback.ingest.printed import COLUMNS, with_compiled
from countback.io.errors import DataError
from countback.io.tables import read_table
from scripts.tidy.disclosures import disclosures

COMPILED = "diaphanous-2025-disclosures"
# their tables are made from their own files, and compared with these elsewhere
FROM_FILES = {"facebook", "instagram", "discord"}
IDS = {"X": "x", "YouTube": "youtube", "OpenAI": "openai", "Kik": "kik", "X.AI": "x_ai", "Meta AI": "meta_ai"}


@pytest.fixture(scope="module")
def data(project):
    return project / "data"


@pytest.fixture(scope="module")
def tidy(data):
    tables = {file.stem: read_table(file) for file in sorted((data / "disclosures").glob("*.csv"))}
    return disclosures(tables, read_corrections(data / "corrections.yml"))


@pytest.fixture(scope="module")
def left_out(data):
    return read_table(data / "organizations" / "left_out.csv")


def of(tidy, organization, metric, period):
    rows = tidy[(tidy["organization"] == organization) & (tidy["metric"] == metric) & (tidy["period"] == period)]
    return rows.iloc[0] if len(rows) == 1 else rows


def test_a_count_that_is_an_increase_is_not_taken_for_the_count(tidy, left_out):
    row = of(tidy, "twitch", "reports", "2025 H2")
    assert row["value"] == pytest.approx(959 * 1.4692)
    assert row["is_redundant"]
    assert row["warnings"].split("|") == ["redundant", "doubtful", "derived"]
    assert "450" in set(left_out.loc[left_out["organization"] == "twitch", "compiled"])


def test_a_count_that_repeats_the_one_before_is_kept_as_printed_and_doubtful(tidy):
    row = of(tidy, "pinterest", "reports", "2024 H1")
    assert (row["value"], row["warnings"]) == (16_234, "doubtful")
    assert row["value"] == of(tidy, "pinterest", "reports", "2023 H2")["value"]


def test_rows_without_the_names_of_what_they_count_are_left_out(tidy, left_out):
    assert not tidy.query("organization == 'microsoft'")["period"].str.startswith("2024").any()
    assert left_out["organization"].value_counts()["microsoft"] == 14


def test_what_the_compilation_comments_out_is_left_out(tidy, left_out):
    assert of(tidy, "github", "reports", "2025").empty
    assert of(tidy, "linkedin", "pieces", "2025 H1").empty
    commented = left_out[left_out["reason"].str.startswith("Commented out")]
    assert Counter(commented["organization"]) == {"github": 2, "linkedin": 1}


def test_a_bound_is_no_number(tidy, left_out):
    bounds = left_out[left_out["reason"].str.contains("a bound and no number")]
    assert len(bounds) == 7
    reach = tidy.query("metric == 'pins_reach_percent'").groupby("period").size()
    assert reach[["2024 Q1", "2024 Q2", "2024 Q3"]].tolist() == [4, 3, 2]


def test_a_rounded_count_says_so_and_what_it_covers(tidy):
    meta = tidy[tidy["organization"] == "meta"]
    assert (meta["warnings"] == "rounded").all()
    assert meta["note"].str.startswith("Facebook and Instagram only").all()
    assert (meta["value"] % 100_000 == 0).all()
    assert meta.groupby(meta["period"].str[:4])["value"].agg(["size", "sum"]).to_numpy().tolist() == [
        [3, 17_300_000],
        [4, 11_600_000],
        [4, 8_300_000],
    ]
    assert of(tidy, "amazon", "reports", "2025")["warnings"] == "rounded"


def test_pages_that_were_matched_to_quarters_by_their_order_say_so(data):
    releases = read_table(data / "releases.csv").set_index("id")
    pages = releases[releases.index.str.startswith("meta-cybertips-")]
    # the first one states its quarter
    assert pages["note"].str.contains("by the order of pages").tolist() == [False] + [True] * (len(pages) - 1)


def test_a_count_that_two_versions_of_the_compilation_have_otherwise_is_corrected_to_that_of_the_page(tidy):
    row = of(tidy, "pornhub", "reports", "2024 H1")
    assert (row["value"], row["value_disclosed"], row["is_corrected"]) == (1_471, 1_450, True)


def test_what_a_compilation_says_of_a_period_without_a_document_stands_beside_what_was_read_off_documents(tidy):
    x = tidy[(tidy["organization"] == "x") & (tidy["metric"] == "reports")]
    assert x.groupby("period")["provenance"].unique().map(list).to_dict() == {
        "2024 H1": ["primary"],
        "2024 H2": ["secondary"],
    }


def frame(*rows):
    cells = [dict.fromkeys(COLUMNS) | {"metric": "reports", "period": period, "value": 1.0} for period in rows]
    return pd.DataFrame(cells, columns=COLUMNS).astype(dict.fromkeys(COLUMNS, "string") | {"value": "Float64"})


def test_a_compiled_row_on_a_period_whose_document_is_at_hand_is_refused():
    compiled = frame("2031 H1", "2031 H2").assign(organization="acme")
    own = frame("2030 H2")
    assert with_compiled(own, compiled, "acme")["period"].tolist() == ["2030 H2", "2031 H1", "2031 H2"]
    assert with_compiled(own, compiled, "other") is own
    with pytest.raises(DataError, match=r"acme, column period: found '2031 H1, of which a document of acme is at hand"):
        with_compiled(frame("2031 H1"), compiled, "acme")


def test_a_compiled_row_of_an_organization_with_a_table_of_its_own_is_refused():
    check = histories.compiled_disclosures_are_of_parsed_tables
    faults = [str(fault) for fault in check({"compiled_disclosures": frame("2031").assign(organization="amazon")})]
    assert len(faults) == 1
    assert "row 2, column organization: found 'amazon', expected an organization whose table is made" in faults[0]
    assert list(check({"compiled_disclosures": frame("2031").assign(organization="x")})) == []


def compiled_rows(name):
    with (Path(os.environ["COUNTBACK_RAW"]) / "later" / name).open(newline="") as file:
        return list(enumerate(csv.DictReader(file), start=2))


@pytest.mark.raw
def test_every_compiled_value_is_taken_over_or_left_out_with_a_reason(data, left_out):
    tables = [read_table(file).assign(organization=file.stem) for file in (data / "disclosures").glob("*.csv")]
    taken = pd.concat(tables).dropna(subset="place")
    taken = taken[taken["place"].str.endswith(f" of {COMPILED}")].set_index("place")
    out = left_out[left_out["source"] == COMPILED].set_index("place")
    derived, corrected = [], []
    for number, row in compiled_rows("platform-disclosures-since-snapshot.csv"):
        organization, place = IDS.get(row["organization"], row["organization"].lower()), f"row {number}"
        if organization in FROM_FILES:
            continue
        if place in out.index:
            assert out.loc[place, ["organization", "period", "column", "compiled"]].tolist() == [
                organization, row["period"], row["metric"], row["value"],
            ]  # fmt: skip
            derived += [place] if f"{place} of {COMPILED}" in taken.index else []
        elif row["status"] == "changed":
            corrected.append((organization, row["period"], float(row["value"])))
        else:
            found = taken.loc[f"{place} of {COMPILED}"]
            assert (found["organization"], found["period"], found["value"]) == (
                organization, row["period"], float(row["value"]),
            )  # fmt: skip
    assert len(derived) == 1
    assert corrected == [("pornhub", "2024 H1", 1471)]


@pytest.mark.raw
def test_the_clearinghouse_s_rows_of_organizations_that_came_later_are_the_printed_ones_but_for_one_error(data):
    brands = read_table(data / "cybertipline" / "esp_brands.csv").dropna(subset="brand")
    printed = read_table(data / "cybertipline" / "esp_reports.csv").merge(brands, on="esp_printed")
    counts = printed.set_index(["year", "brand"])["reports"]
    compared, unlike = 0, []
    for _, row in compiled_rows("ncmec-by-esp-since-snapshot.csv"):
        year, organization = int(row["year"]), IDS.get(row["platform"], row["platform"].lower())
        if year > 2023:
            continue
        compared += 1
        if counts[year, organization] != int(row["reports"]):
            unlike.append((organization, year, int(row["reports"]), int(counts[year, organization])))
    assert compared == 22
    assert unlike == [("amino", 2022, 177, 178)]


def test_the_error_in_a_count_of_the_clearinghouse_s_is_listed_with_what_it_prints(left_out):
    row = left_out.set_index("organization").loc["amino"]
    assert (row["compiled"], "178" in row["reason"]) == ("177", True)
