"""Small made-up releases in the layouts of TikTok, for the tests of their parsers and of their history."""

import csv
import hashlib
import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd

from countback.ingest.tiktok import read_csv_release
from countback.ingest.tiktok_history import (
    CSV_COLUMNS,
    KEY,
    Tables,
    fold_facts,
    release_facts,
)

OLD = [
    "Metric",
    "Period Type",
    "Period",
    "Policy Type",
    "Issue Policy",
    "Task Type",
    "Task",
    "Location",
    "Market",
    "Result",
]
NEW = ["Metric", "Period type", "Period", "Policy type", "Issue", "Task type", "Task", "Location", "Market", "Result"]
REMOVED = ("Total videos removed", "Quarterly", "Apr-Jun 2024", "All", "All", "All", "All", "All", "All", "1200.0")
SHARE = ("Category share", "Quarterly", "Apr-Jun 2024", "Policy", "Minor safety", "All", "All", "All", "All", "0.3")
LAOS = ("Total videos removed", "Quarterly", "Jan-Mar 2024", "All", "All", "All", "All", "Market", "Laos", "7.0")
ROWS = [REMOVED, SHARE, LAOS]
UNITS = {("Total videos removed", "All"): "count", ("Category share", "All"): "share"}
RULE = ["first_release", "last_release", "column", "printed", "aligned", "where_column", "where_label", "reason"]
SHEET = ["first_release", "last_release", "sheet", "column", *KEY[:-2], "is_repeat"]


def text_of(rows: list[tuple[str, ...]], header: list[str] = NEW) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return stream.getvalue()


def write(folder: Path, content: str | bytes, name: str = "tiktok-2024-q2.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode("utf-8-sig") if isinstance(content, str) else content)
    return file


def read(folder: Path, rows: list[tuple[str, ...]], header: list[str] = NEW) -> pd.DataFrame:
    return read_csv_release(write(folder, text_of(rows, header)), "2024 Q2")


def tables(*rules: tuple[str | None, ...], sheets: list[tuple[object, ...]] | None = None) -> Tables:
    labels = pd.DataFrame([(*rule, *[None] * (8 - len(rule))) for rule in rules], columns=RULE, dtype="string")
    columns = pd.DataFrame(sheets or [], columns=SHEET).astype({"is_repeat": "boolean"})
    units = pd.DataFrame([(*key, unit) for key, unit in UNITS.items()], columns=["metric", "task_type", "unit"])
    return Tables(labels, columns, units.astype("string"))


def release(period: str, file: Path) -> dict[str, str]:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    name = period.lower().replace(" ", "-")
    return {"id": f"tiktok-{name}", "period": period, "file": file.name, "sha256": digest, "route": "parsed"}


def listed(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    return sorted(frame.astype(str).itertuples(index=False, name=None))


def history_of(printed: dict[str, pd.DataFrame], known: Tables) -> pd.DataFrame:
    return fold_facts(release_facts(printed, known, list(printed)))


def as_columns(rows: list[tuple[str, ...]]) -> dict[str, list[str]]:
    names = ["metric", "period_type", *CSV_COLUMNS[2:]]
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def book(folder: Path, sheets: dict[str, list[list[object]]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = folder / "tiktok-2022-q3.xlsx"
    workbook.save(file)
    return file


JUNE, SEPTEMBER = datetime(2022, 6, 30), datetime(2022, 9, 30)
BOOK: dict[str, list[list[object]]] = {
    "Videos": [["Date", "Removed", None], [JUNE, 5, None], [SEPTEMBER, 6, " "], [None, None, None]],
    "Totals": [["Date", "All removed"], [JUNE, 5], [SEPTEMBER, 6]],
    "Rates": [["Jul - Sep 2022 removal policy", "Share"], ["Minor safety", 0.71]],
    "Top 2": [["Country Code", "Country Name", "Removed"], ["US", "United States", 4], ["LA", "Laos", None]],
}
VIDEOS, CATEGORY = ("Total videos removed", "All"), ("Category share", "Policy")
PLACES: list[tuple[object, ...]] = [
    ("a", "a", "Videos", "Removed", *VIDEOS, "All", "All", "All", "All", False),
    ("a", "a", "Totals", "All removed", *VIDEOS, "All", "All", "All", "All", True),
    ("a", "a", "Rates", "Share", *CATEGORY, None, "All", "All", "All", False),
    ("a", "a", "Top 2", "Removed", *VIDEOS, "All", "All", "All", "Market", False),
]
BOOK_TABLES = tables(("a", "a", "market", "US > United States", "United States"), sheets=PLACES)
