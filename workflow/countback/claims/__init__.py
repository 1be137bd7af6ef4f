"""What the prose says under a condition: for each chapter, the words and numbers that its data pick."""

from collections.abc import Mapping

import pandas as pd

Tables = Mapping[str, pd.DataFrame]


def names(tables: Tables) -> dict[str, str]:
    """Return the names of organizations by their ids."""
    return dict(tables["organizations"].set_index("organization")["name"])


def possessive(name: str) -> str:
    """Return a name with the apostrophe of what is its own.

    Examples
    --------
    >>> possessive("Discord")
    "Discord's"
    """
    return f"{name}'s"
