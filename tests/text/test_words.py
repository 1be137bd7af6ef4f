"""Words in ids, and words that Markdown must not read as markup."""

import pytest

from countback.text.words import escape, prose, slug


@pytest.mark.parametrize(
    ("text", "joiner", "expected"),
    [
        ("Neighbor/Family friend", "-", "neighbor-family-friend"),
        ("  US & others ", "_", "us_others"),
        (2023, "_", "2023"),
    ],
)
def test_a_slug_is_lower_case_with_one_mark_between_words(text, joiner, expected):
    assert slug(text, joiner) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a|b *c* [d](e) `f`", r"a\|b \*c\* \[d\]\(e\) \`f\`"),
        ("two\nlines", "two lines"),
        ("- no list", r"\- no list"),
        (": no definition", r"\: no definition"),
        ("a -- b", r"a \-- b"),
        ("meta-2022: 1.5%, and so on", "meta-2022: 1.5%, and so on"),
    ],
)
def test_markup_is_shown_as_it_is_and_marks_within_words_are_left_alone(text, expected):
    assert escape(text) == expected


def test_prose_has_the_quotation_marks_of_print():
    assert prose('the "label" of *Meta*\'s') == "the “label” of \\*Meta\\*’s"
