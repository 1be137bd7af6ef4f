"""Write the record of the build as an archive: an RO-Crate of the data package, the settings, the locks and the rest.

- What was made of what is told by `results/lineage.json`; sources are those of `data/releases.csv`.
- Versions are those found on this machine, as in the report's chapter on reproducibility.
- The commit is named where the checkout is exactly that: with changes, and in a copy without history, it is not. It is
  that of when the crate was made: a later commit that changes nothing in it does not make it again.
"""

import json
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from countback.io.documents import read_yaml
from countback.io.files import atomic_write
from countback.io.package import load_package
from countback.io.script import run
from countback.io.tables import read_table
from countback.metadata.crate import METADATA, Run, Tool, run_crate
from countback.metadata.facts import facts
from countback.text.listings import python_packages, r_package_names, r_packages, system
from scripts.exports.data_package import archive

SYSTEM = {"System": "operating system", "Python": "Python", "Typst, within the package of Python": "Typst"}
R_VERSIONS = """
wanted <- commandArgs(TRUE)
here <- unique(list.files(.libPaths()))
here <- here[tolower(here) %in% wanted]
cat(paste("R", getRversion()), paste(here, vapply(here, getNamespaceVersion, "")), sep = "\\n")
"""


def commit_of(project: Path) -> str:
    """Return the commit of a checkout that is exactly that, or nothing."""

    def git(*arguments: str) -> str | None:
        try:
            done = subprocess.run(["git", *arguments], cwd=project, capture_output=True, text=True, check=False)
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    root = git("rev-parse", "--show-toplevel")
    is_whole = bool(root) and Path(str(root)).resolve() == project.resolve() and git("status", "--porcelain") == ""
    return (git("rev-parse", "HEAD") or "") if is_whole else ""


def r_versions(names: Iterable[str]) -> pd.DataFrame:
    """Return what R has installed of some packages, and R itself: `package`, `version`."""
    command = ["Rscript", "--vanilla", "-e", R_VERSIONS, *names]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return pd.DataFrame([line.split() for line in lines], columns=["package", "version"])


def tools(pyproject: str, apt: str) -> list[Tool]:
    """Return what the build was made with: the system, the languages, and the packages that the project asks for."""
    versions = r_versions(r_package_names(apt))
    parts = system().set_index("part")["version"]
    found = [Tool(name, parts[part], of="System") for part, name in SYSTEM.items()]
    found += [Tool("R", versions.set_index("package").loc["R", "version"], of="System")]
    for language, packages in (("Python", python_packages(pyproject)), ("R", r_packages(apt, versions))):
        here = packages[packages["version"].notna()]
        found += [Tool(row.package, row.version, row.purpose, language) for row in here.itertuples()]
    return found


def lineage_in_package(lineage: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return for each computed table, without its ending, the tables that it was made of: by paths in the package.

    Examples
    --------
    >>> lineage_in_package({"results/tables/b.csv": {"rule": "b", "inputs": ["data/a.parquet", "results/c.csv"]}})
    {'results/b': ['data/a.csv', 'results/c.csv']}
    """

    def packed(path: str) -> str:
        stem = path.rpartition(".")[0]
        return f"results/{Path(stem).name}" if stem.startswith("results/") else stem

    return {packed(made): [f"{packed(one)}.csv" for one in told["inputs"]] for made, told in lineage.items()}


def unpacked(package: Path) -> dict[str, bytes]:
    """Return the files of the data package, by their paths in it."""
    with zipfile.ZipFile(package) as content:
        return {name: content.read(name) for name in content.namelist()}


def main(package: str, lineage: str, releases: str, kept: Iterable[str], output: str) -> None:
    """Read what was built, write the crate."""
    files = unpacked(Path(package)) | {file: Path(file).read_bytes() for file in kept}
    told = facts(read_yaml(Path("CITATION.cff"), "the citation"), load_package(Path("data/datapackage.json")))
    listed = read_table(releases).astype("string").fillna("")
    made = Run(
        tools=tools(files["pyproject.toml"].decode(), files["envs/apt.txt"].decode()),
        sources=listed.to_dict("records"),
        based_on=lineage_in_package(json.loads(Path(lineage).read_text(encoding="utf-8"))),
        commit=commit_of(Path.cwd()),
    )
    atomic_write(Path(output), archive(files | {METADATA: run_crate(told, made, files)}))


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.input.package,
            snakemake.input.lineage,
            snakemake.input.releases,
            [*snakemake.input.workflow, *snakemake.input.settings, *snakemake.input.exports],
            snakemake.output.crate,
        ),
        snakemake.log[0],
    )
