"""Tables for readers keep what their schema says, in both formats."""

import re
from functools import partial

import pandas as pd
import pytest

from countback.io.errors import DataError
from countback.text.display import MISSING, cell_formatter, display_table


@pytest.fixture(autouse=True)
def unbuilt(monkeypatch, project, tmp_path):
    """Stand in a project without results: numbers of these tests are made up."""
    for name in ("data", "config", "workflow"):
        (tmp_path / name).symlink_to(project / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pairs(**columns):
    rows = {
        "name": ["Acme", "Acme"],
        "year": [2022, 2023],
        "provider_reports": [1000, None],
        "ncmec_reports": [1234567, 0],
    }
    return pd.DataFrame(rows | columns)


def html(**options):
    columns = ["year", "provider_reports", "ncmec_reports"]
    return display_table(pairs(), "results/tables/provider_pairs.csv", columns, **options).as_raw_html()


def test_counts_have_separators_and_years_have_none():
    text = html()
    assert "1,234,567" in text
    assert ">2023<" in text


def test_a_missing_count_is_a_dash_and_a_zero_is_a_zero():
    text = html()
    assert f">{MISSING}<" in text
    assert ">0<" in text


def test_titles_come_from_the_schema_and_numbers_stand_right():
    text = html()
    assert "By NCMEC" in text
    assert text.count("gt_right") >= 6


def test_printed_numbers_of_several_units_stand_right_too():
    frame = pd.DataFrame({"title": ["Share", "Reports"], "shown": ["85.3%", "1,200"]})
    text = display_table(frame, None, ["title", "shown"], right=["shown"]).as_raw_html()
    assert re.search(r'class="gt_row gt_right">85.3%<', text)
    assert re.search(r'class="gt_row gt_left">Share<', text)


def test_groups_spanners_and_notes_are_kept():
    text = html(groups="name", spanners={"Both sides": ["provider_reports", "ncmec_reports"]}, note="Source: *both*.")
    assert "Acme" in text
    assert "Both sides" in text
    assert "<em>both</em>" in text


def test_words_of_cells_groups_titles_and_notes_have_the_apostrophes_of_print():
    frame = pairs().assign(who="Acme's own", of="Acme's years")
    table = display_table(
        frame, "results/tables/provider_pairs.csv", ["who"], groups="of", labels={"who": "Acme's"}, note="Acme's note"
    )
    text = table.as_raw_html()
    assert [words for words in ("own", "years", "", "note") if f"Acme’s {words}".strip() not in text] == []
    assert "Acme's" not in text


def test_a_group_without_a_name_has_a_dash():
    frame = pairs().assign(of=["Known", *[None] * (len(pairs()) - 1)])
    text = display_table(frame, "results/tables/provider_pairs.csv", ["year"], groups="of").as_raw_html()
    assert re.findall(r'<th class="gt_group_heading"[^>]*>([^<]*)<', text) == ["Known", "–"]


def test_a_table_offers_the_result_that_it_shows_and_no_file_that_is_none():
    assert '<a href="../results/tables/provider_pairs.csv">provider_pairs.csv</a>' in html(note="Source: both.")
    assert "other.csv</a>" in html(data="results/tables/other.csv")
    assert "<a " not in display_table(pairs(), "data/releases.csv", ["name"]).as_raw_html()


def test_two_tables_of_the_same_rows_are_the_same_bytes():
    assert html() == html()


def test_markup_in_data_is_shown_and_not_run():
    frame = pairs(name=["<script>alert(1)</script>", "<b>bold</b>"])
    columns = ["name", "year"]
    text = display_table(frame, "results/tables/provider_pairs.csv", columns).as_raw_html()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_units_of_rows_serve_where_a_number_has_none_of_its_own():
    frame = pd.DataFrame({"estimate": [0.433, 2014.2], "unit": ["share", "year"]})
    text = display_table(frame, "results/tables/growth_models.csv", ["estimate"], unit_column="unit").as_raw_html()
    assert "43.3%" in text
    assert "2014.2" in text


def test_booleans_are_words():
    assert cell_formatter({"type": "boolean"})(True) == "yes"


def test_a_column_of_its_own_can_be_shown_like_one_of_the_schema():
    rows = pairs(other=[2345678, None])
    table = display_table(rows, "results/tables/provider_pairs.csv", ["year", "other"], like={"other": "ncmec_reports"})
    assert "2,345,678" in table.as_raw_html()


@pytest.fixture
def offered(unbuilt):
    """Return the columns of a table whose file is there and holds other numbers than some."""
    file = unbuilt / "results" / "tables" / "rounding_steps.csv"
    file.parent.mkdir(parents=True)
    file.write_text("magnitude,n,step,n_finer,half_step_share\n10,8,10,0,0.5\n100,7,10,0,0.5\n")

    def shown(n, **options):
        frame = pd.DataFrame({"magnitude": [10], "n": [n]})
        return display_table(frame, "results/tables/rounding_steps.csv", ["magnitude", "n"], **options).as_raw_html()

    return shown


def test_a_table_that_offers_a_file_shows_numbers_that_the_file_holds(offered):
    assert "rounding_steps.csv" in offered(8)
    with pytest.raises(DataError, match=r"rounding_steps\.csv: found 'no 10, 9, which a table shows"):
        offered(9)


def test_numbers_of_one_row_stand_together_in_a_row_of_the_file(offered):
    with pytest.raises(DataError, match="no 10, 7, which"):
        offered(7)


@pytest.mark.usefixtures("offered")
def test_a_number_of_a_pivot_stands_anywhere_in_the_file():
    frame = pd.DataFrame({"large": [7]})
    table = partial(display_table, schema="results/tables/rounding_steps.csv", columns=["large"], counts=["large"])
    assert "rounding_steps" in table(frame).as_raw_html()
    with pytest.raises(DataError, match="no 6, which"):
        table(frame.assign(large=6))


def test_what_a_chapter_computes_is_named_as_derived(offered):
    assert ">9<" in offered(9, derived=["n"])


def test_a_number_that_a_table_does_not_show_needs_no_file(offered):
    assert MISSING in offered(None)


def test_a_row_has_its_address_and_its_link_and_its_name_stays_text():
    named = pairs(name=["<b>A</b> & B", "C"])
    shown = display_table(
        named,
        None,
        ["name", "year"],
        addresses=pd.Series(["provider-a_b", None]),
        links=pd.Series([None, "#provider-c"]),
    ).as_raw_html()
    assert '<span id="provider-a_b">&lt;b&gt;A&lt;/b&gt; &amp; B</span>' in shown
    assert '<a href="#provider-c">C</a>' in shown
