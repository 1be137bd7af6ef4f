"""Verdicts: which audit applies to whom, and what it finds by the stated rules."""

import re

import pandas as pd
import pytest

from countback.esp_rows import rows_of_one_brand
from countback.io.package import fields_of
from scripts.revisions.verdicts import (
    REASONS,
    against_clearinghouse,
    certainty,
    nothing_to_audit,
    of_app,
    of_contradictions,
    of_history,
    of_rounding,
    of_single_statements,
    verdicts,
)


def pairs(*counts: tuple[int | None, int | None], code: str = "own_year_incomplete", warnings=None) -> pd.DataFrame:
    """Return a unit's years: its own count and NCMEC's; a year without its own cannot be compared."""
    rows = [
        ("x", 2020 + number, own, theirs, own is not None, "comparable" if own is not None else code, warnings)
        for number, (own, theirs) in enumerate(counts)
    ]
    columns = ["provider", "year", "provider_reports", "ncmec_reports", "is_comparable", "verdict", "warnings"]
    frame = pd.DataFrame(rows, columns=columns).astype({"warnings": "string"})
    exact = frame["provider_reports"].astype("Float64")
    return frame.assign(provider_low=exact, provider_high=exact, ncmec_other_brands=pd.Series(pd.NA, dtype="string"))


NO_YEARS = dict.fromkeys(["n_equal", "n_within_rounding", "n_close", "n_near_pairs", "n_apart", "n_too_few"], 0)


def typical(verdict: str = "equal", low: float = 0.0, high: float = 0.0, **changes) -> pd.Series:
    """Return a unit's row of `agreement_providers`."""
    row = NO_YEARS | {"provider": "x", "verdict": verdict, "typical_low": low, "typical_high": high}
    return pd.Series(row | {"is_straddling": False, "widest_year": 2020, "widest_difference": 0.0} | changes)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("equal", "agrees"),
        ("agrees_within_rounding", "agrees"),
        ("close", "agrees"),
        ("near", "nearly_agrees"),
        ("apart", "disagrees"),
        ("too_few_to_tell", "too_few_to_tell"),
    ],
)
def test_the_typical_year_decides_how_a_provider_agrees(code: str, found: str) -> None:
    assert against_clearinghouse(pairs((100, 100)), typical(code)).verdict == found


@pytest.mark.parametrize("code", ["equal", "agrees_within_rounding", "close", "near", "too_few_to_tell"])
def test_a_year_that_is_apart_is_not_hidden_by_a_typical_year_that_is_not(code: str) -> None:
    found = against_clearinghouse(pairs((100, 100), (100, 900)), typical(code, n_apart=1)).verdict
    assert found == "disagrees_in_some_years"


def test_the_evidence_says_how_many_years_are_apart_and_names_the_widest() -> None:
    row = typical("equal", n_equal=2, n_apart=1, widest_year=2021, widest_difference=2 / 3)
    found = against_clearinghouse(pairs((1000, 1000), (500, 1000), (1, 1)), row)
    assert (found.verdict, found.n) == ("disagrees_in_some_years", 3)
    assert found.evidence == (
        "Three comparable years: two equal, one apart. Equal in a typical year. "
        "Farthest apart, in 2021: 500 to NCMEC's 1,000, 66.7% of the mean."
    )


def test_a_small_distance_is_not_printed_as_none() -> None:
    row = typical("close", 0.0004, 0.0004, n_close=1, widest_difference=-0.0004)
    assert "In a typical year 0.04% of the mean of both counts apart. Farthest apart" in (
        against_clearinghouse(pairs((10000, 9996)), row).evidence
    )


def test_where_rounding_allows_a_worse_verdict_the_evidence_says_that_the_better_one_is_taken() -> None:
    rounded = pairs((1000, 1020), (900, 1000)).assign(provider_high=[1100, 950])
    row = typical("agrees_within_rounding", 0.0, 0.02, n_within_rounding=1, n_near_pairs=1, is_straddling=True)
    found = against_clearinghouse(rounded, pd.Series(dict(row) | {"widest_difference": 0.105, "widest_year": 2021}))
    assert found.verdict == "agrees"
    assert "In a typical year between 0.0% and 2.0% of the mean of both counts apart, by rounding; the better" in (
        found.evidence
    )
    assert found.evidence.endswith(" Rounded in two of them; there, rounding could make the whole difference in one.")


def test_reports_in_rows_that_cover_other_brands_too_are_not_said_to_be_of_one_of_them() -> None:
    both = pairs((None, 50), (None, 7), code="no_own_reports").assign(ncmec_other_brands=["other", None])
    found = nothing_to_audit({"what_is_disclosed": "Nothing"}, both, None)
    assert found.evidence.endswith("NCMEC counts 7 reports in one year; in one more, its row covers other brands too.")


def test_a_brand_without_counts_has_the_reports_of_its_own_rows_and_not_those_of_its_owner() -> None:
    owner = pairs((None, 900), (None, 800))
    own = pd.DataFrame({"year": [2021, 2022], "reports": [30, 12]})
    evidence = nothing_to_audit({"what_is_disclosed": "Nothing"}, owner, "Owner", own).evidence
    assert evidence.endswith(
        "NCMEC counts 42 reports in rows of its own, in two years; other rows of Owner are of others."
    )
    evidence = nothing_to_audit({"what_is_disclosed": "Nothing"}, owner, "Owner", own[:0]).evidence
    assert evidence.endswith("NCMEC counts 1,700 reports of Owner as a whole in two years.")


def test_a_row_that_covers_two_brands_is_of_neither_alone() -> None:
    rows = pd.DataFrame({"year": 2021, "esp_printed": ["A", "A", "B"], "brand": ["a", "b", "b"], "reports": [5, 5, 2]})
    assert rows_of_one_brand(rows)["reports"].tolist() == [2]


def test_a_provider_without_a_comparable_year_is_not_comparable_and_the_reasons_are_counted() -> None:
    found = against_clearinghouse(pairs((None, 5), (None, 6)), None)
    assert (found.verdict, found.n) == ("not_comparable", 0)
    assert found.evidence == "None of two years can be compared: no count of its reports for a whole year."


def test_there_are_words_for_every_reason_why_a_pair_cannot_be_compared(project) -> None:
    codes = fields_of(project / "results" / "tables" / "provider_pairs.csv")["verdict"]["constraints"]["enum"]
    assert sorted(REASONS) == sorted(set(codes) - {"comparable"})


def test_a_verdict_is_as_sure_as_its_weakest_number() -> None:
    sure = against_clearinghouse(pairs((1, 1), (1, 1), (1, 1)), typical(n_equal=3))
    assert certainty(sure, few=3) == "counted"
    assert certainty(sure, few=4) == "few"
    doubtful = against_clearinghouse(pairs((1, 1), warnings="derived|doubtful"), typical(n_equal=1))
    assert certainty(doubtful, few=1) == "doubtful"
    assert certainty(against_clearinghouse(pairs((None, 1)), None), few=1) is None


REVISIONS = {"n_comparable": 10, "revised_share": 0.0, "n_revised": 0, "n_returned": 0, "n_reprinted": 0}
REVISIONS |= {"n_vanished": 3, "n_vanished_snapshot": 2, "n_labels_changed": 4, "to_release": "r1"}


def test_a_history_is_not_revised_only_if_no_pair_of_releases_is() -> None:
    still = pd.DataFrame([REVISIONS, REVISIONS])
    assert of_history(still).verdict == "not_revised"
    assert "Besides, eight labels respelled and two facts of earlier periods dropped" in of_history(still).evidence
    changed = REVISIONS | {"n_revised": 2, "revised_share": 0.2, "to_period": "2022 Q4"}
    moved = pd.DataFrame([REVISIONS, changed])
    assert of_history(moved).verdict == "revised"
    assert "two revised in one pair, at most 20.0% by the release of 2022 Q4" in of_history(moved).evidence
    assert "none since" not in of_history(moved).evidence
    calm = of_history(pd.DataFrame([REVISIONS, changed, REVISIONS, REVISIONS]))
    assert calm.verdict == "revised"
    assert (
        "; none since the release of 2022 Q4, in 20 comparisons by two pairs of releases. Besides, 16 labels"
        in calm.evidence
    )


def test_facts_of_an_app_are_counted_once_and_its_revisions_as_often_as_made() -> None:
    key = {"app": "A", "policy_area": "Spam", "metric": "m", "period": "2021 Q1"}
    stated = pd.DataFrame([{**key, "value": 1.0}, {**key, "value": 2.0}, {**key, "period": "2021 Q2", "value": 3.0}])
    revised = pd.DataFrame(
        [
            {**key, "to_release": name, "to_period": period, "is_return": back, "is_child_related": False}
            for name, period, back in (("r2", "2021 Q4", False), ("r3", "2022 Q1", True))
        ]
    )
    found = of_app(revised, stated)
    assert (found.verdict, found.n) == ("revised", 2)
    assert found.evidence.startswith(
        "Of two facts, one revised, two times in all by two releases, last by that of 2022 Q1; of these revisions, one "
    )
    assert of_app(revised[:0], stated).verdict == "not_revised"


def test_contradictions_are_counted_by_kind_and_file() -> None:
    rows = pd.DataFrame({"contradiction": ["wrong_sum", "wrong_sum", "repeated_table"], "source": ["a", "b", "b"]})
    found = of_contradictions(rows)
    assert found.evidence == "In two files, three contradictions: repeats a table (1), wrong sum (2)."
    assert not found.is_doubtful


def test_a_disclosure_marked_as_restated_is_told_from_one_stated_once() -> None:
    rows = pd.DataFrame({"period": ["2020", "2021"], "warnings": [None, "restated"], "is_redundant": False})
    rows = rows.astype({"warnings": "string"})
    assert of_single_statements(rows).verdict == "restated"
    assert of_single_statements(rows[:1]).verdict == "stated_once"


def test_no_evidence_begins_a_sentence_with_a_figure_however_many_are_counted() -> None:
    many = 40
    stated = pd.DataFrame({"period": "2021", "warnings": None, "is_redundant": True}, index=range(many))
    stated = stated.astype({"warnings": "string"})
    found = pd.DataFrame({"contradiction": "wrong_sum", "source": [str(n) for n in range(many)]})
    key = {"app": "A", "policy_area": "Spam", "metric": "m", "to_release": "r", "to_period": "2022 Q1"}
    facts = pd.DataFrame([key | {"period": str(n), "value": 1.0} for n in range(many)])
    revised = facts.assign(is_return=False, is_child_related=False)
    evidence = [
        of_history(pd.DataFrame([REVISIONS | {"n_labels_changed": many, "n_vanished": many}] * many)).evidence,
        of_app(revised, facts).evidence,
        of_contradictions(found).evidence,
        of_single_statements(stated).evidence,
        of_single_statements(stated.assign(warnings="restated")).evidence,
    ]
    assert [text for text in evidence if re.search(r"(^|[.?!] )\d", text)] == []


def digits(organization: str, zeros: int, verdict: str) -> pd.DataFrame:
    columns = ["organization", "metric", "n", "n_ends_in_0", "n_ends_in_00", "p_holm", "verdict"]
    return pd.DataFrame([(organization, "all", 20, zeros, zeros, 0.0004, verdict)], columns=columns)


def test_rounding_is_said_with_the_digits_that_show_it() -> None:
    found = of_rounding(digits("x", 20, "rounds"))
    assert (found.verdict, found.n) == ("rounds", 20)
    assert found.evidence == (
        "Of 20 counts large enough for the test, 20 end in 0 and 20 in 00; adjusted probability of that without "
        "rounding: <0.001."
    )
    assert of_rounding(digits("x", 20, "rounds")[:0]).verdict == "too_few_to_tell"


def test_every_surveyed_organization_has_a_verdict_per_audit_even_without_any_count() -> None:
    names = ["app", "owner", "silent", "brand"]
    survey = pd.DataFrame({"organization": names, "what_is_disclosed": "Counts"})
    comparisons = pd.DataFrame(
        [("owner", "brand", "brand"), ("owner", None, "app"), ("silent", None, "silent")],
        columns=["provider", "series", "brand"],
    )
    owned = pairs((100, 100)).assign(provider="owner")
    disclosures = pd.DataFrame(
        {"organization": ["brand"], "period": ["2020"], "warnings": [None], "is_redundant": [False]}
    )
    rows = pd.DataFrame({"year": [2020], "esp_printed": ["App"], "reports": [7]})
    brands = pd.DataFrame({"esp_printed": ["App"], "brand": ["app"]})
    empty = pd.DataFrame(columns=["to_release", "app", "contradiction", "source"])
    tables = {
        "survey": survey,
        "organizations": pd.DataFrame({"organization": names, "name": [name.title() for name in names]}),
        "comparisons": comparisons,
        "pairs": pd.concat([owned, pairs((None, 7)).assign(provider="silent")]),
        "agreement": typical(n_equal=1, provider="owner").to_frame().T,
        "disclosures": disclosures.astype({"warnings": "string"}),
        "releases": pd.DataFrame(columns=["id", "publisher", "period"]),
        "rounding": digits("brand", 4, "no_sign"),
        **dict.fromkeys(["esp_reports", "selected_esp_reports"], rows),
        **dict.fromkeys(["esp_brands", "selected_esp_brands"], brands),
        **dict.fromkeys(["meta_revisions", "meta_revised_facts", "meta", "tiktok_revisions", "contradictions"], empty),
    }
    found = verdicts(tables, 3).set_index(["provider", "audit"])["verdict"].unstack()
    assert found["against_clearinghouse"].to_dict() == {
        "app": "nothing_to_audit",
        "brand": "audited_with_owner",
        "owner": "agrees",
        "silent": "nothing_to_audit",
    }
    assert found["rounding"].to_dict() == {
        "app": "nothing_to_audit",
        "brand": "no_sign_of_rounding",
        "owner": "audited_by_brand",
        "silent": "nothing_to_audit",
    }
    assert found["against_own_past"].to_dict() == {
        "app": "nothing_to_audit",
        "brand": "stated_once",
        "owner": "audited_by_brand",
        "silent": "nothing_to_audit",
    }
