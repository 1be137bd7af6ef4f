"""Write `.zenodo.json`, which Zenodo reads of a release, from CITATION.cff and the descriptor of the data package."""

from pathlib import Path
from typing import Any

from countback.io.documents import read_yaml
from countback.io.files import write_json
from countback.io.package import read_json
from countback.metadata.facts import CITATION, facts
from countback.metadata.zenodo import zenodo

DEPOSIT = ".zenodo.json"


def deposit(project: Path) -> dict[str, Any]:
    """Return what Zenodo is to be told of a project."""
    citation = read_yaml(project / CITATION, "the citation")
    return zenodo(facts(citation, read_json(project / "data" / "datapackage.json")))


def is_in_step(project: Path) -> bool:
    """Return whether the file of a project says that."""
    file = project / DEPOSIT
    return file.is_file() and read_json(file) == deposit(project)


def main(project: Path) -> None:
    """Read both, write what Zenodo is told."""
    write_json(deposit(project), project / DEPOSIT)


if __name__ == "__main__":
    main(Path.cwd())
