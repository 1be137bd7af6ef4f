"""Who fell and who rose, within years that mean the same."""

import pandas as pd
import pytest

from scripts.tidy.provider_changes import brand_years, extremes, numbers, provider_changes

NAMES = pd.DataFrame({"organization": ["acme", "bolt", "app"], "name": ["Acme", "Bolt", "App"]})
COUNTS = {2030: (50, 30), 2031: (40, 10), 2032: (20, 40)}
TOTALS = {2030: 100, 2031: 60, 2032: 66}
NO_BREAKS = pd.DataFrame({name: pd.Series(dtype="string") for name in ("table_name", "period", "title")})


def at(table, *periods):
    return pd.DataFrame({"table_name": table, "period": list(periods), "title": "another unit"})


def changes(breaks):
    rows = [(name, year, count) for year, pair in COUNTS.items() for name, count in zip("ab", pair, strict=True)]
    rows = pd.DataFrame(rows, columns=["esp_printed", "year", "reports"])
    rows["brand"] = rows["esp_printed"].map({"a": "app", "b": "bolt"})
    # a row of two brands counts once
    rows = pd.concat([rows, rows[rows["brand"] == "app"].assign(brand="zap")], ignore_index=True)
    shares = rows.drop_duplicates(["esp_printed", "year"])
    shares = shares.assign(provider=shares["brand"].replace("app", "acme"))
    reports = pd.DataFrame({"year": list(TOTALS), "submitter": "service_providers", "reports": list(TOTALS.values())})
    return provider_changes(shares, rows, reports, breaks, NAMES)


def row(table, provider):
    """Return the row of a provider: of its corporation, where that and a brand have one name."""
    return table.drop_duplicates("provider").set_index("provider").loc[provider]


def test_contributions_add_up_to_the_change_of_all():
    table = changes(at("cybertipline_reports", "2031"))
    assert (row(table, "acme")["change"], row(table, "bolt")["change"]) == (-20, 30)
    assert row(table, "not_listed")["change"] == (66 - 60) - (60 - 50)
    own = table[(table["counted_as"] == "corporation") | (table["provider"] == "not_listed")]
    assert own["contribution"].sum() == pytest.approx(66 / 60 - 1)
    assert row(table, "service_providers")["change_share"] == pytest.approx(66 / 60 - 1)
    assert row(table, "bolt")["others_change_share"] == pytest.approx((66 - 40) / (60 - 10) - 1)
    assert table["counted_as"].tolist() == ["total", "total", "corporation", "corporation", "row", "row"]


def test_the_last_year_before_the_break_stands_beside_and_no_change_is_computed_from_it():
    before = row(changes(at("cybertipline_reports", "2031")), "acme")
    assert (before["year_before"], before["year_before_break"], before["reports_before_break"]) == (2031, 2030, 50)
    across = changes(at("esp_reports", "2030", "2032"))
    assert across[["change", "change_share", "contribution", "others_change_share", "reports_before"]].isna().all(None)
    assert row(across, "acme")["reports_before_break"] == 40
    assert extremes(across).empty
    assert list(numbers(across)) == []


def test_without_a_break_there_is_no_year_before_it():
    table = changes(NO_BREAKS)
    assert table[["year_before_break", "reports_before_break", "share_before_break"]].isna().all(None)
    assert row(table, "acme")["change"] == -20


def test_who_rose_most_and_fell_most_is_found_by_number_at_both_levels():
    table = changes(NO_BREAKS)
    found = extremes(table).set_index(["counted_as", "extreme"])["provider"].to_dict()
    assert found == {
        ("corporation", "rose_most"): "bolt", ("corporation", "fell_most"): "acme",
        ("row", "rose_most"): "bolt", ("row", "fell_most"): "app",
    }  # fmt: skip
    printed = {f"{one.subset}.{one.parameter}": one.value for one in numbers(table)}
    assert printed["without_rise.reports"] == 66 - 40
    assert printed["without_rise.change_share"] == pytest.approx(26 / 50 - 1)
    assert (printed["corporation.n_rose"], printed["row.n_fell"]) == (1, 1)


def test_the_counts_of_a_brand_are_those_of_rows_of_it_alone_by_year():
    rows = [("Bolt AI", "bolt_ai", 2030, 5), ("Bolt AI", "bolt_ai", 2032, 30), ("Bolt", "bolt", 2033, 80)]
    rows += [("Bolt", "bolt", 2032, 60), ("Bolt, also", "bolt", 2032, 1), ("Bolt", "bolt", 2031, None)]
    rows += [("Bolt AI / App", "bolt_ai", 2033, 9), ("Bolt AI / App", "app", 2033, 9)]
    frame = pd.DataFrame(rows, columns=["esp_printed", "brand", "year", "reports"]).assign(is_full_table=True)
    found = brand_years(frame, NAMES.set_index("organization")["name"])
    assert found[["provider", "year", "reports"]].to_numpy().tolist() == [
        ["bolt", 2032, 61], ["bolt", 2033, 80], ["bolt_ai", 2030, 5], ["bolt_ai", 2032, 30],
    ]  # fmt: skip
    assert found["provider_name"][0] == "Bolt"
