"""What the tables of the audits add to the numbers of the prose."""

import pandas as pd
from countback.audit_values import (
    audit_entries,
    cluster_values,
    correction_values,
    pair_values,
    revised_fact_values,
    rounding_values,
)


def found_in(entries):
    return {".".join(map(str, parts)): number for parts, number, *_ in entries}


def test_facts_that_return_to_an_older_number_are_revised_again():
    columns = ["app", "policy_area", "metric", "period", "to_release", "unit", "value_before", "value_after"]
    fact = ("App", "Children", "Content Actioned", "2040 Q2")
    facts = pd.DataFrame([(*fact, "r-1", "count", 90, 30), (*fact, "r-2", "count", 30, 90)], columns=columns)
    facts = facts.assign(relative_change=[-0.667, 2.0], is_child_related=True, cluster=[1, None])
    found = found_in(revised_fact_values(facts))
    assert found["revised_facts.n_revisions"] == 2
    assert found["revised_facts.n_facts"] == 1
    assert found["revised_facts.n_facts_again"] == 1
    assert found["revised_facts.n_in_clusters"] == 1
    assert found["revised.App.Children.Content Actioned.2040 Q2.r-2.after"] == 90


def test_a_group_of_facts_returns_only_if_all_of_its_revisions_do():
    clusters = pd.DataFrame({"n_revised": [5, 6], "n_returned": [5, 4], "is_scaled": False, "period": "2040 Q1"})
    found = found_in(cluster_values(clusters))
    assert (found["clusters.n"], found["clusters.n_returned"]) == (2, 1)


def test_last_digits_are_summed_over_organizations_that_show_no_sign_of_rounding():
    rounding = pd.DataFrame(
        [("a", "all", 10, 10, 10, "rounds"), ("b", "all", 20, 2, 0, "no_sign"), ("b", "reports", 5, 1, 0, None)],
        columns=["organization", "metric", "n", "n_ends_in_0", "n_ends_in_00", "verdict"],
    )
    found = found_in(rounding_values(rounding))
    assert found["rounding.no_sign.n"] == 20
    assert found["rounding.verdict.rounds"] == 1


def test_published_counts_have_ids_where_they_are_corrected_and_are_counts():
    table = pd.DataFrame(
        [("signs.positive", 19.0, 15.0, "corrected"), ("p", 0.5, 0.4, "corrected"), ("n", 3.0, None, "reproduced")],
        columns=["id", "published", "corrected", "verdict"],
    )
    found = found_in(correction_values(table))
    assert found == {
        "published.signs.positive.published": 19, "published.signs.positive.corrected": 15
    }  # fmt: skip


def test_faults_are_counted_by_whether_a_value_is_corrected_for_them():
    table = pd.DataFrame(
        [
            ("a.one", 3.0, 4.0, "corrected", "miscount"),
            ("a.two", 5.0, None, "corrected", "miscount"),
            ("a.three", 7.0, None, "reproduced", "misnomer"),
            ("a.four", 7.0, None, "reproduced", None),
        ],
        columns=["id", "published", "corrected", "verdict", "fault"],
    )
    listed = pd.DataFrame({"fault": ["miscount", "misnomer", "conclusion"]})
    found = found_in(audit_entries({"replication": table, "faults": listed}))
    assert {name: number for name, number in found.items() if name.startswith("replication.faults")} == {
        "replication.faults.n_of_corrected": 1,
        "replication.faults.n_of_no_corrected": 2,
        "replication.faults.n_reproduced_values": 1,
    }


def test_pairs_without_a_full_year_are_told_apart_by_whether_a_part_of_it_is_disclosed():
    pairs = pd.DataFrame(
        [
            ("acme", "no_own_reports", None),
            ("acme", "no_own_reports", None),
            ("bolt", "own_year_incomplete", "2031 H1"),
            ("cove", "own_year_incomplete", None),
            ("bolt", "own_year_incomplete", None),
        ],
        columns=["provider", "verdict", "own_periods"],
    )
    assert found_in(pair_values(pairs)) == {
        "pairs.no_own_reports.n_providers": 1,
        "pairs.own_year_incomplete.n_with_part": 1,
        "pairs.own_year_incomplete.n_without": 2,
    }
