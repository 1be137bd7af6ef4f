"""Disclosures become years only where their periods cover one, metric by metric."""

import pandas as pd
import pytest

from scripts.tidy.provider_years import provider_years

METRICS = pd.DataFrame({"metric": ["reports", "pieces", "proactive_share"], "is_additive": [True, True, False]})


def disclosures(*rows):
    columns = ["organization", "metric", "component", "period", "value", "is_redundant", "warnings"]
    full = [(*row, *(None for _ in range(5 - len(row)))) for row in rows]
    frame = pd.DataFrame(
        [(org, metric, component, period, value, False, None) for org, metric, period, value, component in full],
        columns=columns,
    )
    return frame.assign(unit="count")


def only(frame):
    assert len(frame) == 1
    return frame.iloc[0]


def test_two_halves_make_a_year():
    year = only(
        provider_years(disclosures(("Acme", "reports", "2021 H1", 3), ("Acme", "reports", "2021 H2", 4)), METRICS)
    )
    assert (year["value"], year["n_periods"], year["coverage"]) == (7, 2, "complete")


def test_half_a_year_of_pieces_has_no_sum_even_where_reports_are_complete():
    years = provider_years(disclosures(("Acme", "pieces", "2021 H2", 5), ("Acme", "reports", "2021", 9)), METRICS)
    values = years.set_index("metric")["value"]
    assert pd.isna(values["pieces"])
    assert values["reports"] == 9


def test_a_missing_quarter_between_others_leaves_the_year_without_a_sum():
    quarters = [("Acme", "reports", f"2021 Q{number}", 1) for number in (1, 2, 4)]
    year = only(provider_years(disclosures(*quarters), METRICS))
    assert pd.isna(year["value"])
    assert year["warnings"] == "partial-year"


def test_components_of_a_period_are_added():
    rows = disclosures(("Acme", "pieces", "2021", 5, "images"), ("Acme", "pieces", "2021", 6, "videos"))
    assert only(provider_years(rows, METRICS))["value"] == 11


def test_a_change_of_components_within_a_year_is_marked():
    rows = disclosures(("Acme", "pieces", "2021 H1", 5, "old policy"), ("Acme", "pieces", "2021 H2", 6, "new policy"))
    assert only(provider_years(rows, METRICS))["warnings"] == "definition-changed"


def test_redundant_rows_are_left_out():
    rows = disclosures(("Acme", "reports", "2021", 5), ("Acme", "reports", "2021 H1", 2))
    rows.loc[1, "is_redundant"] = True
    assert only(provider_years(rows, METRICS))["value"] == 5


def test_shares_are_never_summed():
    assert provider_years(
        disclosures(("Acme", "proactive_share", "2021 H1", 0.9), ("Acme", "reports", "2021", 1)), METRICS
    )["metric"].tolist() == ["reports"]


@pytest.mark.parametrize("value", [0, 1])
def test_a_disclosed_zero_is_a_number_and_not_a_gap(value):
    assert only(provider_years(disclosures(("Acme", "reports", "2021", value)), METRICS))["value"] == value
