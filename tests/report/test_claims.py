"""Words of the prose turn where the numbers behind them turn, and a further year needs no other code."""

import pandas as pd
import pytest

from countback.claims import breaks, growth, histories, pairs, providers, world
from countback.numbers import numbers_table

ORGANIZATIONS = pd.DataFrame({"organization": ["acme", "bolt", "cove"], "name": ["Acme", "Bolt", "Cove"]})
NO_BREAKS = pd.DataFrame(columns=["table_name", "period", "kind", "title", "note", "source"])
BUNDLED = pd.DataFrame(
    [("cybertipline_reports", "2033", "unit", "reports may be bundled", "", "x")], columns=NO_BREAKS.columns
)


def said(claims):
    """Return the text or the value of each claim by its subset and parameter; no two have one id."""
    table = numbers_table(claims)
    assert not table.duplicated(["subset", "parameter"]).any()
    return {
        f"{row.subset}.{row.parameter}": row.text if row.unit == "text" else row.value for row in table.itertuples()
    }


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


def provider_tables(*verdicts, shares=(("acme", 2031, 90, 0.9), ("bolt", 2031, 10, 0.1)), reports=100):
    columns = ["provider", "year", "verdict", "is_comparable", "ncmec_reports"]
    return {
        "organizations": ORGANIZATIONS,
        "provider_shares": pd.DataFrame(shares, columns=["provider", "year", "reports", "share"]),
        "provider_pairs": pd.DataFrame(verdicts, columns=columns),
        "cybertipline_years": pd.DataFrame({"year": [2031], "submitter": "service_providers", "reports": [reports]}),
        "breaks": NO_BREAKS,
    }


@pytest.mark.parametrize(
    ("verdict", "clause"),
    [
        ("no_own_reports", "and this study found no yearly count of its own"),
        ("comparable", "and its own count is among those that can be compared"),
        ("own_year_incomplete", "and this study found no count of its own for that year that can be compared"),
    ],
)
def test_the_own_count_of_the_largest_provider_is_said_by_its_verdict(verdict, clause):
    found = said(providers.largest(provider_tables(("acme", 2031, verdict, verdict == "comparable", 90))))
    assert (found["largest.name"], found["second.name"], found["largest.own_count"]) == ("Acme", "Bolt", clause)


def test_an_own_count_of_some_brands_says_how_much_of_the_reports_it_covers():
    found = said(providers.largest(provider_tables(("acme", 2031, "comparable", True, 70))))
    clause = "and its own count, which covers the brands that made 78% of these, is among those that can be compared"
    assert found["largest.own_count"] == clause
    assert found["largest.meaning"] == "both sides have a count too, of the brands that made 78% of its reports"


def rows_of(*rows):
    columns = ["provider_name", "reports", "reports_before", "share", "share_before"]
    frame = pd.DataFrame(rows, columns=columns)
    return {"provider_changes": frame.assign(counted_as="row", year=2032, year_before=2031)}


def test_rows_that_leap_are_named_with_both_numbers_and_small_ones_are_not():
    rows = [("Acme", 900, 300, 0.9, 0.3), ("Bolt", 5, 50, 0.005, 0.05), ("Cove", 6, None, 0.006, None)]
    found = said(providers.leaps(rows_of(*rows, ("Dale", 4, 1, 0.004, 0.001), ("Elm", 50, 40, 0.05, 0.04))))
    assert found["rows.leaps"] == (
        "Of the rows with at least half a percent of the reports in 2031 or 2032, one at least tripled: "
        "Acme from 300 to 900. One fell to a third or less: Bolt from 50 to 5. "
        "No row of the year before is known for Cove, with 6."
    )
    calm = said(providers.leaps(rows_of(("Elm", 50, 40, 0.05, 0.04))))
    assert calm["rows.leaps"].endswith("in 2031 or 2032, none at least tripled. None fell to a third or less.")


def test_whether_most_reports_can_be_checked_depends_on_those_that_pairs_cover():
    small = said(
        providers.coverage(
            provider_tables(("bolt", 2031, "comparable", True, 10), ("acme", 2031, "no_own_reports", False, 90))
        )
    )
    large = said(
        providers.coverage(
            provider_tables(("acme", 2031, "comparable", True, 90), ("bolt", 2031, "no_own_reports", False, 10))
        )
    )
    assert small["coverage.heading"] == "Most reports cannot be checked against a second count."
    assert large["coverage.heading"] == "Most reports can be checked against a second count."
    assert (small["coverage.largest_without"], large["coverage.largest_without"]) == ("Acme", "Bolt")


def test_a_fall_across_a_break_of_the_unit_is_no_fall():
    shares = [("acme", 2031, 90, 0.9), ("acme", 2032, 80, 0.8), ("acme", 2033, 30, 0.3)]
    years = pd.DataFrame({"year": [2031, 2032, 2033], "submitter": "service_providers", "reports": 100})
    tables = provider_tables(shares=shares) | {"cybertipline_years": years}
    assert said(providers.largest_fall(tables))["largest.fall"].startswith("its share fell most from 2032 to 2033")
    found = said(providers.largest_fall(tables | {"breaks": BUNDLED}))["largest.fall"]
    assert found == "its share fell most from 2031 to 2032, when others’ reports grew by 100% and its own fell by 11%"


def test_years_of_another_unit_are_told_apart_from_the_run_before():
    years = pd.DataFrame({"year": [2031, 2032, 2033], "submitter": "all", "reports": [1000, 2000, 900]})
    tables = {"cybertipline_years": years, "breaks": BUNDLED}
    text = said(growth.since_break(tables))["reports.since_break"]
    assert (
        text
        == "From 2033 on, reports may be bundled, so later counts cannot be compared with earlier ones: 900 in 2033."
    )
    assert (
        said(growth.since_break(tables | {"breaks": NO_BREAKS}))["reports.since_break"]
        == "All years count the same unit."
    )


def break_tables(actionable, informational, incidents):
    years = pd.DataFrame({"year": [2031, 2032, 2033], "submitter": "all", "reports": [1000, 2000, 900]})
    received = {"actionable": actionable, "informational": informational}
    rows = [("all", kind, 2032 + at, number) for kind, pair in received.items() for at, number in enumerate(pair)]
    referrals = pd.DataFrame(rows, columns=["received_by", "kind", "year", "received"])
    counts = pd.DataFrame({"year": list(incidents), "value_printed": incidents.values()})
    return {"cybertipline_years": years, "breaks": BUNDLED, "referrals": referrals, "incident_counts": counts}


def test_the_summary_says_what_was_counted_before_and_after_a_break_and_what_fell():
    found = said(breaks.claims(break_tables((900, 800), (1100, 100), {2033: "1.2 thousand"})))
    assert found["break.counts"] == (
        "The US clearinghouse, NCMEC, received fewer reports in 2033 than in 2032: 2,000 in 2032 and 900 in 2033. "
        "That does not mean that there was less abuse."
    )
    assert found["break.unit"] == (
        "From 2033 on, reports may be bundled: those of 2033 hold 1.2 thousand incidents, "
        "a count of NCMEC’s as others quote it."
    )
    assert found["break.kinds"] == (
        "Most of the fall is in informational reports, which cannot be acted upon: 1,100 in 2032 and 100 in 2033. "
        "Recipients also got reports that can be acted upon: 900 in 2032 and 800 in 2033. "
        "From 2033 on, these numbers cannot be compared with earlier ones, either."
    )


def test_the_summary_turns_where_the_other_kind_changed_more_and_where_nothing_is_known():
    found = said(breaks.claims(break_tables((900, 1800), (1100, 1000), {})))
    assert found["break.unit"] == "From 2033 on, reports may be bundled."
    assert found["break.kinds"].startswith("Most of the rise is in reports that can be acted upon: 900 in 2032")
    unknown = break_tables((900, None), (1100, 1000), {})
    assert said(breaks.claims(unknown))["break.kinds"] == breaks.NOT_KNOWN
    same = said(breaks.claims(unknown | {"breaks": NO_BREAKS}))
    assert same["break.counts"] == "All years of reports count the same unit."


PLACES = world.Places("Utopia", "Nowhere", 1)


def areas(*rows):
    frame = pd.DataFrame(rows, columns=["area", "year", "reports", "reports_per_100k"])
    return {"jurisdiction_areas": frame.assign(kind="continent", share=0.5, population_share=0.4)}


def test_leaps_are_of_rates_that_more_than_double_within_a_year():
    tables = areas(
        ("Utopia", 2031, 1, 10),
        ("Utopia", 2032, 1, 21),
        ("East", 2031, 1, 5),
        ("East", 2032, 1, 10),
        ("West", 2031, 1, 1),
        ("West", 2032, 1, 3),
    )
    assert (
        said(world.leaps(tables, PLACES))["area_rates.leaps"]
        == "those of the Utopia and West more than doubled from 2031 to 2032"
    )
    calm = areas(("East", 2031, 1, 5), ("East", 2032, 1, 6))
    assert said(world.leaps(calm, PLACES))["area_rates.leaps"] == "none more than doubled from one year to the next"


def test_the_continent_with_most_reports_is_of_the_last_year_whose_populations_are_known():
    tables = areas(("Utopia", 2031, 2, 10), ("East", 2031, 9, 5), ("East", 2032, 1, None), ("West", 2032, 9, None))
    frame = tables["jurisdiction_areas"]
    frame.loc[frame["year"] == 2032, "population_share"] = None
    found = said(world.largest_area(tables, PLACES))
    assert (found["largest_area.name"], found["largest_area.year"]) == ("East", 2031)
    assert found["largest_area.home_share"] == 0.5
    assert said(world.largest_area({"jurisdiction_areas": frame[frame["year"] == 2032]}, PLACES)) == {}


def test_the_course_of_reports_at_home_ends_where_their_unit_changes():
    counts = {2031: 5, 2032: 7, 2033: 40}
    rows = [(area, year, number, 1) for year, number in counts.items() for area in ("Utopia", "Nowhere")]
    facts = pd.DataFrame(
        [("user_locations", item, "reports", 2031, 6) for item in ("us", "unknown")],
        columns=["table", "item", "measure", "year", "value"],
    )
    found = said(world.home(areas(*rows) | {"ojjdp_facts": facts, "breaks": BUNDLED}, PLACES))
    assert (found["home.course"], found["home.highest_year"]) == ("rose in 2032", 2032)
    found = said(world.home(areas(*rows) | {"ojjdp_facts": facts, "breaks": NO_BREAKS}, PLACES))
    assert found["home.highest_year"] == 2033


def test_the_share_of_reports_abroad_is_told_by_both_documents():
    placed = pd.Series({"Utopia": 3.0, "Nowhere": 5.0, "East": 92.0})
    congress = pd.Series({"us": 4.0, "unknown": 5.0, "international": 91.0, "total": 100.0})
    found = said(world.abroad(placed, congress, PLACES))
    assert found == {"home.placed_abroad": pytest.approx(0.92), "home.congress_abroad": 0.91}
    assert set(said(world.abroad(placed, congress[["us", "unknown"]], PLACES))) == {"home.placed_abroad"}


def test_places_are_new_at_the_top_only_if_no_year_before_had_them_there():
    rows = [("AAA", "A", 2031, 1), ("BBB", "B", 2031, 2), ("AAA", "A", 2032, 2), ("BBB", "B", 2032, 1)]
    ranks = pd.DataFrame(rows, columns=["iso3", "name", "year", "rank"])
    found = said(world.new_at_top({"jurisdiction_ranks": ranks}, PLACES))
    assert found["ranks.new"] == "B is among the first 1 of that year, and was not in any year before"
    old = pd.concat([ranks, ranks.assign(year=ranks["year"] + 2)])
    assert said(world.new_at_top({"jurisdiction_ranks": old}, PLACES))["ranks.new"].startswith("none is among")


def test_the_first_places_and_small_ones_are_those_of_the_configuration():
    results = pd.DataFrame([("median_width_all", 81.0), ("other", 3.0)], columns=["parameter", "estimate"])
    places = world.Places("Utopia", "Nowhere", 10, 5000)
    found = said(world.limits({"jurisdiction_results": results}, places))
    assert found == {"ranks.top": 10, "ranks.floor": 5000, "ranks.half_width": 40}


def test_a_check_of_the_ranks_that_fails_is_said_to_fail():
    results = pd.DataFrame(
        [("neighboring_correlation", "estimated"), ("distant_correlation", "fails_check")],
        columns=["parameter", "status"],
    )
    found = said(world.checks({"jurisdiction_results": results}))
    assert found["rank_checks.neighboring"] == "as the model itself would leave it"
    assert found["rank_checks.distant"] == "which the model would not leave: the check fails"


def releases(*revised):
    quarters = [f"203{1 + n // 4} Q{1 + n % 4}" for n in range(len(revised))]
    ids = [quarter.lower().replace(" ", "-") for quarter in quarters]
    shares = [n / 100 for n in revised]
    table = pd.DataFrame({"to_release": ids, "n_revised": revised, "revised_share": shares, "n_comparable": 1000})
    ages = pd.DataFrame({"subset": "all", "age_quarters": [1, 2], "n_revised": [6, 4], "n_in_clusters": [1, 3]})
    return {
        "releases": pd.DataFrame({"id": ids, "period": quarters}),
        "meta_revisions": table,
        "tiktok_revisions": table,
        "meta_revision_ages": ages,
    }


def test_the_last_revision_is_that_of_the_last_release_that_revised():
    found = said(histories.revisions(releases(3, 9, 0)))
    assert found["meta_revisions.last"] == (
        "No release since that of 2031 Q2 has revised anything: "
        "one further comparison, of 1,000 facts in all, found no change."
    )
    assert (found["meta_revisions.most"], found["tiktok_revisions.revised"]) == ("2031 Q2", "12 values")
    assert found["meta_revisions.first_release"] < found["meta_revisions.last_release"]
    assert (found["meta_first_age.ordinary"], found["meta_first_age.in_groups"]) == (5 / 6, 1 / 4)
    assert (
        said(histories.revisions(releases(3, 0, 1)))["meta_revisions.last"] == "The last release revised numbers again."
    )
    none = said(histories.revisions(releases(0, 0)))
    assert (none["meta_revisions.last"], none["tiktok_revisions.revised"]) == ("No release revised anything.", "none")


def test_what_was_restored_is_told_of_full_years_only():
    rows = [
        ("acme", "pieces", 2031, True, 0.1),
        ("acme", "pieces", 2032, True, 0.05),
        ("acme", "pieces", 2033, False, 0.9),
    ]
    table = pd.DataFrame(rows, columns=["provider", "measure", "year", "is_full_year", "reversed_share"])
    found = said(histories.reversals({"reversed_shares": table.assign(restored=1, acted_upon=2)}))
    assert (found["restored_by_acme.last_year"], found["restored_by_acme.before_share"]) == (2032, 0.1)
    assert found["restored_by_acme.moved"] == "fell"


def test_pieces_and_reports_that_move_together_are_said_in_one_breath():
    def together(reports):
        bounds = pd.DataFrame({"metric": "pieces", "organization": "bolt", "year": [2031, 2032], "value": [9, 8]})
        owned = pd.DataFrame({"organization": ["bolt"], "parent": ["acme"]})
        shares = pd.DataFrame({"provider": "acme", "year": [2031, 2032], "reports": reports})
        tables = {"rounding_bounds": bounds, "ownership": owned, "provider_shares": shares}
        return said(histories.pieces(tables, "acme"))["pieces_of_acme.together"]

    assert together([5, 4]) == "pieces and reports both fell"
    assert together([5, 6]) == "pieces fell while reports rose"


def criteria_of(*rows):
    return pd.DataFrame(rows, columns=["model", "is_best", "is_close"])


TWO_CAN_BE_BEST = criteria_of(
    ("nb_broken_line", True, True), ("nb_log_two_breaks", False, True), ("nb_exponential", False, False),
    ("nb_broken_line", False, True), ("nb_log_two_breaks", True, True), ("nb_exponential", False, False),
    ("nb_broken_line", True, True), ("nb_log_two_breaks", False, False), ("nb_exponential", False, False),
)  # fmt: skip


def growth_rows(*rows):
    frame = pd.DataFrame(rows, columns=["subset", "parameter", "estimate"])
    return frame.assign(status="estimated", note=pd.NA)


def forecasts_of(**ratios):
    rows = [(f"nb_{form}", "delta_aicc", distance) for distance, form in enumerate(ratios)]
    rows += [
        (f"nb_{form}, horizon {horizon}", "ratio_to_naive", ratio)
        for form, pair in ratios.items()
        for horizon, ratio in zip((1, 3), pair, strict=True)
    ]
    return growth_rows(*rows)


def test_no_form_of_growth_is_named_the_best_where_choices_decide_which_is():
    found = said(growth.criteria({"growth_criteria": TWO_CAN_BE_BEST}))
    assert (
        found["criteria.best"] == "the line with one break under two and exponential growth with two breaks under one"
    )
    assert found["criteria.close"] == (
        "The line with one break is the best or close to it under every choice. "
        "Exponential growth with two breaks is the best or close to it under some choices. "
        "Exponential growth is far from the best under every choice."
    )


WORSE = "worse than repeating the last year would"


@pytest.mark.parametrize(
    ("line", "two_breaks", "text"),
    [
        ((1.2, 1.1), (1.4, 1.3), f"every form that can fit best forecasts {WORSE}"),
        ((0.8, 0.9), (0.7, 0.6), "every form that can fit best forecasts better than repeating the last year would"),
        (
            (1.2, 0.8),
            (1.7, 1.2),
            f"one year ahead, every form that can fit best forecasts {WORSE}; "
            "three years ahead, exponential growth with two breaks does",
        ),
        (
            (0.8, 0.8),
            (1.7, 0.9),
            f"one year ahead, exponential growth with two breaks forecasts {WORSE}; three years ahead, none does",
        ),
    ],
)
def test_how_the_best_forms_forecast_is_said_of_all_that_can_be_best(line, two_breaks, text):
    results = forecasts_of(broken_line=line, log_two_breaks=two_breaks)
    found = said(growth.forms({"growth_results": results, "growth_criteria": TWO_CAN_BE_BEST}))
    assert found["best_forms.forecast"] == text
    assert found["best_form.name"] == "the line with one break"


def test_a_form_that_is_best_under_each_choice_is_spoken_of_alone():
    tables = {
        "growth_results": forecasts_of(broken_line=(1.2, 1.1), log_two_breaks=(0.5, 0.5)),
        "growth_criteria": criteria_of(("nb_broken_line", True, True), ("nb_log_two_breaks", False, False)),
    }
    found = said(growth.forms(tables))["best_forms.forecast"]
    assert found == "the form that fits best forecasts worse than repeating the last year would"


def test_how_far_forecasts_err_is_said_by_factors_that_readers_can_use():
    rows = growth_rows(
        ("naive, horizon 1", "mean_absolute_log_error", 0.0),
        ("broken_line, horizon 3", "mean_absolute_log_error", 0.6931471805599453),
        ("broken_line, horizon 3", "ratio_to_naive", 9.0),
    )
    found = said(growth.factors({"growth_results": rows}))
    assert found == {
        "forecast_factors.naive_next_year": 1.0,
        "forecast_factors.broken_line_in_three_years": pytest.approx(2.0),
    }


def refitted(*rows):
    return {"growth_refits": pd.DataFrame(rows, columns=["estimate", "low", "high"])}


def test_a_break_that_moves_within_its_intervals_is_said_to_move_less_than_they_allow():
    found = said(growth.refits(refitted((2030.2, 2029.0, 2032.0), (2031.1, 2030.0, 2032.0))))
    assert found["refits.range"] == "between 2030.2 and 2031.1"
    assert found["refits.moves"] == "less than each interval allows"
    found = said(growth.refits(refitted((2030.2, 2029.0, 2031.0), (2031.1, 2030.0, 2032.0))))
    assert found["refits.moves"] == "further than each interval allows"
    assert said(growth.refits(refitted((None, None, None)))) == {}


def test_only_intervals_that_hold_are_set_against_each_other_in_words():
    rows = growth_rows(
        ("broken_line and log_two_breaks", "overlap", 0.5), ("broken_line and nb_broken_line", "overlap", 0.0)
    )
    rows["note"] = [
        "The intervals are overlapping.",
        "The intervals are disjoint. Too narrow, by simulation: nb_broken_line.",
    ]
    rows["status"] = ["estimated", "fails_check"]
    assert said(growth.agreement_on_breaks({"growth_results": rows}))["breaks.that_hold"] == (
        "Of the intervals that hold in simulations, those of the line with one break and exponential growth with two "
        "breaks overlap."
    )
    none = said(growth.agreement_on_breaks({"growth_results": rows.iloc[1:]}))["breaks.that_hold"]
    assert none == "No two models have intervals that hold in simulations."
