"""A figure says by itself what it shows, of which years, who counted, and what it does not mean."""

import re
import struct

import pandas as pd
import pytest
from matplotlib.figure import Figure
from plotnine import aes, geom_point, ggplot

from countback.io.chapters import book_chapters
from countback.io.errors import DataError
from countback.look import figure_size
from countback.look.frame import figure_titles, frame_drawing, framed, lines_of, wrapped
from countback.look.plot import PNG_WIDTH, register_fonts, save_figure

SHOWN = re.compile(r"figures/(\w+)\.svg")


def test_each_figure_that_a_chapter_shows_has_a_row_with_its_title_and_each_row_its_figure(project):
    texts = [chapter.text for chapter in book_chapters(project)]
    shown = {name for text in texts for name in SHOWN.findall(text)}
    assert shown == set(figure_titles().index)


def test_the_frame_names_the_years_of_the_data_who_counted_and_the_caution():
    frame = framed("growth", "Reports per year", [2031.0, 2029.0])
    row = figure_titles().loc["growth"]
    assert frame.title == row["title"]
    assert frame.subtitle == "Reports per year, 2029 to 2031"
    assert frame.foot == f"Counted by NCMEC. {row['caution']} Source: countback."


def test_a_frame_names_a_few_providers_who_counted_and_many_as_providers():
    assert framed("pieces", "Pieces", providers=["Book"]).foot.startswith("Counted by Book. ")
    many = ["A", "B", "C", "D"]
    assert framed("pieces", "Pieces", providers=many).foot.startswith("Counted by the providers. ")


def test_a_figure_without_a_row_stops_with_what_to_add():
    with pytest.raises(DataError, match=r"figures\.csv.*no row of the figure.*Add its row"):
        framed("never_drawn", "Nothing")


def test_words_of_a_frame_keep_within_the_figure_and_make_room_for_all_lines():
    register_fonts()
    long = " ".join(["word"] * 60)
    assert all(len(line) < 120 for line in wrapped(long, 9.0, 400.0).split("\n"))
    frame = framed("growth", long)
    assert lines_of(frame, 6.3).head_height > lines_of(framed("growth", "word"), 6.3).head_height + 9


def png_size(file):
    data = file.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", data[16:24])


def test_a_figure_is_written_as_svg_and_png_with_the_same_bytes_each_time_and_no_date(tmp_path):
    plot = ggplot(pd.DataFrame({"x": [1, 2], "y": [1, 2]}), aes("x", "y")) + geom_point()
    for name in ("a.svg", "b.svg"):
        save_figure(plot, tmp_path / name, "small", framed("growth", "Reports per year", [2031]))
    for ending in ("svg", "png"):
        first, second = ((tmp_path / f"{name}.{ending}").read_bytes() for name in "ab")
        assert first == second
        assert b"20" + b"26-" not in first
    width, height = png_size(tmp_path / "a.png")
    assert abs(width - PNG_WIDTH) <= 1
    inches = figure_size("small")
    assert height / width > inches[1] / inches[0]  # what is drawn keeps its size, and the frame is added


def test_a_drawing_of_matplotlib_grows_by_its_frame_and_keeps_the_size_of_its_parts():
    figure = Figure(figsize=(6.0, 2.0))
    axes = figure.add_axes((0.1, 0.25, 0.8, 0.5))
    frame_drawing(figure, framed("maps", "Reports per person", [2031]))
    height = figure.get_size_inches()[1]
    assert height > 2.5
    assert axes.get_position().height * height == pytest.approx(1.0)
    assert [text.get_text() for text in figure.texts][:2] == [
        figure_titles().loc["maps", "title"],
        "Reports per person, 2031",
    ]
