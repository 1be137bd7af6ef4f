"""A year that nobody has seen, from made-up source files to pages and PDF: neither code nor prose needs a change.

What a maintainer writes are rows of data: `decisions`, the numbers that organizations disclose, and checksums.
"""

import csv
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from builds import chapters_of, copy_project, snakemake
from lxml import html
from next_year import Project, decisions, write_next_year, write_row
from pypdf import PdfReader

from countback.io.package import schema_of
from countback.io.tables import read_table
from scripts.report.values import Table
from scripts.validate.checksums import write_checksums

pytestmark = [pytest.mark.raw, pytest.mark.whole_book]

REASONS = Path(__file__).parents[1] / "text" / "named_in_chapters.csv"
YEAR = re.compile(r"(?<=\.)y(?:19|20)\d\d(?!\d)|(?<=_)(?:19|20)\d\d(?=_|\.)")
CITATION = re.compile(r"-?@[\w:.-]*\w")
VARIABLE = re.compile(r"\{\{< var ([\w.]+) >\}\}")


class Made(NamedTuple):
    """A project with a year more, built; and the providers that now say half of what the clearinghouse counts."""

    project: Project
    turned: list[str]

    @property
    def root(self) -> Path:
        return self.project.root

    @property
    def new_years(self) -> set[int]:
        """The years that documents were made up about."""
        return {self.project.year} | {self.project.year_of(f"ncmec-{kind}-") for kind in ("esp", "country", "ojjdp")}

    def table(self, name: str) -> pd.DataFrame:
        return read_table(self.root / name)

    @property
    def values(self) -> dict[str, dict[str, object]]:
        return json.loads((self.root / "results" / "values.json").read_text())

    def chapters(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of each chapter."""
        for chapter in chapters_of(self.root):
            yield chapter, (self.root / chapter).read_text()

    def page(self, chapter: str) -> str:
        """Return what the page of a chapter says."""
        tree = html.parse(str((self.root / "_book" / chapter).with_suffix(".html")))
        (main,) = tree.xpath("//main")
        return " ".join(main.text_content().split())


def history() -> list[tuple[str, str]]:
    """Return chapters and beginnings of lines that tell of a year for what it was, whatever comes after it."""
    with REASONS.open(encoding="utf-8") as file:
        return [(row["chapter"], row["line"]) for row in csv.DictReader(file) if row["reason"].startswith("history")]


def newest(name: str, tables: dict[str, Table]) -> list[int]:
    """Return the years of which an id that names one has numbers."""
    found = set()
    _, *parts, column = YEAR.sub("last", name).split(".")
    for years in tables[name.partition(".")[0]].years(parts, column).values():
        found.update(years)
    return sorted(found)


def disclose(project: Project) -> list[str]:
    """Let every provider with one series and one brand disclose half of what the clearinghouse counts of the year."""
    year, folder = project.year, project.data / "cybertipline"
    parts = [
        read_table(folder / f"{kind}esp_reports.csv").merge(
            read_table(folder / f"{kind}esp_brands.csv").dropna(subset="brand"), on="esp_printed"
        )
        for kind in ("", "selected_")
    ]
    rows = next(part for part in parts if (part["year"] == year).any())
    counted = rows[rows["year"] == year].groupby("brand")["reports"].agg(["sum", "size"])
    compared = read_table(project.data / "organizations" / "comparisons.csv")
    alone = compared[~compared["provider"].duplicated(keep=False) & (compared["provider"] == compared["series"])]
    done = []
    for provider in alone["provider"]:
        file = project.data / "disclosures" / f"{provider}.csv"
        frame = pd.read_csv(file, dtype=str, keep_default_na=False) if file.exists() else pd.DataFrame()
        own = frame[(frame["metric"] == "reports") & (frame["component"] == "")] if len(frame) else frame
        if own.empty or provider not in counted.index or (frame["period"].str[:4] == str(year)).any():
            continue
        half = str(int(counted.loc[provider, "sum"]) // 2)
        changes = {"period": str(year), "value": half, "value_printed": "", "warnings": "", "note": "", "place": ""}
        row = own.iloc[-1].to_dict() | changes | {"provenance": "secondary", "expression": "", "is_redundant": "false"}
        pd.concat([frame, pd.DataFrame([row])]).to_csv(file, index=False, lineterminator="\n")
        done.append(provider)
    return done


@pytest.fixture(scope="module", params=[False, True], ids=["the same year of all", "the next year of each"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = copy_project(tmp_path_factory.mktemp("next year"))
    project = write_next_year(root, Path(os.environ["COUNTBACK_RAW"]).resolve(), request.param)
    for decision in decisions(project):
        write_row(project.data, decision)
    read = snakemake(root, "ingest")
    assert read.status == 0, read.output
    turned = disclose(project)
    write_checksums(project.data)
    run = snakemake(root)
    assert run.status == 0, run.output
    return Made(project, turned)


def test_every_id_that_a_chapter_prints_has_a_value(made: Made) -> None:
    printed = {name for _, text in made.chapters() for name in VARIABLE.findall(text)}
    assert len(printed) > 100
    assert printed <= set(made.values)


def test_the_summary_tells_of_the_new_year(made: Made) -> None:
    years = made.table("results/tables/cybertipline_years.csv").query("submitter == 'all'")
    reports = years.set_index("year")["reports"]
    assert reports.index.max() == made.project.year
    said = made.page("index.qmd")
    assert f"{reports[made.project.year]:,.0f} in {made.project.year}" in said


def test_no_sentence_says_the_old_last_year_where_the_new_one_holds(made: Made) -> None:
    told, tables, stale = history(), {}, []
    places = {entry["table"] for entry in made.values.values()}
    for name in places:
        folders = ("results/tables", "results", "data/cybertipline")
        files = [made.root / folder / f"{name}.csv" for folder in folders]
        file = next((one for one in files if one.exists()), None)
        if file is None:  # tables about other things than years
            continue
        tables[name] = Table(name, read_table(file), schema_of(file))
    for chapter, text in made.chapters():
        for line in text.split("\n"):
            plain = CITATION.sub("@", re.sub(r"\{\{<.*?>\}\}", "·", line)).strip()
            is_history = any(Path(chapter).stem == one and begins and plain.startswith(begins) for one, begins in told)
            for name in VARIABLE.findall(line) if not is_history else ():
                said = YEAR.search(name)
                years = newest(name, tables) if said and name.partition(".")[0] in tables else []
                if years and years[-1] in made.new_years and years[:-1][-1:] == [int(said[0].lstrip("y"))]:
                    stale.append(f"{chapter}: {name}, although there is one of {years[-1]}")
    assert stale == []


def test_the_pdf_tells_of_the_new_year(made: Made) -> None:
    (file,) = (made.root / "_book").glob("*.pdf")
    text = "".join(page.extract_text() for page in PdfReader(file).pages)
    assert str(made.project.year) in text


def test_the_figures_draw_the_new_year(made: Made) -> None:
    for figure in ("growth", "shares", "provider_reports"):
        years = pd.read_csv(made.root / "figures" / f"{figure}.csv")["year"]
        assert years.max() == made.project.year


def test_verdicts_tell_of_a_year_that_is_apart_and_say_whether_most_are(made: Made) -> None:
    pairs, verdicts = made.table("results/tables/agreement_pairs.csv"), made.table("results/tables/verdicts.csv")
    audit = verdicts[verdicts["audit"] == "against_clearinghouse"].set_index("provider")
    new = pairs[pairs["provider"].isin(made.turned) & pairs["year"].isin(made.new_years)]
    assert set(new["provider"]) == set(made.turned)
    assert set(new["verdict"]) <= {"apart", "too_few_to_tell"}
    for provider in made.turned:
        assert " apart" in audit.loc[provider, "evidence"]
        is_apart = pairs.loc[pairs["provider"] == provider, "verdict"].eq("apart")
        found = audit.loc[provider, "verdict"]
        assert (found == "disagrees") == (is_apart.mean() > 0.5)
        assert (found == "disagrees_in_some_years") == (0 < is_apart.mean() <= 0.5)
    names = made.table("data/organizations/organizations.csv").set_index("organization")["name"]
    page = made.page("chapters/agreement.qmd")
    assert all(names[name] in page for name in made.turned)
