"""A profile says what an organization discloses and what the audits find, and prints no text of a table as markup."""

import pandas as pd

from countback.text.profiles import profiles


def survey(**columns):
    row = {
        "organization": "acme", "name": "Acme", "what_is_disclosed": "Counts", "granularity": "half",
        "coverage_start": "2040 H1", "coverage_end": None, "discloses_reports": True, "discloses_pieces": False,
        "discloses_accounts": True,
    }  # fmt: skip
    return pd.DataFrame([row | columns])


def verdicts(*rows):
    columns = ["provider", "audit", "verdict", "evidence", "certainty"]
    return pd.DataFrame([("acme", *row) for row in rows], columns=columns)


AGREES = ("against_clearinghouse", "nearly_agrees", "One year.", "few")
NOTES = pd.DataFrame({"organization": ["acme"], "note": [None]}, dtype=object)


def test_a_profile_names_what_is_disclosed_and_what_is_found():
    text = profiles(survey(), verdicts(AGREES), NOTES)
    assert text.startswith("Acme\n:   Counts by half-year since 2040 H1: reports, accounts.")
    assert ":   *Against NCMEC:* nearly agrees. One year. It rests on few numbers." in text


def test_last_digits_get_a_line_only_where_counts_are_rounded():
    rounds = ("rounding", "rounds", "All end in zero.", "counted")
    exact = ("rounding", "no_sign_of_rounding", "Few end in zero.", "counted")
    assert "*Last digits:* rounds. All end in zero." in profiles(survey(), verdicts(AGREES, rounds), NOTES)
    assert "Last digits" not in profiles(survey(), verdicts(AGREES, exact), NOTES)


def test_an_organization_without_a_count_has_one_line_for_all_audits():
    nothing = [(audit, "nothing_to_audit", f"Nothing, {audit}.", "") for audit in ("against_clearinghouse", "rounding")]
    text = profiles(survey(what_is_disclosed="Nothing"), verdicts(*nothing), NOTES)
    assert text.count("\n:   ") == 1
    assert r"Nothing, against\_clearinghouse." in text


def test_markup_in_a_table_stays_text():
    note = pd.DataFrame({"organization": ["acme"], "note": ["<script>*a*</script> [b](c)"]})
    text = profiles(survey(name="*Acme*"), verdicts(AGREES), note)
    assert text.startswith(r"\*Acme\*")
    assert r"\<script\>\*a\*\</script\> \[b\]\(c\)" in text


def test_entries_are_in_order_of_names_whatever_their_case():
    rows = pd.concat([survey(organization="x", name="beta"), survey()])
    text = profiles(rows, pd.concat([verdicts(AGREES), verdicts(AGREES).assign(provider="x")]), NOTES)
    assert text.index("Acme") < text.index("beta")
