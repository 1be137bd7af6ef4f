"""The published views hold what compares, once for each side."""

import pandas as pd

from scripts.exports.comparable_reports import comparable_reports, comparable_reports_by_provider

ORGANIZATIONS = pd.DataFrame({"organization": ["acme", "chat"], "name": ["Acme", "Chat!"]})
PAIRS = pd.DataFrame(
    {
        "provider": ["chat", "acme", "acme"],
        "year": [2031, 2032, 2031],
        "provider_reports": [5, 8, None],
        "ncmec_reports": [6, 8, 4],
        "is_comparable": [True, True, False],
    }
).astype({"provider_reports": "Int64", "ncmec_reports": "Int64"})


def by_provider():
    return comparable_reports_by_provider(PAIRS, ORGANIZATIONS)


def rows(frame):
    return sorted(frame.itertuples(index=False, name=None))


def test_each_comparable_pair_is_a_row_of_the_provider_and_one_of_the_clearinghouse():
    assert list(by_provider().columns) == ["year", "observer", "count", "topic"]
    assert rows(by_provider()) == [
        (2031, "Chat!", 5, "Chat!"),
        (2031, "NCMEC", 6, "Chat!"),
        (2032, "Acme", 8, "Acme"),
        (2032, "NCMEC", 8, "Acme"),
    ]


def test_the_simple_view_has_the_same_rows_with_one_name_for_all_providers():
    simple = comparable_reports(by_provider())
    assert list(simple.columns) == ["id", "year", "observer", "count"]
    assert rows(simple) == [
        ("2031 Chat!", 2031, "NCMEC", 6),
        ("2031 Chat!", 2031, "ServiceProvider", 5),
        ("2032 Acme", 2032, "NCMEC", 8),
        ("2032 Acme", 2032, "ServiceProvider", 8),
    ]


def test_a_pair_that_does_not_compare_is_in_neither_view():
    assert not ((by_provider()["topic"] == "Acme") & (by_provider()["year"] == 2031)).any()
    assert "2031 Acme" not in set(comparable_reports(by_provider())["id"])
