"""Write how to cite the report, for BibTeX and as CSL-JSON, which reference managers read.

- Both say what `_quarto.yml` and CITATION.cff say, as the report's first page does.
"""

from pathlib import Path

from countback.io.files import write_text
from countback.io.script import run
from press.book import load_book
from press.citation import imprint


def main(project: Path, bibtex: str, csl: str) -> None:
    """Read the settings, write both."""
    said = imprint(load_book(project, needs_variables=False))
    write_text(said.bibtex + "\n", Path(bibtex))
    write_text(said.csl + "\n", Path(csl))


if __name__ == "__main__":
    run(lambda: main(Path.cwd(), snakemake.output.bibtex, snakemake.output.csl), snakemake.log[0])
