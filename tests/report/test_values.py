"""Every number in prose has an id that its table gives, a unit, a text and an origin."""

import json

import pandas as pd
import pytest

from countback.io.errors import DataErrors
from scripts.report.values import Table, lost_values, main, nested, part, unsaid_years, values

FIELDS = [
    {"name": "provider", "type": "string"},
    {"name": "year", "type": "year"},
    {"name": "reports", "type": "integer", "unit": "count"},
    {"name": "share", "type": "number", "unit": "share"},
    {"name": "is_derived", "type": "boolean"},
    {"name": "note", "type": "string"},
]
SHARES = Table(
    "shares",
    pd.DataFrame(
        [
            ("Acme Inc", 2031, 1234.0, 0.5, True, "All."),
            ("Acme Inc", 2032, 36210368.0, None, False, None),
            ("bolt", 2032, 7, 0.25, False, None),
        ],
        columns=["provider", "year", "reports", "share", "is_derived", "note"],
    ),
    {"fields": FIELDS, "primaryKey": ["provider", "year"]},
)


PICKED = "shares.acme_inc.last.share"


def table(rows, columns, key, name="models", **fields):
    """Return a table whose columns are numbers without a unit of their own, unless a field says otherwise."""
    described = [{"name": column, "type": "number"} | fields.get(column, {}) for column in columns]
    return Table(name, pd.DataFrame(rows, columns=columns), {"fields": described, "primaryKey": key})


def said(name, one=SHARES):
    with pytest.raises(DataErrors) as caught:
        values({name: ("chapters/one.qmd", 7)}, [one])
    (fault,) = caught.value.errors
    return str(fault)


def test_parts_of_ids_are_words_that_a_shortcode_can_hold():
    assert [part(text) for text in (2023, "All", "without discord and github", "us.rank.2023", "3rd party")] == [
        "y2023", "all", "without_discord_and_github", "us_rank_2023", "y3rd_party"
    ]  # fmt: skip


def test_a_value_carries_its_unit_its_text_and_the_row_it_comes_from():
    assert SHARES.find("shares.acme_inc.y2031.share") == {
        "value": 0.5, "unit": "share", "text": "50.0%", "table": "shares",
        "row": {"provider": "Acme Inc", "year": 2031}, "column": "share",
    }  # fmt: skip


def test_counts_stay_whole():
    number = SHARES.find("shares.acme_inc.y2032.reports")
    assert (number["text"], number["value"], type(number["value"])) == ("36,210,368", 36210368, int)
    assert SHARES.find("shares.acme_inc.y2031.share")["value"] == 0.5


def test_a_key_may_be_cut_at_its_end_where_one_row_is_left_and_not_elsewhere():
    assert SHARES.find("shares.bolt.reports")["row"] == {"provider": "bolt", "year": 2032}
    assert SHARES.find("shares.acme_inc.reports") is None
    assert SHARES.find("shares.y2032.reports") is None
    assert SHARES.find("shares.bolt.y2032.reports.reports") is None


def test_a_key_of_one_column_gives_ids_of_three_parts():
    one = table([("all", 3.0)], ["subset", "n"], "subset", subset={"type": "string"}, n={"unit": "count"})
    assert one.find("models.all.n")["row"] == {"subset": "all"}


def test_keys_that_ids_spell_alike_are_not_told_apart():
    one = table([("a b", 1), ("a-b", 2)], ["id", "n"], "id", id={"type": "string"}, n={"unit": "count"})
    assert one.find("models.a_b.n") is None
    assert "several rows" in said("models.a_b.n", one)


def test_a_count_below_ten_prints_in_words_where_its_id_asks_for_them():
    ids = ["bolt.reports_in_words", "bolt.reports_In_words", "acme_inc.y2031.reports_in_words"]
    assert [SHARES.find(f"shares.{name}")["text"] for name in ids] == ["seven", "Seven", "1,234"]
    assert SHARES.find("shares.bolt.reports_in_words") == SHARES.find("shares.bolt.reports") | {"text": "seven"}
    assert SHARES.find("shares.bolt.share_in_words") is None


def test_a_year_prints_without_a_separator():
    one = table([("a", 2031)], ["id", "since"], "id", id={"type": "string"}, since={"type": "year"})
    assert (one.find("models.a.since")["text"], one.find("models.a.since")["unit"]) == ("2031", "year")


def test_neither_a_missing_cell_nor_text_nor_a_flag_is_a_number():
    columns = ("share", "note", "is_derived", "provider", "elsewhere")
    assert [SHARES.find(f"shares.acme_inc.y2032.{column}") for column in columns] == [None] * 5


def test_a_number_is_in_the_unit_of_its_column_or_of_its_row():
    rows = [("a", 0.1, 9, "share"), ("b", 1.5, 9, "reports^2")]
    one = table(rows, ["model", "estimate", "n", "unit"], "model", n={"unit": "count"}, unit={"type": "string"})
    assert one.find("models.a.estimate")["text"] == "10.0%"
    assert one.find("models.a.n")["text"] == "9"
    assert one.find("models.b.estimate") is None, "no reader knows this unit"


def test_published_values_are_numbers_where_their_text_is_a_finite_one():
    rows = [("us.rank.2023", "104", "rank"), ("odds", "Infinity", "ratio"), ("lost", None, "ratio")]
    one = table(rows, ["id", "published", "unit"], "id", published={"type": "string"}, unit={"type": "string"})
    assert one.find("models.us_rank_2023.published")["text"] == "104"
    assert [one.find(f"models.{name}.published") for name in ("odds", "lost")] == [None, None]


def test_an_estimate_that_no_one_counted_prints_with_fewer_digits():
    rows = [("break", 2014.1995, "year"), ("slope", 41709.61, "count"), ("growth", 0.433293, "share")]
    columns = ["parameter", "estimate", "unit"]
    made = {"isEstimated": True}
    one = table(rows, columns, "parameter", estimate=made, parameter={"type": "string"}, unit={"type": "string"})
    texts = [one.find(f"models.{name}.estimate")["text"] for name in ("break", "slope", "growth")]
    assert texts == ["2014.2", "41,700", "43.3%"]
    counted = table([("last", 2023.0, "year")], columns, "parameter", unit={"type": "string"})
    assert counted.find("models.last.estimate")["text"] == "2023"


def shares(*rows):
    """Return yearly shares by subset, whose name holds the year."""
    return table(
        [(subset, "share", value, "share") for subset, value in rows],
        ["subset", "parameter", "estimate", "unit"],
        ["subset", "parameter"],
        **{name: {"type": "string"} for name in ("subset", "parameter", "unit")},
    )


SPANS = shares(
    ("2029, owners", 0.1),
    ("2031, owners", 0.2),
    ("2032, owners", 0.3),
    ("2032, rows", 0.4),
    ("2033, rows", 0.5),
    ("2031 to 2032, owners", 0.6),
    ("2029 to 2031, owners", 0.7),
    ("us in 2032 all", 0.8),
)


def test_words_for_years_mean_those_of_the_rows_that_match_the_rest_of_the_id():
    said = {name: SHARES.find(f"shares.{name}") for name in ("acme_inc.last.reports", "acme_inc.first.reports")}
    assert {name: value["row"]["year"] for name, value in said.items()} == {
        "acme_inc.last.reports": 2032,
        "acme_inc.first.reports": 2031,
    }
    assert SHARES.find("shares.acme_inc.before.reports")["years"] == [2031]
    assert SHARES.find("shares.acme_inc.y2031.reports").get("years") is None


def test_words_for_years_stand_anywhere_in_a_part():
    names = ("last_owners", "before_owners", "first_owners", "last_rows", "before_to_last_owners", "us_in_last_all")
    assert {name: SPANS.find(f"models.{name}.share.estimate")["value"] for name in names} == {
        "last_owners": 0.3,
        "before_owners": 0.2,
        "first_owners": 0.1,
        "last_rows": 0.5,
        "before_to_last_owners": 0.6,
        "us_in_last_all": 0.8,
    }


def test_a_year_without_a_value_in_the_column_is_not_the_last():
    assert SHARES.find("shares.acme_inc.last.share")["row"]["year"] == 2031
    assert SHARES.find("shares.acme_inc.last.reports")["row"]["year"] == 2032


def test_the_column_year_gives_the_year_that_a_word_means():
    years = ("acme_inc.last.year", "acme_inc.first.year", "acme_inc.before.year")
    assert [SHARES.find(f"shares.{name}")["text"] for name in years] == ["2032", "2031", "2031"]
    assert SPANS.find("models.last_owners.year")["value"] == 2032
    assert SPANS.find("models.last_rows.share.year")["value"] == 2033
    assert [SPANS.find(f"models.before_to_last_owners.{name}")["value"] for name in ("start_year", "year")] == [
        2031,
        2032,
    ]


def test_a_year_stands_in_the_key_of_one_row_and_an_id_of_several_rows_has_none():
    year = SPANS.find("models.before_to_last_owners.start_year")
    assert (year["row"], year["column"]) == ({"subset": "2031 to 2032, owners", "parameter": "share"}, "subset")
    assert SHARES.find("shares.acme_inc.last.share_year")["column"] == "year"
    columns = ["subset", "parameter", "n"]
    fields = {"subset": {"type": "string"}, "parameter": {"type": "string"}, "n": {"unit": "count"}}
    both = table([("2031", "a", 1), ("2031", "b", 2)], columns, ["subset", "parameter"], **fields)
    assert both.find("models.last.a.year")["row"] == {"subset": "2031", "parameter": "a"}
    assert both.find("models.last.year") is None
    assert "which means several rows" in said("models.last.year", both)


def test_a_part_that_is_spelled_like_a_word_for_years_means_itself():
    one = table([("last", 3), ("2031", 4)], ["subset", "n"], "subset", subset={"type": "string"}, n={"unit": "count"})
    assert one.find("models.last.n")["value"] == 3
    assert one.find("models.lastly.n") is None


def test_where_no_year_is_to_be_picked_nothing_is():
    one = shares(("2031, owners", 0.1), ("2031, rows", None))
    missing = (
        "before_owners.share.estimate",
        "last_rows.share.estimate",
        "last.share.estimate",
        "last_owners.estimated",
    )
    assert [one.find(f"models.{name}") for name in missing] == [None] * 4
    assert one.find("models.last_owners.share.extra.estimate") is None


def test_a_column_of_text_holds_words():
    rows = [("last", None, "text", "fell"), ("first", 7.0, "count", None)]
    columns = ["subset", "value", "unit", "text"]
    one = table(rows, columns, "subset", subset={"type": "string"}, text={"type": "string", "unit": "text"})
    assert one.find("models.last.text")["text"] == "fell"
    assert [one.find(f"models.{name}") for name in ("last.value", "first.text")] == [None, None]
    assert one.find("models.first.value")["text"] == "7"


def test_a_value_that_does_not_stand_where_it_points_is_a_fault():
    found = values(dict.fromkeys(("shares.acme_inc.y2031.share", PICKED), ("chapters/one.qmd", 7)), [SHARES])
    assert list(lost_values(found, [SHARES])) == []
    for change in ({"value": 0.6}, {"column": "reports"}, {"row": {"provider": "Acme Inc"}}, {"column": "gone"}):
        (fault,) = lost_values({PICKED: found[PICKED] | change}, [SHARES])
        assert f"results/values.json, {PICKED}: found" in str(fault)


def unsaid(*names):
    one = [(name, ("chapters/one.qmd", 7)) for name in names]
    return [str(fault) for fault in unsaid_years(one, values(dict(one), [SHARES, SPANS]))]


def test_a_line_that_prints_a_year_prints_the_year_of_each_number_picked_by_one():
    year, share = "shares.acme_inc.last.year", "shares.acme_inc.last.share"
    assert unsaid(year, "shares.acme_inc.last.reports", "shares.acme_inc.y2031.share") == []
    assert unsaid(share, "shares.acme_inc.last.reports") == [], "no year is printed"
    (fault,) = unsaid(year, share)
    assert fault.startswith(
        "chapters/one.qmd, line 7: found 'shares.acme_inc.last.share, which is of 2031', "
        "expected a number of 2032, the years that the line prints."
    )
    assert unsaid(year, "shares.acme_inc.before.year", share) == []
    assert unsaid("shares.acme_inc.last.share_year", share) == []


def test_only_ids_that_are_used_are_values_in_the_order_of_their_names():
    used = dict.fromkeys(("shares.bolt.y2032.share", "shares.acme_inc.y2031.reports"), ("index.qmd", 1))
    assert list(values(used, [SHARES])) == ["shares.acme_inc.y2031.reports", "shares.bolt.y2032.share"]


def test_an_id_that_nothing_gives_is_named_with_its_place_and_the_ids_nearest_to_it():
    assert said("shares.acme_ink.y2031.reports") == (
        "chapters/one.qmd, line 7: found 'shares.acme_ink.y2031.reports', expected the id of a number of shares, "
        "such as shares.acme_inc.y2031.reports, shares.acme_inc.y2032.reports, shares.acme_inc.y2031.share. "
        "Correct the id: a table, the key of a row, a column."
    )


def test_an_id_that_means_several_rows_is_told_so():
    assert "shares.acme_inc.reports, which means several rows" in said("shares.acme_inc.reports")
    assert "several" not in said("shares.acme_inc.y2031.report")


def test_all_ids_without_a_number_are_named_at_once():
    with pytest.raises(DataErrors, match=r"^2 faults"):
        values({"shares.x.y2031.share": ("a.qmd", 1), "shares.bolt.y2031.share": ("b.qmd", 2)}, [SHARES])


def test_a_table_without_a_number_says_so():
    assert "none: it holds no number" in said("empty.a.n", table([], ["model", "n"], "model", name="empty"))


def test_ids_become_nested_variables():
    assert nested({"a.b.c": {"text": "1"}, "a.d": {"text": "2"}}) == {"a": {"b": {"c": "1"}, "d": "2"}}


@pytest.fixture
def book(tmp_path, monkeypatch, project):
    """Return a book of two chapters that prints the share of a state, and a table without and with that state."""
    (tmp_path / "data").symlink_to(project / "data")
    (tmp_path / "_quarto.yml").write_text("book: {chapters: [index.qmd, b.qmd]}\n")
    (tmp_path / "index.qmd").write_text("# T\n\n{{< var states.ut.share >}}\n{{< var states.ut.share >}}\n")
    (tmp_path / "b.qmd").write_text("{{< var states.ut.share >}}\n")
    file = tmp_path / "states.csv"
    file.write_text("state,kind,year,reports,population,reports_per_100k,share,provenance,source\n")
    monkeypatch.chdir(tmp_path)
    return file


def write_values(file):
    """Write the values of the book that prints the share of a state."""
    coverage = file.parent / "data" / "calibration" / "interval_coverage.csv"
    main(["states.ut.share"], {"states": str(file)}, str(coverage), 0.02, "values.json", "_variables.yml")


def test_a_fault_names_the_first_line_of_the_book_that_uses_the_id(book):
    with pytest.raises(DataErrors, match=r"index\.qmd, line 3: found 'states\.ut\.share'"):
        write_values(book)
    assert not book.with_name("values.json").exists()


def test_values_and_variables_are_written_with_a_word_on_where_they_come_from(book):
    book.write_text(book.read_text() + "UT,state,2031,3,9,1,0.25,primary,x\n")
    write_values(book)
    written = json.loads(book.with_name("values.json").read_text())
    assert written["states.ut.share"]["row"] == {"state": "UT", "year": 2031}
    header, *variables = book.with_name("_variables.yml").read_text().splitlines()
    assert header.startswith("# Written by the rule `values`")
    assert variables == ["states:", "  ut:", "    share: 25.0%"]


def test_an_end_of_an_interval_names_the_method_that_its_row_or_column_names():
    rows = [["line", 1.0, 3.0, "score"], ["curve", 2.0, 4.0, None]]
    by_column = {"unit": "rank", "interval_method": "draws"}
    columns = ["model", "low", "rank_low", "interval_method"]
    found = table(rows, columns, "model", low={"unit": "years"}, rank_low=by_column)
    assert found.find("models.line.low")["interval_method"] == "score"
    assert "interval_method" not in found.find("models.curve.low")
    assert found.find("models.curve.rank_low")["interval_method"] == "draws"
