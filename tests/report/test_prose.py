"""The chapters as written: within the subset, every figure, table and citation in order, and every value of the
workflow where the chapter puts it, in both formats."""

import json
import re
from bisect import bisect_left, bisect_right
from functools import cache
from itertools import accumulate, pairwise, takewhile

import pytest
import yaml
from builds import chapters_of
from lxml import html
from pdfs import pages as pages_of
from pdfs import text_of

from countback.io.tables import read_table
from press.lint import lint

FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
FLOAT = re.compile(r"(?:Table|Figure)(?:[A-Z]\.?)?\d")
VARIABLE = re.compile(r"\{\{< var ([\w.]+) >\}\}")


# what may hold digits: not the check's own list, so that a fault of that one shows
WITH_DIGITS = [
    re.compile(r"\{\{< (?:var [\w.]+|pagebreak) >\}\}"),
    re.compile(r"\[[^\[\]]*\]\{\.literal\}"),
    re.compile(r"\{[#.=][^{}]*\}"),  # labels and attributes
    re.compile(r"\]\([^()]*\)"),  # targets
    re.compile(r"\[\^\w+\]|\[?-?@[\w:.-]+(?:, pp?\. [\d–-]+)?"),  # footnotes, citations, cross-references
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"\b18 U\.S\.C\. § ?\w+"),
]
YEAR = re.compile(r"\b(?:19[89]\d|20[0-3]\d)(?:s\b|\b)(?: [HQ][1-4]\b)?")


def prose(text):
    """Return what is printed as prose: code and attributes removed, a dot for what may hold digits, lines kept."""
    for pattern, mark in [(FRONT_MATTER, ""), (FENCE, ""), *((one, "·") for one in WITH_DIGITS)]:
        text = pattern.sub(lambda match, mark=mark: mark + "\n" * match[0].count("\n"), text)
    return text


@pytest.fixture(scope="module")
def chapters(project):
    found = {name: (project / name).read_text() for name in chapters_of(project)}
    assert set(found) >= {f"chapters/{path.name}" for path in (project / "chapters").glob("*.qmd")} | {"index.qmd"}
    return found


def with_cells(chapters):
    """Return the chapters that name a kernel; the others are prose, and have no cell."""
    found = {name: text for name, text in chapters.items() if text.startswith("---\njupyter:")}
    assert {name for name, text in chapters.items() if "```{" in text} == set(found)
    assert len(found) >= 3
    return found


def test_the_check_of_chapters_finds_nothing(project, chapters):
    """No typed count, no cell without label, no figure without alternative text, nothing outside the subset."""
    assert lint(project) == len(chapters)


def test_no_digit_stands_in_prose_but_those_of_years(chapters):
    def typed(text):
        """Return the numbers of the lines that hold a digit; that of a list's item is none of prose."""
        lines = enumerate(YEAR.sub("", prose(text)).split("\n"), 1)
        return [number for number, line in lines if re.search(r"\d", re.sub(r"^\s*\d+\. ", "", line))]

    assert typed("In 2023 H2, {{< var a.y1.n >}}.\n1. See @fig-2.\nOf 12 pairs.\nAbout 3.5%, or 1900 of 2019.") == [
        3,
        4,
    ]
    assert {name: typed(text) for name, text in chapters.items() if typed(text)} == {}


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
            assert re.search(r"^# .+ \{#sec-[\w-]+(?: \.unnumbered)?\}$", text, re.MULTILINE), name
    for name, text in with_cells(chapters).items():
        cells = re.findall(r"^```\{python\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        assert cells, name
        assert all(re.match(r"#\| label: [\w-]+\n", cell) for cell in cells), name


def test_the_summary_and_the_page_that_sums_it_up_recommend_the_same(chapters):
    def recommended(name):
        return re.findall(r"^#\. (.+)$", re.sub(r"\]\([^)]*\)", "]", chapters[name]), re.MULTILINE)

    assert len(recommended("index.qmd")) == 5
    assert recommended("index.qmd") == recommended("chapters/one_page.qmd")


def test_every_figure_and_table_is_referred_to(chapters):
    everything = "\n".join(chapters.values())
    labels = set(re.findall(r"\{#((?:fig|tbl)-[\w-]+)", everything)) | set(
        re.findall(r"#\| label: ((?:fig|tbl)-[\w-]+)", everything)
    )
    assert len(labels) >= 9
    assert {label for label in labels if f"@{label}" not in everything} == set()


def test_every_entry_of_the_bibliography_is_cited(project, chapters):
    entries = set(re.findall(r"^@\w+\{([\w]+),", (project / "references.bib").read_text(), re.MULTILINE))
    listed = set(read_table(project / "data" / "reference" / "help.csv")["reference"])  # a chapter prints the list
    cited = listed | {entry for text in chapters.values() for entry in entries if f"@{entry}" in text}
    assert len(entries) >= 8
    assert entries - cited == set()


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


# captions of figures, which float in the PDF: of an image, of a block that ends with it, of a cell
CAPTIONS = re.compile(r"^!\[(.*)\]\([^()]*\)\{[^\n]*\}$|^::: \{#(?:fig|tbl)-[^}]*\}\n((?s:.*?))^:::$", re.MULTILINE)
CELL_CAPTIONS = re.compile(r'^#\| (?:fig|tbl)-cap: "(.*)"$', re.MULTILINE)


def plain(text):
    """Return a chapter without code and front matter, and its plain numbers without their marks."""
    return re.sub(r"\[([^\[\]]*)\]\{\.literal\}", r"\1", FENCE.sub("\n\n", FRONT_MATTER.sub("", text)))


def with_values(text):
    return [piece for piece in MARKUP.split(text) if VARIABLE.search(piece)]


def pieces(text):
    """Return the longest pieces of prose that hold a value and are set as they are written, without captions."""
    return with_values(CAPTIONS.sub("\n\n", plain(text)))


def captions(text):
    """Return such pieces of captions, which stand anywhere near their place."""
    found = [one[1] or one[2] or "" for one in CAPTIONS.finditer(plain(text))] + CELL_CAPTIONS.findall(text)
    return [piece for caption in found for piece in with_values(caption)]


@cache
def printed(pages):
    """Return the text of all pages, where each begins and the last one ends, and where labels of figures stand."""
    plain = "".join(pages)
    return plain, list(accumulate(map(len, pages), initial=0)), [found.start() for found in FLOAT.finditer(plain)]


def cuts(plain, text, begin, place):
    """Return how much of a text may stand right before a place, the least first; a word follows after it."""
    most = min(len(text) - 4, place - begin)
    found = [cut for cut in range(1, min(most, 3) + 1) if plain.startswith(text[:cut], place - cut)]
    start = plain.find(text[:4], place - most, place) if most > 3 else -1
    while start >= 0:
        if plain.startswith(text[: place - start], start):
            found.append(place - start)
        start = plain.find(text[:4], start + 1, place)
    return sorted(found)


def missing(wanted, pages):
    """Return what is not found in the pages in its order; figures may stand at either side of a page break."""
    plain, ends, floats = printed(tuple(pages))

    def breaks(text, begin, end):
        """Yield where a page may break a text: at the page's end, or before what floats to its foot."""
        within = floats[bisect_right(floats, begin) : bisect_left(floats, end)]
        for place in [*within, end]:
            yield from cuts(plain, text, begin, place)
        for place in within:  # between a text and the caption of a figure at the page's foot stand the figure's labels
            if (start := plain.find(text[:20], begin, place)) >= 0:
                alike = takewhile(lambda pair: pair[0] == pair[1], zip(text, plain[start:place], strict=False))
                if len(text) - (cut := len(list(alike))) >= 20:
                    yield cut

    def after(text, at, until):
        if (start := plain.find(text, at, until)) >= 0:
            return start + len(text)
        for n, (begin, end) in enumerate(pairwise(ends)):
            if at < end <= until:
                for cut in breaks(text, max(begin, at), end):
                    # floats may fill a page between the two parts
                    if (place := after(text[cut:], end, ends[min(n + 3, len(ends) - 1)])) is not None:
                        return place
        return None

    at, absent = 0, []
    for text in wanted:
        place = after(text, at, len(plain))
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
    texts = map(text_of, pages_of(next(book.glob("*.pdf"))))
    return [
        squeezed(re.sub(rf"\A(?:[^\n]* )?{number}\n", "", text).replace("\N{HYPHEN}", ""))
        for number, text in enumerate(texts, 1)
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
    floating = [piece for text in chapters.values() for piece in captions(text)]
    covered = [name for piece in [*found, *floating] for name in VARIABLE.findall(piece)]
    assert sorted(covered) == sorted(VARIABLE.findall("\n".join(chapters.values())))
    assert len(set(covered)) > 40
    assert missing([filled(piece, values) for piece in found], pages) == []
    assert [piece for piece in floating if missing([filled(piece, values)], pages)] == []


def test_a_value_that_changed_on_its_way_would_be_missed(pages, chapters, values):
    for piece in (piece for text in chapters.values() for piece in pieces(text)):
        for name in VARIABLE.findall(piece):
            changed = filled(piece, values | {name: values[name] + "77"})  # no number of a chapter follows
            assert missing([changed], pages) == [changed]


def test_chapters_declare_every_file_that_their_cells_read(chapters):
    """Or a cell's output would be taken from the cache although what it reads has changed."""
    checked = 0
    for name, text in with_cells(chapters).items():
        declared = set(yaml.safe_load(text.split("---\n")[1])["inputs"])
        read = set(re.findall(r'read_(?:table|yaml)\(\s*"([\w/.-]+)"', text))
        assert read <= declared, f"{name}: {read - declared}"
        checked += len(read)
    assert checked >= 6
