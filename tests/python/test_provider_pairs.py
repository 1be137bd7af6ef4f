"""Providers are compared with the clearinghouse only where both sides cover the same."""

import pandas as pd

from provider_pairs import provider_pairs
from provider_years import provider_years

METRICS = pd.DataFrame({"metric": ["reports"], "is_additive": [True]})


def own(*rows):
    frame = pd.DataFrame(rows, columns=["organization", "period", "value"])
    return frame.assign(metric="reports", component=None, unit="count", is_redundant=False, warnings=None)


def printed(*rows):
    return pd.DataFrame(rows, columns=["esp_printed", "year", "reports"])


def brands(*rows):
    return pd.DataFrame(rows, columns=["esp_printed", "brand"])


def comparisons(*rows):
    return pd.DataFrame(
        [(*row, None, None)[:5] for row in rows], columns=["provider", "series", "brand", "valid_from", "valid_to"]
    )


def pairs(disclosed, esp, names, scopes):
    frame = disclosed.astype({"component": "string", "warnings": "string"})
    organizations = sorted(set(scopes["provider"]) | set(scopes["brand"]) | set(names["brand"]))
    table = provider_pairs(
        provider_years(frame, METRICS),
        frame,
        scopes,
        esp,
        names,
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
