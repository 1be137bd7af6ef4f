"""Words as print has them, and the unit of what is words."""

import re

TEXT = "text"  # the unit of what is words, and no number


def typographic(text: str) -> str:
    """Return a text with the quotation marks and apostrophes of print.

    Examples
    --------
    >>> print(typographic("NCMEC's count"), typographic('rows labeled "No Country Listed"'))
    NCMEC’s count rows labeled “No Country Listed”
    """
    return re.sub(r'"([^"]*)"', r"“\1”", text).replace("'", "’")
