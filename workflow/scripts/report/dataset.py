"""Write the data set as schema.org describes one, for the pages: what can be downloaded, of which years, by whom.

- Files are those of `publication.files` in `_quarto.yml` that a chapter links to, under their titles there.
- The years are those of the totals of the CyberTipline, the longest series of the data.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from countback.io.documents import read_yaml
from countback.io.files import digest_of, write_json
from countback.io.package import load_package
from countback.io.script import run
from countback.io.tables import read_table
from countback.metadata.facts import facts
from countback.metadata.schema_org import dataset


def main(citation: str, package: str, reports: str, files: Sequence[Mapping[str, str]], output: str) -> None:
    """Read, measure the files, write."""
    told = facts(read_yaml(Path(citation), "the citation"), load_package(Path(package)))
    years = read_table(reports)["year"]
    measured = [
        {
            "path": one["file"],
            "title": one["title"],
            "bytes": Path(one["file"]).stat().st_size,
            "sha256": digest_of(Path(one["file"])),
        }
        for one in files
    ]
    write_json(dataset(told, measured, (int(years.min()), int(years.max()))), output)


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.input.citation,
            snakemake.input.package,
            snakemake.input.reports,
            snakemake.params.files,
            snakemake.output.dataset,
        ),
        snakemake.log[0],
    )
