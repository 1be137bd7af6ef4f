"""The right methods leave out what the published ones add, and give nothing where nothing can be had."""

import pandas as pd
import pytest

from replication.right import contents, countries, meta, providers, series


def table(text, **types):
    """Return a table from lines of words; a dash is a missing value."""
    head, *rows = (line.split() for line in text.strip().splitlines())
    frame = pd.DataFrame(rows, columns=head, dtype="string").mask(lambda cells: cells == "-")
    return frame.astype({"year": "Int64"} if "year" in frame else {}).astype(types)


@pytest.fixture
def world():
    return {
        "cybertipline_years": table("year submitter reports\n2031 all 1000", reports="Int64"),
        "jurisdiction_years": table(
            "iso3 year reports population is_arab_league\nUSA 2031 100 1000 -\nQAT 2031 300 500 -\n"
            "ZZZ 2031 600 - -\nATA 2031 5 - -",
            reports="Int64",
            population="Int64",
        ),
        "populations": table("iso3 year population\nUSA 2031 1000\nQAT 2031 500\nNAM 2031 50", population="Int64"),
        "countries": table(
            "iso3 region continent\nUSA Northern-America Americas\nQAT Western-Asia Asia\nNAM Southern-Africa Africa"
        ),
        "arab_league": table("iso3\nQAT"),
        "states": table("state year reports_per_100k\nAK 2031 200", reports_per_100k="Float64"),
    }


def test_reports_without_a_country_are_of_no_country_but_of_the_whole(world):
    values = countries.united_states(world)
    assert values["us.reports.2031"] == 100
    assert values["us.reports_pct.2031"] == pytest.approx(10)
    assert values["us.state.AK.reports_per_capita.2031"] == pytest.approx(0.002)


def test_a_ranking_holds_countries_only(world):
    values = countries.rankings(world)
    assert [values[f"country.top.2031.0{rank}.iso3"] for rank in (1, 2)] == ["QAT", "USA"]
    assert values["country.arab_league.members_in_top.2031"] == 1


def test_a_place_without_reports_counts_with_its_people(world):
    assert countries.arab_league(world)["country.arab_league.population_pct.2031"] == pytest.approx(500 / 1550 * 100)


def test_places_without_population_are_counted_without_the_row_that_is_no_place(world):
    values = countries.without_population(world)
    assert values == {"country.without_population.n": 1, "country.without_population.reports.2031": 5}


def test_an_area_holds_reports_of_all_its_places_over_people_of_all_its_places(world):
    values = countries.regions(world)
    assert values["country.region.southern-africa.2031.reports"] == 0
    assert values["country.region.western-asia.2031.rpc"] == pytest.approx(300 / 500)
    world["countries"] = pd.concat([world["countries"], table("iso3 region continent\nATA Western-Asia Asia")])
    values = countries.regions(world)
    assert values["country.region.western-asia.2031.reports"] == 305
    assert values["country.region.western-asia.2031.rpc"] == pytest.approx(305 / 500)


def test_guernsey_and_jersey_are_part_of_northern_europe(world):
    world["countries"] = table("iso3 region continent\nGGY Northern-Europe Europe\nFIN Northern-Europe Europe")
    world["populations"] = table("iso3 year population\nGGY 2031 10\nFIN 2031 90", population="Int64")
    world["jurisdiction_years"] = table("iso3 year reports\nGGY 2031 3\nFIN 2031 5", reports="Int64")
    values = countries.regions(world)
    assert values["country.region.northern-europe.2031.reports"] == 8
    assert values["country.region.channel-islands.2031.reports"] == 3


def test_pieces_are_images_and_videos_and_shares_are_of_all_reports():
    cells = table(
        "table item measure year value\nfiles_uploaded images files 2031 6\nfiles_uploaded videos files 2031 2\n"
        "files_uploaded other files 2031 9\nexploitation_kinds child_sex_tourism reports 2031 1",
        value="Float64",
    )
    years = table("year submitter reports\n2031 all 4", reports="Int64")
    tables = {"report_contents": cells, "cybertipline_years": years}
    assert contents.contents(tables)["contents.pieces.2031"] == 8
    assert contents.contents(tables)["contents.pieces_per_report.2031"] == 2
    assert contents.contents(tables).get("contents.unique_pieces.2031") is None
    assert contents.violations(tables)["contents.violation.child-sex-tourism.2031.pct"] == 25


def test_a_level_of_detail_is_a_share_of_both_levels_and_not_of_their_sum_as_well():
    rows = "all actionable 2031 30\nall informational 2031 10\nall total 2031 40\nlocal actionable 2031 30"
    received = table(f"received_by kind year received\n{rows}", received="Int64")
    assert contents.recipients({"referrals": received})["recipients.actionable.2031.pct"] == 75


def test_a_part_of_another_pair_is_counted_in_full_years_only():
    halves = "twitch reports 2031H1 3\ntwitch reports 2031H2 4\ntwitch reports 2032H1 5"
    rows = table(f"organization metric period value\n{halves}", value="Float64")
    rows["period"] = rows["period"].str.replace("H", " H")
    esp = table("esp year reports is_combined\ntwitch 2031 9 -\ntwitch 2032 9 -", reports="Int64")
    values = providers.parts_apart({"disclosures": rows, "esp_years": esp.assign(is_combined=False)})
    assert values["platform.compare.twitch.2031.pct_difference"] == pytest.approx(25)
    assert "platform.compare.twitch.2032.provider_reports" not in values


def pieces(*rows):
    lines = "\n".join(rows)
    text = f"organization metric component period value\n{lines}"
    frame = table(text, value="Float64")
    return frame.assign(period=frame["period"].str.replace("Q", " Q"))


def meta_tables(frame):
    years = table("provider metric year value\nfacebook pieces 2031 9", value="Float64")
    return {
        "disclosures": frame,
        "provider_years": years,
        "provider_shares": table("provider year reports\nmeta 2031 3", reports="Int64"),
        "provider_pairs": table("provider year ncmec_reports\ntiktok 2031 1", ncmec_reports="Int64"),
        "organizations": table("organization is_surveyed\nmeta true")
        .replace({"true": True})
        .astype({"is_surveyed": "boolean"}),
    }


def test_a_sum_over_two_apps_is_missing_where_one_discloses_nothing():
    frame = pieces("facebook pieces A 2031Q1 4", "facebook pieces A 2031Q2 5", "instagram pieces A 2031Q2 1")
    values = meta.pieces(meta_tables(frame))
    assert values["meta.pieces.2031Q1"] is None
    assert values["meta.pieces.2031Q2"] == 6
    assert values["meta.pieces_per_year.2031"] is None


def test_a_change_is_one_between_quarters_of_the_same_definitions():
    frame = pieces(
        *(f"{app} pieces A {year}Q{quarter} {value}" for app in ("facebook", "instagram")
          for year, quarter, value in ((2030, 1, 2), (2031, 1, 3), (2030, 2, 2))),
        "facebook pieces B 2031Q2 5",
        "instagram pieces B 2031Q2 5",
    )  # fmt: skip
    values = meta.pieces(meta_tables(frame))
    assert values["meta.pieces_yoy_pct.2031Q1"] == pytest.approx(50)
    assert values["meta.pieces_yoy_pct.2031Q2"] is None


def test_a_rate_of_revision_is_one_of_values_that_both_releases_hold():
    history = table(
        "app policy_area metric period value value_low value_high first_release last_release\n"
        "F P M 2021 1 - - meta-2021-q1 meta-2021-q1\nF P M 2021 2 - - meta-2021-q2 meta-2021-q2\n"
        "F P N 2021 7 - - meta-2021-q1 meta-2021-q2\nF P O 2021 - - - meta-2021-q1 meta-2021-q2\n"
        "F P L 2021 3 - - meta-2021-q1 meta-2021-q1",
        value="Float64",
    )
    values = meta.divergence({"meta": history})
    assert values["meta.divergence.2021Q2.total"] == 2
    assert values["meta.divergence.2021Q2.rate_pct"] == pytest.approx(50)
    assert values["meta.divergence.2021Q2.by_period.2021"] == 1


def test_the_count_of_one_brand_is_set_against_rows_of_that_brand():
    pairs = table(
        "provider year provider_reports ncmec_reports is_comparable verdict\n"
        "aylo 2031 - 9 false no_own_reports\npornhub 2031 4 4 true comparable\n"
        "pornhub 2032 5 9 false ncmec_covers_other_brands",
        provider_reports="Int64",
        ncmec_reports="Int64",
    ).replace({"true": True, "false": False})
    rows = providers.pairs_as_published({"provider_pairs": pairs.astype({"is_comparable": "boolean"})})
    assert rows["provider"].tolist() == ["aylo", "aylo"]
    assert rows["pct_difference"].tolist()[0] == 0
    assert pd.isna(rows["pct_difference"].tolist()[1])


def test_pieces_that_a_search_engine_only_indexes_are_left_out():
    lines = "provider metric year value\nmicrosoft pieces 2031 20\nmicrosoft indexed_pieces 2031 80"
    sums = providers.yearly_pieces({"provider_years": table(lines, value="Float64")}, "microsoft")
    assert sums.to_dict() == {2031: 20}


def test_a_change_in_percent_is_one_of_the_year_before():
    years = table(
        "year submitter reports change change_share\n2030 all 4 - -\n2031 all 6 2 0.5",
        reports="Int64", change="Int64", change_share="Float64",
    )  # fmt: skip
    assert series.changes({"cybertipline_years": years})["reports.change_pct_of_2015.2031"] == pytest.approx(50)
