"""Which tables there are, and any of them by its name: typed, described, with its sources.

- Names are those of `data/datapackage.json`: its `resources` lie in `data/`, its `results` in `results/tables/`,
  or at the path in `results/` that their entry states.
- An exported data package has the same tables under the same names, in `data/` and `results/`, and is read from its
  CSV; text that was kept from being a formula comes as it was.
- Types, units and descriptions come from there; nothing is guessed.
- The sources of a table are the releases that its rows name; where rows name none, those of the whole data package.
"""

from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from countback.io.errors import DataError
from countback.io.files import result_path
from countback.io.package import find_package, load_checksums, load_package
from countback.io.places import HELP, descriptor_in, find_project, installed_project, is_packed
from countback.io.tables import read_table, unescape_formulas

PACKAGE = "data/datapackage.json"
COMPUTED = "computed"
# before the names of computed tables in an exported package, since facts and their corrected form share names
PACKED_RESULT = "results_"


class Entry(NamedTuple):
    """A table of the data package: its description there, and where its file is or would be."""

    described: dict[str, Any]
    file: Path
    is_result: bool
    where: str


def entries(project: Path) -> list[Entry]:
    """Return all tables of the data package.

    Raises
    ------
    DataError
        If there is no data package.
    """
    package = package_of(project)
    if is_packed(package):
        return [_packed(one, project) for one in package["resources"]]
    facts = [Entry(one, project / "data" / one["path"], False, f"data/{one['path']}") for one in package["resources"]]
    return facts + [_result(one, project) for one in package.get("results", [])]


def package_of(project: Path) -> dict[str, Any]:
    """Return the descriptor of a checkout or of an unzipped data package, with schemas in place.

    Raises
    ------
    DataError
        If the folder is neither.
    """
    descriptor = descriptor_in(project)
    if descriptor is None:
        raise DataError(project / PACKAGE, expected="the data package", fix="Use a checkout of the project.")
    return load_package(descriptor)


def _packed(described: dict[str, Any], project: Path) -> Entry:
    """Return the entry of a table of an unzipped data package, by its name in the checkout."""
    path, is_result = described["path"], described["path"].startswith("results/")
    name = described["name"].removeprefix(PACKED_RESULT) if is_result else described["name"]
    return Entry(described | {"name": name}, project / path, is_result, path)


def _result(described: dict[str, Any], project: Path) -> Entry:
    """Return the entry of a computed table, whose file is Parquet where there is one."""
    csv = result_path(described)
    files = [f"{csv.removesuffix('.csv')}.parquet", csv]
    where = next((file for file in files if (project / file).is_file()), files[-1])
    return Entry(described, project / where, True, where)


def find_entry(name: str, project: Path) -> Entry:
    """Return a table's entry, found by its name or its place.

    Raises
    ------
    DataError
        If no table has the name: the message has the nearest ones. If two have it: the message has their places.
        If the table is computed and not there yet: the message has the command that makes it.
    """
    listed = entries(project)
    found = [entry for entry in listed if name == entry.described["name"] or _stem(name) == _stem(entry.where)]
    if not found:
        names = list(dict.fromkeys(entry.described["name"] for entry in listed))
        within = [other for other in names if name and (name in other or other in name)]
        near = list(dict.fromkeys([*get_close_matches(name, names, 3), *within]))[:5]
        expected = f"the name of a table{', such as ' if near else ''}{', '.join(near)}"
        raise DataError(PACKAGE, found=name, expected=expected, fix="countback.tables() lists them all.")
    if len(found) > 1:
        places = " or ".join(entry.where for entry in found)
        raise DataError(PACKAGE, found=name, expected=f"one table; {places} have this name", fix="Name the place.")
    (entry,) = found
    if not entry.file.is_file():
        raise DataError(entry.where, found="no file", expected="a table", fix=_remedy(entry, project))
    return entry


def _remedy(entry: Entry, project: Path) -> str:
    """Return what to do about a table whose file is not there."""
    if project == installed_project():
        return f"The library was installed without tables. {HELP}"
    if "parquet" in entry.described:
        return "Unzip the data package again."
    return f"Make it: snakemake {entry.where} --cores 2" if entry.is_result else "Restore the file."


def _read(entry: Entry) -> pd.DataFrame:
    frame = read_table(entry.file)
    return unescape_formulas(frame) if "parquet" in entry.described else frame


def _stem(place: str) -> str:
    """Return a place without its ending, alike for a checkout and an exported package.

    A computed table may be there as CSV, as Parquet, or as both; in the package it lies in `results/`.
    """
    return place.removesuffix(".csv").removesuffix(".parquet").replace("results/tables/", "results/")


def load(name: str, project: str | Path | None = None) -> pd.DataFrame:
    """Return a table by its name, with typed columns, and in `.attrs` what a reader must know of it.

    Parameters
    ----------
    name
        As in `countback.tables()`; where two tables share it, the place that stands there instead.
    project
        The root of a checkout, or the folder of an unzipped data package; by default that of the environment variable
        COUNTBACK_DATA, else the checkout that this library belongs to, else the nearest one above the current folder.

    Returns
    -------
    pandas.DataFrame
        Missing values are missing, dates are dates. `.attrs` holds `name`, `title`, `description`, `route`, `where`,
        `version` and `citation` as text, `columns` (name to description), `units` (name to unit, of columns that have
        one) and `sources` (a list of `name`, `title`, `path`).

    Raises
    ------
    DataError
        If no data are found, if there is no such table, or it is computed and not there yet.

    Examples
    --------
    >>> reports = load("esp_reports")
    >>> reports.attrs["units"]
    {'position': 'ordinal', 'page': 'ordinal', 'reports': 'count'}
    """
    root = find_project(project)
    entry = find_entry(name, root)
    frame = _read(entry)
    fields = entry.described["schema"]["fields"]
    dates = [field["name"] for field in fields if field["type"] == "date"]
    frame = frame.assign(**{column: pd.to_datetime(frame[column], format="%Y-%m-%d") for column in dates})
    package = package_of(root)
    frame.attrs = {
        **{key: entry.described.get(key, "") for key in ("name", "title", "description")},
        "route": route(entry),
        "version": package["version"],
        "citation": f"{package['name']}, version {package['version']}, table {name}",
        "where": entry.where,
        "columns": {field["name"]: field["description"] for field in fields},
        "units": {field["name"]: field["unit"] for field in fields if "unit" in field},
        "sources": sources(frame, entry, root),
    }
    return frame


def route(entry: Entry) -> str:
    """Return how a table came to be: parsed, transcribed, reference or ours, as described, or computed."""
    return COMPUTED if entry.is_result else entry.described.get("route", "")


def sources(frame: pd.DataFrame, entry: Entry, project: Path) -> list[dict[str, str]]:
    """Return the releases that a table's rows name, in the order of `data/releases.csv`, or the package's sources."""
    keys = entry.described["schema"].get("foreignKeys", [])
    columns = {column for key in keys if key["reference"]["resource"] == "releases" for column in _listed(key)}
    columns |= {"source"} & set(frame.columns)
    named = {name for column in columns for name in frame[column].dropna()}
    releases = _read(find_entry("data/releases.csv", project))
    releases = releases[releases["id"].isin(named)]
    if releases.empty:
        described = entry.described.get("sources") or package_of(project)["sources"]
        return [dict(source) for source in described]
    return [{"name": row.id, "title": row.title, "path": row.url} for row in releases.itertuples()]


def _listed(key: dict[str, Any]) -> list[str]:
    """Return the columns of a foreign key, which may be one or a list."""
    return [key["fields"]] if isinstance(key["fields"], str) else list(key["fields"])


def _checksums(entry: Entry) -> dict[str, Any]:
    """Return rows, bytes and hash of a table of `data/`; nothing where the package does not state them."""
    if "rows" in entry.described:
        return entry.described
    package = find_package(entry.file)
    stated = load_checksums(package) if (package.parent / "checksums.json").is_file() else {}
    return stated.get(entry.described["path"], {})


def rows_of(entry: Entry) -> int | None:
    """Return the rows of a table, or None where it is computed and not there yet."""
    stated = {} if entry.is_result and "rows" not in entry.described else _checksums(entry)
    if "rows" in stated:
        return int(stated["rows"])
    return len(read_table(entry.file)) if entry.file.is_file() else None


def list_tables(project: str | Path | None = None) -> pd.DataFrame:
    """Return what tables there are: name, title, rows (missing where not computed yet), where, route.

    Examples
    --------
    >>> list(list_tables().columns)
    ['name', 'title', 'rows', 'where', 'route']
    """
    root = find_project(project)
    found = [
        (entry.described["name"], entry.described["title"], rows_of(entry), entry.where, route(entry))
        for entry in entries(root)
    ]
    listing = pd.DataFrame(found, columns=["name", "title", "rows", "where", "route"])
    return listing.astype({"rows": "Int64"} | dict.fromkeys(["name", "title", "where", "route"], "string"))
