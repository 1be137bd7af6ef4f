"""X's report: from words on designed pages to printed facts and disclosures."""

import json
import os
import re
from pathlib import Path

import pandas as pd
import pytest
import typst
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from countback.ingest.printed import Document, disclosed, ingest_documents
from countback.ingest.sources import Source
from countback.ingest.x import SERIES, parse_x
from countback.io.errors import DataError
from countback.io.tables import read_table
from countback.periods import parse_period
from scripts.ingest.ingest_x import X

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
BESIDE = [DATA / "organizations" / f"{name}.csv" for name in ("remarks", "compiled_disclosures")]

Text = tuple[float, float, float, str]  # left and upper edge, size of type, text; in points
Texts = list[Text]

HEAD = "Global Transparency Report | H1 2024"
ACTIONS = ["TOTAL ACTIONS", "AUTOMATED", "HUMAN"]
NO_REMARKS = pd.DataFrame(columns=["organization", "metric", "component", "period", "warnings", "note"], dtype="string")


def row(top: float, label: str, *numbers: str) -> Texts:
    """Set a row: its head on the left, its numbers beside it."""
    return [(90, top, 20, label), *((450 + 200 * place, top, 20, text) for place, text in enumerate(numbers))]


def heads(top: float, *texts: str) -> Texts:
    """Set the heads of columns, each in one line."""
    return [(440 + 200 * place, top, 17, text) for place, text in enumerate(texts)]


def user_reports() -> Texts:
    """Set the first section: a title in two sizes, a figure, a table with a head in two lines."""
    title = [
        (80, 200, 62, "USER REPORTS"),
        (80, 265, 42, "AND TOTAL ENFORCEMENT ACTIONS"),
        (80, 360, 21, "In 2024, we"),
    ]
    figure = [(90, 500, 20, "USER REPORTS"), (350, 500, 20, "8,928,119")]
    columns = [
        (90, 610, 28, "POLICY AREA"),
        (450, 610, 20, "TOTAL"),
        (650, 598, 20, "% OF TOTAL"),
        (650, 622, 20, "REPORTS"),
    ]
    return title + figure + columns + row(680, "Child Safety", "8,928,019", "3.98%") + row(740, "Spam", "100", "<0.01%")


def child_safety() -> Texts:
    """Set the section on children: a title, prose, a table with a mark, a footnote."""
    prose: Texts = [(80, 280, 20, "At X, we have zero tolerance"), (600, 280, 20, "CSAM is never 100% gone here.")]
    table = (
        heads(580, *ACTIONS)
        + row(630, "NCMEC Reports", "370,588", "35,176", "335,412")
        + row(690, "Accounts Suspended", "2,781,634", "2,388,683", "392,951")
        + row(750, "Content Removed", "14,571", "1,645", "12,926")
    )
    note: Texts = [(312, 689, 12, "1"), (100, 820, 10, "1. Accounts suspended are not reportable")]
    return [(80, 180, 42, "CHILD SAFETY"), *prose, *table, *note]


def spam() -> Texts:
    """Set another section below it, with a label that looks like code."""
    return [(80, 930, 42, "SPAM"), *heads(1100, *ACTIONS), *row(1150, "=1+1 <b>Labels</b>", "3", "0", "3")]


def requests() -> Texts:
    """Set a section that is about something else."""
    title: Texts = [(80, 230, 42, "INFORMATION AND REMOVAL REQUESTS")]
    return [*title, *heads(520, "CASES DISCLOSED", "DISCLOSURE RATE"), *row(600, "USA", "2,522", "76%")]


PAGES = [user_reports(), child_safety() + spam(), requests()]


def typeset(text: Text) -> str:
    x, y, size, words = text
    quoted = json.dumps(words, ensure_ascii=False)
    return f"#place(dx: {x}pt, dy: {y}pt, box(width: 1100pt, text(size: {size}pt, {quoted})))\n"


def pdf(folder: Path, pages: list[Texts], head: str = HEAD) -> Path:
    """Set pages of the report's size behind a cover."""
    sheets: list[Texts] = [[(80, 200, 62, "GLOBAL TRANSPARENCY"), (80, 270, 62, "REPORT H1 2024")]]
    sheets += [[(75, 54, 18, str(number)), (124, 54, 18, head), *page] for number, page in enumerate(pages, start=2)]
    bodies = ["".join(map(typeset, sheet)) for sheet in sheets]
    page = '#set page(width: 1224pt, height: 1584pt, margin: 0pt)\n#set text(font: "DejaVu Sans Mono")\n'
    source = page + "#pagebreak()\n".join(bodies)
    file = folder / "x.pdf"
    file.write_bytes(typst.compile(source.encode()))
    return file


def parsed(folder: Path, pages: list[Texts] | None = None, period: str = "2024 H1", head: str = HEAD) -> Document:
    return parse_x(Source("x-a", parse_period(period), pdf(folder, pages or PAGES, head)))


def cells(document: Document) -> dict[tuple[str | None, str], str]:
    """Return printed values by the heads of row and column, of the section on children."""
    own = document.facts[document.facts["block"] == "CHILD SAFETY"]
    return dict(zip(zip(own["item"], own["measure"], strict=True), own["value_printed"], strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("x")


def test_numbers_are_read_under_the_heads_of_block_row_and_column(tmp_path: Path) -> None:
    facts = parsed(tmp_path).facts
    found = facts[["block", "item", "measure", "value", "unit", "value_printed", "mark", "place"]]
    rows = found.astype("object").where(found.notna(), None).to_numpy().tolist()
    block = "USER REPORTS AND TOTAL ENFORCEMENT ACTIONS"
    assert rows[:5] == [
        [block, None, "USER REPORTS", 8_928_119, "count", "8,928,119", None, "page 2"],
        [block, "Child Safety", "TOTAL", 8_928_019, "count", "8,928,019", None, "page 2"],
        [block, "Child Safety", "% OF TOTAL REPORTS", 0.0398, "share", "3.98%", None, "page 2"],
        [block, "Spam", "TOTAL", 100, "count", "100", None, "page 2"],
        [block, "Spam", "% OF TOTAL REPORTS", None, "share", "<0.01%", None, "page 2"],
    ]
    assert rows[8] == [
        "CHILD SAFETY",
        "Accounts Suspended",
        "TOTAL ACTIONS",
        2_781_634,
        "count",
        "2,781,634",
        "1",
        "page 3",
    ]
    assert rows[-1] == ["SPAM", "=1+1 <b>Labels</b>", "HUMAN", 3, "count", "3", None, "page 3"]
    assert len(rows) == 17


def test_footnotes_are_kept_under_their_section(tmp_path: Path) -> None:
    (note,) = parsed(tmp_path).notes.to_dict("records")
    assert (note["block"], note["note_printed"]) == ("CHILD SAFETY", "1. Accounts suspended are not reportable")


def test_disclosures_are_those_on_the_safety_of_children(tmp_path: Path) -> None:
    frame = disclosed(parsed(tmp_path).facts, SERIES, NO_REMARKS, "x").set_index(["metric", "component"])["value"]
    assert frame.droplevel("component")["user_reports"] == 8_928_019
    assert frame.drop("user_reports").to_dict() == {
        ("accounts", "automated"): 2_388_683,
        ("accounts", "human"): 392_951,
        ("pieces", "automated"): 1_645,
        ("pieces", "human"): 12_926,
        ("reports", "automated"): 35_176,
        ("reports", "human"): 335_412,
    }


def test_a_next_half_year_is_read_without_a_change_of_code(tmp_path: Path) -> None:
    document = parsed(tmp_path, period="2024 H2", head="Global Transparency Report | H2 2024")
    assert set(document.facts["period"]) == {"2024 H2"}
    assert cells(document) == cells(parsed(tmp_path))


@given(st.permutations(range(3)), st.integers(-60, 200), st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_order_of_columns_and_place_on_the_page_do_not_matter(
    folder: Path, order: list[int], shift: int, chance
) -> None:
    page = [(x, y + shift, size, text) for x, y, size, text in child_safety()]
    where = {450 + 200 * old: 450 + 200 * new for old, new in enumerate(order)}
    where |= {440 + 200 * old: 440 + 200 * new for old, new in enumerate(order)}
    moved = [(where.get(x, x), y, size, text) for x, y, size, text in page]
    chance.shuffle(moved)
    assert cells(parsed(folder, [moved])) == cells(parsed(folder, [child_safety()]))


def without(page: Texts, text: str) -> Texts:
    assert any(line[3] == text for line in page)
    return [line for line in page if line[3] != text]


def changed(page: Texts, old: str, new: str) -> Texts:
    assert any(line[3] == old for line in page)
    return [(*line[:3], new if line[3] == old else line[3]) for line in page]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (
            changed(child_safety(), "HUMAN", "MANUAL"),
            "'TOTAL ACTIONS': found 'heads of columns TOTAL ACTIONS, AUTOMATED",
        ),
        (changed(child_safety(), "HUMAN", "AUTOMATED"), "found 'heads of columns TOTAL ACTIONS, AUTOMATED, AUTOMATED'"),
        (without(child_safety(), "HUMAN"), "found 'heads of columns TOTAL ACTIONS, AUTOMATED'"),
        (
            without(child_safety(), "35,176"),
            "found 'NCMEC Reports | 370,588 | 335,412', expected the head of",
        ),
        (without(child_safety(), "NCMEC Reports"), "found '370,588 | 35,176 | 335,412', expected the head of a row"),
        (changed(child_safety(), "35,176", "35.176"), "found 'NCMEC Reports | 370,588 | 35.176 | 335,412'"),
        (changed(child_safety(), "35,176", "3,5176"), "found 'NCMEC Reports | 370,588 | 3,5176 |"),
        (changed(child_safety(), "35,176", "-"), "found 'NCMEC Reports | 370,588 | - |"),
        (changed(child_safety(), "35,176", "30,000-40,000"), "found 'NCMEC Reports | 370,588 | 30,000-40,000 |"),
        ([*child_safety(), (90, 660, 20, "of which new")], "'of which new': found 'text between the rows of a table'"),
        ([*child_safety(), (90, 400, 20, "17")], "page 2, '17': found 'a number in no known table'"),
        (without(child_safety(), "1"), "found 'marks none; footnotes 1'"),
        (without(child_safety(), "1. Accounts suspended are not reportable"), "found 'marks 1; footnotes none'"),
        ([*child_safety(), (700, 900, 12, "2")], "page 2, '2': found 'a small figure alone'"),
        ([*child_safety(), (100, 840, 10, "See our blog")], "found 'See our blog', expected a footnote"),
        (without(child_safety(), "CHILD SAFETY"), "found 'no title above it', expected a title above each table"),
        (
            changed(user_reports(), "8,928,119", "many"),
            "'USER REPORTS': found '0 numbers beside it'",
        ),
        (
            changed(requests(), "INFORMATION AND REMOVAL REQUESTS", "REQUESTS"),
            "'2,522': found 'a number in no known",
        ),
        (requests(), "found 'no table', expected tables of user reports and enforcement"),
        ([(80, 180, 42, "CHILD SAFETY"), *heads(580, *ACTIONS)], "'TOTAL ACTIONS': found 'no rows below it'"),
    ],
)
def test_a_page_in_an_unknown_layout_is_refused_with_its_place(tmp_path: Path, page: Texts, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as error:
        parsed(tmp_path, [page])
    assert "x.pdf" in str(error.value)
    assert error.value.fix


def test_the_same_section_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="rows that share a key, first 2024 H1, CHILD SAFETY, NCMEC Reports"):
        parsed(tmp_path, [child_safety(), child_safety()])


def test_a_report_on_another_half_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"page 2: found 'Global Transparency Report \| H1 2024', expected 2024 H2"):
        parsed(tmp_path, period="2024 H2")
    with pytest.raises(DataError, match="found 'no running head'"):
        parsed(tmp_path, head="Global Report")


def test_a_renamed_row_is_no_silent_gap(tmp_path: Path) -> None:
    document = parsed(tmp_path, [user_reports(), changed(child_safety(), "NCMEC Reports", "Reports to NCMEC")])
    with pytest.raises(DataError, match="x-a: found 'no number under CHILD SAFETY, NCMEC Reports, AUTOMATED'"):
        disclosed(document.facts, SERIES, NO_REMARKS, "x")


def test_a_file_that_is_no_pdf_or_is_cut_off_is_refused(tmp_path: Path) -> None:
    whole = pdf(tmp_path, PAGES).read_bytes()
    for content in (b"", b"<html>not found</html>", whole[: len(whole) // 3]):
        (tmp_path / "x.pdf").write_bytes(content)
        with pytest.raises(DataError, match=r"x\.pdf: found"):
            parse_x(Source("x-a", parse_period("2024 H1"), tmp_path / "x.pdf"))


# What follows is about the committed tables.


@pytest.fixture(scope="module")
def first() -> pd.DataFrame:
    facts = read_table(DATA / "printed" / "x.csv")
    return facts[facts["period"] == "2024 H1"]


def test_the_committed_facts_add_up(first: pd.DataFrame) -> None:
    assert len(first) == 123
    actions = first[first["measure"].isin(ACTIONS)].pivot(index=["block", "item"], columns="measure", values="value")
    assert len(actions) == 23
    assert (actions["TOTAL ACTIONS"] == actions["AUTOMATED"] + actions["HUMAN"]).all()
    for figure, measure in {
        "USER REPORTS": "TOTAL",
        "TOTAL ACCOUNT SUSPENSIONS": "ACCOUNT SUSPENSIONS",
        "TOTAL POSTS REMOVED OR LABELED": "POSTS REMOVED OR LABELED",
    }.items():
        total = first.loc[first["measure"] == figure, "value"].item()
        assert first.loc[first["measure"] == measure, "value"].sum() == total


def test_the_committed_facts_on_children_are_those_of_the_report(first: pd.DataFrame) -> None:
    own = first[(first["item"] == "Child Safety") | (first["block"] == "CHILD SAFETY")]
    printed = own["value_printed"].tolist()
    assert printed == [
        "8,928,019",
        "3.98%",
        "2,781,634",
        "14,571",
        "<0.0001%",
        "370,588",
        "35,176",
        "335,412",
        "2,781,634",
        "2,388,683",
        "392,951",
        "14,571",
        "1,645",
        "12,926",
    ]
    assert own.loc[own["value"].isna(), "value_printed"].tolist() == ["<0.0001%"]


@pytest.mark.raw
def test_the_raw_file_gives_the_committed_tables_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(DATA)
    names = ["printed/x.csv", "printed/x_notes.csv", "disclosures/x.csv"]
    written = [tmp_path / "results" / "ingest" / name for name in names]
    files = sorted(Path(os.environ["COUNTBACK_RAW"]).rglob("*.pdf"))
    ingest_documents(X, DATA / "releases.csv", files, *BESIDE, *written)
    for name, file in zip(names, written, strict=True):
        assert file.read_bytes() == (DATA / name).read_bytes()
