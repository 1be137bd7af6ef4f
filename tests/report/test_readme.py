"""What the README tells a reader to run does run, on what the workflow made."""

import json
import re
import subprocess
import sys

from scripts.exports.release import VERSIONED

# What the finding above the README's first heading rests on.
WITHIN, PAIRS = "agreement_summary.all.n_within_5_percent", "agreement_summary.all.n_pairs"
COVERED = "pair_numbers.last.covered_share.value"


def first_screen(project):
    return (project / "README.md").read_text().partition("\n## ")[0]


def test_the_first_screen_holds_no_number_that_new_data_could_make_false(project):
    assert re.findall(r"\d+(?:[,.]\d+)*%?", first_screen(project)) == []


def test_the_finding_still_holds(project, built):
    values = json.loads((built / "results" / "values.json").read_text())
    within, pairs, share = (values[name]["value"] for name in (WITHIN, PAIRS, COVERED))
    assert "mostly agree" in first_screen(project) and within / pairs > 0.75
    assert "many reports can't be checked" in first_screen(project) and share < 0.8


def test_the_figure_shown_is_the_one_that_the_workflow_draws(project, built):
    (figure,) = re.findall(r"!\[.+\]\((figures/.+\.svg)\)", first_screen(project))
    assert (project / figure).read_bytes() == (built / figure).read_bytes()


def example(project, language):
    (code,) = re.findall(rf"^```{language}\n(.*?)^```", (project / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    return code


def test_the_example_in_python_prints_the_comparable_pairs(project, built):
    done = subprocess.run(
        [sys.executable, "-c", example(project, "python")], cwd=built, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"reddit\s+2019\s+724\s+724", done.stdout)
    assert "same brands" in done.stdout
    assert "table provider_pairs" in done.stdout
    assert re.search(r"esp_reports.*1029.*parsed", done.stdout)


def test_the_example_in_r_prints_the_same_pairs(project, built):
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", example(project, "r")], cwd=built, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"reddit\s+2019\s+724\s+724", done.stdout)
    assert "same brands" in done.stdout
    assert re.search(r"esp_reports.*1029.*parsed", done.stdout, re.DOTALL)


def test_every_command_and_file_that_the_readme_names_is_there(project):
    text = (project / "README.md").read_text()
    targets = set(re.findall(r"^(?:    )?make ([a-z-]+)|`make ([a-z-]+)`", text, re.MULTILINE))
    rules = (project / "Makefile").read_text()
    named = {name for pair in targets for name in pair if name}
    assert {"report", "verify", "test", "doctor", "help"} <= named
    assert all(re.search(rf"^{name}:", rules, re.MULTILINE) for name in named)
    files = [name for name in re.findall(r"\]\(([^)]+)\)", text) if not name.startswith("http")]
    assert files
    folders = re.findall(r"`([a-z]+/[\w./-]*)", text)
    assert {"data/", "workflow/press/", "workflow/countback/"} <= set(folders)
    made = {"results", "exports", "figures"}
    kept = [name for name in folders if name.split("/")[0] not in made]
    assert [name for name in [*files, *kept] if not (project / name.partition("#")[0]).exists()] == []
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^##+ (.+)", text, re.MULTILINE)}
    assert {name[1:] for name in files if name.startswith("#")} <= headings


def test_every_licence_named_has_its_text(project):
    terms = re.findall(r'SPDX-License-Identifier = "(.+?)"', (project / "REUSE.toml").read_text())
    named = {name for term in terms for name in term.split(" AND ")}
    assert named == {file.stem for file in (project / "LICENSES").iterdir()}


def test_the_version_is_the_same_everywhere(project):
    found = {re.search(pattern, (project / name).read_text(), re.MULTILINE)[1] for name, pattern in VERSIONED.items()}
    assert len(VERSIONED) == 5 and len(found) == 1, found


def test_no_placeholder_is_left(project):
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "CITATION.cff",
        "data/README.md",
        "config/README.md",
        "envs/README.md",
    ):
        text = (project / name).read_text()
        assert len(text) > 200, name
        assert not re.search(r"@[A-Z]+@|\b(?:TODO|TBD|XXX)\b", text), name
