"""What a reader finds beside a number: notes under tables, remarks on rows, and words that the glossary explains."""

import re

import pytest
from lxml import html as lxml_html

from countback.io.tables import read_table

TEN = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@pytest.fixture(scope="module")
def page(book):
    def read(name):
        return lxml_html.fromstring((book / "chapters" / f"{name}.html").read_text(encoding="utf-8"))

    return read


def words(element):
    return re.sub(r"\s+", " ", element.text_content()).strip()


def table(root, label):
    return root.xpath(f"//*[@id='{label}']")[0]


def test_the_counts_of_providers_in_the_text_and_in_the_note_add_up_to_the_rows(page):
    root = page("look_up")
    found = table(root, "tbl-look-up")
    stated = int(re.search(r"full tables, up to \d+, list (\d+) service", words(root))[1])
    more = re.search(r"No full table lists (\w+) of these rows", words(found))
    assert stated + (TEN.index(more[1]) if more else 0) == len(found.xpath(".//tbody/tr"))


def test_a_table_across_a_change_of_unit_says_that_its_years_do_not_compare(page, built):
    breaks = read_table(built / "data" / "reference" / "breaks.csv")
    year = breaks.loc[(breaks["table_name"] == "cybertipline_reports") & (breaks["kind"] == "unit"), "period"].iloc[0]
    root = page("contents")
    for label in ("tbl-kinds", "tbl-files", "tbl-recipients"):
        assert f"From {year} on, reports may be bundled: numbers before and after do not compare." in words(
            table(root, label)
        )


def test_the_table_of_places_says_which_rows_are_no_country_and_which_numbers_are_in_doubt(page, built):
    countries = read_table(built / "data" / "reference" / "countries.csv")
    years = read_table(built / "results" / "tables" / "place_years.csv")
    note = words(table(page("places"), "tbl-places"))
    odd = countries[countries["code_status"].isin(["own", "withdrawn"]) & countries["iso3"].isin(set(years["iso3"]))]
    assert len(odd)
    assert [name for name in odd["name"] if f"{name}: " not in note] == []
    doubtful = years[(years["warnings"] == "doubtful") & years["platform_low"].notna()]
    assert len(doubtful)
    said = re.search(r"In doubt: (.*?)\.", note)[1]
    assert [name for name in doubtful["name"] if name not in said] == []


def test_no_sentence_about_a_provider_begins_with_a_figure(page):
    said = [words(one) for one in page("platforms").xpath("//article//p | //article//dd[not(.//ol)]")]
    assert len(said) > 100
    titles = re.compile(r"^(Sources|Other names)")
    begun = [text for text in said if re.search(r"(^|[a-z)%][.?!] )\d[\d,.]* [a-z]", text) and not titles.match(text)]
    assert [text for text in begun if "transparency report" not in text] == []


def test_a_provider_whose_numbers_stand_elsewhere_is_not_said_to_have_none(page):
    assert "This study found no count by" not in words(page("platforms"))


def by_name(term):
    """Return what a term is sorted by: its first name, before a comma."""
    return term.partition(",")[0].casefold()


TERMS = {"Apart", "Bundled", "Close", "Global Platform", "Helpline", "Hotline", "Level", "Typical year"}


def test_the_glossary_explains_each_word_once_in_the_order_of_the_alphabet(page):
    lists = [[words(term) for term in terms.xpath("./dt")] for terms in page("glossary").xpath("//article//dl")]
    assert [terms for terms in lists if terms != sorted(terms, key=by_name)] == []
    every = [term for terms in lists for term in terms]
    assert len(every) == len(set(every))
    assert TERMS - set(every) == set()
    assert any(term.startswith("Near, nearly") for term in every)
