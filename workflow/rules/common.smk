"""What several rules share: where files are, and which library modules a rule depends on."""

import csv
import json
from pathlib import Path

from snakemake.exceptions import WorkflowError

from countback.dependencies import library_files
from countback.io.errors import CountbackError, DataError
from countback.io.files import files_by_name, result_path


def library(rule_name):
    """Return the library's files that a rule's script uses, so that their edits run it again."""
    return library_files([f"workflow/scripts/{rule_name}.py"], Path("."))


def r_library(*files):
    """Return the files of R functions that a rule uses."""
    return [f"workflow/R/{file}.R" for file in files]


def table(name):
    """Return the paths of a tidy table: CSV for R and readers, Parquet for Python."""
    return {suffix: f"results/tables/{name}.{suffix}" for suffix in ("csv", "parquet")}


def package_tables():
    """Return the paths of all tables that the data package lists."""
    try:
        package = json.loads(Path("data/datapackage.json").read_text())
        paths = [f"data/{resource['path']}" for resource in package["resources"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        fault = DataError(
            "data/datapackage.json",
            found=str(error),
            expected="a data package with a path for each resource",
            fix="Correct or restore the file.",
        )
        raise WorkflowError(str(fault)) from None
    for path in paths:
        if not Path(path).is_file():
            fault = DataError(
                path, found="no file", expected="a table", fix="Restore the file."
            )
            raise WorkflowError(str(fault))
    return paths


def if_listed(outputs, *paths):
    """Return outputs if the data package lists all of these tables: a project need not have every publisher's."""
    return outputs if set(paths) <= set(package_tables()) else []


def of_histories(*outputs):
    """Return outputs on providers' own past if the project has the histories that they are computed from."""
    needed = [
        "data/histories/meta.csv",
        "data/histories/tiktok.parquet",
        "data/printed/discord.csv",
    ]
    return if_listed(outputs, *needed)


def result_tables():
    """Return the paths of all tables that the workflow computes, as the data package lists them."""
    package = json.loads(Path("data/datapackage.json").read_text())
    return [result_path(result) for result in package.get("results", [])]


def book_files(entries):
    """Return the files of a book's entries, those of its parts included."""
    files = []
    for entry in entries:
        nested = entry.get("chapters") if isinstance(entry, dict) else None
        files += book_files(nested) if nested else [entry]
    return files


def disclosure_tables():
    """Return the paths of the organizations' own disclosures."""
    return [path for path in package_tables() if path.startswith("data/disclosures/")]


def raw_files(prefix):
    """Return an input function: the raw files of the parsed releases whose id begins with the prefix."""

    def files(wildcards):
        with open("data/releases.csv", encoding="utf-8", newline="") as table:
            wanted = [
                Path(row["file"]).name
                for row in csv.DictReader(table)
                if row["id"].startswith(prefix) and row["route"] == "parsed"
            ]
        held = files_by_name(Path("data/raw"))
        return [str(held.get(name, f"data/raw/{name}")) for name in wanted]

    return files
