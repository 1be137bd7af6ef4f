"""Write which rule makes each table of which tables, as the workflow knows it, for whoever traces a number."""

from collections.abc import Mapping
from typing import Any

from countback.io.files import write_json
from countback.io.script import run


def main(lineage: Mapping[str, Any], output: str) -> None:
    """Write the lineage."""
    write_json({path: dict(made) for path, made in lineage.items()}, output)


if __name__ == "__main__":
    run(lambda: main(snakemake.params.lineage, snakemake.output.lineage), snakemake.log[0])
