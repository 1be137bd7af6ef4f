"""Finds files by their names, and writes files so that a finished one is never half-written."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# The name of a file while it is written, in Python and in R; sources that are still being fetched end otherwise.
PARTIAL = re.compile(r".+\.\d+\.part")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a place beside a file to write to; it takes the file's name once all is written.

    Whatever stops the writing, a full disk included, leaves the file as it was and nothing beside it. What a killed
    process leaves is matched by `PARTIAL`. The file's folder is made if missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        if error.filename is None:  # a full disk, where it is written to
            error.filename = str(path)
        raise
    finally:
        partial.unlink(missing_ok=True)


def atomic_write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all; its folder is made if missing."""
    with written_whole(path) as partial:
        partial.write_bytes(content)


def files_by_name(folder: Path) -> dict[str, list[Path]]:
    """Return the files in a folder, of any depth and behind symbolic links too, by their names."""
    found: dict[str, list[Path]] = {}
    for place, _, names in os.walk(folder, followlinks=True):
        for name in names:
            found.setdefault(name, []).append(Path(place) / name)
    return found


def file_with(sha256: str, files: Sequence[Path]) -> Path:
    """Return the file that has a checksum; the first one where none has, or where there is no choice."""
    if len(files) == 1:
        return files[0]
    return next((file for file in files if file.is_file() and digest_of(file) == sha256), files[0])


def digest_of(file: Path) -> str:
    """Return a file's SHA-256."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def result_path(described: Mapping[str, Any]) -> str:
    """Return where a computed table's CSV file is, from its entry in the data package: in `results/tables/` if silent.

    Examples
    --------
    >>> result_path({"name": "states"}), result_path({"name": "verdicts", "path": "verdicts.csv"})
    ('results/tables/states.csv', 'results/verdicts.csv')
    """
    return f"results/{described.get('path', 'tables/' + described['name'] + '.csv')}"


def write_json(content: object, path: str | Path) -> None:
    """Write JSON for readers and diffs: indented, keys as given, whole or not at all."""
    write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", path)


def write_text(content: str, path: str | Path) -> None:
    """Write text whole or not at all."""
    atomic_write(Path(path), content.encode())
