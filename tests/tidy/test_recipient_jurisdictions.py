"""Countries as recipients of reports: each recipient counted, apart from tables that count each report once."""

import pandas as pd

from scripts.tidy.recipient_jurisdictions import recipient_jurisdictions

RECEIVED = pd.DataFrame(
    [("AAA", 2031, 30, 10), ("BBB", 2031, 5, None), ("CCC", 2031, None, None), ("ZZZ", 2031, 9, 9)],
    columns=["iso3", "year", "referrals", "informational"],
).astype({"referrals": "Int64", "informational": "Int64"})
PLATFORM = pd.DataFrame(
    [
        ("AAA", "cybertipline_reports_referred", "30", 25, 35),
        ("AAA", "kind", "9", 8, 10),
        ("DDD", "cybertipline_reports_referred", "<50", 0, 49),
    ],
    columns=["iso3", "measure", "value_printed", "low", "high"],
).assign(year=2031)
COUNTRIES = pd.DataFrame({"iso3": ["AAA", "BBB", "CCC", "DDD", "ZZZ"], "region": "R", "continent": "C"})
COUNTRIES["name"] = COUNTRIES["iso3"]
POPULATIONS = pd.DataFrame(
    [("AAA", 2030, 1000), ("AAA", 2031, 2000), ("AAA", 2032, 9), ("BBB", 2030, 100)],
    columns=["iso3", "year", "population"],
)


def found():
    return recipient_jurisdictions(RECEIVED, PLATFORM, COUNTRIES, POPULATIONS, 150).set_index("iso3")


def test_a_rate_is_of_all_received_reports_and_of_the_newest_population_up_to_the_year():
    columns = ["received", "population", "population_year", "received_per_100k", "rank"]
    assert found().loc[["AAA", "BBB"], columns].values.tolist() == [
        [40, 2000, 2031, 2000, 2],
        [5, 100, 2030, 5000, 1],
    ]


def test_a_place_below_the_floor_has_no_rank_among_those_above_it():
    rows = found()
    assert rows.loc[["AAA", "BBB"], "rank"].tolist() == [2, 1]
    assert rows.loc["AAA", "rank_above_floor"] == 1
    assert rows.loc[["BBB", "ZZZ"], "rank_above_floor"].isna().all()


def test_what_a_source_does_not_state_is_missing():
    rows = found()
    assert rows.loc["CCC", ["referrals", "received", "platform_printed"]].isna().all()
    assert rows.loc["DDD", ["received", "population", "received_per_100k", "rank"]].isna().all()
    assert rows.loc["DDD", ["platform_printed", "platform_low", "platform_high"]].tolist() == ["<50", 0, 49]
    assert rows.loc["ZZZ", ["population", "received_per_100k", "rank"]].isna().all()


def test_referrals_of_another_size_than_what_the_platform_prints_are_marked_as_doubtful():
    platform = pd.DataFrame(
        [("AAA", "320", 315, 325), ("BBB", "<50", 0, 49), ("CCC", "9", 9, 9), ("ZZZ", "0", 0, 0)],
        columns=["iso3", "value_printed", "low", "high"],
    ).assign(year=2031, measure="cybertipline_reports_referred")
    rows = recipient_jurisdictions(RECEIVED, platform, COUNTRIES, POPULATIONS, 150).set_index("iso3")
    assert rows["warnings"].fillna("").to_dict() == {"AAA": "doubtful", "BBB": "", "CCC": "", "ZZZ": "doubtful"}
    assert rows.loc["AAA", "referrals"] == 30


def test_the_platform_of_another_year_adds_no_rows():
    other = recipient_jurisdictions(RECEIVED, PLATFORM.assign(year=2030), COUNTRIES, POPULATIONS, 150)
    assert sorted(other["iso3"]) == ["AAA", "BBB", "CCC", "ZZZ"]
    assert other["platform_low"].isna().all()
