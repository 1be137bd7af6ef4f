"""Pieces are drawn with the breaks that the data tell of, and summed only where every brand covers the year."""

import pandas as pd
import pytest
from drawn import drawn

from countback.look.plot import save_figure
from scripts.figures.meta_figures import brands_of, breaks_of, pieces_data, plot_pieces, plot_yearly, yearly_data

ORGANIZATIONS = pd.DataFrame({"organization": ["book", "gram"], "name": ["Book", "Gram"]})


NO_CHANGES = pd.DataFrame({"year": pd.Series(dtype="int64"), "title": pd.Series(dtype="string")})


def disclosed(*rows):
    frame = pd.DataFrame(rows, columns=["organization", "component", "period", "value", "warnings"])
    return frame.assign(metric="pieces", is_redundant=False)


ROWS = disclosed(
    ("book", "old", "2031 Q4", 5_000_000, None),
    ("book", "old", "2032 Q1", 6_000_000, "rounded"),
    ("gram", "old", "2032 Q1", 700_000, None),
    ("book", "new", "2032 Q2", 20_000_000, "rounded|definition-changed"),
    ("gram", "new", "2032 Q2", 1_000_000, "definition-changed"),
    ("book", "new", "2032 Q3", 19_000_000, None),
)


def test_quarters_stand_at_their_middle_and_keep_their_definition():
    data = pieces_data(ROWS, ["book", "gram"], ORGANIZATIONS)
    book = data[data["organization"] == "book"]
    assert list(book["at"]) == [2031.875, 2032.125, 2032.375, 2032.625]
    assert list(book["definition"]) == ["old", "old", "new", "new"]


def test_other_organizations_metrics_and_redundant_rows_are_left_out():
    rows = pd.concat([ROWS, ROWS.assign(metric="appeals"), ROWS.assign(is_redundant=True)])
    assert len(pieces_data(rows, ["gram"], ORGANIZATIONS)) == 2


def test_breaks_are_where_a_brand_begins_and_where_a_definition_changes():
    breaks = breaks_of(pieces_data(ROWS, ["book", "gram"], ORGANIZATIONS))
    assert list(breaks.itertuples(index=False, name=None)) == [
        (2032.0, "Gram begins"),
        (2032.25, "definition changed"),
    ]


def yearly(gram_2033=4.0):
    years = pd.DataFrame(
        [
            ("book", 2032, 30.0, "definition-changed"),
            ("gram", 2032, 2.0, None),
            ("book", 2033, 40.0, None),
            ("gram", 2033, gram_2033, None),
        ],
        columns=["provider", "year", "value", "warnings"],
    ).assign(metric="pieces")
    shares = pd.DataFrame({"provider": ["meta", "x"], "year": [2032, 2032], "reports": [9, 1]})
    rows = pd.DataFrame(
        [("Book*", "book", 2032, 6), ("Book*", "gram", 2032, 6), ("Book", "book", 2033, 7), ("Gram", "gram", 2033, 1)],
        columns=["esp_printed", "brand", "year", "reports"],
    )
    return yearly_data(years, ["book", "gram"], shares, rows, "meta")


def test_a_year_is_the_sum_of_all_brands_and_says_whether_its_definition_changed():
    rows = {(row.side, row.year): (row.value, row.is_changed) for row in yearly().itertuples()}
    assert rows == {
        ("pieces", 2032): (32, True),
        ("pieces", 2033): (44, False),
        ("reports", 2032): (9, False),
        ("reports_same_brands", 2033): (8, False),
    }


def test_a_year_that_one_brand_does_not_cover_is_missing_and_not_smaller():
    table = yearly(gram_2033=None)
    assert list(table.loc[table["side"] == "pieces", "year"]) == [2032]


def test_a_corporation_s_brands_are_itself_and_those_that_it_owns():
    ownership = pd.DataFrame({"organization": ["book", "gram", "vine"], "parent": ["meta", "meta", "x"]})
    assert brands_of("meta", ownership) == ["meta", "book", "gram"]


@pytest.mark.parametrize("is_empty", [False, True])
def test_both_figures_are_drawn_alike_twice_and_without_data_too(tmp_path, is_empty):
    pieces = pieces_data(ROWS, [] if is_empty else ["book", "gram"], ORGANIZATIONS)
    data = yearly()[:0] if is_empty else yearly()
    plots = {"pieces": plot_pieces, "yearly": lambda _: plot_yearly(data, ["Book", "Gram"], NO_CHANGES)}
    for name, plot in plots.items():
        for run in "ab":
            save_figure(plot(pieces), tmp_path / f"{name}-{run}.svg", "wide")
        assert (tmp_path / f"{name}-a.svg").read_bytes() == (tmp_path / f"{name}-b.svg").read_bytes()


def test_pieces_and_reports_have_panels_of_their_own_and_each_dot_of_pieces_its_number():
    panels, _ = drawn(plot_yearly(yearly(), ["Book", "Gram"], NO_CHANGES))
    pieces, reports = panels
    assert [word[0] for word in pieces.words] == ["0.0", "0.0", "definition\nchanged\nwithin\nthe year"]
    assert [word[0] for word in reports.words] == ["Book and\nGram", "all brands"]
    assert pieces.limits[2] == reports.limits[2] == 0
