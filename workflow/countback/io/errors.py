"""Errors that say where a fault is, what was found, what was expected, and what to do."""

import csv
import io
from pathlib import Path


def row_text(*cells: str) -> str:
    """Return cells as a line of CSV, for a message that says which row to write.

    Examples
    --------
    >>> row_text("Padlet, Inc.", "", "false")
    '"Padlet, Inc.",,false'
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


class CountbackError(Exception):
    """Base of every error that a user of the compendium is meant to read."""


class DataError(CountbackError):
    """A fault in a table, a source file or a correction.

    Parameters
    ----------
    file
        The file at fault, as the user would name it.
    row
        Its line in the file (the header is line 1), or a key such as `year 2019`; None where the whole file is
        at fault.
    column
        The column at fault, if it is one.
    found, expected, fix
        What stands there, what should, and what to do about it.

    Examples
    --------
    >>> print(DataError("data/a.csv", 3, "year", found="20l9", expected="a year", fix="Correct the cell."))
    data/a.csv, row 3, column year: found '20l9', expected a year. Correct the cell.
    """

    def __init__(
        self,
        file: str | Path,
        row: int | str | None = None,
        column: str | None = None,
        found: object = None,
        expected: str | None = None,
        fix: str | None = None,
    ) -> None:
        self.file, self.row, self.column = str(file), row, column
        self.found, self.expected, self.fix = found, expected, fix
        super().__init__(self._message())

    def _message(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}" if isinstance(self.row, int) else self.row)
        if self.column is not None:
            place.append(f"column {self.column}")
        found = self.found.item() if hasattr(self.found, "item") else self.found
        facts = [f"found {found!r}"] if found is not None else []
        if self.expected:
            facts.append(f"expected {self.expected}")
        text = f"{', '.join(place)}: {', '.join(facts)}." if facts else f"{', '.join(place)}."
        return f"{text} {self.fix}" if self.fix else text


class DataErrors(CountbackError):
    """Several faults at once, so that a maintainer corrects them in one go."""

    def __init__(self, errors: list[DataError]) -> None:
        self.errors = errors
        count = f"{len(errors)} fault{'s' if len(errors) != 1 else ''} in the data:"
        super().__init__("\n".join([count, *(f"  {error}" for error in errors)]))


class ConfigError(CountbackError):
    """A fault in a file of configuration or of the report's set-up."""
