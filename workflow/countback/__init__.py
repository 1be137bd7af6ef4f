"""The compendium's Python library: tables, checks, parsers of sources, text, and the look of everything drawn.

For readers of the data there are two functions; importing them costs nothing until they are called.

>>> import countback
>>> reports = countback.load("esp_reports")
>>> listing = countback.tables()
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def load(name: str, project: "str | Path | None" = None) -> "pd.DataFrame":
    """Return a table by its name, typed and described; `countback.io.catalog.load` says more."""
    from countback.io import catalog

    return catalog.load(name, project)


def tables(project: "str | Path | None" = None) -> "pd.DataFrame":
    """Return what tables there are, one a row; `countback.io.catalog.list_tables` says more."""
    from countback.io import catalog

    return catalog.list_tables(project)
