"""Pack every table as CSV and Parquet, with descriptor, codebook and terms, into one archive.

- Same data, same bytes: entries are sorted and bear one fixed date.
- CSV is what the descriptor lists and Frictionless checks; the Parquet file beside it is a property of its resource.
- Text that a spreadsheet would take for a formula has an apostrophe before it in CSV; numbers and dashes are no
  formulas. That can be undone, and Parquet has the text as it is, and dates as dates.
- The descriptor stands at the top of the archive: `frictionless validate countback.zip` finds it there.
- Besides Frictionless, the tables are described in Croissant, for programs that read that.
- Tables that the workflow computes are resources too; their names begin with `results_`, since facts and their
  corrected form share names.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from countback.io.documents import parse_yaml
from countback.io.files import atomic_write
from countback.io.package import find_package, load_package
from countback.io.script import run
from countback.io.tables import escape_formulas, read_table, to_csv
from countback.metadata.croissant import croissant
from countback.metadata.facts import facts

# the earliest date that the format knows
DATE = (1980, 1, 1, 0, 0, 0)
NOT_LISTED = ("rows", "bytes", "hash", "scheme", "format", "mediatype", "encoding", "profile", "path", "sheet")


def table_files(frame: pd.DataFrame, dates: Sequence[str] = ()) -> tuple[bytes, bytes]:
    """Return a table as CSV, safe to open in a spreadsheet, and as Parquet, where columns of dates have that type."""
    parquet = io.BytesIO()
    typed = frame.astype(dict.fromkeys(dates, pd.ArrowDtype(pa.date32())))
    typed.to_parquet(parquet, index=False, compression="zstd")
    return to_csv(escape_formulas(frame)).encode(), parquet.getvalue()


def resource(entry: Mapping[str, Any], name: str, stem: str, csv: bytes, rows: int) -> dict[str, Any]:
    """Return a table's entry in the packed descriptor.

    Parameters
    ----------
    entry
        Its entry in the descriptor of `data/`.
    name, stem
        Its name in the archive, and its path there without suffix.
    csv, rows
        Its content, and the number of its rows.
    """
    kept = {key: value for key, value in entry.items() if key not in NOT_LISTED}
    return kept | {
        "name": name,
        "path": f"{stem}.csv",
        "parquet": f"{stem}.parquet",
        "profile": "tabular-data-resource",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "rows": rows,
        "bytes": len(csv),
        "hash": f"sha256:{hashlib.sha256(csv).hexdigest()}",
    }


def data_package(package: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Return the files of the package by their path in the archive: tables, and the descriptor that lists them.

    Parameters
    ----------
    package
        The descriptor of `data/`, with schemas in place.
    tables
        Typed tables: those of `data/` by their path there, computed ones as `results/` and their name.
    """
    places = [(entry, entry["name"], f"data/{entry['path']}", entry["path"]) for entry in package["resources"]]
    places += [
        (entry, f"results_{entry['name']}", f"results/{entry['name']}.csv", f"results/{entry['name']}")
        for entry in package["results"]
    ]
    files: dict[str, bytes] = {}
    resources = []
    for entry, name, path, key in places:
        stem = path.rsplit(".", 1)[0]
        dates = [field["name"] for field in entry["schema"]["fields"] if field["type"] == "date"]
        csv, parquet = table_files(tables[key], dates)
        files |= {f"{stem}.csv": csv, f"{stem}.parquet": parquet}
        resources.append(resource(entry, name, stem, csv, len(tables[key])))
    descriptor = {key: value for key, value in package.items() if key not in ("resources", "results")}
    return files | {"datapackage.json": json_bytes(descriptor | {"resources": resources})}


def json_bytes(content: object) -> bytes:
    """Return JSON for readers and diffs."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip: the same bytes for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # the same on every system: made on Unix, read by all
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            target.writestr(entry, files[path], compresslevel=9)
    return packed.getvalue()


def main(descriptor: str, results: list[str], documents: Mapping[str, str], output: str) -> None:
    """Read all tables and documents, pack them."""
    package = load_package(find_package(Path(descriptor)))
    folder = Path(descriptor).parent
    tables = {entry["path"]: read_table(folder / entry["path"]) for entry in package["resources"]}
    tables |= {f"results/{Path(file).stem}": read_table(file) for file in results}
    files = data_package(package, tables) | {name: Path(file).read_bytes() for name, file in documents.items()}
    told = facts(parse_yaml(files["CITATION.cff"].decode()), package)
    files["croissant.json"] = json_bytes(croissant(told, json.loads(files["datapackage.json"])))
    atomic_write(Path(output), archive(files))


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.input.package,
            snakemake.input.results,
            {
                "README.md": snakemake.input.readme,
                "CHANGELOG.md": snakemake.input.changelog,
                "CITATION.cff": snakemake.input.citation,
                "LICENSE.txt": snakemake.input.license,
                "codebook.md": snakemake.input.codebook,
                "corrections.yml": snakemake.input.corrections,
                "R/load.R": snakemake.input.load,
                "R/tables.R": snakemake.input.tables_in_r,
                "R/LICENSE.txt": snakemake.input.license_of_code,
            },
            snakemake.output.zip,
        ),
        snakemake.log[0],
    )
