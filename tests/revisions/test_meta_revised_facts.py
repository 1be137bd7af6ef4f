"""What Meta revised: sizes, ages, returns, and quarters that were revised as a whole."""

import numpy as np
import pandas as pd
import pytest

from countback import revisions as compare
from countback.ingest import meta
from countback.io.tables import read_table
from scripts.revisions.meta_revised_facts import by_age, by_period, comparable_facts, find, revised_facts

ORDER = {"r1": "2021 Q1", "r2": "2021 Q2", "r3": "2021 Q3"}
AREAS = ["Spam", "Hate", "Drugs", "Children"]
POLICIES = pd.DataFrame([("meta", "policy_area", "Children")], columns=["publisher", "column", "aligned"])


def history(*values: dict[str, list[float | None]], period: str = "2020 Q4") -> pd.DataFrame:
    """Return a history of one metric and quarter: each area's numbers, release by release."""
    rows = []
    for area, numbers in values[0].items():
        for release, number in zip(ORDER, numbers, strict=False):
            text = "N/A" if number is None else f"{number:g}"
            rows.append(
                (
                    "Facebook",
                    area,
                    "Content Actioned",
                    period,
                    number,
                    None,
                    None,
                    "count",
                    text,
                    False,
                    release,
                    release,
                )
            )
    columns = [*meta.KEY, *meta.VALUES, "first_release", "last_release"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"value": "Float64", "value_low": "Float64", "value_high": "Float64"}
    )


def found(values, least_facts=2, least_share=0.5, near=0.1):
    rows = find(comparable_facts(history(values), POLICIES, ORDER), least_facts, least_share, near)
    return rows.clusters, revised_facts(rows.revised, rows.clusters)


def test_a_quarter_scaled_by_one_ratio_is_a_cluster() -> None:
    clusters, facts = found({"Spam": [100, 50], "Hate": [40, 20], "Drugs": [10, 5.2], "Children": [7, 7]})
    row = clusters.iloc[0]
    assert row[["n_comparable", "n_revised", "n_near", "direction", "is_scaled"]].tolist() == [4, 3, 3, "down", True]
    assert row["median_ratio"] == 0.5
    assert facts["cluster"].tolist() == [1, 1, 1]


def test_a_quarter_moved_both_ways_is_a_cluster_that_is_not_scaled() -> None:
    clusters, _ = found({"Spam": [100, 50], "Hate": [40, 80]})
    assert clusters[["direction", "is_scaled"]].values.tolist() == [["mixed", False]]


def test_one_direction_by_unlike_ratios_is_not_scaled() -> None:
    clusters, _ = found({"Spam": [100, 50], "Hate": [100, 10], "Drugs": [100, 90]})
    assert clusters[["direction", "is_scaled"]].values.tolist() == [["down", False]]


def test_too_few_areas_or_too_small_a_share_of_them_make_no_cluster() -> None:
    values = {"Spam": [100, 50], "Hate": [40, 20], "Drugs": [10, 10], "Children": [7, 7]}
    assert len(found(values, least_facts=2)[0]) == 1
    assert found(values, least_facts=3)[0].empty
    assert found(values, least_share=0.6)[0].empty
    assert found(values, least_facts=3)[1]["cluster"].isna().all()


def test_a_ratio_and_its_inverse_are_near_alike() -> None:
    down = {"Spam": [100, 50], "Hate": [100, 46], "Drugs": [100, 55]}
    up = {area: numbers[::-1] for area, numbers in down.items()}
    assert found(down)[0]["n_near"].tolist() == found(up)[0]["n_near"].tolist() == [3]


def test_a_fact_revised_twice_has_two_rows_and_the_second_returns() -> None:
    _, facts = found({"Children": [100, 50, 100]})
    assert facts[["relative_change", "age_quarters", "is_return", "is_child_related"]].values.tolist() == [
        [-0.5, 2, False, True],
        [1.0, 3, True, True],
    ]
    assert np.allclose(facts["log_change"], [np.log(0.5), np.log(2)])


def test_a_number_that_was_zero_has_no_relative_change() -> None:
    _, facts = found({"Spam": [0, 10]})
    assert facts[["relative_change", "log_change"]].isna().all(axis=None)


def test_shares_by_period_and_by_age_are_of_facts_that_can_be_compared() -> None:
    values = {"Spam": [100, 50, 50], "Hate": [40, 40, 40], "Drugs": [None, 10, 10], "Children": [7, 7, 8]}
    rows = find(comparable_facts(history(values), POLICIES, ORDER), 5, 0.5, 0.1)
    facts = revised_facts(rows.revised, rows.clusters)
    periods = by_period(rows.periods, facts)
    assert periods[["age_quarters", "n_comparable", "n_revised"]].values.tolist() == [[2, 3, 1], [3, 4, 1]]
    ages = by_age(rows.ages, facts).set_index(["subset", "age_quarters"])
    assert ages.loc[("all", 2), "revised_share"] == pytest.approx(1 / 3)
    assert ages.loc["child-related", "n_revised"].tolist() == [0, 1]


@pytest.fixture(scope="module")
def found_in_meta(project):
    data = project / "data"
    history = read_table(data / "histories" / "meta.csv")
    policies = read_table(data / "histories" / "child_policies.csv")
    order = compare.history_order(read_table(data / "releases.csv"), history)
    rows = find(comparable_facts(history, policies, order), 5, 0.5, 0.1)
    return rows.ages, rows.clusters, revised_facts(rows.revised, rows.clusters)


def test_meta_revised_398_facts_630_times_and_196_return(found_in_meta):
    facts = found_in_meta[2]
    assert len(facts) == 630
    assert len(facts.drop_duplicates(meta.KEY)) == 398
    assert len(facts[facts["is_return"]].drop_duplicates(meta.KEY)) == 196
    child = facts[facts["is_child_related"]]
    assert (len(child), len(child.drop_duplicates(meta.KEY))) == (81, 61)
    assert round(facts["relative_change"].abs().median(), 2) == 0.11
    assert facts[["value_before", "value_after"]].values.tolist().count([10.0, 14000.0]) == 1


def test_three_releases_shrank_one_quarter_each_and_a_fourth_put_them_back(found_in_meta):
    clusters = found_in_meta[1]
    whole = clusters[(clusters["metric"] == "Content Actioned") & (clusters["n_revised"] == clusters["n_comparable"])]
    down, up = (whole[whole["direction"] == way] for way in ("down", "up"))
    fallen = {("meta-2022-q1", "2020 Q2"), ("meta-2022-q2", "2020 Q3"), ("meta-2022-q3", "2020 Q4")}
    assert set(zip(down["to_release"], down["period"], strict=True)) == fallen
    assert set(up["to_release"]) == {"meta-2022-q4"}
    assert set(up["period"]) == {period for _, period in fallen}
    assert (up["n_returned"] == up["n_revised"]).all()


def test_no_number_older_than_ten_quarters_was_revised(found_in_meta):
    counted, _, facts = found_in_meta
    ages = by_age(counted, facts).query("subset == 'all'").set_index("age_quarters")
    assert ages.loc[ages["n_revised"] > 0].index.max() == 10
    assert ages.loc[1, ["n_revised", "n_comparable"]].tolist() == [124, 2661]
    assert ages["n_revised"].sum() == 630
