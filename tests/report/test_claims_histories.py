"""Claims on histories: the last revision, what was restored, and whether pieces and reports move together."""

import pandas as pd
from claimed import said

from countback.claims import histories


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
