"""The chapters as written: no literal count in prose, and every figure, table and citation in order."""

import re

import pytest
import yaml

FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
ALLOWED = [
    re.compile(r"\A---\n.*?\n---\n", re.DOTALL),  # front matter
    re.compile(r"\{\{<.*?>\}\}"),  # values of the workflow
    re.compile(r"\[[^\]]*\]\{\.literal\}"),
    re.compile(r"\{[#.][^}]*\}"),  # labels and attributes
    re.compile(r"\]\([^)]*\)"),  # targets of links and images
    re.compile(r"\[?-?@[\w:.-]+"),  # citations and cross-references
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"\b\d+ U\.S\.C\. § ?\w+"),  # cited law
    re.compile(r"\b(?:1[89]|20)\d\d(?:s|\b)(?: (?:[HQ][1-4]))?"),  # years and periods
]


def prose(text):
    """Return what is printed as prose: code, attributes and what may hold digits removed, lines kept."""
    text = FENCE.sub(lambda match: "\n" * match[0].count("\n"), text)
    for pattern in ALLOWED:
        text = pattern.sub(lambda match: "\n" * match[0].count("\n"), text)
    return text


def literal_counts(text):
    return [(number, line.strip()) for number, line in enumerate(prose(text).split("\n"), 1) if re.search(r"\d", line)]


def captions_in_options(text):
    return [
        (number, line) for number, line in enumerate(text.split("\n"), 1) if re.match(r"#\| (fig|tbl)-cap:.*\d", line)
    ]


@pytest.fixture(scope="module")
def chapters(project):
    files = yaml.safe_load((project / "_quarto.yml").read_text())["book"]["chapters"]
    found = {name: (project / name).read_text() for name in files}
    assert len(found) == 5
    return found


def test_no_literal_count_stands_in_prose(chapters):
    assert {name: found for name, text in chapters.items() if (found := literal_counts(text))} == {}


def test_no_literal_count_stands_in_a_caption_of_a_cell(chapters):
    assert {name: found for name, text in chapters.items() if (found := captions_in_options(text))} == {}


@pytest.mark.parametrize(
    "line", ["They made 12 reports.", "About 3.5% of all.", "A 5-fold rise.", "In May, 9 of them."]
)
def test_the_search_for_literal_counts_finds_one(line):
    assert literal_counts(f"# Title\n\n{line}\n") == [(3, line)]


@pytest.mark.parametrize(
    "line",
    [
        "In 2023 H2 and the 1990s.",
        "See @tbl-2a.",
        "Some {{< var a.y2023 >}} more.",
        "The [95 percent]{.literal} interval.",
        "18 U.S.C. § 2258A",
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


def test_variables_used_in_prose_are_values_of_the_workflow(built, chapters):
    import json

    values = json.loads((built / "results" / "values.json").read_text())
    used = set(re.findall(r"\{\{< var ([\w.]+) >\}\}", "\n".join(chapters.values())))
    assert len(used) > 40
    assert used <= set(values)
