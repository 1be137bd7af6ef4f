"""Where the data are: in a checkout, or in a folder into which the exported data package was unzipped.

- A checkout has `data/datapackage.json`; an unzipped package has `datapackage.json` itself, with every table below it.
- Whoever names no folder gets that of the environment variable COUNTBACK_DATA, else the checkout that this library
  belongs to, else the nearest of the current folder and those above it that holds data of this name.
- An installed library has the descriptor with it, so that it can say which tables there are before there is data.
"""

import os
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

from countback.io.errors import DataError
from countback.io.package import read_json

NAME = "countback"
VARIABLE = "COUNTBACK_DATA"
CHECKOUT = Path(__file__).resolve().parents[3]
DESCRIPTOR = "datapackage.json"
INSTALLED = f"share/{NAME}/data/{DESCRIPTOR}"
HELP = (
    f"Unzip the data package and name its folder: as the argument `project`, in the environment variable {VARIABLE}, "
    "or by working in it."
)


def is_packed(descriptor: dict[str, Any]) -> bool:
    """Return whether a descriptor is that of an exported data package, whose CSV is made for spreadsheets."""
    return any("parquet" in one for one in descriptor.get("resources", []))


def descriptor_in(folder: Path) -> Path | None:
    """Return the descriptor of a checkout or of an unzipped data package, or None where the folder is neither."""
    of_checkout, of_package = folder / "data" / DESCRIPTOR, folder / DESCRIPTOR
    if of_checkout.is_file():
        return of_checkout
    return of_package if of_package.is_file() and is_packed(read_json(of_package)) else None


def _given(folder: Path, said: str) -> Path:
    if descriptor_in(folder):
        return folder
    is_archive = folder.suffix == ".zip" and folder.is_file()
    found = "an archive" if is_archive else "no data/datapackage.json and no datapackage.json of a data package"
    fix = "Unzip it, and name the folder." if is_archive else HELP
    place = folder if folder.name else folder.resolve()
    raise DataError(f"{place}{said}", found=found, expected="a checkout or an unzipped data package", fix=fix)


def _above(start: Path) -> Iterator[Path]:
    """Yield the folders from one upwards that hold data of this name: others have data packages too."""
    for folder in (start, *start.parents):
        descriptor = descriptor_in(folder)
        if descriptor and read_json(descriptor).get("name") == NAME:
            yield folder


def installed_project() -> Path | None:
    """Return the folder of an installed library's descriptor, laid out as a checkout without tables, if any."""
    try:
        placed = files(NAME) or []
    except PackageNotFoundError:
        return None
    found = next((file for file in placed if file.as_posix().endswith(INSTALLED)), None)
    return Path(str(found.locate())).resolve().parents[1] if found else None


def find_project(given: str | Path | None = None) -> Path:
    """Return the folder with the data: a checkout or an unzipped data package.

    Where there is none, but the library is installed, it is the folder of its descriptor, which has no tables.

    Raises
    ------
    DataError
        If the folder that was given holds none, or none was found.
    """
    if given is not None:
        return _given(Path(given), "")
    if os.environ.get(VARIABLE):
        return _given(Path(os.environ[VARIABLE]), f" (from {VARIABLE})")
    if descriptor_in(CHECKOUT):
        return CHECKOUT
    here = Path.cwd()
    found = next(_above(here), None) or installed_project()
    if found is None:
        raise DataError(here, found="no data in it or above", expected="a checkout or an unzipped package", fix=HELP)
    return found
