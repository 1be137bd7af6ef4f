"""Transcribed and reference tables: what they hold, what is marked, and that they equal the files they come from."""

import os
from pathlib import Path

import pandas as pd
import pytest

from countback.corrections import read_corrections
from countback.io.files import file_with, files_by_name
from countback.io.tables import read_table
from scripts.tidy.family_active_people import family_active_people


@pytest.fixture(scope="module")
def data(project):
    return project / "data"


def test_states_and_what_no_state_is_known_of_add_up_to_the_country(data):
    rows = read_table(data / "cybertipline" / "state_reports.csv")
    sums = rows.groupby("kind")["reports"].sum()
    assert rows["kind"].value_counts().to_dict() == {"state": 50, "subtotal": 1, "unspecified": 1, "total": 1}
    assert sums["state"] == sums["subtotal"] == 910_349
    assert sums["subtotal"] + sums["unspecified"] == sums["total"] == 1_132_270
    countries = read_table(data / "cybertipline" / "country_reports.csv").query("iso3 == 'USA' and year == 2023")
    assert countries["reports"].tolist() == [sums["total"]]


def test_the_total_population_of_the_states_includes_the_district_that_has_no_row(data):
    rows = read_table(data / "cybertipline" / "state_reports.csv")
    population = rows.groupby("kind")["population"].sum()
    assert "DC" not in set(rows["state"])
    assert population["total"] - population["state"] == 678_972
    assert rows.loc[rows["population"].isna(), "population_printed"].unique().tolist() == ["N/A"]


def test_populations_of_countries_and_world_are_of_different_revisions(data):
    countries = read_table(data / "reference" / "populations.csv")
    world = read_table(data / "reference" / "world_populations.csv").set_index("year")
    assert countries.groupby("year").size().tolist() == [236] * 5
    assert countries.query("year == 2023")["population"].sum() == 8_045_310_981
    assert world.loc[2023, "population"] == 8_091_734_930
    assert set(countries["revision"]) & set(world["revision"]) == set()
    assert countries.loc[countries["is_projection"], "year"].unique().tolist() == [2022, 2023]


def test_reported_places_without_population_are_few_and_known(data):
    reports = read_table(data / "cybertipline" / "country_reports.csv").query("iso3 != 'ZZZ'")
    known = set(read_table(data / "reference" / "populations.csv")["iso3"])
    left = reports[~reports["iso3"].isin(known)].groupby("year")["reports"].sum()
    assert left.tolist() == [28, 97, 243, 117, 58]


def test_internet_users_keep_groups_without_a_code(data):
    rows = read_table(data / "reference" / "internet_users.csv")
    assert len(rows) == 6_406
    assert rows["year"].agg(["min", "max"]).tolist() == [1990, 2020]
    groups = rows[rows["iso3"].isna()]
    assert "World" in set(groups["country_printed"])
    assert (len(groups), groups["country_printed"].nunique()) == (338, 11)
    assert rows.query("country_printed == 'Kosovo'")["iso3"].unique().tolist() == ["XKX"]


def test_the_arab_league_has_22_members(data):
    assert read_table(data / "reference" / "arab_league.csv")["iso3"].nunique() == 22


def test_the_repeated_count_of_active_people_is_corrected_in_the_tidy_table_alone(data):
    printed = read_table(data / "reference" / "family_active_people.csv")
    tidy = family_active_people(printed, read_corrections(data / "corrections.yml"))
    daily = tidy.query("frequency == 'daily'").set_index("period")
    assert printed.query("frequency == 'daily' and period == '2022 Q1'")["people_billion"].tolist() == [2.76]
    assert daily.loc["2022 Q1", "people_billion"] == 2.87
    assert daily["is_corrected"].sum() == 1
    assert daily["people_billion"].is_monotonic_increasing
    assert len(tidy) == 42


def test_rates_of_each_age_of_victims_add_up_to_about_a_thousand(data):
    rows = read_table(data / "reference" / "victim_relationships.csv")
    rates = rows.query("study == 'statistical_briefing_book'").groupby("victim_age", sort=False)["value"].sum()
    assert rates.to_dict() == {"Under 6": 998, "6 to 11": 1001, "12 to 17": 1000}
    assert rows.groupby("study")["unit"].unique().map(list).to_dict() == {
        **{"statistical_briefing_book": ["per_1000"], "learcat": ["count"]}
    }


def test_four_cells_of_disrupting_harm_are_doubtful_and_say_why(data):
    rows = read_table(data / "reference" / "disrupting_harm.csv")
    assert rows["figure"].value_counts().to_dict() == {"2": 4, "3": 27, "4": 36}
    doubtful = rows[rows["status"] == "doubtful"]
    assert doubtful[["figure", "iso3", "platform", "value"]].to_numpy().tolist() == [
        ["3", "PHL", "YouTube", 8],
        ["3", "THA", "TikTok", 74],
        ["3", "THA", "Twitter", 82],
        ["4", "THA", "Facebook", 34_124],
    ]
    assert doubtful["note"].notna().all()
    assert (doubtful["warnings"] == "doubtful").all()
    assert rows["value"].isna().tolist() == (rows["status"] == "missing").tolist()


def test_the_three_providers_made_nearly_all_reports_but_where_a_cell_is_doubtful(data):
    figure = read_table(data / "reference" / "disrupting_harm.csv").query("figure == '4'")
    countries = read_table(data / "cybertipline" / "country_reports.csv").query("year == 2019")
    shares = figure.groupby("iso3")["value"].sum() / countries.set_index("iso3")["reports"]
    assert shares.dropna().loc[lambda share: share < 0.97].index.tolist() == ["THA"]


PRINTED_BY_STATE = ["state", "reports_printed", "population_printed"]


def plain(frame: pd.DataFrame) -> list[str]:
    return frame.fillna("").astype(str).agg(",".join, axis=1).tolist()


@pytest.mark.raw
@pytest.mark.parametrize(
    ("table", "columns", "file", "dropped"),
    [
        ("cybertipline/state_reports", PRINTED_BY_STATE, "ocse-reports-by-state", "year"),
        ("reference/populations", ["iso3", "year", "population"], "population-wpp2022", None),
        ("reference/world_populations", ["year", "population"], "global-population", None),
        ("reference/internet_users", ["country_printed", "year", "internet_users"], "internet-users", "iso3"),
        ("reference/social_media_identities", ["year", "value_printed"], "social-media-users", None),
        ("reference/arab_league", ["country_printed", "iso3"], "arab-league", None),
    ],
)
def test_rows_stand_in_the_file_at_the_place_that_they_name(data, table, columns, file, dropped):
    ours, raw = read_table(data / f"{table}.csv"), Path(os.environ["COUNTBACK_RAW"])
    files = read_table(data / "releases.csv").set_index("id")[["file", "sha256"]]
    whole = None
    for name, rows in ours.groupby("source"):
        held = file_with(files.loc[name, "sha256"], files_by_name(raw)[files.loc[name, "file"]])
        source = pd.read_csv(held, dtype=str, keep_default_na=False)
        source = plain(source.drop(columns=[dropped] if dropped else []))
        assert plain(rows[columns]) == [source[int(place.removeprefix("row ")) - 2] for place in rows["place"]]
        whole = len(rows) == len(source) if held.stem == file else whole
    assert whole  # of the file that gives the table most of its rows, none is left out


@pytest.mark.raw
def test_doubtful_cells_stand_in_the_text_at_the_line_that_they_name(data):
    text = next(Path(os.environ["COUNTBACK_RAW"]).rglob("data-insight-7.txt")).read_text(encoding="utf-8").splitlines()
    for row in read_table(data / "reference" / "disrupting_harm.csv").dropna(subset="value_printed").itertuples():
        assert row.value_printed in text[int(row.place.removeprefix("line ")) - 1]
