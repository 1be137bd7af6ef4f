"""The chapters as written: no literal count in what is printed, every figure, table and citation in order, and every
value of the workflow where the chapter puts it, in both formats."""

import json
import re
from itertools import pairwise

import pytest
import yaml
from lxml import html
from pypdf import PdfReader

FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
VARIABLE = re.compile(r"\{\{< var ([\w.]+) >\}\}")
ALLOWED = [
    FRONT_MATTER,
    re.compile(r"\{\{<.*?>\}\}"),  # values of the workflow
    re.compile(r"\[[^\]]*\]\{\.literal\}"),
    re.compile(r"\{[#.][^}]*\}"),  # labels and attributes
    re.compile(r"\]\([^)]*\)"),  # targets of links and images
    re.compile(r"\[?-?@[\w:.-]+"),  # citations and cross-references
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"\b\d+ U\.S\.C\. § ?\w+"),  # cited law
]
YEAR = re.compile(r"\b(?:19[89]|20[0-4])\d(?:s|\b)(?: (?:[HQ][1-4]))?")
FEW = "two|three|four|five|six|seven|eight|nine"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
MANY = "tens|dozens?|hundreds?|thousands?|millions?|billions?"
IN_WORDS = f"(?:{TENS})(?:-(?:one|{FEW}))?|{TEENS}|{MANY}|{FEW}"
COUNTED = (
    "reports|pieces|accounts|providers|pairs|files|rows|cells|values|notices|releases|sources|organizations|"
    "corporations|companies|brands|services|platforms|users|minors|children|images|videos|posts|pins|countries|"
    "differences|ties|outliers|dots|points|plots|panels|times|years|months|quarters|half-years|days|"
    "percentage points|percent|per cent"
)
OF = r"(?:\s+of(?:\s+(?:the|these|those|all|its|their))?)?"
ADJECTIVE = (
    r"(?:\s+(?!(?:and|or|in|on|by|for|to|from|with|than|as|at|that|which|when|whose|are|is|were|was)\b)[a-z-]+)?"
)
COUNTS = [
    # a number that looks like a year, and counts
    re.compile(rf"\b(?:1[89]|20)\d\d(?:\s*%|{OF}{ADJECTIVE}\s+(?:{COUNTED}|{MANY})\b)", re.IGNORECASE),
    re.compile(r"\b(?:more than|fewer than|less than|total of) (?:1[89]|20)\d\d\b", re.IGNORECASE),
    # a number in words, and what it counts; of one, only a percent: "one report" is mostly any report
    re.compile(rf"\b(?:{IN_WORDS}){OF}{ADJECTIVE}\s+(?:{COUNTED})\b", re.IGNORECASE),
    re.compile(r"\bone per\s?cent\b", re.IGNORECASE),
]


def prose(text):
    """Return what is printed as prose: code and attributes removed, a dot for what may hold digits, lines kept."""
    text = FENCE.sub(lambda match: "\n" * match[0].count("\n"), text)
    for pattern in ALLOWED:
        text = pattern.sub(lambda match: "·" + "\n" * match[0].count("\n"), text)
    return text


def labels_of_figures(text):
    """Return captions and alternative texts that stand in attributes and in options of cells, with their lines."""
    found = [(match.start(), match[1]) for match in re.finditer(r'fig-alt="([^"]*)"', text)]
    for cell in re.finditer(r"^```\{.*?^```", text, re.MULTILINE | re.DOTALL):
        options = yaml.safe_load("\n".join(re.findall(r"^#\| ?(.*)$", cell[0], re.MULTILINE))) or {}
        found += [(cell.start(), str(value)) for name, value in options.items() if name.endswith(("-cap", "-alt"))]
        found += [(cell.start() + note.start(), note[1]) for note in re.finditer(r'\bnote="([^"]*)"', cell[0])]
    return [(text.count("\n", 0, start) + 1, prose(label)) for start, label in found]


def literal_counts(text):
    """Return line and words of each count that is not a value of the workflow."""
    found = []
    for first, part in [(1, prose(text)), *labels_of_figures(text)]:
        matches = [match for pattern in COUNTS for match in pattern.finditer(part)]
        matches += re.finditer(r"\S*\d\S*", YEAR.sub(lambda match: " " * len(match[0]), part))
        found += [(first + part.count("\n", 0, match.start()), " ".join(match[0].split())) for match in matches]
    return sorted(set(found))


@pytest.fixture(scope="module")
def chapters(project):
    files = yaml.safe_load((project / "_quarto.yml").read_text())["book"]["chapters"]
    found = {name: (project / name).read_text() for name in files}
    assert len(found) == 5
    return found


def test_no_literal_count_is_printed(chapters):
    assert {name: found for name, text in chapters.items() if (found := literal_counts(text))} == {}


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("They made 12 reports.", "12"),
        ("About 3.5% of all.", "3.5%"),
        ("A 5-fold rise.", "5-fold"),
        ("In May, 9 of them.", "9"),
        ("They made 1900 reports.", "1900 reports"),
        ("In 2023, NCMEC sent 2041 of the notices.", "2041 of the notices"),
        ("About 2019 comparable pairs.", "2019 comparable pairs"),
        ("More than 1900 came.", "More than 1900"),
        ("It was 1999 million.", "1999 million"),
        ("Of the nineteen\npairs, most are equal.", "nineteen pairs"),
        ("Twelve of these pairs differ.", "Twelve of these pairs"),
        ("Hundreds of large files.", "Hundreds of large files"),
        ("By one percent, by twenty-five percent.", "one percent"),
    ],
)
def test_the_search_for_literal_counts_finds_one(line, count):
    assert (3, count) in literal_counts(f"# Title\n\n{line}\n")


@pytest.mark.parametrize(
    "text",
    [
        '![A plot.](a.svg){#fig-a fig-alt="Nine small plots."}',
        "![Of 12 pairs.](a.svg){#fig-a}",
        '```{python}\n#| label: tbl-a\n#| tbl-cap: "The twelve pairs."\nshow()\n```',
        "```{python}\n#| label: fig-a\n#| fig-alt: >\n#|   Dots for\n#|   2019 reports.\nshow()\n```",
        '```{python}\n#| label: tbl-a\nshow(note="Ties, 5 of them, left out.")\n```',
    ],
)
def test_counts_in_captions_notes_and_alternative_texts_are_found_too(text):
    assert len(literal_counts(text)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "In 2023 H2 and the 1990s.",
        "In 2023, reports rose; the 2022 report says so.",
        "See @tbl-2a.",
        "Some {{< var a.y2023 >}} more.",
        "In 2023 {{< var a.y2023 >}} reports.",
        "The [95 percent]{.literal} interval.",
        "Within [five percent]{.literal} of [two providers]{.literal}.",
        "Two habits of providers, and one report.",
        "18 U.S.C. § 2258A",
        '![Reports since 1998.](a.svg){#fig-a width=80% fig-alt="A line from 1998 to 2023."}',
    ],
)
def test_years_values_references_and_law_may_hold_digits(line):
    assert literal_counts(line) == []


def test_each_sentence_has_a_line_of_its_own(chapters):
    """Two sentences on a line make a diff unreadable."""
    for name, text in chapters.items():
        # a caption of a figure's or table's block is one paragraph by the renderers' rule
        without_blocks = re.sub(r"^::: \{#(fig|tbl)-.*?^:::$", "", text, flags=re.MULTILINE | re.DOTALL)
        for number, line in enumerate(prose(without_blocks).split("\n"), 1):
            if not line.startswith(("!", "#", ":::", "|", ":")):
                assert not re.search(r"[a-z)]\. [A-Z]", line), f"{name}:{number}: {line}"


def test_every_chapter_has_a_label_and_every_cell_too(chapters):
    for name, text in chapters.items():
        if name.startswith("chapters/"):
            assert re.search(r"^# .+ \{#sec-[\w-]+\}$", text, re.MULTILINE), name
            cells = re.findall(r"^```\{python\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
            assert cells, name
            assert all(re.match(r"#\| label: [\w-]+\n", cell) for cell in cells), name


def test_every_figure_and_table_is_referred_to(chapters):
    everything = "\n".join(chapters.values())
    labels = set(re.findall(r"\{#((?:fig|tbl)-[\w-]+)", everything)) | set(
        re.findall(r"#\| label: ((?:fig|tbl)-[\w-]+)", everything)
    )
    assert len(labels) >= 9
    assert {label for label in labels if f"@{label}" not in everything} == set()


def test_every_entry_of_the_bibliography_is_cited(project, chapters):
    entries = set(re.findall(r"^@\w+\{([\w]+),", (project / "references.bib").read_text(), re.MULTILINE))
    everything = "\n".join(chapters.values())
    assert len(entries) >= 8
    assert {entry for entry in entries if f"@{entry}" not in everything} == set()


@pytest.fixture(scope="module")
def values(built):
    return {name: entry["text"] for name, entry in json.loads((built / "results" / "values.json").read_text()).items()}


def test_variables_used_in_prose_are_values_of_the_workflow(values, chapters):
    used = set(VARIABLE.findall("\n".join(chapters.values())))
    assert len(used) > 40
    assert used <= set(values)


# what is set otherwise than it is written: there, a sentence is cut
MARKUP = re.compile(
    r"\[[^\[\]]*@[^\]]*\]|@[\w:.-]*\w"  # citations and cross-references
    r"|!?\[[^\]]*\]\([^)]*\)|`[^`]*`|\$[^$]*\$|<!--.*?-->|\{[#.:][^}]*\}"
    r"|^\s*(?:#+|:::+|:|>|[-*]|\d+\.)\s|\n\s*\n",  # blocks
    re.MULTILINE | re.DOTALL,
)


def squeezed(text):
    """Return words and numbers with the marks that belong to numbers, and nothing else."""
    return re.sub(r"[^\w.,%+<−]|_", "", text)


def pieces(text):
    """Return the longest pieces of prose that hold a value and are set as they are written."""
    text = re.sub(r"\[([^\]]*)\]\{\.literal\}", r"\1", FENCE.sub("\n\n", FRONT_MATTER.sub("", text)))
    return [piece for piece in MARKUP.split(text) if VARIABLE.search(piece)]


def missing(wanted, pages):
    """Return what is not found in the pages in its order; figures may stand where a page ends within a sentence."""
    plain, ends = "".join(pages), []
    for page in pages:
        ends.append(len(page) + (ends[-1] if ends else 0))

    def after(text, at):
        if (start := plain.find(text, at)) >= 0:
            return start + len(text)
        for end, next_end in pairwise(ends):
            for cut in range(1, len(text)):
                if end - cut >= at and plain.startswith(text[:cut], end - cut):
                    rest = plain.find(text[cut:], end, next_end)
                    if rest >= 0:
                        return rest + len(text) - cut
        return None

    at, absent = 0, []
    for text in wanted:
        place = after(text, at)
        at, absent = (at, [*absent, text]) if place is None else (place, absent)
    return absent


def read_html(book, names):
    """Return the text of each page of the book, code left out."""
    found = []
    for name in names:
        main = html.parse(str((book / name).with_suffix(".html"))).getroot().xpath("//main")[0]
        for code in main.xpath(".//pre | .//details"):
            code.drop_tree()
        found.append(squeezed(main.text_content()))
    return found


def read_pdf(book, _):
    """Return the text of each page of the PDF, running heads left out."""
    pages = [page.extract_text() for page in PdfReader(next(book.glob("*.pdf"))).pages]
    return [
        squeezed(re.sub(rf"\A(?:[^\n]* )?{number}\n", "", text).replace("\N{HYPHEN}", ""))
        for number, text in enumerate(pages, 1)
    ]


@pytest.fixture(scope="module", params=[read_html, read_pdf], ids=["html", "pdf"])
def pages(request, book, chapters):
    return request.param(book, chapters)


def filled(piece, values):
    """Return a piece as it must be printed."""
    return squeezed(VARIABLE.sub(lambda match: values[match[1]], piece))


def test_every_value_stands_in_its_sentence(pages, chapters, values):
    found = [piece for text in chapters.values() for piece in pieces(text)]
    assert [piece for piece in found if len(re.findall(r"[a-z]+", VARIABLE.sub("", piece))) < 3] == []
    covered = [name for piece in found for name in VARIABLE.findall(piece)]
    assert sorted(covered) == sorted(VARIABLE.findall("\n".join(chapters.values())))
    assert len(set(covered)) > 40
    assert missing([filled(piece, values) for piece in found], pages) == []


def test_a_value_that_changed_on_its_way_would_be_missed(pages, chapters, values):
    for piece in (piece for text in chapters.values() for piece in pieces(text)):
        for name in VARIABLE.findall(piece):
            changed = filled(piece, values | {name: values[name] + "7"})
            assert missing([changed], pages) == [changed]


def test_chapters_declare_every_file_that_their_cells_read(chapters):
    """Or a cell's output would be taken from the cache although what it reads has changed."""
    checked = 0
    for name, text in chapters.items():
        if not name.startswith("chapters/"):
            continue
        declared = set(yaml.safe_load(text.split("---\n")[1])["inputs"])
        read = set(re.findall(r'read_(?:table|yaml)\(\s*"([\w/.-]+)"', text)) | {"data/datapackage.json"}
        assert read <= declared, f"{name}: {read - declared}"
        checked += len(read)
    assert checked >= 6
