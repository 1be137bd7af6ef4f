"""Claims on pairs: they turn with the counts, and name the pairs that lie far apart."""

import pandas as pd
import pytest
from claimed import ORGANIZATIONS, said

from countback.claims import pairs


def pair_tables(*rows):
    frame = pd.DataFrame(rows, columns=["provider", "year", "provider_reports", "ncmec_reports"])
    frame["difference"] = frame["ncmec_reports"] - frame["provider_reports"]
    frame["relative_difference"] = frame["difference"] / (frame["ncmec_reports"] + frame["provider_reports"]) * 2
    apart = frame["relative_difference"].abs()
    frame["verdict"] = apart.map(lambda size: "apart" if size > 0.05 else "near" if size else "equal")
    return {"agreement_pairs": frame.assign(own_provenance="primary", warnings=None), "organizations": ORGANIZATIONS}


def test_counts_agree_or_differ_by_what_most_pairs_do():
    near, far = ("acme", 2031, 100, 100), ("acme", 2032, 10, 90)
    assert said(pairs.agreement(pair_tables(near, far, near)))["agreement.counts"] == "mostly agree"
    assert said(pairs.agreement(pair_tables(near, far)))["agreement.counts"] == "often differ"


def test_the_provider_with_most_pairs_far_apart_is_named_first():
    rows = [("acme", 2031, 10, 90), ("bolt", 2031, 10, 20), ("bolt", 2032, 10, 30), ("cove", 2031, 100, 101)]
    found = said(pairs.exceptions(pair_tables(*rows)))
    assert found["far_apart.exceptions"] == (
        "Three pairs differ by more: Bolt in 2031 and 2032 (in 2032: 10 by its own count, 30 by NCMEC’s); "
        "Acme in 2031 (10 and 90)."
    )
    assert found["far_apart.pairs"] == "Bolt in 2031 and 2032; Acme in 2031"
    assert found["provenance.primary"] == "Acme’s, Bolt’s and Cove’s"


def test_how_many_of_the_exact_matches_were_not_checked_is_said_of_all_or_of_some():
    tables = pair_tables(("acme", 2031, 9, 9), ("acme", 2032, 8, 8), ("bolt", 2032, 8, 9))
    for origins, said_of_equal in {
        ("secondary", "secondary", "primary"): "all two",
        ("secondary", "primary", "secondary"): "one of the two",
        ("primary", "primary", "primary"): "none of the two",
    }.items():
        tables["agreement_pairs"]["own_provenance"] = origins
        assert said(pairs.exceptions(tables))["provenance.equal_secondary"] == said_of_equal


def test_a_single_exception_and_none_read_otherwise():
    one = said(pairs.exceptions(pair_tables(("acme", 2031, 10, 90), ("bolt", 2031, 5, 5))))
    assert one["far_apart.exceptions"] == "One pair differs by more: Acme in 2031 (10 by its own count, 90 by NCMEC’s)."
    none = said(pairs.exceptions(pair_tables(("bolt", 2031, 5, 5))))
    assert (none["far_apart.exceptions"], none["far_apart.pairs"]) == ("No pair differs by more.", "none")


def test_years_of_a_provider_turn_with_a_further_year():
    rows = [("acme", 2031, 10, 10), ("acme", 2032, 12, 12)]
    before = said(pairs.provider_years("acme", pair_tables(*rows)["agreement_pairs"]))
    after = said(pairs.provider_years("acme", pair_tables(*rows, ("acme", 2033, 100, 90))["agreement_pairs"]))
    assert (before["pairs_of_acme.equal"], after["pairs_of_acme.equal"]) == ("in every year", "in every year but 2033")
    assert (before["pairs_of_acme.ncmec_less"], after["pairs_of_acme.ncmec_less"]) == ("in no year", "only in 2033")
    assert after["pairs_of_acme.widest_year"] == 2033
    assert after["pairs_of_acme.last_ncmec_has"] == "fewer"


def rounding(*rows, warnings=None):
    columns = ["organization", "metric", "n", "n_ends_in_00", "verdict"]
    tables = pair_tables(("acme", 2031, 10, 10))
    tables["agreement_pairs"]["warnings"] = warnings
    return said(pairs.rounding(tables | {"rounding": pd.DataFrame(rows, columns=columns)}))


def test_rounding_is_said_of_whoever_rounds_and_of_pairs_only_where_they_are_rounded():
    found = rounding(("bolt", "all", 9, 9, "rounds"), ("acme", "all", 8, 6, "rounds"), ("cove", "all", 7, 0, "no_sign"))
    assert (
        found["rounding.visible"] == "6 of the 8 large counts of Acme and all of Bolt’s 9 large counts end in two zeros"
    )
    assert found["rounding.in_pairs"].startswith("no count of reports is rounded")
    assert rounding(warnings="rounded")["rounding.in_pairs"] == "the counts of reports by Acme for 2031 are rounded"
    assert rounding()["rounding.visible"] == "no organization’s counts end in zeros too often"


def test_the_widest_pair_and_the_gap_around_the_threshold_are_those_of_the_pairs():
    found = said(pairs.widest(pair_tables(("acme", 2031, 100, 101), ("bolt", 2032, 10, 90), ("bolt", 2031, 8, 9))))
    assert found["far_apart.widest"] == (
        "The largest difference in number is that of Bolt in 2032: 10 reports by its own count, 90 by NCMEC’s."
    )
    assert found["far_apart.gap_low"] == pytest.approx(1 / 100.5)
    assert found["far_apart.gap_high"] == pytest.approx(1 / 8.5)


def test_a_pair_that_differs_by_few_reports_is_no_exception_and_doubtful_ones_are_named():
    tables = pair_tables(("acme", 2031, 37, 1), ("bolt", 2031, 10, 90), ("bolt", 2032, 5, 5))
    tables["agreement_pairs"]["verdict"] = ["too_few_to_tell", "apart", "equal"]
    tables["agreement_pairs"]["warnings"] = [None, "derived|doubtful", None]
    found = said(pairs.exceptions(tables))
    assert found["far_apart.pairs"] == "Bolt in 2031"
    assert (found["far_apart.too_few"], found["far_apart.doubtful"]) == ("Acme in 2031", "Bolt in 2031")
    assert found["far_apart.exceptions"].endswith(
        "One more pair differs, by too few reports to tell why: Acme in 2031 (37 and 1)."
    )


def direction_tests(p_value, positive=8, needed=8):
    row = {"subset": "all", "unit_of_analysis": "provider", "taken_by": "median", "p_two_sided": p_value}
    signs = pd.DataFrame([row | {"n_positive": positive, "n_negative": 8 - positive, "n_needed": needed}])
    cutoffs = pd.DataFrame({"provider": ["acme"], "p": [0.1]})
    return said(pairs.tests({"agreement_signs": signs, "agreement_cutoffs": cutoffs, "organizations": ORGANIZATIONS}))


def test_what_the_test_of_direction_settles_turns_with_its_probability_and_its_power_is_said():
    assert direction_tests(0.2)["signs.by_provider"] == "With so few providers, the data cannot answer the question."
    assert direction_tests(None)["signs.settled"] == "with so few providers, the data cannot answer it"
    assert direction_tests(0.01)["signs.by_provider"].startswith("Chance alone would seldom")
    begin = "With eight providers whose counts differ, "
    assert (
        direction_tests(0.2)["signs.power"]
        == f"{begin}the test could have found a difference only if all of them pointed one way."
    )
    assert "only if at least seven of them pointed" in direction_tests(0.2, needed=7)["signs.power"]
    assert (
        direction_tests(0.2, needed=None)["signs.power"] == f"{begin}the test could not have found any split unusual."
    )


def test_what_is_left_out_is_named_with_the_limits_that_remain():
    ends = {
        "without acme": 1.0,
        "without bolt": 0.5,
        "without acme and bolt": 0.2,
        "without acme 2032": 0.4,
        "all": 2.0,
    }
    rows = [
        (subset, f"limit_{end}", unit, size if end == "high" else -size)
        for subset, size in ends.items()
        for end in ("low", "high")
        for unit in ("share", "ratio")
    ]
    models = pd.DataFrame(rows, columns=["subset", "parameter", "unit", "estimate"])
    tables = pair_tables(("acme", 2031, 9, 9), ("acme", 2032, 9, 9), ("bolt", 2031, 9, 9)) | {
        "agreement_models": models
    }
    found = said(pairs.left_out(tables))
    named = [found[f"{kind}.narrowest"] for kind in ("without_one", "without_two", "without_pair")]
    assert named == ["Bolt", "Acme and Bolt", "Acme 2032"]
    assert (found["without_two.share_low"], found["without_pair.ratio_high"]) == (-0.2, 0.4)
    assert said(pairs.left_out(tables | {"agreement_models": models[:0]})) == {}
