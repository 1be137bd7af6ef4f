"""Providers are compared with the clearinghouse only where both sides cover the same."""

import pandas as pd
import pytest

from countback.corrections import read_corrections
from countback.io.tables import read_table
from scripts.tidy.disclosures import disclosures
from scripts.tidy.provider_pairs import provider_pairs
from scripts.tidy.provider_years import provider_years

METRICS = pd.DataFrame({"metric": ["reports"], "is_additive": [True]})


def own(*rows):
    frame = pd.DataFrame(rows, columns=["organization", "period", "value"])
    frame = frame.assign(metric="reports", component=None, unit="count", is_redundant=False, warnings=None, note=None)
    return frame.assign(provenance="primary")


def printed(*rows):
    return pd.DataFrame(rows, columns=["esp_printed", "year", "reports"])


def brands(*rows):
    return pd.DataFrame(rows, columns=["esp_printed", "brand"])


def comparisons(*rows):
    return pd.DataFrame(
        [(*row, None, None)[:5] for row in rows], columns=["provider", "series", "brand", "valid_from", "valid_to"]
    )


NO_DIRECTIONS = pd.DataFrame(columns=["organization", "metric", "direction"])


def pairs(disclosed, esp, names, scopes, selected=None, selected_brands=None, directions=NO_DIRECTIONS):
    frame = disclosed.astype({"component": "string", "warnings": "string", "note": "string"})
    organizations = sorted(set(scopes["provider"]) | set(scopes["brand"]) | set(names["brand"]))
    table = provider_pairs(
        provider_years(frame, METRICS),
        frame,
        scopes,
        esp,
        names,
        printed() if selected is None else selected,
        brands() if selected_brands is None else selected_brands,
        directions,
        pd.DataFrame({"organization": organizations, "name": [name.title() for name in organizations]}),
    )
    return table.set_index(["provider", "year"])


def test_a_full_year_on_both_sides_is_comparable():
    table = pairs(
        own(("acme", "2021 H1", 3), ("acme", "2021 H2", 4)),
        printed(("Acme Inc", 2021, 8)),
        brands(("Acme Inc", "acme")),
        comparisons(("acme", "acme", "acme")),
    )
    row = table.loc[("acme", 2021)]
    assert (row["provider_reports"], row["ncmec_reports"], row["verdict"]) == (7, 8, "comparable")


def test_a_sum_is_as_well_sourced_as_its_least_certain_part_and_no_sum_has_no_source():
    disclosed = own(("acme", "2020 H1", 3), ("acme", "2021 H1", 3), ("acme", "2021 H2", 4), ("acme", "2022", 5))
    disclosed.loc[2, "provenance"] = "secondary"
    printed_rows = printed(*(("Acme", year, 8) for year in (2020, 2021, 2022)))
    table = pairs(disclosed, printed_rows, brands(("Acme", "acme")), comparisons(("acme", "acme", "acme")))
    sources = table.loc["acme", "own_provenance"]
    assert (sources[2021], sources[2022]) == ("secondary", "primary")
    assert pd.isna(sources[2020])


def test_half_a_year_is_not_compared_and_the_reason_names_it():
    table = pairs(
        own(("acme", "2020 H2", 3)),
        printed(("Acme", 2020, 8)),
        brands(("Acme", "acme")),
        comparisons(("acme", "acme", "acme")),
    )
    row = table.loc[("acme", 2020)]
    assert row["verdict"] == "own_year_incomplete"
    assert "2020 H2" in row["reason"]
    assert pd.isna(row["provider_reports"])


def test_a_row_that_also_covers_a_sister_brand_is_not_compared():
    names = brands(("Holding*", "acme"), ("Holding*", "sister"))
    table = pairs(
        own(("acme", "2020", 3)), printed(("Holding*", 2020, 8)), names, comparisons(("acme", "acme", "acme"))
    )
    assert table.loc[("acme", 2020), "verdict"] == "ncmec_covers_other_brands"
    assert "Sister" in table.loc[("acme", 2020), "reason"]


def test_a_row_that_also_covers_a_sister_brand_is_told_where_the_own_count_is_missing_too():
    names = brands(("Holding*", "acme"), ("Holding*", "sister"))
    scopes = comparisons(("acme", "acme", "acme"))
    table = pairs(own(("acme", "2019", 3)), printed(("Holding*", 2020, 8)), names, scopes)
    row = table.loc[("acme", 2020)]
    assert row["verdict"] == "own_year_incomplete"
    assert row["reason"].endswith("NCMEC's row combines Acme with others, probably Sister.")


def test_a_brand_counts_from_the_year_in_which_it_was_bought():
    scopes = comparisons(("acme", "acme", "acme"), ("acme", None, "chat", "2021-06-25"))
    esp = printed(("Acme", 2020, 8), ("Chat", 2020, 1), ("Acme", 2021, 9), ("Chat", 2021, 2))
    table = pairs(
        own(("acme", "2020", 8), ("acme", "2021", 11)), esp, brands(("Acme", "acme"), ("Chat", "chat")), scopes
    )
    assert table["ncmec_reports"].tolist() == [8, 11]
    assert table["warnings"].isna().tolist() == [True, False]
    assert table.loc[("acme", 2021), "warnings"] == "scope-changed"


def test_series_that_the_clearinghouse_prints_as_one_are_added_and_both_must_be_complete():
    scopes = comparisons(("holding", "search", "search"), ("holding", "video", "video"))
    names = brands(("Search", "search"), ("Search", "video"))
    esp = printed(("Search", 2020, 8), ("Search", 2021, 8))
    table = pairs(own(("search", "2020", 3), ("video", "2020", 5), ("search", "2021", 8)), esp, names, scopes)
    assert table.loc[("holding", 2020), "provider_reports"] == 8
    assert table.loc[("holding", 2021), "verdict"] == "own_year_incomplete"


def test_a_provider_without_own_reports_is_listed_and_not_compared():
    scopes = comparisons(("mute", None, "mute"), ("acme", "acme", "acme"))
    esp = printed(("Mute", 2021, 8), ("Acme", 2021, 1))
    table = pairs(own(("acme", "2021", 1)), esp, brands(("Mute", "mute"), ("Acme", "acme")), scopes)
    assert table.loc[("mute", 2021), "verdict"] == "no_own_reports"
    assert not table.loc[("mute", 2021), "is_comparable"]


def test_a_provider_that_the_clearinghouse_does_not_list_has_no_count_there_rather_than_zero():
    scopes = comparisons(("acme", "acme", "acme"), ("other", "other", "other"))
    esp = printed(("Other", 2021, 4))
    table = pairs(own(("acme", "2021", 5), ("other", "2021", 4)), esp, brands(("Other", "other")), scopes)
    assert table.loc[("acme", 2021), "verdict"] == "not_listed_by_ncmec"
    assert pd.isna(table.loc[("acme", 2021), "ncmec_reports"])


def test_what_puts_a_count_in_doubt_is_said_in_the_reason_and_the_pair_stays_comparable():
    disclosed = own(("acme", "2021 H1", 3), ("acme", "2021 H2", 4))
    disclosed.loc[1, ["warnings", "note"]] = ["doubtful", "The page speaks of accounts."]
    table = pairs(
        disclosed,
        printed(("Acme Inc", 2021, 8)),
        brands(("Acme Inc", "acme")),
        comparisons(("acme", "acme", "acme")),
    )
    row = table.loc[("acme", 2021)]
    assert row["is_comparable"]
    assert row["reason"].endswith("the full year. In doubt, 2021 H2: The page speaks of accounts.")


def test_selected_rows_stand_in_for_a_year_without_a_full_table_and_never_for_another():
    disclosed = own(("acme", "2021", 5), ("acme", "2022", 6), ("other", "2022", 9))
    selected = printed(("Acme (Chat)", 2021, 100), ("Acme (Chat)", 2022, 4), ("Acme (Mail)", 2022, 2))
    known = brands(("Acme (Chat)", "acme"), ("Acme (Mail)", "acme"))
    scopes = comparisons(("acme", "acme", "acme"), ("other", "other", "other"), ("acme", None, "vine"))
    table = pairs(disclosed, printed(("Acme", 2021, 5)), brands(("Acme", "acme")), scopes, selected, known)
    assert table.loc["acme", "ncmec_reports"].tolist() == [5, 6]
    assert table.loc["acme", "ncmec_table"].tolist() == ["full", "selected"]
    assert table.loc[("acme", 2022), "reason"].endswith("only selected rows are known, none of them for Vine.")
    assert table.loc[("acme", 2021), "reason"].endswith("the full year.")
    assert table.loc[("other", 2022), "verdict"] == "ncmec_row_unknown"


def test_a_row_that_covers_two_series_counts_once():
    disclosed = own(("search", "2021", 5), ("video", "2021", 6))
    known = brands(("Search", "search"), ("Search", "video"))
    scopes = comparisons(("holding", "search", "search"), ("holding", "video", "video"))
    table = pairs(disclosed, printed(), brands(), scopes, printed(("Search", 2021, 11)), known)
    assert table.loc[("holding", 2021), "ncmec_reports"] == 11


@pytest.mark.parametrize(
    ("direction", "bounds", "where"),
    [("nearest", [1_400, 1_600], "above these"), ("down", [1_500, 1_700], "between these")],
)
def test_rounded_counts_have_bounds_and_the_reason_says_where_the_clearinghouse_s_count_lies(direction, bounds, where):
    disclosed = own(("acme", "2020", 1_500), ("acme", "2021 H1", 700), ("acme", "2021 H2", 800))
    disclosed["warnings"] = [None, "rounded", "rounded"]
    directions = pd.DataFrame({"organization": ["acme"], "metric": ["reports"], "direction": [direction]})
    esp = printed(("Acme", 2020, 1_500), ("Acme", 2021, 1_650))
    scopes = comparisons(("acme", "acme", "acme"))
    table = pairs(disclosed, esp, brands(("Acme", "acme")), scopes, directions=directions)
    sides = ["provider_low", "provider_high"]
    assert table.loc[("acme", 2020), sides].tolist() == [1_500, 1_500]
    assert table.loc[("acme", 2021), sides].tolist() == bounds
    assert table.loc[("acme", 2021), "reason"].endswith(f"NCMEC's lies {where}.")
    assert table.loc[("acme", 2021), "is_comparable"]


@pytest.fixture(scope="module")
def listed(project):
    data = project / "data"
    tables = {file.stem: read_table(file) for file in sorted((data / "disclosures").glob("*.csv"))}
    gathered = disclosures(tables, read_corrections(data / "corrections.yml"))
    folders = {
        "organizations": ["comparisons", "rounding_directions", "organizations"],
        "cybertipline": ["esp_reports", "esp_brands", "selected_esp_reports", "selected_esp_brands"],
    }
    named = {name: read_table(data / folder / f"{name}.csv") for folder, names in folders.items() for name in names}
    years = provider_years(gathered, read_table(data / "organizations" / "metrics.csv"))
    return provider_pairs(years, gathered, **named).set_index(["provider", "year"])


def test_of_32_comparable_pairs_until_2023_the_clearinghouse_counts_more_in_15_and_less_in_5(listed):
    comparable = listed[listed["is_comparable"] & (listed.index.get_level_values("year") <= 2023)]
    difference = (comparable["ncmec_reports"] - comparable["provider_reports"]).astype(int)
    assert (len(comparable), (difference > 0).sum(), (difference < 0).sum()) == (32, 15, 5)
    assert comparable.index.get_level_values("provider").nunique() == 9


# the provider's count, NCMEC's, and their ratio, as another reading of the same sources has them
LATER = {
    ("alphabet", 2024): (1_176_026, 1_175_084, 1.0008),
    ("alphabet", 2025): (1_457_204, 1_461_378, 0.9971),
    ("amazon", 2024): (64_195, 75_501, 0.8503),
    ("amazon", 2025): (26_500, 1_129_590, 0.0235),
    ("meta", 2024): (11_600_000, 11_910_365, 0.9739),
    ("meta", 2025): (8_300_000, 8_580_755, 0.9673),
    ("pinterest", 2024): (25_223, 65_810, 0.3833),
    ("pinterest", 2025): (407_768, 418_394, 0.9746),
    ("pornhub", 2024): (5_508, 5_508, 1.0),
    ("pornhub", 2025): (3_691, 3_564, 1.0356),
    ("reddit", 2024): (334_597, 334_597, 1.0),
    ("reddit", 2025): (65_506, 65_381, 1.0019),
    ("snap", 2024): (1_050_278, 1_174_698, 0.8941),
    ("x", 2024): (684_505, 686_176, 0.9976),
}


def test_pairs_of_years_with_selected_rows_are_those_of_another_reading(listed):
    comparable = listed[listed["is_comparable"] & (listed["ncmec_table"] == "selected")]
    found = {
        pair: (row["provider_reports"], row["ncmec_reports"], round(row["provider_reports"] / row["ncmec_reports"], 4))
        for pair, row in comparable.iterrows()
    }
    assert found == LATER


def test_what_another_reading_compares_and_this_one_does_not_has_a_reason(listed):
    # Microsoft's rows have no names in the compilation, and Twitch is a part of Amazon's pair
    assert listed.loc[("microsoft", 2024), "verdict"] == "own_year_incomplete"
    assert "Twitch" in listed.loc[("amazon", 2025), "ncmec_rows"].split("|")
    assert "twitch" not in listed.index.get_level_values("provider")


def test_meta_is_compared_for_two_apps_and_full_years_and_nowhere_as_if_its_count_were_exact(listed):
    meta = listed.loc["meta"]
    assert meta.loc[2023, ["verdict", "own_periods"]].tolist() == ["own_year_incomplete", "2023 Q2|2023 Q3|2023 Q4"]
    assert meta.loc[2024, "ncmec_rows"] == "Facebook|Instagram"
    assert meta.loc[2024, ["provider_low", "provider_high"]].tolist() == [11_600_000, 12_000_000]
    assert meta.loc[[2024, 2025], "warnings"].tolist() == ["rounded", "rounded"]
    assert meta.loc[[2024, 2025], "reason"].str.endswith("NCMEC's lies between these.").all()
    assert listed.loc[("whatsapp", 2024), "verdict"] == "no_own_reports"


def test_amazon_is_farther_off_in_2025_than_any_pair_and_rounding_explains_nothing_of_it(listed):
    comparable = listed[listed["is_comparable"]]
    ratio = (comparable["provider_reports"] / comparable["ncmec_reports"]).astype(float)
    assert ratio.idxmin() == ("amazon", 2025)
    assert listed.loc[("amazon", 2025), "reason"].endswith("stands for 26,450 to 26,550: NCMEC's lies above these.")


def test_a_provider_without_a_selected_row_is_not_said_to_be_unlisted(listed):
    row = listed.loc[("github", 2024)]
    assert (row["verdict"], row["provider_reports"]) == ("ncmec_row_unknown", 16)


def test_pornhub_is_compared_with_its_own_rows_and_equal_and_not_with_its_owner_s_combined_row(listed):
    assert not listed.loc[("pornhub", 2020), "is_comparable"]
    assert "combines Pornhub with others" in listed.loc[("pornhub", 2020), "reason"]
    like_for_like = listed.loc["pornhub"].loc[[2021, 2022, 2023]]
    assert list(like_for_like["provider_reports"]) == list(like_for_like["ncmec_reports"]) == [9029, 1996, 2503]


def test_microsoft_is_compared_without_github_and_linkedin_on_either_side(listed):
    rows = listed.loc["microsoft", "ncmec_rows"].dropna()
    assert not rows.str.contains("GitHub|LinkedIn").any()
    assert listed.loc[("github", 2023), ["provider_reports", "ncmec_reports"]].tolist() == [37, 1]
    assert listed.loc[("linkedin", 2023), "verdict"] == "no_own_reports"


def test_amazon_s_pair_includes_wickr_from_the_year_of_its_purchase(listed):
    row = listed.loc[("amazon", 2021)]
    assert "Wickr" in row["ncmec_rows"].split("|")
    assert row["provider_reports"] == row["ncmec_reports"] == 33848
    assert row["warnings"] == "scope-changed"


@pytest.mark.parametrize(
    ("pair", "doubt"),
    [
        (("discord", 2022), "In doubt, 2022 Q3: Discord's page for this quarter speaks of accounts reported"),
        (("discord", 2022), "In doubt, 2022 Q4: Discord's page for this quarter speaks of accounts reported"),
        (("pinterest", 2021), "In doubt, 2021 H2: Equal to the count of 2020 H2"),
    ],
)
def test_pairs_whose_own_count_is_doubtful_say_why(listed, pair, doubt):
    assert doubt in listed.loc[pair, "reason"]
    assert listed.loc[pair, "warnings"] == "doubtful"
