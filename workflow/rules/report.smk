"""The report: HTML and PDF from the chapters, the results and the figures.

What the report reads is found in its chapters: what they declare under `inputs:`, place and link to.
"""

from glob import glob

from countback.io.chapters import book_chapters, book_settings
from countback.io.manifest import book_repairs

try:
    BOOK = book_settings(Path("."))["book"]
    CHAPTERS = book_chapters(Path("."))
    UNDECLARED = [str(fault) for chapter in CHAPTERS for fault in chapter.undeclared()]
except CountbackError as fault:
    raise WorkflowError(str(fault)) from None
if UNDECLARED:
    raise WorkflowError("\n".join(UNDECLARED))


rule values:
    input:
        tables=within_reach(
            [
                rules.cybertipline_years.output.csv,
                rules.provider_shares.output.csv,
                rules.provider_pairs.output.csv,
                rules.disclosures.output.csv,
                rules.growth.output.models,
                rules.agreement.output.pairs,
                rules.agreement.output.summary,
                rules.agreement.output.signs,
                rules.growth.output.results,
                rules.concentration.output.results,
                rules.agreement_models.output.models,
                rules.agreement_models.output.tests,
                rules.agreement_models.output.rounding,
                rules.agreement_models.output.bounds,
                rules.jurisdictions.output.results,
                rules.jurisdictions.output.areas,
                rules.disclosed_shares.output.results,
                rules.disclosed_shares.output.reversals,
                rules.disclosed_shares.output.named,
                rules.growth.output.rates,
                rules.esp_years.output.csv,
                rules.ojjdp_facts.output.csv,
                rules.report_contents.output.contents,
                rules.report_contents.output.recipients,
                rules.revisions.output.meta,
                rules.revisions.output.tiktok,
                rules.revisions.output.labels,
                rules.meta_revised_facts.output.facts,
                rules.meta_revised_facts.output.clusters,
                rules.meta_revised_facts.output.ages,
                rules.discord_contradictions.output.csv,
                rules.verdicts.output.csv,
                rules.replication.output.table,
                rules.replication.output.summary,
                rules.replication.output.headlines,
                "data/replication/faults.csv",
                "data/organizations/organizations.csv",
                "data/cybertipline/esp_reports.csv",
                "data/cybertipline/ojjdp_stocks.csv",
            ]
        ),
    output:
        values="results/values.json",
        variables="_variables.yml",
    log:
        "results/logs/values.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Gather every number that the prose prints."
    script:
        "../scripts/report/values.py"


rule quarto_look:
    input:
        look="config/look.yml",
        book="_quarto.yml",
        press=[
            "workflow/press/book.py",
            "workflow/press/pdf.py",
            "workflow/press/templates/look.typ",
        ],
    output:
        css="results/look/quarto.css",
        light="results/look/light.scss",
        dark="results/look/dark.scss",
        typst="results/look/quarto.typ",
        faces=directory("results/look/fonts"),
    log:
        "results/logs/quarto_look.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Write the look in the forms that Quarto reads."
    script:
        "../scripts/report/quarto_look.py"


# What `quarto render` and the press need before they read a chapter.
rule ready:
    input:
        variables="_variables.yml",
        look=[*rules.web_fonts.output, *rules.quarto_look.output],
        files=chapter_files(CHAPTERS),


rule report:
    input:
        ready=rules.ready.input,
        chapters=[chapter.path for chapter in CHAPTERS],
        settings=["_quarto.yml", "references.bib", "CITATION.cff", "config/look.yml"],
        schemas=schemas_of(chapter_files(CHAPTERS)),
        press=sorted(
            str(path)
            for path in Path("workflow/press").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        ),
        quarto=["_environment", *sorted(glob("workflow/quarto/*"))],
        code=code_files([chapter.path for chapter in CHAPTERS], Path(".")),
    output:
        # a render that fails leaves the book as it was
        html=[
            update(f"_book/{Path(chapter.path).with_suffix('.html')}")
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
