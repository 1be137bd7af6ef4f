"""The closed list of words that warn of a row, in the columns `warnings`.

The schemas of `data/schemas/` repeat the words, since they stand alone in the exported package; a test compares.
"""

import pandas as pd

# word -> what the number of such a row is
WARNINGS = {
    "rounded": "given with fewer digits than were counted",
    "restated": "corrected by its publisher, who says so",
    "redundant": "contained in another row; sums leave it out",
    "partial-year": "about a part of the year",
    "definition-changed": "counted by another definition than the periods before",
    "scope-changed": "about another part of the organization or of its work than the periods before",
    "doubtful": "contradicted by its own source or by another, or unlikely",
    "derived": "computed from other numbers of the source, which does not print it",
}


def add_warnings(text: object, more: list[str]) -> str | None:
    """Return warnings with more of them added, in order, none twice; None where there are none.

    Examples
    --------
    >>> add_warnings("rounded", ["restated", "rounded"])
    'rounded|restated'
    """
    words = [] if text is None or pd.isna(text) else str(text).split("|")
    return "|".join(dict.fromkeys([*words, *more])) or None


def has_warning(warnings: pd.Series, word: str) -> pd.Series:
    """Tell of each cell of warnings whether it has a word."""
    return warnings.fillna("").str.split("|").map(lambda words: word in words).astype(bool)
