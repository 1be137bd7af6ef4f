"""The compendium's Python library: periods, units, tables, display, and the look of everything drawn.

For readers of the data there are two functions; importing them costs nothing until they are called.

>>> import countback
>>> reports = countback.load("esp_reports")
>>> listing = countback.tables()
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def load(name: str, project: "str | Path | None" = None) -> "pd.DataFrame":
    """Return a table by its name, typed and described; `countback.catalog.load` says more."""
    from countback import catalog

    return catalog.load(name, project)


def __getattr__(name: str) -> Any:
    # the module that reads and writes tables, which lists them when it is called
    if name == "tables":
        return importlib.import_module("countback.tables")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
