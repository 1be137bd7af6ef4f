"""Write the codebook of all tables as Markdown; what it holds is said in `countback.text.codebook`."""

from pathlib import Path

from countback.io.documents import read_yaml
from countback.io.files import write_text
from countback.io.package import load_package
from countback.io.script import run
from countback.text.codebook import codebook


def main(package: str, dictionary: str, output: str) -> None:
    """Read, check, write."""
    names = read_yaml(Path(dictionary), "names of columns with their meaning")
    write_text(codebook(load_package(Path(package)), names), output)


if __name__ == "__main__":
    run(
        lambda: main(snakemake.input.package, snakemake.input.dictionary, snakemake.output.codebook),
        snakemake.log[0],
    )
