"""Refuse to release a report that does not say where it is and who answers for it.

- `publication` in `_quarto.yml` may hold no placeholder, and CITATION.cff and `.zenodo.json` have to say the same.
- Each line says what was found, what was expected, and what to set where. The exit status is 1 if there is one.
"""

import sys
from pathlib import Path

from countback.io.errors import CountbackError
from press.book import load_book
from press.citation import cff_of
from press.publication import faults
from scripts.exports.zenodo import DEPOSIT, is_in_step


def release_faults(project: Path) -> list[str]:
    """Return what keeps the report of a project from being released."""
    book = load_book(project, needs_variables=False)
    found = list(faults(book.config.data, cff_of(book)))
    if not is_in_step(project):
        said = "found other facts than those of CITATION.cff and data/datapackage.json, expected the same"
        found.append(f"{DEPOSIT}: {said}. Run make citation.")
    return found


def main(project: Path) -> int:
    """Print the faults, and return the exit status."""
    try:
        found = release_faults(project)
    except CountbackError as error:
        found = [str(error)]
    for fault in found:
        print(fault, file=sys.stderr)
    if not found:
        print("The report says where it is published, and CITATION.cff says the same.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
