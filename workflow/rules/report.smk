"""The report: HTML and PDF from the chapters, the results and the figures."""

from glob import glob

import yaml

from countback.io.manifest import book_repairs

SETTINGS = yaml.safe_load(Path("_quarto.yml").read_text())
BOOK = SETTINGS["book"]
CHAPTERS = book_files([*BOOK["chapters"], *BOOK.get("appendices", [])])
# Tables that lie beside the book, to download.
DOWNLOADS = SETTINGS["project"].get("resources", [])


# What `quarto render` and the press need before they read a chapter.
rule ready:
    input:
        rules.values.output,
        rules.growth_figures.output,
        rules.concentration_figures.output,
        rules.agreement_figures.output,
        rules.web_fonts.output,
        rules.quarto_look.output,
        rules.survey.output,
        rules.provider_pairs.output,
        rules.cybertipline_years.output,
        rules.growth.output,
        rules.maps.output,
        rules.jurisdiction_figures.output,
        rules.jurisdictions.output,
        rules.disclosed_shares.output,
        rules.concentration.output,
        rules.esp_years.output,
        rules.ojjdp_facts.output,
        rules.report_contents.output,
        if_listed(rules.replication.output, "data/replication/published_results.csv"),
        rules.agreement_models.output,
        of_histories(
            rules.revision_figures.output,
            rules.meta_figures.output,
            rules.revisions.output,
            rules.meta_revised_facts.output,
            rules.discord_contradictions.output,
            rules.verdicts.output,
        ),
        DOWNLOADS,


rule report:
    input:
        rules.ready.input,
        chapters=CHAPTERS,
        settings=[
            "_quarto.yml",
            "references.bib",
            "config/look.yml",
            "config/config.yaml",
        ],
        press=sorted(
            str(path)
            for path in Path("workflow/press").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        ),
        quarto=["_environment", *sorted(glob("workflow/quarto/*"))],
        library=library_files(["workflow/scripts/report/report.py", *CHAPTERS], Path(".")),
        functions=r_library(
            "tables",
            "look",
            "agreement",
            "agreement_plots",
            "results",
            "rank_intervals",
            "jurisdictions",
            "concentration",
            "growth",
            "growth_breaks",
            "agreement_tests",
        ),
    output:
        # a render that fails leaves the book as it was
        html=[
            update(f"_book/{Path(chapter).with_suffix('.html')}")
            for chapter in CHAPTERS
        ],
        pdf=update(f"_book/{BOOK['output-file']}.pdf"),
        manifest=update("results/book.json"),
    log:
        "results/logs/report.log",
    conda:
        "../../envs/environment.yml"
    threads: 2
    params:
        renderer=os.environ.get("COUNTBACK_RENDERER") or config["renderer"],
        n_repairs=book_repairs,
    message:
        "Render the report to HTML and PDF."
    script:
        "../scripts/report/report.py"
