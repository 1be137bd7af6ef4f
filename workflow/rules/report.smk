"""The report: HTML and PDF from the chapters, the results and the figures.

What the report reads is found in its chapters: what they declare under `inputs:`, place and link to.
"""

from glob import glob

from countback.io.chapters import book_chapters, book_settings
from countback.io.manifest import book_repairs
from countback.look import font_files

try:
    SETTINGS = book_settings(Path("."))
    BOOK = SETTINGS["book"]
    CHAPTERS = book_chapters(Path("."))
    UNDECLARED = [str(fault) for chapter in CHAPTERS for fault in chapter.undeclared()]
except CountbackError as fault:
    raise WorkflowError(str(fault)) from None
if UNDECLARED:
    raise WorkflowError("\n".join(UNDECLARED))


CLAIMS_FROM = [
    "agreement_cutoffs",
    "agreement_models",
    "agreement_pairs",
    "agreement_signs",
    "agreement_tests",
    "breaks",
    "concentration",
    "countries",
    "cybertipline_years",
    "disclosed_share_results",
    "growth_criteria",
    "growth_models",
    "growth_refits",
    "growth_results",
    "incident_counts",
    "jurisdiction_areas",
    "jurisdiction_ranks",
    "jurisdiction_results",
    "meta_revision_ages",
    "meta_revisions",
    "ojjdp_facts",
    "organizations",
    "ownership",
    "provider_changes",
    "provider_pairs",
    "provider_shares",
    "referrals",
    "releases",
    "report_contents",
    "report_recipients",
    "reversed_shares",
    "rounding",
    "rounding_bounds",
    "tiktok_revisions",
]


rule claims:
    input:
        **{name: place_of(name) for name in CLAIMS_FROM},
    output:
        claims="results/tables/claims.csv",
    log:
        "results/logs/claims.log",
    conda:
        "../../envs/environment.yml"
    params:
        tables=CLAIMS_FROM,
        growth=config["growth"],
        jurisdictions=config["jurisdictions"],
        pieces=config["pieces"],
    message:
        "Choose the words of the prose that turn where the data turn."
    script:
        "../scripts/report/claims.py"


PRINTED_IDS = printed_ids(CHAPTERS)
NUMBER_TABLES = number_tables(PRINTED_IDS)


rule values:
    input:
        tables=list(NUMBER_TABLES.values()),
        coverage="data/calibration/interval_coverage.csv",
    output:
        values="results/values.json",
        variables="_variables.yml",
    log:
        "results/logs/values.log",
    conda:
        "../../envs/environment.yml"
    params:
        ids=sorted(PRINTED_IDS),
        names=list(NUMBER_TABLES),
        tolerance=config["calibration"]["tolerance"],
    message:
        "Find every number that the prose prints."
    script:
        "../scripts/report/values.py"


rule quarto_look:
    input:
        look="config/look.yml",
        book="_quarto.yml",
        citation="CITATION.cff",
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
        faces=[
            f"results/look/fonts/{file.stem}{kind}"
            for file in font_files().values()
            for kind in (".ttf", ".woff")
        ],
    log:
        "results/logs/quarto_look.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Write the look in the forms that Quarto reads."
    script:
        "../scripts/report/quarto_look.py"


rule version_changes:
    input:
        values=rules.values.output.values,
        headlines="data/versions/headline_numbers.csv",
        recorded="data/versions/headline_values.csv",
        sizes="data/versions/table_sizes.csv",
        package="data/datapackage.json",
        checksums="data/checksums.json",
    output:
        version_headlines_csv="results/tables/version_headlines.csv",
        version_tables_csv="results/tables/version_tables.csv",
    log:
        "results/logs/version_changes.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Set this version of the data set against the one before."
    script:
        "../scripts/report/version_changes.py"


MAIN_FILES = SETTINGS.get("publication", {}).get("files", [])
LINKED = {str(file) for chapter in CHAPTERS for file in chapter.shown}
OFFERED = [one for one in MAIN_FILES if one["file"] in LINKED]


rule dataset:
    input:
        citation="CITATION.cff",
        package="data/datapackage.json",
        reports="data/cybertipline/reports.csv",
        files=[one["file"] for one in OFFERED],
    output:
        dataset="results/dataset.json",
    log:
        "results/logs/dataset.log",
    conda:
        "../../envs/environment.yml"
    params:
        files=OFFERED,
    message:
        "Describe the data set for search engines, as pages hold it."
    script:
        "../scripts/report/dataset.py"


rule downloads:
    input:
        package="data/datapackage.json",
        figures="data/reference/figures.csv",
        exports=[one["file"] for one in MAIN_FILES],
        tables=[*package_tables(), *within_reach(result_tables())],
        drawn=[file for file in makers() if file.startswith("figures/")],
    output:
        downloads="results/downloads.json",
    log:
        "results/logs/downloads.log",
    conda:
        "../../envs/environment.yml"
    message:
        "List the files that readers can take away."
    script:
        "../scripts/report/downloads.py"


# What `quarto render` and the press need before they read a chapter.
rule ready:
    input:
        variables="_variables.yml",
        look=[*rules.web_fonts.output, *rules.quarto_look.output],
        files=chapter_files(CHAPTERS),
        origins=SETTINGS.get("origins", []),
        dataset=SETTINGS.get("dataset", []),


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
        # A render that fails leaves the book as it was. Its other files are listed in the manifest, where a page is
        # missed as a picture is: for each output, Snakemake digests every input of the rule once more.
        html=update("_book/index.html"),
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
