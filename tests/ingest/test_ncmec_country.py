"""Reports by country: from made-up documents, set as the clearinghouse sets them, to the committed tables."""

import hashlib
import os
import re
from pathlib import Path

import pandas as pd
import pytest
from documents import count_document as document
from documents import counts as table
from documents import with_total as total
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countback.ingest.ncmec_country import LAYOUT, parse_country_reports
from countback.ingest.ncmec_counts import Row, read_page
from countback.ingest.pdf import Word
from countback.ingest.sources import Source
from countback.io.errors import DataError
from countback.io.tables import read_table
from countback.periods import parse_period
from scripts.ingest.ingest_country_reports import ingest_country_reports, main

ROOT = Path(__file__).parents[2]
CODES = {"Namibia": "NAM", "French Guiana": "GUF", "Guiana, French": "GUF", "Null": "ZZZ", "No Country Listed*": "ZZZ"}
CODES |= {"Congo, The Democratic Republic of the": "COD", "=SUM(A1:A9)": "ZZZ", "<b>Chad</b>": "TCD"}
ROWS = [("Congo, The Democratic Republic of the", "3,856"), ("Namibia", "1,002"), ("Null", "40")]


@pytest.fixture
def parse(tmp_path: Path):
    """Return a function that writes a document and reads it."""

    def read(content: bytes, year: int = 2031) -> tuple[pd.DataFrame, pd.DataFrame]:
        file = tmp_path / "country.pdf"
        file.write_bytes(content)
        return parse_country_reports(Source("ncmec-country-2031", parse_period(str(year)), file), CODES)

    return read


def test_a_made_up_next_release_is_read_without_change_of_code(tmp_path: Path) -> None:
    content = document(table(total(ROWS)))
    (tmp_path / "next.pdf").write_bytes(content)
    release = {"id": "ncmec-country-2031", "period": "2031", "file": "next.pdf", "route": "parsed"}
    releases = pd.DataFrame([release | {"sha256": hashlib.sha256(content).hexdigest()}])
    tables = ingest_country_reports(releases, [tmp_path / "next.pdf"], CODES)
    assert tables.reports[["country_printed", "iso3", "reports"]].to_numpy().tolist() == [
        ["Congo, The Democratic Republic of the", "COD", 3856],
        ["Namibia", "NAM", 1002],
        ["Null", "ZZZ", 40],
    ]
    assert tables.totals[["year", "reports"]].to_numpy().tolist() == [[2031, 4898]]


def test_a_dash_is_missing_and_marked_and_a_zero_is_a_number(parse) -> None:
    rows, _ = parse(document(table(total([("Namibia", "-"), ("French Guiana", "0"), ("Null", "7")]))))
    assert rows["printed_as_dash"].tolist() == [True, False, False]
    assert rows["reports"].isna().tolist() == [True, False, False]
    assert rows["reports_printed"].tolist() == ["-", "0", "7"]


def test_two_spellings_of_one_place_stay_two_rows(parse) -> None:
    rows, _ = parse(document(table(total([("French Guiana", "593"), ("Guiana, French", "1")]))))
    assert rows["iso3"].tolist() == ["GUF", "GUF"]
    assert rows["reports"].tolist() == [593, 1]


def test_formulas_and_markup_in_names_stay_text(parse) -> None:
    rows, _ = parse(document(table(total([("=SUM(A1:A9)", "1"), ("<b>Chad</b>", "2")]))))
    assert rows["country_printed"].tolist() == ["=SUM(A1:A9)", "<b>Chad</b>"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (document(table(total([("Atlantis", "5")]))), "page 1, 'Atlantis 5', column country_printed: found 'Atlantis'"),
        (document(table([("Namibia", "n/a")])), "found 'n/a as its count'"),
        (document(table([("Namibia", "1,38"), ("Total", "138")])), "found '1,38 as its count'"),
        (document(table([("Namibia", "4%"), ("Total", "4")])), "found '4% as its count'"),
        (document(table([("Namibia", "4-5"), ("Total", "4")])), "found '4-5 as its count'"),
        (document(table(ROWS)), "found 'no total line after it'"),
        (document(table([*ROWS, ("Total", "4,899")])), "3 rows that sum to 4,898"),
        (document(table([*total(ROWS)[1:]])), "2 rows that sum to 1,042"),
        (document(table(total(ROWS), ("Country", "Cases"))), "found 'no rows and no total line'"),
        (document(table(total(ROWS), ("Country", "Share of Reports"))), "found 'no rows and no total line'"),
        (document(table(total(ROWS)), table(total(ROWS))), "found 'a table after the total'"),
        (document(table(total(ROWS)), title="2030 CyberTipline Reports"), "found '2030', expected the year of the rel"),
    ],
    ids=[
        "unknown name",
        "stray text",
        "commas",
        "percent",
        "range",
        "truncated",
        "another total",
        "dropped row",
        "renamed column",
        "another column",
        "twice",
        "another year",
    ],
)
def test_what_is_not_as_known_stops_with_place_and_fix(parse, content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as error:
        parse(content)
    assert "country.pdf" in str(error.value)
    assert error.value.fix


def test_an_unknown_name_says_which_row_to_add_where(parse) -> None:
    with pytest.raises(
        DataError, match=r"Add the row Atlantis,<code of countries\.csv>, to data/reference/country_aliases\.csv"
    ):
        parse(document(table(total([("Atlantis", "5")]))))


def test_a_truncated_file_and_a_file_that_is_no_pdf_are_refused(parse) -> None:
    content = document(table(total(ROWS)))
    for broken in (content[:400], b"\xef\xbb\xbf" + b"Country,Reports\r\n"):
        with pytest.raises(DataError, match=r"country\.pdf"):
            parse(broken)


def releases(**changes: str) -> pd.DataFrame:
    release = {"id": "ncmec-country-a", "period": "2031", "file": "a.pdf", "sha256": "0", "route": "parsed"}
    return pd.DataFrame([release | changes])


def test_the_same_year_twice_is_refused() -> None:
    twice = pd.concat([releases(), releases(id="ncmec-country-b", file="b.pdf", sha256="1")])
    with pytest.raises(DataError, match=r"ncmec-country-b, column period: .*one release per period"):
        ingest_country_reports(twice, [], CODES)


def test_a_period_that_is_no_year_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"")
    digest = hashlib.sha256(b"").hexdigest()
    with pytest.raises(DataError, match="column period: found '20310', expected a year"):
        ingest_country_reports(releases(period="20310"), [], CODES)
    with pytest.raises(DataError, match="column period: found '2031 H1', expected a calendar year"):
        ingest_country_reports(releases(period="2031 H1", sha256=digest), [tmp_path / "a.pdf"], CODES)


def words(top: float, left: float, edge: float, name: str, count: str) -> list[Word]:
    placed = [Word(text, left + 20 * i, left + 18 + 20 * i, top, top + 11) for i, text in enumerate(name.split())]
    return placed + ([Word(count, edge - 6 * len(count), edge, top, top + 11)] if count else [])


def two_pairs(left: list[tuple[str, str]], right: list[tuple[str, str]]) -> list[Word]:
    """Set a page of two pairs of columns under a heading of three lines, with its total in a table of its own."""
    placed: list[Word] = []
    for edge, start in ((250.0, 40.0), (560.0, 320.0)):
        placed += [Word("Total", edge - 29, edge, 76.6, 88.6), Word("Country", start, start + 48, 83.8, 95.8)]
        placed.append(Word("Reports", edge - 46, edge, 91.0, 103.0))
    for pair, start, edge, shift in ((left, 40.0, 250.0, 0.0), (right, 320.0, 560.0, 3.1)):
        for number, (name, count) in enumerate(pair):
            placed += words(108.3 + shift + 16.3 * number, start, edge, name, count)
    bottom = 108.3 + 16.3 * max(len(left), len(right)) + 50
    heading = [Word("Country", 40, 88, bottom, bottom + 12), Word("Total", 480, 510, bottom, bottom + 12)]
    sums = sum(int(count) for _, count in left + right)
    heading.append(Word("Reports", 514, 560, bottom, bottom + 12))
    return [*placed, *heading, *words(bottom + 21, 40, 560, "TOTAL", str(sums))]


PAIRS = st.lists(
    st.tuples(st.sampled_from(["Chad", "El Salvador", "Null"]), st.integers(0, 10**6).map(str)), max_size=6
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(PAIRS, PAIRS, st.randoms(use_true_random=False))
def test_pairs_of_columns_are_read_one_after_the_other_in_any_order_of_words(left, right, chance) -> None:
    placed = two_pairs(left, right)
    chance.shuffle(placed)
    read = read_page(placed, 2, Path("country.pdf"), LAYOUT)
    assert read.rows == [Row(name, count, 2) for name, count in left + right]
    assert read.total is not None


def test_a_total_inside_one_of_two_pairs_is_refused() -> None:
    with pytest.raises(DataError, match="a table after the total"):
        read_page(two_pairs([("TOTAL", "3")], [("Chad", "3")]), 2, Path("country.pdf"), LAYOUT)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=12)
@given(
    rows=st.permutations([("Namibia", "1,002"), ("French Guiana", "12"), ("Guiana, French", "-"), ("Null", "40")]),
    drop=st.sampled_from([None, 0, 1, 3]),
    again=st.sampled_from([None, 0, 1, 3]),
)
def test_a_mutated_release_gives_the_same_facts_or_an_error(tmp_path_factory, rows, drop, again) -> None:
    printed = total(list(rows))
    mutated = [row for number, row in enumerate(printed) if number != drop]
    mutated += [] if again is None else [rows[again]]
    file = tmp_path_factory.mktemp("mutated") / "country.pdf"
    file.write_bytes(document(table(mutated)))
    try:
        read, _ = parse_country_reports(Source("x", parse_period("2031"), file), CODES)
    except DataError:
        return
    counted = {name: count for name, count in rows if count != "-"}
    assert {row.country_printed: row.reports_printed for row in read.dropna().itertuples()} == counted


def committed(name: str) -> pd.DataFrame:
    return read_table(ROOT / "data" / name)


def test_committed_rows_and_sums_by_country_are_those_printed() -> None:
    years = committed("cybertipline/country_reports.csv").groupby("year")["reports"]
    assert years.size().to_dict() == {2019: 242, 2020: 245, 2021: 245, 2022: 247, 2023: 244}
    sums = {2019: 16_987_361, 2020: 21_751_085, 2021: 29_397_681, 2022: 32_059_029, 2023: 36_210_368}
    assert years.sum().to_dict() == sums
    assert committed("cybertipline/country_totals.csv").set_index("year")["reports"].to_dict() == sums


def test_three_committed_rows_are_dashes_and_none_is_zero_for_it() -> None:
    rows = committed("cybertipline/country_reports.csv")
    dashed = rows[rows["printed_as_dash"]]
    assert dashed["iso3"].tolist() == ["NFK", "SHN", "SJM"]
    assert dashed["year"].unique().tolist() == [2020]
    assert rows["reports"].isna().equals(rows["printed_as_dash"].astype(bool))


def test_reports_without_a_country_are_a_place_of_their_own() -> None:
    rows = committed("cybertipline/country_reports.csv").query("iso3 == 'ZZZ'").set_index("year")
    assert rows["reports"].tolist() == [1_668_157, 641_874, 1_193_266, 1_662_916, 1_851_762]
    assert rows["country_printed"].unique().tolist() == ["No Country Listed*", "Null", "null*"]


def test_every_printed_name_has_one_code_and_no_country_is_mistaken_for_another() -> None:
    aliases = committed("reference/country_aliases.csv").set_index("country_printed")["iso3"]
    assert set(committed("cybertipline/country_reports.csv")["country_printed"]) <= set(aliases.index)
    assert aliases[["Eretria", "Sierre Leone", "Saint Bartelemey", "Swaziland"]].tolist() == [
        "ERI",
        "SLE",
        "BLM",
        "SWZ",
    ]
    assert aliases[["Congo", "Congo, The Democratic Republic of the"]].tolist() == ["COG", "COD"]


def test_iraq_is_not_iran_and_namibias_code_is_text() -> None:
    countries = committed("reference/countries.csv").set_index("iso3")
    assert countries.loc[["IRQ", "IRN", "NAM"], "iso2"].tolist() == ["IQ", "IR", "NA"]
    assert countries["iso2"].dropna().is_unique
    assert countries["code_status"].value_counts().to_dict() == {
        **{"official": 249, "own": 2, "user_assigned": 1, "withdrawn": 1}
    }
    odd = countries[countries["code_status"] != "official"]
    assert sorted(odd.index) == ["ANT", "EEE", "XKX", "ZZZ"]
    assert odd["note"].notna().all()


def test_every_official_country_has_a_region_and_says_whose_it_is() -> None:
    countries = committed("reference/countries.csv").query("code_status == 'official'")
    assert countries[["continent", "subregion", "region"]].notna().all(axis=None)
    assert sorted(countries.loc[countries["region_source"].isna(), "iso3"]) == ["ATA", "TWN"]


@pytest.mark.raw
def test_the_raw_files_give_the_committed_tables_by_country_byte_for_byte(tmp_path: Path) -> None:
    files = sorted(Path(os.environ["COUNTBACK_RAW"]).rglob("*.pdf"))
    (tmp_path / "data").symlink_to(ROOT / "data")
    folder = tmp_path / "results" / "ingest" / "cybertipline"
    reports, totals = folder / "country_reports.csv", folder / "country_totals.csv"
    main(ROOT / "data" / "releases.csv", files, ROOT / "data/reference/country_aliases.csv", reports, totals)
    for made in (reports, totals):
        assert made.read_bytes() == (ROOT / "data" / "cybertipline" / made.name).read_bytes()


@pytest.mark.raw
def test_the_compilation_differs_in_no_number_but_the_three_dashes() -> None:
    raw = Path(os.environ["COUNTBACK_RAW"])
    other = pd.read_csv(next(raw.rglob("ocse-reports-per-country.csv")), dtype=str, keep_default_na=False)
    other["iso3"] = other["iso3"].replace("", "ZZZ")
    long = other.melt(["country", "iso3"], var_name="year", value_name="printed").query("printed != ''")
    theirs = long.assign(reports=long["printed"].str.replace(",", "").astype(int), year=long["year"].astype(int))
    ours = committed("cybertipline/country_reports.csv").fillna({"reports": 0})
    facts = [frame.groupby(["year", "iso3"])["reports"].sum().astype(int).to_dict() for frame in (ours, theirs)]
    assert facts[0] == facts[1]


@pytest.mark.raw
def test_the_compilations_codes_differ_in_iraqs_alone() -> None:
    raw = Path(os.environ["COUNTBACK_RAW"])
    theirs = pd.read_csv(raw / "reference" / "countries.csv", keep_default_na=False).set_index("iso3")["iso2"]
    ours = committed("reference/countries.csv").set_index("iso3")["iso2"].fillna("")
    assert set(ours.index) - set(theirs.index) == {"ZZZ"}
    assert [code for code in theirs.index if ours[code] != theirs[code]] == ["IRQ"]
