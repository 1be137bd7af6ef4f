"""The whole workflow, on made-up providers and years, in a path and an environment that could break it."""

import csv
import json
import re
import shutil
import textwrap

import numpy as np
import pytest
from builds import WAIT, results, snakemake, start, wait_until
from lxml import etree
from tiny import ALL


def page(project):
    return (project / "_book" / "chapters" / "only.html").read_text()


def test_the_report_is_there_in_both_formats(tiny):
    assert (tiny / "_book" / "index.html").stat().st_size > 1000
    assert next((tiny / "_book").glob("*.pdf")).read_bytes().startswith(b"%PDF")


def test_no_locale_and_no_start_up_file_of_the_user_leaves_a_trace(tiny):
    text = [file for file in map(tiny.joinpath, results(tiny)) if file.suffix in (".csv", ".svg", ".html", ".json")]
    assert len(text) > 30
    for file in text:
        content = file.read_text()
        assert not re.search(r"(<|&lt;)U\+[0-9A-F]{4}", content), file
    # R's figures, whose minus signs another locale has not
    assert any("\u2212" in file.read_text() for file in (tiny / "figures").glob("agreement_*.svg"))


def test_nothing_but_the_data_decides_which_providers_and_years_there_are(tiny):
    values = json.loads((tiny / "results" / "values.json").read_text())
    assert values["agreement_pairs.acme.y2032.provider_reports"]["value"] == 163_001_230
    assert values["agreement_pairs.acme.y2032.ncmec_reports"]["value"] == 163_001_234
    assert values["pair_numbers.verdict.comparable.value"]["value"] == 5
    assert values["cybertipline_numbers.last.year.value"]["value"] == 2034
    made = [path.read_text() for path in (tiny / "results" / "tables").glob("*.csv")]
    assert len(made) > 30
    assert not any("discord" in text for text in made)


def drawn_points(figure):
    """Return the points that lie within the axes of a figure: their places on the page, from left to right."""
    drawing = etree.parse(str(figure))
    axes = drawing.find(".//{*}clipPath/{*}rect")
    left, top, width, height = (float(axes.get(name)) for name in ("x", "y", "width", "height"))
    points = []
    for marker in drawing.xpath("//*[starts-with(@id, 'PathCollection_')]/*[local-name() != 'defs']"):
        if marker.tag.endswith("path"):
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", marker.get("d"))]
            points.append((numbers[0], (min(numbers[1::2]) + max(numbers[1::2])) / 2))
        else:  # one shape, used many times
            points += [(float(use.get("x")), float(use.get("y"))) for use in marker.iter("{*}use")]
    return sorted(point for point in points if left <= point[0] <= left + width and top <= point[1] <= top + height)


def test_the_figure_of_growth_draws_every_year_whatever_its_count(tiny):
    with (tiny / "figures" / "growth.csv").open(newline="") as file:
        observed = {
            int(float(row["year"])): float(row["reports"])
            for row in csv.DictReader(file)
            if row["series"] == "observed"
        }
    assert observed == ALL
    points = drawn_points(tiny / "figures" / "growth.svg")
    assert len(points) == len(ALL) == 17
    across, up = (np.array(places) for places in zip(*points, strict=True))
    assert np.corrcoef(across, list(ALL))[0, 1] == pytest.approx(1, abs=1e-6)
    assert np.corrcoef(up, np.log10(list(ALL.values())))[0, 1] == pytest.approx(-1, abs=1e-6)  # y grows downwards


def test_a_break_within_the_years_ends_the_models_and_rows_beyond_the_full_tables_are_bounds(tiny):
    def rows(name):
        with (tiny / name).open(newline="") as file:
            return list(csv.DictReader(file))

    fitted = {row["year"] for row in rows("figures/growth.csv") if row["is_fitted"] == "True"}
    assert max(fitted) == "2032.0"
    outcomes = rows("results/tables/growth_outcomes.csv")
    assert {(row["origin"], row["year"], row["counted"]) for row in outcomes} == {
        ("2032", "2033", "reports"), ("2032", "2033", "incidents"), ("2032", "2034", "reports")
    }  # fmt: skip
    assert {row["subset"] for row in rows("results/tables/concentration_bounds.csv")} == {
        "2034, providers", "2034, owners"
    }  # fmt: skip
    (total,) = [row for row in rows("results/tables/provider_changes.csv") if row["provider"] == "service_providers"]
    assert (total["year"], total["year_before"], total["year_before_break"]) == ("2034", "2033", "2032")


def test_every_value_says_where_it_comes_from_and_is_used(tiny):
    values = json.loads((tiny / "results" / "values.json").read_text())
    chapter = (tiny / "chapters" / "only.qmd").read_text()
    assert list(values) == sorted(set(re.findall(r"\{\{< var (\S+) >\}\}", chapter)))
    for name, entry in values.items():
        assert set(entry) - {"interval_method"} == {"value", "unit", "text", "table", "row", "column"}, name
        assert f">{entry['text']}<" in page(tiny) or entry["text"] in page(tiny), name
        with (tiny / "results" / "tables" / f"{entry['table']}.csv").open(newline="") as file:
            wanted = {column: str(cell) for column, cell in entry["row"].items()}
            (row,) = (row for row in csv.DictReader(file) if wanted.items() <= row.items())
        assert float(row[name.rpartition(".")[2]]) == entry["value"], name


def test_an_id_whose_table_nothing_makes_stops_before_anything_runs(tiny):
    chapter = tiny / "chapters" / "only.qmd"
    before = chapter.read_text()
    chapter.write_text(f"{before}\nOf {{{{< var pair_numbre.all.n_listed.value >}}}}.\n")
    run = snakemake(tiny, "--dry-run")
    chapter.write_text(before)
    assert run.status != 0
    line = before.count("\n") + 2
    assert re.search(rf"only\.qmd, line {line}: found pair_numbre\.all\.n_listed\.value, .*pair_numbers", run.output)


def test_an_id_more_in_a_chapter_is_looked_up_and_nothing_is_computed_again(tiny):
    chapter = tiny / "chapters" / "only.qmd"
    before = chapter.read_text()
    chapter.write_text(f"{before}\nOf {{{{< var pair_numbers.all.n_listed.value >}}}}.\n")
    run = snakemake(tiny, "--dry-run")
    chapter.write_text(before)
    assert run.rules == {"values", "origins", "report", "all"}


def test_a_second_run_does_nothing(tiny):
    run = snakemake(tiny)
    assert run.status == 0
    assert "Nothing to be done" in run.output
    assert run.rules == set()


def test_a_changed_number_and_a_changed_title_of_a_column_reach_the_page_and_rerun_what_depends_on_them(tiny, tmp_path):
    copy = tmp_path / "another build"
    shutil.copytree(tiny, copy)
    assert not re.search(r">2</td>", page(copy))
    assert "163,001,230" in page(copy)
    table = copy / "data" / "disclosures" / "acme.csv"
    table.write_text(table.read_text().replace("2032 H2,83000630", "2032 H2,83000632"))
    schema = copy / "data" / "schemas" / "results" / "agreement_pairs.json"
    assert '"title": "By the provider"' in schema.read_text()
    schema.write_text(schema.read_text().replace('"title": "By the provider"', '"title": "By themselves"'))
    run = snakemake(copy)
    assert run.status == 0, run.output
    assert "163,001,232" in page(copy)
    assert "163,001,230" not in page(copy)
    assert re.search(r">2</td>", page(copy))
    assert "By themselves" in page(copy)
    assert {"validate", "disclosures", "provider_pairs", "agreement", "report"} <= run.rules
    assert not {"cybertipline_years", "growth", "provider_shares"} & run.rules


def test_a_build_that_lost_a_file_makes_it_again(tiny, tmp_path):
    copy = tmp_path / "a third build"
    shutil.copytree(tiny, copy)
    (copy / "figures" / "growth.svg").unlink()
    run = snakemake(copy)
    assert run.status == 0, run.output
    assert (copy / "figures" / "growth.svg").read_bytes() == (tiny / "figures" / "growth.svg").read_bytes()
    assert "growth_figures" in run.rules
    assert "disclosures" not in run.rules


@pytest.mark.parametrize(
    "lost",
    ["results/tables/*.parquet", "results/tables/*.csv", "figures/*.png", "results/look/fonts/*", "exports/*"],
)
def test_every_file_that_is_lost_is_missed(tiny, tmp_path, lost):
    """Even one that nothing needs, since what was made of it is there: as many files are made as were lost."""
    files = sorted(tiny.glob(lost))
    for file in files:
        file.rename(tmp_path / file.name)
    run = snakemake(tiny, "--summary")
    for file in files:
        (tmp_path / file.name).rename(file)
    rows = [line.split("\t") for line in run.output.splitlines() if line.count("\t") == 5]
    planned = {row[0]: row[-1] for row in rows[1:]}
    names = [file.relative_to(tiny).as_posix() for file in files]
    assert names and {planned[name] for name in names} == {"update pending"}


@pytest.mark.parametrize("command", ["--list-rules", "--lint", "--dry-run", "--summary"])
def test_a_command_that_builds_nothing_writes_nothing(tiny, command):
    def files():
        own = tiny / ".snakemake"  # where Snakemake keeps its logs
        return {path: path.stat().st_mtime_ns for path in tiny.rglob("*") if own not in (path, *path.parents)}

    before = files()
    run = snakemake(tiny, command)
    assert "Traceback" not in run.output
    assert files() == before


def test_an_unknown_setting_stops_before_anything_runs(tiny):
    run = snakemake(tiny, "--config", "rendrer=press")
    assert run.status != 0
    assert "rendrer" in run.output


def test_an_unknown_renderer_is_named(tiny):
    run = snakemake(tiny, "--config", "renderer=latex")
    assert run.status != 0
    assert "latex" in run.output


def test_a_render_that_fails_leaves_the_book_as_it_was(tiny, tmp_path):
    copy = tmp_path / "a failing build"
    shutil.copytree(tiny, copy)
    chapter = copy / "chapters" / "only.qmd"
    chapter.write_text(chapter.read_text() + "\nSee @fig-nowhere.\n")
    run = snakemake(copy)
    assert run.status != 0
    assert "only.qmd" in run.output
    assert "fig-nowhere" in run.output
    for file in (tiny / "_book").rglob("*.*"):
        assert (copy / file.relative_to(tiny)).read_bytes() == file.read_bytes(), file.name


def test_a_page_that_is_gone_is_rendered_again(tiny, tmp_path):
    copy = tmp_path / "a lost page"
    shutil.copytree(tiny, copy)
    (copy / "_book" / "chapters" / "only.html").unlink()
    run = snakemake(copy)
    assert run.status == 0, run.output
    assert page(copy) == page(tiny)
    assert run.rules == {"report", "all"}


def test_a_book_that_lost_or_cut_a_file_is_rendered_again_once(tiny, tmp_path):
    copy = tmp_path / "a damaged book"
    shutil.copytree(tiny, copy)
    (copy / "_book" / "assets" / "book.css").unlink()
    download = copy / "_book" / "results" / "tables" / "agreement_pairs.csv"
    download.write_bytes(download.read_bytes()[:20])
    run = snakemake(copy)
    assert run.status == 0, run.output
    assert (
        "_book/assets/book.css, _book/results/tables/agreement_pairs.csv. The report is rendered again." in run.output
    )
    for file in ("assets/book.css", "results/tables/agreement_pairs.csv"):
        assert (copy / "_book" / file).read_bytes() == (tiny / "_book" / file).read_bytes()
    assert "Nothing to be done" in snakemake(copy).output


def test_a_render_that_outlives_its_killed_build_is_waited_for_by_the_next(tiny, tmp_path):
    copy = tmp_path / "a killed render"
    shutil.copytree(tiny, copy)
    writer = copy / "workflow" / "press" / "html.py"
    waits = f"def write_html(*given):\n{textwrap.indent(WAIT, '    ')}\n    written(*given)\n"
    writer.write_text(f"{writer.read_text()}\n\nwritten = write_html\n\n\n{waits}")
    running = start(copy)
    wait_until((copy / "begun").exists, running, copy)
    running.kill()  # Snakemake alone: the script that renders goes on
    running.wait()
    (copy / "begun").unlink()
    following = start(copy)
    wait_until(lambda: "Waiting for scripts of a build that was killed (process" in said(copy), following, copy)
    assert (copy / "_book.part").is_dir(), "the first render is not at work: the test shows nothing"
    assert not (copy / "begun").exists(), "two renders at once"
    (copy / "go").touch()
    assert following.wait(240) == 0, said(copy)
    assert page(copy) == page(tiny)
    assert not list(copy.glob("_book.*"))


def said(project):
    return (project / "said").read_text()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "differences <- agreement_pairs(pairs)",
            'read.csv("results/tables/rounding.csv")',
            ["chapters/only.qmd, line ", "results/tables/rounding.csv", "under `inputs:`"],
        ),
        (
            "results/tables/provider_pairs.csv, ",
            "results/tables/provider_pairs.csv, results/tables/nobody_makes.csv, ",
            ["chapters/only.qmd", "results/tables/nobody_makes.csv", "write the rule"],
        ),
    ],
    ids=["read and not declared", "declared and made by no rule"],
)
def test_what_a_chapter_reads_is_what_it_declares_and_what_can_be_made(tiny, old, new, expected):
    chapter = tiny / "chapters" / "only.qmd"
    before = chapter.read_text()
    assert old in before
    chapter.write_text(before.replace(old, new, 1))
    run = snakemake(tiny, "--lint")
    chapter.write_text(before)
    assert run.status != 0
    for words in expected:
        assert words in run.output, run.output
    assert "Traceback" not in run.output
