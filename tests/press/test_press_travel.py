"""A figure travels with its files: links below it, and a picture in the preview of its page."""

from press.travel import Picture, share_image, with_links

FIGURE = '<figure id="fig-{name}" class="fig">\n<img src="../figures/{name}.svg" alt="A &quot;{name}&quot;" />\n'
CAPTION = '<figcaption>\n<span class="caption-label">Figure 2.1:</span> It grows.\n</figcaption></figure>'
ALL = {f"figures/growth.{suffix}" for suffix in ("svg", "png", "csv")}


def test_links_to_the_files_that_are_there_stand_between_a_figure_and_its_caption():
    html, linked = with_links(FIGURE.format(name="growth") + CAPTION, ALL.__contains__)
    assert set(linked) == ALL
    assert html.index("<img") < html.index(">PNG</a>") < html.index(">Data (CSV)</a>") < html.index("<figcaption")
    assert 'aria-label="Files of Figure 2.1"' in html
    assert 'href="../figures/growth.png" download' in html


def test_what_is_not_there_is_not_linked():
    html, linked = with_links(FIGURE.format(name="growth") + CAPTION, (ALL - {"figures/growth.png"}).__contains__)
    assert ">SVG</a>" in html and ">PNG</a>" not in html
    assert linked == ["figures/growth.svg", "figures/growth.csv"]
    assert with_links("<p>No figure</p>", ALL.__contains__) == ("<p>No figure</p>", [])


def test_an_image_without_caption_takes_none_of_the_next_figure():
    page = '<img src="figures/logo.svg" alt=""><p>Text</p>' + FIGURE.format(name="growth") + CAPTION
    html, _ = with_links(page, lambda _: True)
    assert html.count("figure-links") == 1
    assert "logo.png" not in html


def test_a_picture_that_stands_alone_has_links_to_its_files_and_to_the_data_of_its_folder():
    image = '<img src="../figures/makers/acme.svg" alt="Reports by Acme &amp; Co. 2031: 3." />'
    page = f"<p>Text</p>\n<p>{image}</p>\n<p>More</p>"
    here = {"figures/makers/acme.svg", "figures/makers/acme.png", "figures/makers.csv"}
    html, linked = with_links(page, here.__contains__)
    assert set(linked) == here
    assert (
        html.index("</p>\n<p><img")
        < html.index('aria-label="Files of Reports by Acme &amp; Co"')
        < html.index("<p>More")
    )
    assert 'href="../figures/makers.csv" download' in html


def test_a_picture_within_a_sentence_has_no_links():
    page = '<p>Text <img src="figures/growth.svg" alt=""> goes on.</p>'
    assert with_links(page, lambda _: True) == (page, [])


def test_the_preview_shows_the_first_figure_that_is_there_as_png():
    page = FIGURE.format(name="other") + CAPTION + FIGURE.format(name="growth") + CAPTION
    assert share_image(page, ALL.__contains__) == Picture("figures/growth.png", 'A "growth"')
    assert share_image(page, lambda _: False) is None


def test_a_figure_that_is_drawn_for_narrow_screens_too_is_shown_by_that_drawing_there():
    narrow = "figures/narrow/growth.svg"
    alone = '<p><img src="../figures/growth.svg" alt="It rises." /></p>'
    for page in (FIGURE.format(name="growth") + CAPTION, alone):
        html, linked = with_links(page, {*ALL, narrow}.__contains__)
        assert (
            '<picture><source media="screen and (max-width: 40rem)" srcset="../figures/narrow/growth.svg"><img ' in html
        )
        assert html.index("</picture>") < html.index(">PNG</a>")
        assert set(linked) == {*ALL, narrow}
        assert "<picture>" not in with_links(page, ALL.__contains__)[0]


def test_a_picture_without_number_is_named_by_what_it_shows_and_is_no_preview():
    chart = '<figure class="chart"><p><img src="../figures/growth.svg" alt="Reports by Acme. 2031: 3." /></p>'
    page = chart + "<figcaption>Its counts.</figcaption></figure>" + FIGURE.format(name="other") + CAPTION
    html, _ = with_links(page, lambda path: path != "figures/narrow/growth.svg")
    assert html.count('aria-label="Files of Reports by Acme"') == 1
    assert html.index(">PNG</a>") < html.index("<figcaption>Its counts")
    assert share_image(page, lambda _: True).path == "figures/other.png"
