"""What several rules share: where files are, and which library modules a rule depends on."""

import csv
import json
import os
from pathlib import Path


def library(*modules):
    """Return the library modules that a rule uses, so that their edits run it again."""
    return [f"workflow/countback/{module}.py" for module in modules]


def r_library(*files):
    """Return the files of R functions that a rule uses."""
    return [f"workflow/R/{file}.R" for file in files]


def table(name):
    """Return the paths of a tidy table: CSV for R and readers, Parquet for Python."""
    return {suffix: f"results/tables/{name}.{suffix}" for suffix in ("csv", "parquet")}


def package_tables():
    """Return the paths of all tables that the data package lists."""
    package = json.loads(Path("data/datapackage.json").read_text())
    return [f"data/{resource['path']}" for resource in package["resources"]]


def disclosure_tables():
    """Return the paths of the organizations' own disclosures."""
    return [path for path in package_tables() if path.startswith("data/disclosures/")]


def raw_files(prefix):
    """Return an input function: the raw files of the releases whose id begins with the prefix."""

    def files(wildcards):
        with open("data/releases.csv", encoding="utf-8", newline="") as table:
            wanted = [
                Path(row["file"]).name
                for row in csv.DictReader(table)
                if row["id"].startswith(prefix)
            ]
        # Raw files may lie in folders of any depth, behind symbolic links too.
        walk = os.walk("data/raw", followlinks=True)
        held = {
            name: os.path.join(folder, name)
            for folder, _, names in walk
            for name in names
        }
        return [held.get(name, f"data/raw/{name}") for name in wanted]

    return files
