"""One look for all formats, from one file."""

import re
import subprocess
from itertools import pairwise

from countback import look
from countback.io.tables import read_table
from countback.look.plot import spread


def luminance(color):
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_can_be_read_on_its_ground_in_both_schemes():
    for scheme in look.look()["colors"].values():
        if isinstance(scheme, dict):
            for text in ("ink", "muted", "accent"):
                assert contrast(scheme[text], scheme["paper"]) >= 4.5
                assert contrast(scheme[text], scheme["panel"]) >= 4.5


def test_series_can_be_told_from_the_paper():
    assert all(contrast(color, look.color("paper")) >= 2.3 for color in look.series_colors())


def test_html_and_pdf_have_the_same_colors():
    css, typst = look.css_variables(), look.typst_variables()
    for name, value in look.look()["colors"]["light"].items():
        assert f"--{name}:{value};" in css
        assert f'#let {name} = rgb("{value}")' in typst


def test_r_reads_the_same_colors_and_sizes(project):
    code = (
        'source("workflow/R/look.R"); '
        'cat(look_color("accent"), look()$fonts$sans, unlist(look()$figures$wide), sep = "|")'
    )
    done = subprocess.run(["Rscript", "--vanilla", "-e", code], cwd=project, capture_output=True, text=True, check=True)
    width, height = look.figure_size("wide")
    assert done.stdout == f"{look.color('accent')}|{look.look()['fonts']['sans']}|{width:g}|{height:g}"


def test_faces_are_written_the_same_each_time_and_named_without_an_address(tmp_path):
    first = look.font_faces(tmp_path / "one" / "fonts")
    look._subset_woff.cache_clear()  # which remembers what it has cut
    assert first == look.font_faces(tmp_path / "two" / "fonts")
    for file in (tmp_path / "one" / "fonts").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / "fonts" / file.name).read_bytes()
    assert len(re.findall(r'url\("fonts/[\w-]+\.woff"\)', first)) == len(look.font_files())
    assert "http" not in first


def test_faces_that_a_build_has_cut_are_used_until_one_is_missing_or_the_look_names_others(tmp_path, monkeypatch):
    sheet = tmp_path / "faces.css"
    assert not look.has_faces(sheet)
    sheet.write_text(look.font_faces(tmp_path / "fonts"))
    assert look.has_faces(sheet)
    face = next((tmp_path / "fonts").iterdir())
    face.rename(tmp_path / face.name)
    assert not look.has_faces(sheet)
    (tmp_path / face.name).rename(face)
    others = {(f"Other {family}", *rest): file for (family, *rest), file in look.font_files().items()}
    monkeypatch.setattr(look, "font_files", lambda: others)
    look._faces_mark.cache_clear()
    assert not look.has_faces(sheet)
    look._faces_mark.cache_clear()


def test_figures_that_write_text_as_text_carry_the_letters_of_every_place_and_organization(project):
    for table in ("reference/countries.csv", "organizations/organizations.csv", "reference/figures.csv"):
        text = "".join(read_table(project / "data" / table).astype("string").fillna("").sum())
        missing = {letter for letter in text.replace("\u2019", "'") if ord(letter) not in look.LABELS}
        assert missing == set(), table


def test_labels_are_moved_apart_as_little_as_needed():
    assert spread([1.0, 5.0], gap=1.0) == [1.0, 5.0]
    assert spread([0.0, 0.0, 0.0], gap=1.0) == [-1.0, 0.0, 1.0]
    moved = spread([1.0, 1.2, 1.9, 4.0], gap=1.0)
    assert moved == sorted(moved)
    assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in pairwise(moved))
