"""What an edit runs again: the rules that depend on it, no more and no less."""

import pytest
from builds import snakemake

REPORT = {"report"}
ASKED = {"origins"} | REPORT  # where numbers come from, which pages tell
AFTER_PAIRS = {
    "pair_numbers",
    "agreement",
    "agreement_models",
    "agreement_figures",
    "agreement_figures_png",
    "agreement_specifications",
    "agreement_specification_figure",
    "comparable_reports",
    "provider_figures",
    "values",
}
AFTER_REVERSED = {"reversed_shares", "reach_figures"}
AFTER_SHARES = {"disclosed_shares", "jurisdiction_figures", "jurisdiction_figures_png"} | AFTER_REVERSED
AFTER_DISCLOSURES = {"provider_years", "provider_pairs", "survey", "meta_figures"} | AFTER_PAIRS | AFTER_REVERSED
AFTER_FACTS = {"years_figure", "report_contents", "referral_figures", "contents_figures", "victim_relationships"}
AFTER_FACTS |= AFTER_SHARES
DRAWN = {"growth_figures", "concentration_figures", "agreement_figures", "jurisdiction_figures", "meta_figures", "maps"}
SPECIFIED = {"agreement_specification_figure", "growth_specification_figure", "rank_specification_figure"}
DRAWN |= {"referral_figures", "coverage_figure", "years_figure", "contents_figures", "reach_figures"} | SPECIFIED
DRAWN |= {"agreement_figures_png", "jurisdiction_figures_png", "provider_figures"}
USES_UNITS = {"growth_figures", "concentration_figures", "maps", "coverage_figure"} | SPECIFIED
USES_UNITS |= {"years_figure", "contents_figures", "reach_figures", "provider_figures"}
RANKED = {"rank_specifications", "rank_specification_figure"}

VALUE = ("data/disclosures/acme.csv", "2032 H2,83000630", "2032 H2,83000632")
COMMENT = ("", "\n# Why this is so.\n")

# what is edited, as (file, before, after), and the rules that run; an empty text before stands for the end of the file
EDITS = {
    "a value of one provider": ([VALUE], {"validate", "disclosures"} | AFTER_DISCLOSURES | ASKED),
    "the same, with make checksums": (
        [VALUE, ("data/checksums.json", "sha256:", "sha256:0")],
        {"validate", "disclosures"} | AFTER_DISCLOSURES | ASKED,
    ),
    "a title in the schema of a computed table": (
        [("data/schemas/results/provider_pairs.json", '"title": "', '"title": "The ')],
        {"provider_pairs"} | AFTER_PAIRS | ASKED,
    ),
    "the description of a table in the data package": (
        [("data/datapackage.json", '"description": "', '"description": "Here: ')],
        {"validate", "dataset"} | ASKED,
    ),
    "a correction": (
        [("data/corrections.yml", *COMMENT)],
        {"validate", "disclosures", "ojjdp_facts", "family_active_people"}
        | RANKED
        | AFTER_FACTS
        | AFTER_DISCLOSURES
        | ASKED,
    ),
    "a lock file": ([("envs/requirements.lock", *COMMENT)], REPORT),
    "a comment in a module of the library": (
        [("workflow/countback/text/units.py", *COMMENT)],
        USES_UNITS | {"values"} | ASKED,
    ),
    "a comment in a module that no script imports": ([("workflow/countback/__main__.py", *COMMENT)], set()),
    "a script": ([("workflow/scripts/tidy/survey.py", *COMMENT)], {"survey"} | AFTER_REVERSED | ASKED),
    "a comment in a check": ([("workflow/countback/checks/esps.py", *COMMENT)], {"validate"}),
    "a new release": ([("data/releases.csv", "", "one-2034,,,,,,,,,,parsed,\n")], {"validate"} | ASKED),
    "a function of R": (
        [("workflow/R/agreement.R", *COMMENT)],
        {"agreement", "agreement_models", "agreement_figures", "agreement_figures_png", "values"}
        | {"agreement_specifications", "agreement_specification_figure"}
        | ASKED,
    ),
    "a color": ([("config/look.yml", "#0b5c8a", "#0b5c8b")], {"web_fonts", "quarto_look"} | DRAWN | REPORT),
    "a choice in the configuration": (
        [("config/config.yaml", "tolerance: 0.001", "tolerance: 0.002")],
        {"concentration", "concentration_figures", "values"} | ASKED,
    ),
    "the prose of a chapter": ([("chapters/only.qmd", "", "One more sentence.\n")], REPORT),
    "a cell of a chapter": ([("chapters/only.qmd", "listed = ", "listed  = ")], REPORT),
    "a filter of Quarto": ([("workflow/quarto/book.lua", "", "-- Why this is so.\n")], REPORT),
    "the style of pages": ([("workflow/press/templates/book.css", "", "/* Why this is so. */\n")], REPORT),
}


def edit(project, changes):
    """Make the changes, and return the files as they were."""
    before = {file: (project / file).read_text() for file, _, _ in changes}
    for file, old, new in changes:
        text = (project / file).read_text()
        assert old in text, f"{file} does not hold {old!r}: nothing is edited"
        (project / file).write_text(text.replace(old, new, 1) if old else text + new)
    return before


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_runs_what_depends_on_it_and_nothing_else(tiny, what):
    changes, expected = EDITS[what]
    before = edit(tiny, changes)
    run = snakemake(tiny, "--dry-run")
    for file, text in before.items():
        (tiny / file).write_text(text)
    assert run.status == 0, run.output
    assert run.rules - {"all"} == expected, f"{what}: {sorted(run.rules ^ expected)}"


def test_a_touch_without_a_change_runs_nothing(tiny):
    for pattern in ("data/**/*.*", "config/*", "envs/*", "chapters/*", "workflow/**/*.*", "_quarto.yml"):
        for file in tiny.glob(pattern):
            file.touch()
    assert snakemake(tiny, "--dry-run").rules == set()
