"""Bring rows, bytes and checksums in `data/datapackage.json` in step with tables that were changed on purpose.

- Run by `make checksums`, never by the workflow: a build does not write in `data/`.
"""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from countback.io.tables import write_json


def count_rows(file: Path) -> int:
    """Return the number of rows of a CSV or Parquet file."""
    if file.suffix == ".parquet":
        return pq.read_metadata(file).num_rows
    return len(pd.read_csv(file, dtype="string"))


def with_checksums(package: dict[str, object], folder: Path) -> dict[str, object]:
    """Return a data package's descriptor with the rows, size and checksum of each of its files."""
    for resource in package["resources"]:  # type: ignore[attr-defined]
        content = (folder / resource["path"]).read_bytes()
        resource |= {"rows": count_rows(folder / resource["path"])}
        resource |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    return package


if __name__ == "__main__":
    descriptor = Path("data/datapackage.json")
    write_json(with_checksums(json.loads(descriptor.read_text(encoding="utf-8")), descriptor.parent), descriptor)
