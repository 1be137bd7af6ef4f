"""Write the main tables as one workbook, for those who work with spreadsheets.

- The tables are those of `data/datapackage.json` that name a `sheet`; each gets one of that name, with typed cells.
- The first sheet, Read me, says what the sheets and all of their columns hold, where that comes from, and the terms.
- Text stays text, formulas too. Same data, same bytes: no date of the day, entries in one order.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from countback.io.files import atomic_write, result_path
from countback.io.package import find_package, load_package
from countback.io.script import run
from countback.io.tables import read_table
from scripts.exports.data_package import DATE

MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
WIDEST, NARROWEST, ROWS_MEASURED = 48, 8, 200
DAY = b"2000-01-01T00:00:00Z"
EMPTY = "An empty cell is never zero: nothing was disclosed or known, or the column says what it means."
README = "Read me"

Entry = Mapping[str, Any]


def chosen(package: Mapping[str, Any]) -> list[tuple[str, Entry]]:
    """Return the tables that have a sheet, each after the path of its file, in the order of the data package."""
    facts = [(f"data/{one['path']}", one) for one in package["resources"]]
    computed = [(result_path(one), one) for one in package.get("results", [])]
    return [(path, one) for path, one in [*computed, *facts] if "sheet" in one]


def cell(value: Any) -> Any:
    """Return a value as a workbook holds it: numbers, truth and text, nothing for what is missing."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _write(sheet: Worksheet, rows: Sequence[Sequence[Any]]) -> None:
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is None:
                continue
            place = sheet.cell(at, column, value)
            if isinstance(value, str):
                place.data_type = "s"  # text that begins with = is no formula


def _set_widths(sheet: Worksheet, rows: Sequence[Sequence[Any]]) -> None:
    for at, column in enumerate(zip(*rows[:ROWS_MEASURED], strict=True), start=1):
        longest = max(len(str(value)) for value in column if value is not None)
        sheet.column_dimensions[get_column_letter(at)].width = min(max(longest + 2, NARROWEST), WIDEST)


def add_table(book: openpyxl.Workbook, name: str, frame: pd.DataFrame) -> None:
    """Add a sheet with a table: heads that stay in sight and can be filtered by, cells of their types."""
    sheet = book.create_sheet(name)
    rows = [list(frame.columns), *([cell(value) for value in row] for row in frame.itertuples(index=False))]
    _write(sheet, rows)
    for head in sheet[1]:
        head.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _set_widths(sheet, rows)


def _columns(tables: list[tuple[str, Entry]]) -> Iterator[list[str]]:
    for _, entry in tables:
        for field in entry["schema"]["fields"]:
            yield [entry["sheet"], field["name"], field["description"], field.get("unit", ""), field["type"]]


def readme(
    package: Mapping[str, Any], tables: list[tuple[str, Entry]], sizes: Sequence[int], citation: str
) -> list[list[Any]]:
    """Return the rows of the first sheet: what this is, how to cite it, its terms, the sheets, the columns, sources."""
    terms = package["licenses"][0]
    sheets = [
        [one["sheet"], one["title"], one["description"], rows, path]
        for (path, one), rows in zip(tables, sizes, strict=True)
    ]
    return [
        [package["title"]],
        [package["description"]],
        [f"Version {package['version']}"],
        [f"Terms: {terms['title']} ({terms['path']}). Terms of others stand in the sheet of sources."],
        [f"How to cite: {citation}"],
        [EMPTY],
        [],
        ["Sheet", "Table", "What it holds", "Rows", "File in the project"],
        *sheets,
        [],
        ["Sheet", "Column", "What it means", "Unit", "Type"],
        *_columns(tables),
        [],
        ["Where the data come from", "Address"],
        *([one["title"], one["path"]] for one in package["sources"]),
    ]


def add_readme(book: openpyxl.Workbook, rows: list[list[Any]]) -> None:
    """Fill the first sheet, its heads in bold."""
    sheet = book.active
    sheet.title = README
    _write(sheet, rows)
    for at, row in enumerate(rows, start=1):
        if at == 1 or row[:1] in (["Sheet"], ["Where the data come from"]):
            for place in sheet[at]:
                place.font = Font(bold=True)
    for letter, width in {"A": 26, "B": 30, "C": 90, "D": 12, "E": 40}.items():
        sheet.column_dimensions[letter].width = width
    for place in sheet["C"]:
        place.alignment = Alignment(wrap_text=True, vertical="top")


def undated(content: bytes) -> bytes:
    """Return a workbook without the time at which it was saved."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            text = source.read(name)
            target.writestr(
                entry, MODIFIED.sub(rb"\g<1>" + DAY, text) if name == "docProps/core.xml" else text, None, 9
            )
    return packed.getvalue()


def workbook(package: Mapping[str, Any], frames: Mapping[str, pd.DataFrame], citation: str) -> bytes:
    """Return the workbook.

    Parameters
    ----------
    package
        The descriptor of `data/`, with schemas in place.
    frames
        The typed tables by the paths of their files: those that have a sheet, and are there.
    citation
        How to cite the report.
    """
    tables = [(path, one) for path, one in chosen(package) if path in frames]
    book = openpyxl.Workbook()
    book.properties.creator = ", ".join(person["title"] for person in package["contributors"])
    book.properties.title = package["title"]
    book.properties.created = pd.Timestamp("2000-01-01").to_pydatetime()
    add_readme(book, readme(package, tables, [len(frames[path]) for path, _ in tables], citation))
    for path, entry in tables:
        add_table(book, entry["sheet"], frames[path])
    saved = io.BytesIO()
    book.save(saved)
    return undated(saved.getvalue())


def main(descriptor: str, tables: Sequence[str], citation: str, output: str) -> None:
    """Read the tables and how to cite them, write the workbook."""
    package = load_package(find_package(Path(descriptor)))
    said = json.loads(Path(citation).read_text(encoding="utf-8"))[0]
    authors = ", ".join(one["literal"] for one in said["author"])
    facts = [f"{authors} ({said['issued']['date-parts'][0][0]})" if "issued" in said else authors, said["title"]]
    facts += [f"Version {said['version']}"] if "version" in said else []
    where = f"https://doi.org/{said['DOI']}" if "DOI" in said else said.get("URL", "")
    sentence = f"{'. '.join(facts)}. {where}".strip()
    atomic_write(Path(output), workbook(package, {path: read_table(path) for path in tables}, sentence))


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.input.package, snakemake.input.tables, snakemake.input.citation, snakemake.output.workbook
        ),
        snakemake.log[0],
    )
