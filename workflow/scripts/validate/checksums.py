"""Bring rows, sizes and checksums in `data/checksums.json` in step with tables that were changed on purpose.

- Run by `make checksums`, never by the workflow: a build does not write in `data/`.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from countback.io.cells import read_rows
from countback.io.files import write_text
from countback.io.package import read_json


def count_rows(file: Path) -> int:
    """Return the number of rows of a CSV or Parquet file, as the gate counts them."""
    if file.suffix == ".parquet":
        return pq.read_metadata(file).num_rows
    return len(read_rows(file, f"data/{file.name}")) - 1


def checksums(data: Path) -> dict[str, dict[str, Any]]:
    """Return rows, size and checksum of each table that the data package lists, by its path in the folder."""
    paths = sorted(resource["path"] for resource in read_json(data / "datapackage.json")["resources"])
    contents = {path: (data / path).read_bytes() for path in paths}
    return {
        path: {
            "rows": count_rows(data / path),
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }
        for path, content in contents.items()
    }


def write_checksums(data: Path) -> None:
    """Write the checksums one table a line, so that a changed table is one changed line."""
    lines = [f"  {json.dumps(path)}: {json.dumps(entry)}" for path, entry in checksums(data).items()]
    write_text("{\n" + ",\n".join(lines) + "\n}\n", data / "checksums.json")


if __name__ == "__main__":
    write_checksums(Path("data"))
