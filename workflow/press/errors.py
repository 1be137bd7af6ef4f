"""The one error of the press: what was found, where, and what to do."""

from collections.abc import Iterable

from press.project import CountbackError


class PressError(CountbackError):
    """A fault in the book that stops the render.

    Parameters
    ----------
    file
        The file at fault, relative to the project.
    line
        Its line there (the first is 1), or None where the whole file is at fault.
    found
        What is wrong.
    fix
        What to do about it.

    Examples
    --------
    >>> print(PressError("index.qmd", 3, "The cell is not closed.", "Close it with three backticks."))
    index.qmd:3: The cell is not closed. Close it with three backticks.
    """

    def __init__(self, file: str, line: int | None, found: str, fix: str = "") -> None:
        self.file, self.line, self.found, self.fix = file, line, found, fix
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {found} {fix}".strip())


def all_of(errors: Iterable[PressError]) -> PressError:
    """Return one error that tells of several, the first one's place its own."""
    found = list(errors)
    if len(found) == 1:
        return found[0]
    first = found[0]
    rest = "".join(f"\n{error}" for error in found[1:])
    return PressError(first.file, first.line, first.found, f"{first.fix}{rest}")
