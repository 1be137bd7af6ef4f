"""Figures drawn by R are there as PNG too: the same drawing, the same bytes each time."""

import struct

from scripts.figures.figure_png import WIDTH, main, png_of

SVG = """<svg xmlns='http://www.w3.org/2000/svg' width='90pt' height='45pt' viewBox='0 0 90 45'>
<rect width='100%' height='100%' fill='#FFFFFF'/>{}</svg>"""
TEXT = "<text x='5' y='30' style='font-size: 20px; font-family: \"Source Sans Pro\";'>{}</text>"


def drawn(folder, content):
    file = folder / "a figure.svg"
    file.write_text(SVG.format(content))
    return png_of(file)


def test_a_png_is_twice_as_wide_as_pages_show_it_and_the_same_each_time(tmp_path):
    first = drawn(tmp_path, "<circle cx='45' cy='22' r='9'/>")
    assert struct.unpack(">II", first[16:24]) == (WIDTH, WIDTH // 2)
    assert drawn(tmp_path, "<circle cx='45' cy='22' r='9'/>") == first


def test_its_text_is_drawn_with_the_faces_of_the_report(tmp_path):
    assert drawn(tmp_path, TEXT.format("Reports")) != drawn(tmp_path, TEXT.format("Rates"))
    other = drawn(tmp_path, TEXT.format("Reports").replace("Source Sans Pro", "Source Serif Pro"))
    assert drawn(tmp_path, TEXT.format("Reports")) != other


def test_each_figure_is_written_to_the_place_of_its_png(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.svg").write_text(SVG.format(f"<circle cx='45' cy='22' r='{ord(name) - 90}'/>"))
    places = [str(tmp_path / f"{name}.png") for name in ("a", "b")]
    main([place.replace(".png", ".svg") for place in places], places)
    first, second = ((tmp_path / f"{name}.png").read_bytes() for name in ("a", "b"))
    assert first.startswith(b"\x89PNG") and first != second
