"""Finds files by their names, and writes files so that a finished one is never half-written."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def atomic_write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all; its folder is made if missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(path)


def files_by_name(folder: Path) -> dict[str, Path]:
    """Return the files in a folder, of any depth and behind symbolic links too, by their names."""
    walk = os.walk(folder, followlinks=True)
    return {name: Path(place) / name for place, _, names in walk for name in names}


def result_path(described: Mapping[str, Any]) -> str:
    """Return where a computed table's CSV file is, from its entry in the data package: in `results/tables/` if silent.

    Examples
    --------
    >>> result_path({"name": "states"}), result_path({"name": "verdicts", "path": "verdicts.csv"})
    ('results/tables/states.csv', 'results/verdicts.csv')
    """
    return f"results/{described.get('path', 'tables/' + described['name'] + '.csv')}"
