"""Which files of code a script or a chapter depends on, found by reading their imports and their calls.

- Python: modules below `workflow/` that a file imports, at its top or in a function, directly or not.
- R: files of `workflow/R/` that define a function which the file, or another of these files, names.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

WORKFLOW = Path(__file__).resolve().parents[1]
CELL = re.compile(r"^```\{python\}\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXTENSION = re.compile(r"^%load_ext ([\w.]+)$", re.MULTILINE)
MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
R_DEFINITION = re.compile(r"^([\w.]+) <- ", re.MULTILINE)
R_NOT_CODE = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|#.*")
# a call, or a function that is handed to another one: lapply(years, fit), do.call(rbind, ...)
R_CALL = re.compile(r"(?<![\w.$@])([A-Za-z.][\w.]*)\s*\(|[(,=]\s*([A-Za-z.][\w.]*)\s*(?=[,)])")


def python_code(path: Path) -> str:
    """Return the Python of a file: all of it, or the cells of a chapter that are not written in R."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".qmd":
        return text
    code = "\n".join(cell for cell in CELL.findall(text) if "%%R" not in cell)
    return MAGIC.sub("", EXTENSION.sub(r"import \1", code))


def r_code(path: Path) -> str:
    """Return the R of a file: all of it, or the cells of a chapter that are written in R."""
    text = path.read_text(encoding="utf-8")
    return text if path.suffix != ".qmd" else "\n".join(cell for cell in CELL.findall(text) if "%%R" in cell)


def module_file(name: str) -> Path | None:
    """Return the file of a module below `workflow/`, by its dotted name; None where it is from elsewhere."""
    place = WORKFLOW.joinpath(*name.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, and those within them, without looking into expressions, of which a file has ten times more."""
    for one in body:
        yield one
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from statements(getattr(one, part, ()))


@cache
def imported_files(path: Path) -> frozenset[Path]:
    """Return the files below `workflow/` that a file of Python or a chapter imports itself.

    A name from a package is its module where there is one, else the package's own file. A module that uses `pkgutil`
    imports all modules beside it.
    """
    names: set[str] = set()
    for node in statements(ast.parse(python_code(path)).body):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            found = {name for name in submodules if module_file(name)}
            names |= found if found == submodules else {*found, node.module}
    files = {file for name in names if (file := module_file(name))}
    # a registry takes in all modules of its package
    return frozenset(files | set(path.parent.glob("*.py")) - {path} if "pkgutil" in names else files)


@cache
def r_names(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a file of R defines at its top level, and the names that it calls or hands to a function."""
    text = R_NOT_CODE.sub("''", r_code(path))
    return frozenset(R_DEFINITION.findall(text)), frozenset(filter(None, sum(R_CALL.findall(text), ())))


def r_functions_used(path: Path) -> set[Path]:
    """Return the files of `workflow/R/` that define a name which stands in a script, a chapter or another of them."""
    names = r_names(path)[1]
    return {file for file in (WORKFLOW / "R").glob("*.R") if file != path and r_names(file)[0] & names}


def closure(files: Iterable[Path], follow: Callable[[Path], Iterable[Path]]) -> set[Path]:
    """Return all files that can be reached from these, these themselves left out."""
    found: set[Path] = set()
    waiting = {other for file in files for other in follow(file)}
    while waiting:
        found |= waiting
        waiting = {other for file in waiting for other in follow(file)} - found
    return found


def code_files(files: Iterable[str | Path], project: Path) -> list[str]:
    """Return the files of the library that scripts or chapters use, in Python and in R, directly or not.

    Parameters
    ----------
    files
        Scripts (`.py`, `.R`) or chapters (`.qmd`), by their paths in the project.
    project
        The root of the checkout; the paths returned are relative to it.
    """
    given = [project / file for file in files]
    found = closure([file for file in given if file.suffix != ".R"], imported_files)
    found |= closure([file for file in given if file.suffix in (".R", ".qmd")], r_functions_used)
    return sorted(path.relative_to(WORKFLOW.parent).as_posix() for path in found)
