"""Numbers that prose prints on releases and audits: sums over pairs of releases, facts by size, verdicts."""

import pandas as pd

from scripts.revisions import discord_contradictions, meta_revised_facts, revisions, verdicts


def by_id(numbers):
    return {f"{number.subset}.{number.parameter}": number.value for number in numbers}


def test_revisions_are_summed_over_pairs_of_releases_and_the_largest_share_names_its_release():
    pairs = pd.DataFrame(
        {
            "to_release": ["b", "c", "d"],
            "n_comparable": [100, 200, 300],
            "n_revised": [10, 1, 0],
            "n_returned": [0, 3, 0],
            "n_reprinted": [7, 0, 1],
            "n_labels_changed": [1, 0, 0],
            "n_headers_changed": [2, 2, 0],
            "revised_share": [0.1, 0.005, None],
        }
    ).astype({"revised_share": "Float64"})
    found = list(revisions.pair_numbers("acme", pairs))
    assert by_id(found) == {
        "acme.n_releases": 4, "acme.n_pairs": 3, "acme.n_pairs_revised": 2, "acme.n_comparable": 600,
        "acme.n_revised": 11, "acme.n_returned": 3, "acme.n_reprinted": 8, "acme.n_labels_changed": 1,
        "acme.n_headers_changed": 4, "acme.largest_share": 0.1,
    }  # fmt: skip
    assert (found[-1].unit, found[-1].derived_from) == ("share", "acme_revisions")
    assert found[-1].rows == "largest revised_share, that of b"


def test_releases_with_nothing_in_common_have_no_largest_share():
    columns = ["n_comparable", "n_revised", "n_returned", "n_reprinted", "n_labels_changed", "n_headers_changed"]
    pairs = pd.DataFrame([[0] * 6], columns=columns).assign(to_release="b", revised_share=None)
    assert "acme.largest_share" not in by_id(revisions.pair_numbers("acme", pairs))


def test_what_could_have_been_revised_since_the_last_revision_is_counted():
    pairs = pd.DataFrame(
        {"to_release": list("bcde"), "n_revised": [2, 0, 1, 0], "n_comparable": [10, 20, 30, 40]}, dtype=object
    )
    periods = {"b": "2040 Q2", "c": "2040 Q3", "d": "2040 Q4", "e": "2041 Q1"}
    assert by_id(revisions.last_revision("acme", pairs, periods)) == {
        "acme.n_pairs_since": 1,
        "acme.n_comparable_since": 40,
        "acme.last_revised_year": 2040,
        "acme.last_revised_quarter": 4,
    }
    newest = by_id(revisions.last_revision("acme", pairs.iloc[:3], periods))
    assert (newest["acme.n_pairs_since"], newest["acme.n_comparable_since"]) == (0, 0)


def test_releases_that_never_revised_have_no_last_revision():
    pairs = pd.DataFrame({"to_release": ["b"], "n_revised": [0], "n_comparable": [10]})
    assert by_id(revisions.last_revision("acme", pairs, {"b": "2040 Q2"})) == {
        "acme.n_pairs_since": 1,
        "acme.n_comparable_since": 10,
    }


def test_labels_that_change_in_letter_case_only_are_counted_by_publisher():
    changes = pd.DataFrame({"publisher": ["b", "a", "b", "b"], "is_case_only": [True, False, True, False]})
    assert by_id(revisions.label_numbers(changes)) == {"a.n_case_only": 0, "b.n_case_only": 2}


def test_revised_facts_are_counted_once_and_by_the_size_of_the_change_up_or_down():
    fact = ("App", "Children", "Content Actioned", "2040 Q2")
    rows = [
        (*fact, -0.667, True, 1),
        (*fact, 2.0, True, None),
        ("App", "Spam", "Content Actioned", "2040 Q2", 0.01, False, 1),
        ("App", "Hate", "Content Actioned", "2040 Q2", -0.5, False, None),
        ("App", "Hate", "Content Actioned", "2040 Q1", -0.0101, False, None),
        ("App", "Drugs", "Content Actioned", "2040 Q1", None, False, None),
        ("App", "Fraud", "Content Actioned", "2040 Q1", -0.004, False, None),
        ("App", "Arms", "Content Actioned", "2040 Q1", 0.499, False, None),
    ]
    columns = ["app", "policy_area", "metric", "period", "relative_change", "is_child_related", "cluster"]
    facts = pd.DataFrame(rows, columns=columns).astype({"relative_change": "Float64", "cluster": "Int64"})
    assert by_id(meta_revised_facts.fact_numbers(facts)) == {
        "facts.n_revisions": 8,
        "facts.n_facts": 7,
        "facts.n_facts_again": 1,
        "facts.n_child_facts": 1,
        "facts.n_in_clusters": 2,
        "facts.n_within_1_percent": 2,
        "facts.n_by_half": 3,
    }


def test_quarters_revised_as_a_whole_are_counted_and_those_by_one_factor():
    clusters = pd.DataFrame({"is_scaled": [True, False, True]})
    assert by_id(meta_revised_facts.cluster_numbers(clusters)) == {"clusters.n": 3, "clusters.n_scaled": 2}


def test_contradictions_are_counted_by_place_and_by_file():
    found = pd.DataFrame({"source": ["a", "a", "b"], "is_corrected": [True, False, True]})
    assert by_id(discord_contradictions.numbers(found)) == {"all.n": 3, "all.n_files": 2, "all.n_corrected": 2}


def test_verdicts_are_counted_by_audit_and_one_that_no_organization_has_as_none():
    judged = pd.DataFrame(
        [("rounding", "rounds"), ("against_clearinghouse", "agrees"), ("against_clearinghouse", "agrees")],
        columns=["audit", "verdict"],
    )
    counted = by_id(verdicts.numbers(judged))
    assert {name: number for name, number in counted.items() if number} == {
        "against_clearinghouse.agrees": 2,
        "rounding.rounds": 1,
    }
    assert counted["against_clearinghouse.disagrees"] == 0
