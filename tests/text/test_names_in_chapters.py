"""A chapter of results names a year, a provider or a country only where no data can make that false.

`named_in_chapters.csv` lists where they are named all the same, and why: years line by line, by the words that a line
begins with; providers and countries section by section.
"""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

LIST = "tests/text/named_in_chapters.csv"
# they tell what came before this report, or how it is made: of law, sources, words, the published analysis
BACKGROUND = {"introduction", "law", "sources", "glossary", "codebook", "reproducibility", "references"}
BACKGROUND |= {"replication", "replication_details"}
SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
ID_YEAR = re.compile(r"(?<=[._y])(?:19[89]\d|20[0-3]\d)(?!\d)")
CITATION = re.compile(r"-?@[\w:.-]*\w")
HEADING = re.compile(r"^#+ .*\{#([\w-]+)[^}]*\}$")
YEAR = re.compile(r"\b(?:19[89]\d|20[0-3]\d)\b")


class Line(NamedTuple):
    """A line of a chapter: the section that it stands in, its text without variables and citations, years in ids."""

    chapter: str
    section: str
    number: int
    text: str
    id_years: tuple[str, ...] = ()


def lines_of(chapter: str, text: str) -> Iterator[Line]:
    """Yield the lines of a chapter, those of code cells too."""
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        if heading := HEADING.match(line):
            section = heading[1]
        years = tuple(year for one in SHORTCODE.findall(line) for year in ID_YEAR.findall(one))
        yield Line(chapter, section, number, CITATION.sub("@", SHORTCODE.sub("·", line)), years)


def names_in(line: Line, names: re.Pattern[str]) -> list[str]:
    """Return the years, providers and countries that a line names, and the years that its ids name."""
    return sorted({*YEAR.findall(line.text), *line.id_years, *names.findall(line.text)})


def any_of(names: list[str]) -> re.Pattern[str]:
    """Return what finds these names as whole words, the longest first."""
    return re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?![\w-])")


def is_listed(line: Line, name: str, reasons: list[dict[str, str]]) -> bool:
    """Tell whether a name in a line has its reason: of the line itself, or of its section for all but years."""
    for row in reasons:
        if (row["chapter"], row["section"]) == (line.chapter, line.section) and name in row["names"].split("|"):
            if row["line"] and line.text.strip().startswith(row["line"]):
                return True
            if not row["line"] and not YEAR.fullmatch(name):
                return True
    return False


def unlisted(lines: list[Line], names: re.Pattern[str], reasons: list[dict[str, str]]) -> list[str]:
    """Return what is named without a reason, each with its place."""
    return [
        f"{line.chapter}, line {line.number}, section {line.section}: {name} in {line.text.strip()[:60]!r}"
        for line in lines
        for name in names_in(line, names)
        if not is_listed(line, name, reasons)
    ]


@pytest.fixture(scope="module")
def names(project):
    def rows(path):
        with (project / "data" / path).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    surveyed = [row["name"] for row in rows("organizations/organizations.csv") if row["is_surveyed"] == "true"]
    return any_of([*surveyed, *(row["name"] for row in rows("reference/countries.csv"))])


@pytest.fixture(scope="module")
def reasons(project):
    with (project / LIST).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def lines(project, names):
    """Return the lines of chapters of results that name something."""
    paths = [project / "index.qmd", *sorted((project / "chapters").glob("*.qmd"))]
    found = [line for path in paths if path.stem not in BACKGROUND for line in lines_of(path.stem, path.read_text())]
    assert len(found) > 1000
    return [line for line in found if names_in(line, names)]


def test_no_line_names_a_year_a_provider_or_a_country_without_a_reason(lines, names, reasons):
    found = unlisted(lines, names, reasons)
    fix = f"Print it by a variable, choose it by a rule (`countback.claims`), or give the reason in {LIST}:"
    assert not found, "\n".join([fix, *found])


def test_no_reason_is_stale(lines, names, reasons):
    def is_used(row):
        return any(is_listed(line, name, [row]) for line, found in named for name in found)

    named = [(line, names_in(line, names)) for line in lines]
    assert [row for row in reasons if not is_used(row)] == []
    assert all(len(row["reason"]) > 10 for row in reasons)


LINES = [
    Line("one", "sec-a", 3, "In 2031, Acme fell."),
    Line("one", "sec-a", 4, "Acme rose."),
    Line("one", "sec-b", 9, "Acme of Utopia-on-Sea, not Acmeville."),
]


def test_a_name_has_its_reason_in_its_section_and_a_year_in_its_line():
    rows = [
        {"chapter": "one", "section": "sec-a", "line": "", "names": "Acme|2031", "reason": "history"},
        {"chapter": "one", "section": "sec-a", "line": "In 2030", "names": "2031", "reason": "history"},
    ]
    found = unlisted(LINES, any_of(["Acme", "Utopia"]), rows)
    assert found == [
        "one, line 3, section sec-a: 2031 in 'In 2031, Acme fell.'",
        "one, line 9, section sec-b: Acme in 'Acme of Utopia-on-Sea, not Acmeville.'",
    ]
    rows[1]["line"] = "In 2031"
    assert len(unlisted(LINES, any_of(["Acme"]), rows)) == 1


def test_lines_know_their_section_and_hold_no_variables():
    text = "# T {#sec-t}\n\nIn {{< var a.y2031.n >}} [@acme2031].\n\n## U {#sec-u .unnumbered}\nX\n"
    _, _, first, _, _, last, _ = lines_of("one", text)
    assert first == Line("one", "sec-t", 3, "In · [@].", ("2031",))
    assert last == Line("one", "sec-u", 6, "X")
    assert unlisted([first], any_of(["Acme"]), []) == ["one, line 3, section sec-t: 2031 in 'In · [@].'"]
