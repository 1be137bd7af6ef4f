"""Words as ids spell them, and as Markdown shows them."""

import re
import unicodedata

from countback.text.typography import typographic

# what Markdown reads as markup anywhere, a dash before a dash, and what begins a list or a definition
MARKUP = re.compile(r"""[\\`*_{}\[\]<>()#|$~^@!'"]|-(?=-)|^[-+:]""")


def slug(text: object, joiner: str = "_") -> str:
    """Return a text as a part of an id: lower case, its words and numbers joined.

    Examples
    --------
    >>> slug("without discord and github"), slug("Guardian's Partner", "-")
    ('without_discord_and_github', 'guardian-s-partner')
    """
    return re.sub(r"[^a-z0-9]+", joiner, str(text).lower()).strip(joiner)


def escape(text: object) -> str:
    """Return text that Markdown shows as it is, in a cell of a table too.

    Examples
    --------
    >>> print(escape("*no* <b>markup</b>, 1.5%"))
    \\*no\\* \\<b\\>markup\\</b\\>, 1.5%
    """
    return MARKUP.sub(r"\\\g<0>", str(text).replace("\n", " "))


def prose(text: object) -> str:
    """Return text in words, with the quotation marks of print, that Markdown shows as it is."""
    return escape(typographic(str(text)))


def in_order(name: str) -> str:
    """Return what a name is sorted by: without accents and capitals, so that Côte d'Ivoire comes before Croatia.

    Examples
    --------
    >>> sorted(["Zambia", "Åland", "Croatia", "Côte d'Ivoire"], key=in_order)
    ['Åland', "Côte d'Ivoire", 'Croatia', 'Zambia']
    """
    return "".join(one for one in unicodedata.normalize("NFD", name) if not unicodedata.combining(one)).casefold()
