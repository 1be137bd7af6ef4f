"""A book that lost a file, or whose file was cut, is known as damaged until it is rendered again."""

import pytest

from countback.io.manifest import CHARTS, CHARTS_MANIFEST, book_repairs, chart_repairs, damage, repairs, write_manifest


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("index.html", "assets/book.css", "results/tables/a.csv", "chapters/only.html"):
        file = tmp_path / "_book" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"all of {name}")
    write_manifest(tmp_path / "_book", tmp_path / "results" / "book.json", 0)
    repairs.cache_clear()
    yield tmp_path
    repairs.cache_clear()


def damaged(project):
    return damage(project / "_book", project / "results" / "book.json")


def test_a_whole_book_is_not_damaged(project, capsys):
    assert damaged(project) == (0, [])
    assert book_repairs() == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["assets/book.css", "results/tables/a.csv", "chapters/only.html"])
def test_a_file_that_is_gone_or_cut_is_named(project, name, capsys):
    (project / "_book" / name).write_text("all")
    assert damaged(project) == (0, [name])
    (project / "_book" / name).unlink()
    assert damaged(project) == (0, [name])
    assert book_repairs() == 1
    assert f"_book/{name}" in capsys.readouterr().err


def test_after_a_repair_the_number_stays_until_the_next_damage(project):
    for n_repairs in (1, 2):
        (project / "_book" / "index.html").unlink()
        repairs.cache_clear()
        assert book_repairs() == n_repairs
        (project / "_book" / "index.html").write_text("all of index.html")
        write_manifest(project / "_book", project / "results" / "book.json", n_repairs)
        repairs.cache_clear()
        assert book_repairs() == n_repairs


def test_what_someone_lays_into_the_folder_is_no_damage(project):
    (project / "_book" / "notes.txt").touch()
    assert damaged(project) == (0, [])


def test_without_a_manifest_nothing_is_said_since_the_rule_makes_one(project):
    (project / "results" / "book.json").unlink()
    assert damaged(project) == (0, [])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"n_repairs": 0', '{"n_repairs": null, "files": {}}'])
def test_a_manifest_that_cannot_be_read_leads_to_a_render(project, text):
    (project / "results" / "book.json").write_text(text)
    assert book_repairs() == -1


@pytest.mark.usefixtures("project")
def test_a_chart_that_is_gone_is_drawn_again_once(capsys):
    CHARTS.mkdir(parents=True)
    (CHARTS / "acme.svg").write_text("<svg/>")
    write_manifest(CHARTS, CHARTS_MANIFEST, 0)
    assert chart_repairs() == 0
    (CHARTS / "acme.svg").unlink()
    repairs.cache_clear()
    assert chart_repairs() == 1
    assert f"{CHARTS}/acme.svg. The charts are drawn again." in capsys.readouterr().err
    (CHARTS / "acme.svg").write_text("<svg/>")
    write_manifest(CHARTS, CHARTS_MANIFEST, 1)
    repairs.cache_clear()
    assert chart_repairs() == 1
