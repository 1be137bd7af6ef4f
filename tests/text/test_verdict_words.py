"""The table of verdicts names all organizations that have something to audit, in words, those that disagree first."""

import pandas as pd

from countback.text.verdict_words import answer, verdict_rows

OWNER = "Part of Acme, which agrees with NCMEC."
AUDITS = ("against_clearinghouse", "against_own_past", "rounding")


def verdicts(**found):
    rows = [
        (provider, audit, verdict, OWNER if verdict == "audited_with_owner" else "x", certainty)
        for provider, (first, certainty) in found.items()
        for audit, verdict in zip(AUDITS, (first, "revised", "rounds"), strict=True)
    ]  # fmt: skip
    silent = [(provider, audit, "nothing_to_audit", "x", None) for provider in ("mute",) for audit in AUDITS]
    return pd.DataFrame([*rows, *silent], columns=["provider", "audit", "verdict", "evidence", "certainty"])


SURVEY = pd.DataFrame(
    {"organization": ["acme", "bee", "chat", "dot", "mute"], "name": ["Acme", "Bee", "Chat", "Dot", "Mute"]}
)
TYPICAL = pd.DataFrame(
    {
        "provider": ["acme", "bee", "dot"],
        "typical_distance": [0.0, 0.4, 0.9],
        "widest_year": [2031, 2032, 2031],
        "widest_difference": [0.0, 0.5, -1.2],
    }
)
PAIRS = pd.DataFrame(
    [("acme", 2031, 5, 5, 0.0), ("bee", 2031, 5, 6, 0.1), ("bee", 2032, 60, 100, 0.5), ("dot", 2031, 40, 10, -1.2)],
    columns=["provider", "year", "provider_reports", "ncmec_reports", "relative_difference"],
)
FOUND = verdicts(
    acme=("agrees", "few"),
    bee=("disagrees", "doubtful"),
    chat=("audited_with_owner", None),
    dot=("disagrees", "counted"),
)


def table():
    return verdict_rows(SURVEY, FOUND, TYPICAL, PAIRS).set_index("organization")


def test_those_that_disagree_come_first_and_the_farthest_apart_of_them():
    assert list(table().index) == ["dot", "bee", "acme", "chat"]


def test_a_verdict_is_in_words_with_what_weakens_it():
    words = table()["against_clearinghouse"]
    assert words["bee"] == "Disagrees (doubtful counts)"
    assert words["acme"] == "Agrees (few years)"
    assert words["chat"] == "With Acme, which agrees"
    assert not table()[list(AUDITS)].map(lambda text: "_" in text).any(axis=None)


def test_the_widest_year_has_both_counts_and_a_provider_that_is_equal_has_none():
    row = table().loc["bee"]
    assert (row["years"], row["widest_year"], row["provider_reports"], row["ncmec_reports"]) == (
        "2: 2031–2032",
        2032,
        60,
        100,
    )
    assert pd.isna(table().loc["acme", "widest_year"])


def test_a_brand_has_no_counts_of_its_owner():
    assert table().loc["chat", ["years", "widest_year", "provider_reports", "ncmec_reports"]].isna().all()


def test_the_answer_names_all_that_can_be_compared():
    names = dict(zip(SURVEY["organization"], SURVEY["name"], strict=True))
    few = "in the few years that can be compared"
    assert answer(FOUND, names) == f"Bee and Dot disagree with NCMEC. Acme agrees {few}."
    in_some = FOUND.assign(verdict=FOUND["verdict"].replace("disagrees", "disagrees_in_some_years"))
    assert answer(in_some, names).startswith("Bee and Dot disagree with NCMEC in some years. Acme agrees")
    assert answer(FOUND[:0], names) == "No organization can be compared with NCMEC."
