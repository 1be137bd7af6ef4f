"""Reports by country are set against populations only where both are known."""

import pandas as pd
import pytest

from countback.io.tables import read_table
from scripts.tidy.jurisdiction_years import jurisdiction_years

COUNTRIES = pd.DataFrame(
    [("TCD", "Chad", "official", "Africa"), ("ANT", "Islands", "withdrawn", "Americas"), ("ZZZ", "None", "own", None)],
    columns=["iso3", "name", "code_status", "continent"],
).assign(region=lambda frame: frame["continent"], subregion=lambda frame: frame["continent"])

OUTLINES = pd.DataFrame({"iso3": ["TCD"]})


def printed(*rows):
    return pd.DataFrame(rows, columns=["iso3", "year", "reports"]).astype({"reports": "Int64"})


def years(reports, populations=(), users=(), league=()):
    people = pd.DataFrame(populations, columns=["iso3", "year", "population"]).astype({"population": "Int64"})
    online = pd.DataFrame(users, columns=["iso3", "year", "internet_users"])
    members = pd.DataFrame({"iso3": list(league)})
    return jurisdiction_years(
        reports, COUNTRIES, people.assign(is_projection=False).astype({"year": "int64"}), online, members, OUTLINES
    ).set_index(["iso3", "year"])


def test_rows_of_one_code_in_a_year_are_added_and_said_to_be():
    table = years(printed(("TCD", 2030, 593), ("TCD", 2030, 1), ("TCD", 2031, 7)))
    assert table.loc[("TCD", 2030), ["reports", "n_rows", "warnings"]].tolist() == [594, 2, "derived"]
    assert table.loc[("TCD", 2031), "n_rows"] == 1
    assert pd.isna(table.loc[("TCD", 2031), "warnings"])


def test_a_dash_stays_missing_and_adds_nothing_to_a_count():
    table = years(printed(("TCD", 2030, None), ("TCD", 2031, None), ("TCD", 2031, 3)), [("TCD", 2030, 100)])
    assert pd.isna(table.loc[("TCD", 2030), ["reports", "reports_per_100k"]]).all()
    assert table.loc[("TCD", 2031), "reports"] == 3


def test_a_rate_is_of_the_population_of_its_own_year():
    table = years(printed(("TCD", 2030, 50), ("TCD", 2031, 50)), [("TCD", 2030, 200_000)])
    assert table.loc[("TCD", 2030), "reports_per_100k"] == 25
    assert pd.isna(table.loc[("TCD", 2031), ["population", "reports_per_100k", "is_projection"]]).all()


def test_a_place_without_people_has_no_rate():
    table = years(printed(("TCD", 2030, 0), ("TCD", 2031, 5)), [("TCD", 2030, 0), ("TCD", 2031, 0)])
    assert table["reports_per_100k"].isna().all()


def test_reports_without_a_country_are_a_row_of_their_own():
    table = years(printed(("ZZZ", 2030, 900), ("TCD", 2030, 1)), [("TCD", 2030, 100_000)])
    assert table["reports"].to_dict() == {("ZZZ", 2030): 900, ("TCD", 2030): 1}
    assert pd.isna(table.loc[("ZZZ", 2030), ["population", "reports_per_100k", "region", "continent"]]).all()


def test_internet_users_are_not_carried_into_later_years_and_groups_are_left_out():
    users = [("TCD", 2030, 40), (None, 2030, 1000), (None, 2031, 1100)]
    table = years(printed(("TCD", 2030, 1), ("TCD", 2031, 1)), users=users)
    assert table.loc[("TCD", 2030), "internet_users"] == 40
    assert pd.isna(table.loc[("TCD", 2031), "internet_users"])


def test_a_country_that_is_no_more_is_doubtful_and_members_of_the_league_are_known():
    table = years(printed(("ANT", 2030, 1), ("TCD", 2030, 1)), league=["TCD"])
    assert table["warnings"].fillna("none").to_dict() == {("ANT", 2030): "doubtful", ("TCD", 2030): "none"}
    assert table["is_arab_league"].to_dict() == {("ANT", 2030): False, ("TCD", 2030): True}


@pytest.fixture(scope="module")
def table(project):
    data = project / "data"
    names = ("countries", "populations", "internet_users", "arab_league", "boundaries")
    reference = [read_table(data / "reference" / f"{name}.csv") for name in names]
    return jurisdiction_years(read_table(data / "cybertipline" / "country_reports.csv"), *reference)


def test_the_rows_of_a_year_sum_to_its_printed_total(table, project):
    totals = read_table(project / "data" / "cybertipline" / "country_totals.csv").set_index("year")["reports"]
    assert table.groupby("year")["reports"].sum().to_dict() == totals.to_dict()
    assert (len(table), table["n_rows"].sum()) == (1_221, 1_223)


def test_the_united_states_have_their_own_reports_only(table):
    reports = table[table["iso3"] == "USA"].set_index("year")["reports"].to_dict()
    assert reports == {2019: 521_658, 2020: 494_388, 2021: 716_474, 2022: 1_562_616, 2023: 1_132_270}


def test_places_without_a_rate_are_few_and_known(table):
    placeless = table[table["reports_per_100k"].isna() & table["reports"].notna() & (table["iso3"] != "ZZZ")]
    assert placeless.groupby("year")["reports"].sum().tolist() == [28, 97, 243, 117, 58]
    assert table.loc[table["reports"].isna(), ["iso3", "year"]].to_numpy().tolist() == [
        ["NFK", 2020],
        ["SHN", 2020],
        ["SJM", 2020],
    ]
    assert table.loc[table["is_arab_league"], "iso3"].nunique() == 22


def test_a_place_without_an_outline_says_so():
    table = years(printed(("TCD", 2030, 1), ("ANT", 2030, 2)))
    assert table["has_boundary"].to_dict() == {("TCD", 2030): True, ("ANT", 2030): False}
