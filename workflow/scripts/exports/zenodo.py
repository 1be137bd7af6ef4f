"""Write `.zenodo.json`, which Zenodo reads of a release, from CITATION.cff and the descriptor of the data package."""

from pathlib import Path

from countback.io.documents import read_yaml
from countback.io.files import write_json
from countback.io.package import read_json
from countback.metadata.facts import CITATION, facts
from countback.metadata.zenodo import zenodo

DEPOSIT = ".zenodo.json"


def main(project: Path) -> None:
    """Read both, write what Zenodo is told."""
    told = facts(read_yaml(project / CITATION, "the citation"), read_json(project / "data" / "datapackage.json"))
    write_json(zenodo(told), project / DEPOSIT)


if __name__ == "__main__":
    main(Path.cwd())
